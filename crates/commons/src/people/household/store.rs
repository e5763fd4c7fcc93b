//! Households on the shelf.

use super::{JoinDecision, Joining, JoiningId, Member, Seen, Share, WAITING_MAX};
use crate::duty::store::gaps;
use crate::notice;
use crate::notice::wish::Because;
use crate::people::store::{NewMandate, add_mandate, end_mandate, holders_at, invite, seat};
use crate::people::{MandateId, Office, PersonId, Source, standing};
use crate::place::{Place, PlaceId, PlaceKind, TenantId, store as places};
use kit::book::Activity;
use kit::db::{Db, Row, Tx};
use kit::time::Moment;
use kit::{Error, Result, params};
use serde_json::json;

const MEMBER: &str = "select m.id, m.person, p.name, p.name_en, m.office, m.place, l.label, l.label_en, l.path,
    r.share_part, r.share_whole, r.proof, r.verified_office, r.verified, m.starts,
    case when p.account is null then 0 else 1 end as enters,
    case when m.revoked is null then m.ends when m.ends is null or m.revoked < m.ends then m.revoked else m.ends end as ended
    from mandate m join person p on p.tenant = m.tenant and p.id = m.person
    join place l on l.tenant = m.tenant and l.id = m.place
    left join residence r on r.tenant = m.tenant and r.mandate = m.id";
const AT: &str = "where m.tenant = $1 and m.place = $2 and m.office in ('owner', 'tenant', 'family') and m.starts <= $3
    and (m.ends is null or m.ends > $3) and (m.revoked is null or m.revoked > $3) order by m.starts, m.id limit 200";
const OF_PERSON: &str = "where m.tenant = $1 and m.person = $2 and m.office in ('owner', 'tenant', 'family')
    order by m.starts desc, m.id desc limit 50";
/// Everybody of the homes where a person belongs now.
const WITH_PERSON: &str = "where m.tenant = $1 and m.office in ('owner', 'tenant', 'family') and m.starts <= $3
    and (m.ends is null or m.ends > $3) and (m.revoked is null or m.revoked > $3) and m.place in
    (select o.place from mandate o where o.tenant = $1 and o.person = $2 and o.office in ('owner', 'tenant', 'family')
        and o.starts <= $3 and (o.ends is null or o.ends > $3) and (o.revoked is null or o.revoked > $3))
    order by m.starts, m.id limit 200";
/// Looks at those homes.
const LOOKS: &str = "select a.thing_id, a.at, a.office from activity a where a.tenant = $1 and a.stem = 'homes/viewed'
    and a.thing_id in (select o.place from mandate o where o.tenant = $1 and o.person = $2
        and o.office in ('owner', 'tenant', 'family') and o.starts <= a.at
        and o.starts <= $3 and (o.ends is null or o.ends > $3) and (o.revoked is null or o.revoked > $3))
    order by a.at desc, a.id desc limit 60";
/// Who cannot sign in yet, in the order of the doors.
const OUTSIDE: &str = "where m.tenant = $1 and l.building = $2 and m.office in ('owner', 'tenant', 'family')
    and p.account is null and m.starts <= $3 and (m.ends is null or m.ends > $3) and (m.revoked is null or m.revoked > $3)
    order by l.entrance, l.sort, l.path, m.id limit 2000";
const ONE: &str = "where m.tenant = $1 and m.id = $2 and m.office in ('owner', 'tenant', 'family')";
const IN_BUILDING: &str = "select l.path, l.label, l.label_en,
    (select count(*) from mandate m where m.tenant = l.tenant and m.place = l.id and m.office in ('owner', 'tenant', 'family')
        and m.starts <= $3 and (m.ends is null or m.ends > $3) and (m.revoked is null or m.revoked > $3)) as members,
    (select count(*) from joining j where j.tenant = l.tenant and j.home = l.id and j.open is not null) as waiting
    from place l where l.tenant = $1 and l.kind = 'home' and (l.building = $2 or l.grid = $2)
    order by l.building, l.entrance, l.sort, l.path limit 2000";
const RECORD: &str =
    "insert into residence (tenant, mandate, share_part, share_whole, proof, verified_by, verified_office, verified)
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (tenant, mandate) do update set share_part = excluded.share_part,
    share_whole = excluded.share_whole, proof = excluded.proof, verified_by = excluded.verified_by,
    verified_office = excluded.verified_office, verified = excluded.verified";
const HERE: &str = "select count(*) as n from mandate m where m.tenant = $1 and m.place = $2 and m.person = $3
    and m.office in ('owner', 'tenant', 'family') and m.starts <= $4 and (m.ends is null or m.ends > $4)
    and (m.revoked is null or m.revoked > $4)";
/// Offices held in the compound or building of a home, which may need a home there.
const OFFICES: &str = "select m.id, m.office, m.place from mandate m where m.tenant = $1 and m.person = $2
    and m.office in ('captain', 'committee') and m.place in ($3, $4) and m.starts <= $5
    and (m.ends is null or m.ends > $5) and (m.revoked is null or m.revoked > $5)";
const STILL: &str = "select m.office, l.building from mandate m join place l on l.tenant = m.tenant and l.id = m.place
    where m.tenant = $1 and m.person = $2 and m.office in ('owner', 'tenant', 'family') and l.compound = $3
    and m.starts <= $4 and (m.ends is null or m.ends > $4) and (m.revoked is null or m.revoked > $4)";
const OTHER_MANDATES: &str = "select count(*) as n from mandate m where m.tenant = $1 and m.person = $2
    and (m.ends is null or m.ends > $3) and (m.revoked is null or m.revoked > $3)";
const END_DIGESTS: &str = "delete from digest where tenant = $1 and subscription in
    (select s.id from subscription s where s.tenant = $1 and s.person = $2 and s.compound = $3)";
const END_SUBSCRIPTIONS: &str = "delete from subscription where tenant = $1 and person = $2 and compound = $3";
const LEAVE_SUPPORT: &str = "update supporter set person = null where tenant = $1 and person = $2 and home = $3";

const ASK: &str =
    "insert into joining (tenant, id, person, home, office, asked, open) values ($1, $2, $3, $4, $5, $6, $3)
    on conflict (tenant, home, open) do nothing";
const WAITING_OF: &str = "select count(*) as n from joining where tenant = $1 and person = $2 and open is not null";
const JOINING: &str =
    "select j.tenant, j.id, j.person, p.name, p.name_en, j.home, l.label, l.label_en, l.path, j.office, j.asked,
    j.decision, j.decided from joining j join person p on p.tenant = j.tenant and p.id = j.person
    join place l on l.tenant = j.tenant and l.id = j.home";
const JOINING_ONE: &str = "where j.tenant = $1 and j.id = $2";
const JOINING_AT: &str = "where j.tenant = $1 and j.home = $2 and j.open is not null order by j.id limit 100";
const JOINING_OF: &str = "where j.tenant = $1 and j.person = $2 order by j.id desc limit 20";
const JOINING_IN: &str =
    "where j.tenant = $1 and j.open is not null and (l.building = $2 or l.grid = $2) order by j.id limit 100";
const DECIDE: &str = "update joining set decision = $3, decided = $4, decided_by = $5, open = null
    where tenant = $1 and id = $2 and open is not null";

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let mut all: Vec<String> = [AT, OF_PERSON, WITH_PERSON, OUTSIDE, ONE].map(|tail| format!("{MEMBER} {tail}")).into();
    all.extend([JOINING_ONE, JOINING_AT, JOINING_OF, JOINING_IN].map(|tail| format!("{JOINING} {tail}")));
    let plain = [
        IN_BUILDING,
        LOOKS,
        RECORD,
        HERE,
        OFFICES,
        STILL,
        OTHER_MANDATES,
        END_DIGESTS,
        END_SUBSCRIPTIONS,
        LEAVE_SUPPORT,
        ASK,
        WAITING_OF,
        DECIDE,
    ];
    all.extend(plain.map(str::to_owned));
    all
}

fn member(row: &Row) -> Result<Member> {
    let (part, whole): (Option<i64>, Option<i64>) = (row.get("share_part")?, row.get("share_whole")?);
    Ok(Member {
        mandate: row.get("id")?,
        person: row.get("person")?,
        name: row.get("name")?,
        name_en: row.get("name_en")?,
        office: row.get("office")?,
        home: row.get("place")?,
        label: row.get("label")?,
        label_en: row.get("label_en")?,
        path: row.get("path")?,
        share: part.zip(whole).map(|(part, whole)| Share { part, whole }),
        proof: row.get("proof")?,
        verified_office: row.get("verified_office")?,
        verified: row.get("verified")?,
        starts: row.get("starts")?,
        ended: row.get("ended")?,
        enters: row.get::<i64>("enters")? == 1,
    })
}

/// Who belongs to a home now.
pub async fn members(db: &Db, tenant: TenantId, home: PlaceId, now: Moment) -> Result<Vec<Member>> {
    db.all(&format!("{MEMBER} {AT}"), params![tenant, home, now]).await?.iter().map(member).collect()
}

/// Who belongs to a home of a building and cannot sign in yet.
pub async fn outside(tx: &mut Tx<'_>, tenant: TenantId, building: PlaceId) -> Result<Vec<Member>> {
    let now = tx.now();
    tx.all(&format!("{MEMBER} {OUTSIDE}"), params![tenant, building, now]).await?.iter().map(member).collect()
}

/// The homes of a person, those they left among them.
pub async fn of_person(db: &Db, tenant: TenantId, person: PersonId) -> Result<Vec<Member>> {
    db.all(&format!("{MEMBER} {OF_PERSON}"), params![tenant, person]).await?.iter().map(member).collect()
}

/// Everybody of the homes where a person belongs now, themselves too.
pub async fn with_person(db: &Db, tenant: TenantId, person: PersonId, now: Moment) -> Result<Vec<Member>> {
    db.all(&format!("{MEMBER} {WITH_PERSON}"), params![tenant, person, now]).await?.iter().map(member).collect()
}

/// A look at a household.
#[derive(Clone, Debug)]
pub struct Look {
    pub home: PlaceId,
    pub at: Moment,
    pub office: Option<Office>,
}

/// Who has looked at the homes of a person while they belonged to them, newest first.
pub async fn looks(db: &Db, tenant: TenantId, person: PersonId, now: Moment) -> Result<Vec<Look>> {
    let read = |row: &Row| Ok(Look { home: row.get("thing_id")?, at: row.get("at")?, office: row.get("office")? });
    db.all(LOOKS, params![tenant, person, now]).await?.iter().map(read).collect()
}

pub async fn one(db: &Db, tenant: TenantId, mandate: MandateId) -> Result<Option<Member>> {
    db.one(&format!("{MEMBER} {ONE}"), params![tenant, mandate]).await?.as_ref().map(member).transpose()
}

/// A home in a list: where, how many live there, how many ask to.
#[derive(Clone, Debug)]
pub struct HomeLine {
    pub path: String,
    pub label: String,
    pub label_en: String,
    pub members: i64,
    pub waiting: i64,
}

/// The homes of a building or a grid.
pub async fn homes_in(db: &Db, tenant: TenantId, place: PlaceId, now: Moment) -> Result<Vec<HomeLine>> {
    let rows = db.all(IN_BUILDING, params![tenant, place, now]).await?;
    let read = |row: &Row| {
        Ok(HomeLine {
            path: row.get("path")?,
            label: row.get("label")?,
            label_en: row.get("label_en")?,
            members: row.get("members")?,
            waiting: row.get("waiting")?,
        })
    };
    rows.iter().map(read).collect()
}

async fn lives_here(tx: &mut Tx<'_>, tenant: TenantId, home: PlaceId, person: PersonId) -> Result<bool> {
    let now = tx.now();
    Ok(tx.number::<i64>(HERE, params![tenant, home, person, now]).await? > 0)
}

/// Makes somebody a member of a home and records what was seen.
///
/// # Errors
/// [`Error::Conflict`] when they are one, [`Error::Invalid`] on `share` when the owners' shares would be more than the home.
pub async fn add(
    tx: &mut Tx<'_>,
    home: &Place,
    (person, office): (PersonId, Office),
    seen: Seen,
    by: Office,
) -> Result<MandateId> {
    let (tenant, starts) = (home.tenant, tx.now());
    if lives_here(tx, tenant, home.id, person).await? {
        return Err(Error::conflict("homes/member-already"));
    }
    let (source, organisation) = (Source::Verified, None);
    let new = NewMandate { person, office, place: home.id, organisation, source, starts, ends: None };
    let mandate = add_mandate(tx, tenant, &new).await?;
    record(tx, home, (mandate, office), seen, by).await?;
    let facts = json!({ "office": office, "proof": seen.proof, "mandate": mandate });
    tx.record(Activity::of(tenant, "homes/joined", "home", home.id).at_place(home.id).with(facts)).await?;
    Ok(mandate)
}

/// Records what was seen for a membership, in place of what was recorded before.
///
/// # Errors
/// [`Error::Invalid`] on `share` when the owners' shares would be more than the home.
pub async fn record(
    tx: &mut Tx<'_>,
    home: &Place,
    (mandate, office): (MandateId, Office),
    seen: Seen,
    by: Office,
) -> Result<()> {
    let (tenant, now, me) = (home.tenant, tx.now(), tx.by().person);
    let share = match office {
        Office::Owner => Some(seen.share.unwrap_or(Share::ALL)),
        _ => None,
    };
    let row = params![
        tenant,
        mandate,
        share.map(|share| share.part),
        share.map(|share| share.whole),
        seen.proof,
        me,
        by,
        now
    ];
    tx.run(RECORD, row).await?;
    let rows = tx.all(&format!("{MEMBER} {AT}"), params![tenant, home.id, now]).await?;
    let members: Vec<Member> = rows.iter().map(member).collect::<Result<_>>()?;
    let shares: Vec<Share> = members.iter().filter_map(|member| member.share).collect();
    if Share::exceed(&shares) { Err(Error::invalid("share", "homes/share-too-much")) } else { Ok(()) }
}

/// What ended with moving out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    pub offices: usize,
    pub subscriptions: u64,
}

/// Somebody moves out: the membership ends, and everything that hung on it.
///
/// # Errors
/// [`Error::NotFound`] when they had left.
pub async fn move_out(tx: &mut Tx<'_>, home: &Place, member: &Member) -> Result<Ended> {
    let (tenant, person, now) = (home.tenant, member.person, tx.now());
    if !end_mandate(tx, tenant, member.mandate).await? {
        return Err(Error::NotFound);
    }
    let mut ended = Ended::default();
    let compound = home.compound.ok_or(Error::NotFound)?;
    let still = tx.all(STILL, params![tenant, person, compound, now]).await?;
    let still: Vec<(Office, Option<PlaceId>)> =
        still.iter().map(|row| Ok((row.get("office")?, row.get("building")?))).collect::<Result<_>>()?;
    let in_building = still.iter().any(|(_, building)| *building == home.building);
    let owns = still.iter().any(|(office, _)| *office == Office::Owner);
    for row in tx.all(OFFICES, params![tenant, person, home.building, compound, now]).await? {
        let (id, office, place): (MandateId, Office, PlaceId) = (row.get("id")?, row.get("office")?, row.get("place")?);
        let stays = match office {
            Office::Captain => in_building,
            _ => owns,
        };
        if !stays && end_mandate(tx, tenant, id).await? {
            ended.offices += 1;
            let activity = Activity::of(tenant, "people/mandate-ended", "mandate", id).at_place(place);
            tx.record(activity.with(json!({ "office": office, "why": "moved-out" }))).await?;
        }
    }
    if still.is_empty() {
        let places = [home.building, Some(compound)];
        gaps::deputy_leaving(tx, tenant, person, Some(places)).await?;
        seat::end_deputy(tx, tenant, person, places).await?;
        tx.run(END_DIGESTS, params![tenant, person, compound]).await?;
        ended.subscriptions = tx.run(END_SUBSCRIPTIONS, params![tenant, person, compound]).await?;
        gaps::leaving(tx, tenant, person, Some(compound)).await?;
        gaps::leave_shifts(tx, tenant, person, compound).await?;
        crate::duty::store::leave_posts(tx, tenant, person, compound).await?;
    }
    if !lives_here(tx, tenant, home.id, person).await? {
        tx.run(LEAVE_SUPPORT, params![tenant, person, home.id]).await?;
    }
    standing::store::end_of_leaver(tx, tenant, person).await?;
    if tx.number::<i64>(OTHER_MANDATES, params![tenant, person, now]).await? == 0 {
        invite::end(tx, tenant, person).await?;
    }
    let facts = json!({ "office": member.office, "mandate": member.mandate, "offices": ended.offices,
        "subscriptions": ended.subscriptions });
    let moved = Activity::of(tenant, "homes/moved-out", "home", home.id).at_place(home.id).with(facts);
    let activity = tx.record(moved).await?;
    let told = ("homes/moved-out", "home", home.id.0, home.label.as_str());
    notice::store::add(tx, tenant, (person, Because::Mine), activity, told).await?;
    Ok(ended)
}

fn joining(row: &Row) -> Result<Joining> {
    Ok(Joining {
        tenant: row.get("tenant")?,
        id: row.get("id")?,
        person: row.get("person")?,
        name: row.get("name")?,
        name_en: row.get("name_en")?,
        home: row.get("home")?,
        label: row.get("label")?,
        label_en: row.get("label_en")?,
        path: row.get("path")?,
        office: row.get("office")?,
        asked: row.get("asked")?,
        decision: row.get("decision")?,
        decided: row.get("decided")?,
    })
}

/// Asks to belong to a home.
///
/// # Errors
/// [`Error::Conflict`] when they belong to it or have asked, or ask for many at once.
pub async fn ask(tx: &mut Tx<'_>, home: &Place, person: PersonId, office: Office) -> Result<JoiningId> {
    let (tenant, id, now): (_, JoiningId, _) = (home.tenant, tx.id(), tx.now());
    if lives_here(tx, tenant, home.id, person).await? {
        return Err(Error::conflict("homes/member-already"));
    }
    if tx.number::<i64>(WAITING_OF, params![tenant, person]).await? >= WAITING_MAX as i64 {
        return Err(Error::conflict("homes/asked-many"));
    }
    if tx.run(ASK, params![tenant, id, person, home.id, office, now]).await? == 0 {
        return Err(Error::conflict("homes/asked-already"));
    }
    let facts = json!({ "office": office });
    let asked = Activity::of(tenant, "homes/asked", "home", home.id).at_place(home.id).with(facts);
    let activity = tx.record(asked).await?;
    // The way to the home's page, and what to call it.
    let label = format!("{} {}", home.path, home.label);
    for verifies in verifiers(tx, home, person).await? {
        let told = ("homes/asked", "joining", home.id.0, label.as_str());
        notice::store::add(tx, tenant, (verifies, Because::Held), activity, told).await?;
    }
    Ok(id)
}

/// Those who may verify somebody at a home and are near: captain and grid worker, else the community. Nobody their own household.
async fn verifiers(tx: &mut Tx<'_>, home: &Place, asks: PersonId) -> Result<Vec<PersonId>> {
    let (tenant, mut all) = (home.tenant, Vec::new());
    let near = [(home.building, Office::Captain), (home.grid, Office::GridWorker)];
    for (place, office) in near.into_iter().filter_map(|(place, office)| Some((place?, office))) {
        all.extend(holders_at(tx, tenant, place, office).await?);
    }
    let mut may = Vec::new();
    for person in all {
        if person != asks && !lives_here(tx, tenant, home.id, person).await? {
            may.push(person);
        }
    }
    if may.is_empty() {
        for root in places::of_kind_in(tx, tenant, PlaceKind::Community).await? {
            may.extend(holders_at(tx, tenant, root.id, Office::Community).await?);
        }
        may.retain(|person| *person != asks);
    }
    Ok(may)
}

pub async fn joining_one(db: &Db, tenant: TenantId, id: JoiningId) -> Result<Option<Joining>> {
    db.one(&format!("{JOINING} {JOINING_ONE}"), params![tenant, id]).await?.as_ref().map(joining).transpose()
}

/// Who asks to belong to a home.
pub async fn joinings_at(db: &Db, tenant: TenantId, home: PlaceId) -> Result<Vec<Joining>> {
    db.all(&format!("{JOINING} {JOINING_AT}"), params![tenant, home]).await?.iter().map(joining).collect()
}

/// Who asks to belong to the homes of a building or a grid.
pub async fn joinings_in(db: &Db, tenant: TenantId, place: PlaceId) -> Result<Vec<Joining>> {
    db.all(&format!("{JOINING} {JOINING_IN}"), params![tenant, place]).await?.iter().map(joining).collect()
}

/// What a person asked, newest first.
pub async fn joinings_of(db: &Db, tenant: TenantId, person: PersonId) -> Result<Vec<Joining>> {
    db.all(&format!("{JOINING} {JOINING_OF}"), params![tenant, person]).await?.iter().map(joining).collect()
}

/// Answers somebody's question, or takes it back; who is verified becomes a member.
///
/// # Errors
/// [`Error::Conflict`] when it was answered.
pub async fn decide(
    tx: &mut Tx<'_>,
    home: &Place,
    joining: &Joining,
    decision: JoinDecision,
    verified: Option<(Seen, Office)>,
) -> Result<()> {
    let (tenant, now, me) = (home.tenant, tx.now(), tx.by().person);
    if tx.run(DECIDE, params![tenant, joining.id, decision, now, me]).await? == 0 {
        return Err(Error::conflict("homes/answered"));
    }
    let stem = match decision {
        JoinDecision::Verified => "homes/verified",
        JoinDecision::TurnedDown => "homes/turned-down",
        JoinDecision::TakenBack => "homes/taken-back",
    };
    if let Some((seen, by)) = verified {
        add(tx, home, (joining.person, joining.office), seen, by).await?;
    }
    let facts = json!({ "office": joining.office });
    let activity = tx.record(Activity::of(tenant, stem, "home", home.id).at_place(home.id).with(facts)).await?;
    if decision != JoinDecision::TakenBack {
        let told = (stem, "home", home.id.0, home.label.as_str());
        notice::store::add(tx, tenant, (joining.person, Because::Mine), activity, told).await?;
    }
    Ok(())
}

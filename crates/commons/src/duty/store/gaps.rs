//! What somebody's leaving leaves open at a hub, and who hears of it: the hub's own people, else the community.

use super::STANDS;
use crate::calendar::Zone;
use crate::notice::{self, wish::Because};
use crate::people::{Office, PersonId};
use crate::place::{PlaceId, TenantId};
use jiff::civil::Date;
use kit::book::{Activity, ActivityId};
use kit::db::{Row, Tx};
use kit::{Result, Uuid, params};
use serde_json::json;

/// What stands in a notice about a hub: it leads to the hub's page.
pub const HUB: &str = "hub";
/// The same about a shift: it leads to the roster of its month. The label is the compound's code and the day, or the month.
pub const SHIFT: &str = "roster_gap";

const TEAM: &str = "select m.office, case when m.deputy is not null and m.away_from <= $3 and m.away_until > $3 then m.deputy
    else m.person end as person from mandate m join place l on l.tenant = m.tenant and l.id = m.place
    where m.tenant = $1 and m.office in ('hub', 'community') and (m.place = $2 or l.kind = 'community') and m.starts <= $3
        and (m.ends is null or m.ends > $3) and (m.revoked is null or m.revoked > $3) order by m.starts, m.id limit 50";
/// Posts that somebody holds or stands in for.
const POSTS: &str = "select o.id, o.place, l.path, case when o.holder = $2 then 1 else 0 end as held from post o
    join place l on l.tenant = o.tenant and l.id = o.place
    where o.tenant = $1 and (o.holder = $2 or (o.deputy = $2 and o.away_until > $3)) and o.ended is null
    order by o.id limit 200";
/// Holders for whom somebody would stand in.
const SEATS: &str = "select m.id, m.person, m.place, l.label from mandate m
    join place l on l.tenant = m.tenant and l.id = m.place
    where m.tenant = $1 and m.deputy = $2 and (m.ends is null or m.ends > $3) and (m.revoked is null or m.revoked > $3)
    order by m.id limit 200";
/// Whether somebody still serves at a place, wherever they live.
const SERVES: &str = "select count(*) as n from mandate m join place l on l.tenant = m.tenant and l.id = m.place
    where m.tenant = $1 and m.person = $2 and m.office in ('volunteer', 'hub', 'grid_worker', 'captain', 'committee')
        and (l.kind = 'community' or l.id = $3 or l.compound = $3) and m.starts <= $4
        and (m.ends is null or m.ends > $4) and (m.revoked is null or m.revoked > $4)";
const LEAVE: &[&str] = &[
    "delete from swap where tenant = $1 and (asked_by = $2 or asked = $2) and shift in
        (select id from shift where tenant = $1 and place = $3 and day >= $4)",
    "delete from duty where tenant = $1 and person = $2 and place = $3 and day >= $4",
];
const LEAVE_CLAIMS: &str = "delete from duty_claim where tenant = $1 and place = $2 and person = $3";
const LEAVE_READY: &str = "delete from ready where tenant = $1 and place = $2 and person = $3";

/// The duties of a person that stand, from a day on.
fn shifts_sql() -> String {
    format!(
        "select d.place, l.path, d.day from duty d join place l on l.tenant = d.tenant and l.id = d.place
        where d.tenant = $1 and d.person = $2 and d.day >= $3 and {STANDS} order by d.place, d.day limit 300"
    )
}

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let plain = [TEAM, POSTS, SEATS, SERVES, LEAVE_CLAIMS, LEAVE_READY];
    plain.into_iter().chain(LEAVE.iter().copied()).map(str::to_owned).chain([shifts_sql()]).collect()
}

/// Lets the hub's people know, whoever left not among them; where there are none, the community.
pub async fn tell(
    tx: &mut Tx<'_>,
    (tenant, place): (TenantId, PlaceId),
    left: PersonId,
    activity: ActivityId,
    (stem, thing, label): (&str, &str, &str),
) -> Result<()> {
    let now = tx.now();
    let rows = tx.all(TEAM, params![tenant, place, now]).await?;
    let all: Vec<(Office, PersonId)> =
        rows.iter().map(|row| Ok((row.get("office")?, row.get("person")?))).collect::<Result<_>>()?;
    let others = || all.iter().filter(|(_, person)| *person != left);
    let own = others().any(|(office, _)| *office == Office::Hub);
    for (_, person) in others().filter(|(office, _)| !own || *office == Office::Hub) {
        notice::store::add(tx, tenant, (*person, Because::Held), activity, (stem, thing, place.0, label)).await?;
    }
    Ok(())
}

/// The label of a notice about a shift.
pub fn shift_label(path: &str, day: Date) -> String {
    format!("{path} {day}")
}

/// Before somebody's duties, posts and seats as a deputy are taken from them: whoever has to fill the gaps is told. With a
/// place only what lies there counts.
pub async fn leaving(tx: &mut Tx<'_>, tenant: TenantId, person: PersonId, only: Option<PlaceId>) -> Result<()> {
    let (now, today) = (tx.now(), Zone::china().date(tx.now()));
    let here = |place: PlaceId| only.is_none_or(|only| only == place);
    if only.is_none() || !serves(tx, tenant, person, only).await? {
        let rows = tx.all(&shifts_sql(), params![tenant, person, today.to_string()]).await?;
        let read = |row: &Row| Ok((row.get("place")?, row.get("path")?, row.get("day")?));
        let all: Vec<(PlaceId, String, String)> = rows.iter().map(read).collect::<Result<_>>()?;
        for of_hub in all.chunk_by(|a, b| a.0 == b.0).filter(|of_hub| here(of_hub[0].0)) {
            let (place, path, first) = &of_hub[0];
            let gone = Activity::of(tenant, "roster/freed", "place", *place).at_place(*place);
            let activity = tx.record(gone.with(json!({ "shifts": of_hub.len(), "from": first }))).await?;
            let label = format!("{path} {first}");
            tell(tx, (tenant, *place), person, activity, ("roster/freed", SHIFT, &label)).await?;
        }
    }
    for row in tx.all(POSTS, params![tenant, person, now]).await? {
        let (id, place, path): (Uuid, PlaceId, String) = (row.get("id")?, row.get("place")?, row.get("path")?);
        if here(place) {
            let held = row.get::<i64>("held")? == 1;
            let stem = if held { "hub/post-freed" } else { "hub/post-stood-down" };
            let gone = Activity::of(tenant, stem, "place", place).at_place(place).with(json!({ "post": id }));
            let activity = tx.record(gone).await?;
            tell(tx, (tenant, place), person, activity, (stem, HUB, &path)).await?;
        }
    }
    Ok(())
}

/// Before somebody ceases to be a deputy: those for whom they would stand in are told, each once for each seat.
pub async fn deputy_leaving(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    person: PersonId,
    places: Option<[Option<PlaceId>; 2]>,
) -> Result<()> {
    let now = tx.now();
    for row in tx.all(SEATS, params![tenant, person, now]).await? {
        let (id, holder, place): (Uuid, PersonId, PlaceId) = (row.get("id")?, row.get("person")?, row.get("place")?);
        if places.is_some_and(|places| !places.contains(&Some(place))) {
            continue;
        }
        let gone = Activity::of(tenant, "people/deputy-left", "mandate", id).at_place(place);
        let activity = tx.record(gone).await?;
        let label: String = row.get("label")?;
        let told = ("people/deputy-left", "seat", id, label.as_str());
        notice::store::add(tx, tenant, (holder, Because::Held), activity, told).await?;
    }
    Ok(())
}

async fn serves(tx: &mut Tx<'_>, tenant: TenantId, person: PersonId, place: Option<PlaceId>) -> Result<bool> {
    let now = tx.now();
    Ok(tx.number::<i64>(SERVES, params![tenant, person, place, now]).await? > 0)
}

/// Somebody who lives in the compound no more and does not serve there is on no shift of its hub from today on.
pub async fn leave_shifts(tx: &mut Tx<'_>, tenant: TenantId, person: PersonId, place: PlaceId) -> Result<()> {
    if serves(tx, tenant, person, Some(place)).await? {
        return Ok(());
    }
    let today = Zone::china().date(tx.now()).to_string();
    for sql in LEAVE {
        tx.run(sql, params![tenant, person, place, &today]).await?;
    }
    tx.run(LEAVE_CLAIMS, params![tenant, place, person]).await?;
    tx.run(LEAVE_READY, params![tenant, place, person]).await.map(drop)
}

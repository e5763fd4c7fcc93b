//! Seats: who stands in for a holder, when the holder is away, and which terms end.

use super::super::{MandateId, Office, OrganisationId, PersonId, Source};
use crate::place::{PlaceId, TenantId};
use kit::db::{Db, Row, Tx};
use kit::time::Moment;
use kit::{Result, params};

const SEAT: &str =
    "select m.tenant, m.id, m.person, p.name, p.name_en, p.account, m.office, m.place, l.label, l.label_en,
    l.building, l.compound, m.organisation, m.source, m.starts, m.ends, m.deputy, d.name as deputy_name,
    d.name_en as deputy_name_en, m.away_from, m.away_until
    from mandate m join person p on p.tenant = m.tenant and p.id = m.person
    join place l on l.tenant = m.tenant and l.id = m.place
    left join person d on d.tenant = m.tenant and d.id = m.deputy";
const ONE: &str = "where m.tenant = $1 and m.id = $2 and m.office not in ('owner', 'tenant', 'family')
    and m.starts <= $3 and (m.ends is null or m.ends > $3) and (m.revoked is null or m.revoked > $3)";
const OF_PERSON: &str = "where m.tenant = $1 and (m.person = $2 or m.deputy = $2) and m.starts <= $3
    and m.office not in ('owner', 'tenant', 'family') and (m.ends is null or m.ends > $3)
    and (m.revoked is null or m.revoked > $3) order by m.starts, m.id limit 100";
const ENDING: &str =
    "where m.tenant = $1 and m.office not in ('owner', 'tenant', 'family') and m.ends > $2 and m.ends <= $3
    and m.revoked is null order by m.ends, m.id limit 500";
/// Those who could stand in: whoever can sign in and holds an office here, or lives in the building.
const CANDIDATES: &str =
    "select p.id, p.name, p.name_en, min(l.label) as label, min(l.label_en) as label_en from person p
    join mandate m on m.tenant = p.tenant and m.person = p.id and m.starts <= $3 and (m.ends is null or m.ends > $3)
        and (m.revoked is null or m.revoked > $3)
    join place l on l.tenant = m.tenant and l.id = m.place
    where p.tenant = $1 and p.account is not null
        and (m.office not in ('owner', 'tenant', 'family') or l.building = $2)
    group by p.id, p.name, p.name_en order by p.name, p.id limit 500";
const DEPUTY: &str = "update mandate set deputy = $3 where tenant = $1 and id = $2 and revoked is null";
const AWAY: &str =
    "update mandate set away_from = $3, away_until = $4 where tenant = $1 and id = $2 and revoked is null
    and deputy is not null";
const NO_DEPUTY: &str = "update mandate set deputy = null, away_from = null, away_until = null
    where tenant = $1 and deputy = $2 and place in ($3, $4)";

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let mut all: Vec<String> = [ONE, OF_PERSON, ENDING].map(|tail| format!("{SEAT} {tail}")).into();
    all.extend([CANDIDATES, DEPUTY, AWAY, NO_DEPUTY].map(str::to_owned));
    all
}

/// An office that somebody holds, with their deputy.
#[derive(Clone, Debug)]
pub struct Seat {
    pub tenant: TenantId,
    pub id: MandateId,
    pub person: PersonId,
    pub name: String,
    pub name_en: String,
    /// Whether the holder can sign in.
    pub enters: bool,
    pub office: Office,
    pub place: PlaceId,
    pub label: String,
    pub label_en: String,
    pub building: Option<PlaceId>,
    pub compound: Option<PlaceId>,
    pub organisation: Option<OrganisationId>,
    pub source: Source,
    pub starts: Moment,
    pub ends: Option<Moment>,
    pub deputy: Option<PersonId>,
    pub deputy_name: Option<String>,
    pub deputy_name_en: Option<String>,
    /// From when until when the holder is away; over when the second has passed.
    pub away: Option<(Moment, Moment)>,
}

impl Seat {
    /// Whether somebody stands in for the holder now.
    pub fn is_away(&self, now: Moment) -> bool {
        self.away.is_some_and(|(from, until)| from <= now && now < until)
    }

    /// The leave that runs or is to come.
    pub fn leave(&self, now: Moment) -> Option<(Moment, Moment)> {
        self.away.filter(|(_, until)| *until > now)
    }
}

fn seat(row: &Row) -> Result<Seat> {
    let (from, until): (Option<Moment>, Option<Moment>) = (row.get("away_from")?, row.get("away_until")?);
    Ok(Seat {
        tenant: row.get("tenant")?,
        id: row.get("id")?,
        person: row.get("person")?,
        name: row.get("name")?,
        name_en: row.get("name_en")?,
        enters: row.get::<Option<kit::Uuid>>("account")?.is_some(),
        office: row.get("office")?,
        place: row.get("place")?,
        label: row.get("label")?,
        label_en: row.get("label_en")?,
        building: row.get("building")?,
        compound: row.get("compound")?,
        organisation: row.get("organisation")?,
        source: row.get("source")?,
        starts: row.get("starts")?,
        ends: row.get("ends")?,
        deputy: row.get("deputy")?,
        deputy_name: row.get("deputy_name")?,
        deputy_name_en: row.get("deputy_name_en")?,
        away: from.zip(until),
    })
}

/// An office that runs now.
pub async fn find(db: &Db, tenant: TenantId, id: MandateId, now: Moment) -> Result<Option<Seat>> {
    db.one(&format!("{SEAT} {ONE}"), params![tenant, id, now]).await?.as_ref().map(seat).transpose()
}

/// The same inside a deed.
pub async fn find_in(tx: &mut Tx<'_>, tenant: TenantId, id: MandateId) -> Result<Option<Seat>> {
    let now = tx.now();
    tx.one(&format!("{SEAT} {ONE}"), params![tenant, id, now]).await?.as_ref().map(seat).transpose()
}

/// The offices that somebody holds or stands in for, away or not.
pub async fn of_person(db: &Db, tenant: TenantId, person: PersonId, now: Moment) -> Result<Vec<Seat>> {
    db.all(&format!("{SEAT} {OF_PERSON}"), params![tenant, person, now]).await?.iter().map(seat).collect()
}

/// The offices whose terms end in a span, the nearest first.
pub async fn ending(db: &Db, tenant: TenantId, from: Moment, until: Moment) -> Result<Vec<Seat>> {
    db.all(&format!("{SEAT} {ENDING}"), params![tenant, from, until]).await?.iter().map(seat).collect()
}

/// Somebody who could stand in or follow.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub person: PersonId,
    pub name: String,
    pub name_en: String,
    pub label: String,
    pub label_en: String,
}

pub async fn candidates(db: &Db, tenant: TenantId, building: Option<PlaceId>, now: Moment) -> Result<Vec<Candidate>> {
    let read = |row: &Row| {
        Ok(Candidate {
            person: row.get("id")?,
            name: row.get("name")?,
            name_en: row.get("name_en")?,
            label: row.get("label")?,
            label_en: row.get("label_en")?,
        })
    };
    db.all(CANDIDATES, params![tenant, building, now]).await?.iter().map(read).collect()
}

/// Names who stands in while the holder is away; nobody ends the leave with it.
pub async fn set_deputy(tx: &mut Tx<'_>, tenant: TenantId, id: MandateId, deputy: Option<PersonId>) -> Result<()> {
    if deputy.is_none() {
        tx.run(AWAY, params![tenant, id, None::<Moment>, None::<Moment>]).await?;
    }
    tx.run(DEPUTY, params![tenant, id, deputy]).await.map(drop)
}

/// Says when the holder is away; `false` where nobody stands in.
pub async fn set_away(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: MandateId,
    away: Option<(Moment, Moment)>,
) -> Result<bool> {
    let (from, until) = (away.map(|away| away.0), away.map(|away| away.1));
    Ok(tx.run(AWAY, params![tenant, id, from, until]).await? == 1)
}

/// Somebody stands in no more for offices of a building and a compound.
pub async fn end_deputy(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    person: PersonId,
    places: [Option<PlaceId>; 2],
) -> Result<()> {
    let [building, compound] = places;
    tx.run(NO_DEPUTY, params![tenant, person, building, compound]).await.map(drop)
}

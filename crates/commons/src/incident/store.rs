//! Incidents on the shelf.

use super::{Incident, IncidentId, NewIncident};
use crate::place::TenantId;
use kit::db::{Db, Row, Tx};
use kit::{Error, Result, params};

const ADD: &str = "insert into incident (tenant, id, found, what, kinds, affected, harm, measures, told_people,
    told_authority, closed) values ($1, $2, $3, $4, $5, $6, $7, $8, null, null, null)";
const ALL: &str =
    "select id, found, what, kinds, affected, harm, measures, told_people, told_authority, closed from incident
    where tenant = $1 order by found desc, id desc limit 1000";
const PEOPLE: &str = "update incident set told_people = $3 where tenant = $1 and id = $2 and told_people is null";
const AUTHORITY: &str =
    "update incident set told_authority = $3 where tenant = $1 and id = $2 and told_authority is null";
const CLOSE: &str = "update incident set closed = $3 where tenant = $1 and id = $2 and closed is null";
const ONE: &str = "select count(*) as n from incident where tenant = $1 and id = $2";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[ADD, ALL, PEOPLE, AUTHORITY, CLOSE, ONE];

/// A step that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    ToldPeople,
    ToldAuthority,
    Closed,
}

impl Step {
    pub fn parse(text: &str) -> Option<Step> {
        match text {
            "people" => Some(Step::ToldPeople),
            "authority" => Some(Step::ToldAuthority),
            "closed" => Some(Step::Closed),
            _ => None,
        }
    }
}

pub async fn add(tx: &mut Tx<'_>, tenant: TenantId, new: &NewIncident) -> Result<IncidentId> {
    let id: IncidentId = tx.id();
    let row = params![tenant, id, new.found, &new.what, &new.kinds, &new.affected, &new.harm, &new.measures];
    tx.run(ADD, row).await?;
    Ok(id)
}

/// Notes a step with its moment; a second time changes nothing.
///
/// # Errors
/// [`Error::NotFound`] when there is no such incident.
pub async fn step(tx: &mut Tx<'_>, tenant: TenantId, id: IncidentId, step: Step) -> Result<bool> {
    if tx.number::<i64>(ONE, params![tenant, id]).await? == 0 {
        return Err(Error::NotFound);
    }
    let sql = match step {
        Step::ToldPeople => PEOPLE,
        Step::ToldAuthority => AUTHORITY,
        Step::Closed => CLOSE,
    };
    let now = tx.now();
    Ok(tx.run(sql, params![tenant, id, now]).await? == 1)
}

/// Every incident, the newest first.
pub async fn all(db: &Db, tenant: TenantId) -> Result<Vec<Incident>> {
    let read = |row: &Row| {
        let said = NewIncident {
            found: row.get("found")?,
            what: row.get("what")?,
            kinds: row.get("kinds")?,
            affected: row.get("affected")?,
            harm: row.get("harm")?,
            measures: row.get("measures")?,
        };
        let (told_people, told_authority) = (row.get("told_people")?, row.get("told_authority")?);
        Ok(Incident { id: row.get("id")?, said, told_people, told_authority, closed: row.get("closed")? })
    };
    db.all(ALL, params![tenant]).await?.iter().map(read).collect()
}

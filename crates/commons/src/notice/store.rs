//! Notices on the shelf.

use super::Notice;
use super::wish::Because;
use crate::people::PersonId;
use crate::place::TenantId;
use kit::book::ActivityId;
use kit::db::{Db, Row, Tx};
use kit::time::Moment;
use kit::{Result, Uuid, params};

const ADD: &str = "insert into notice (tenant, person, id, at, stem, thing, thing_id, label, because, seen)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null) on conflict (tenant, person, id) do nothing";
const MINE: &str = "select id, at, stem, thing, thing_id, label, because, seen from notice
    where tenant = $1 and person = $2 order by id desc limit $3";
const MINE_BEFORE: &str = "select id, at, stem, thing, thing_id, label, because, seen from notice
    where tenant = $1 and person = $2 and id < $3 order by id desc limit $4";
const SEE: &str = "update notice set seen = $3 where tenant = $1 and person = $2 and seen is null";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[ADD, MINE, MINE_BEFORE, SEE];

/// Leaves a notice; nothing happens when this person has been told of the same activity.
pub async fn add(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    (person, because): (PersonId, Because),
    activity: ActivityId,
    (stem, thing, thing_id, label): (&str, &str, Uuid, &str),
) -> Result<()> {
    let now = tx.now();
    tx.run(ADD, params![tenant, person, activity, now, stem, thing, thing_id, label, because]).await.map(drop)
}

/// The newest notices of a person.
pub async fn mine(db: &Db, tenant: TenantId, person: PersonId, limit: i64) -> Result<Vec<Notice>> {
    db.all(MINE, params![tenant, person, limit]).await?.iter().map(read).collect()
}

/// The same, older than one of them.
pub async fn mine_before(
    db: &Db,
    tenant: TenantId,
    person: PersonId,
    (before, limit): (ActivityId, i64),
) -> Result<Vec<Notice>> {
    db.all(MINE_BEFORE, params![tenant, person, before, limit]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Notice> {
    Ok(Notice {
        id: row.get("id")?,
        at: row.get("at")?,
        stem: row.get("stem")?,
        thing: row.get("thing")?,
        thing_id: row.get("thing_id")?,
        label: row.get("label")?,
        because: row.get("because")?,
        seen: row.get("seen")?,
    })
}

/// Marks everything as seen.
pub async fn see(tx: &mut Tx<'_>, tenant: TenantId, person: PersonId) -> Result<()> {
    let now: Moment = tx.now();
    tx.run(SEE, params![tenant, person, now]).await.map(drop)
}

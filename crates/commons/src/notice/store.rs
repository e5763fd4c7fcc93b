//! Notices on the shelf.

use super::Notice;
use super::wish::Because;
use crate::people::PersonId;
use crate::place::TenantId;
use jiff::civil::Date;
use kit::book::ActivityId;
use kit::db::{Db, Row, Tx};
use kit::time::Moment;
use kit::{Result, Uuid, params};

const ADD: &str = "insert into notice (tenant, person, id, at, stem, thing, thing_id, label, because, seen)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null) on conflict (tenant, person, id) do nothing";
const MINE: &str = "select id, at, stem, thing, thing_id, label, because, seen from notice
    where tenant = $1 and person = $2 order by id desc limit $3";
/// The same beside the code of the place where somebody's next duty is that stands, if they have one. The first row may have no notice.
const MINE_AND_ROSTER: &str = "select x.roster, n.id, n.at, n.stem, n.thing, n.thing_id, n.label, n.because, n.seen from
    (select (select l.path from duty d join place l on l.tenant = d.tenant and l.id = d.place
        where d.tenant = $1 and d.person = $2 and d.day >= $4 and (d.how <> 'plan' or exists (select 1 from roster_month m
            where m.tenant = d.tenant and m.place = d.place and m.month = substr(d.day, 1, 7) and m.published is not null))
        order by d.day, d.shift limit 1) as roster) x
    left join (select id, at, stem, thing, thing_id, label, because, seen from notice
        where tenant = $1 and person = $2 order by id desc limit $3) n on 1 = 1 order by n.id desc limit 500";
const MINE_BEFORE: &str = "select id, at, stem, thing, thing_id, label, because, seen from notice
    where tenant = $1 and person = $2 and id < $3 order by id desc limit $4";
const SEE: &str = "update notice set seen = $3 where tenant = $1 and person = $2 and seen is null";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[ADD, MINE, MINE_AND_ROSTER, MINE_BEFORE, SEE];

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

/// The same, and where somebody has their next duty from `today` on, by the code of the compound.
pub async fn mine_and_roster(
    db: &Db,
    (tenant, person): (TenantId, PersonId),
    today: Date,
    limit: i64,
) -> Result<(Vec<Notice>, Option<String>)> {
    let rows = db.all(MINE_AND_ROSTER, params![tenant, person, limit, today.to_string()]).await?;
    let roster = rows.first().map(|row| row.get("roster")).transpose()?.flatten();
    let mut notices = Vec::new();
    for row in &rows {
        if row.get::<Option<ActivityId>>("id")?.is_some() {
            notices.push(read(row)?);
        }
    }
    Ok((notices, roster))
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

//! What places have set, and the years of the calendar that were published after this program.

use super::{ClockKind, Standard, Standards, Unit};
use crate::calendar::WorkCalendar;
use crate::case::Door;
use crate::place::{PlaceId, TenantId};
use kit::db::{Db, Row, Tx};
use kit::time::Moment;
use kit::{Error, Result, params};
use std::borrow::Cow;

/// Limits, office hours and years, each row one of them; the first branch gives the columns their types.
const SET: &str = "select 'limit' as part, s.place, s.category, s.door, s.clock, s.amount, s.unit, '' as text,
        cast(0 as bigint) as since
    from service_standard s join place p on p.tenant = s.tenant and p.id = s.place
    where s.tenant = $1 and (s.place = $2 or p.kind = 'community')";
const AT_DOOR: &str = "and s.door = $3 and s.category in ($4, '')";
const HOURS_AND_YEARS: &str = "union all select 'hours', h.place, '', h.door, '', 0, '', h.text, 0
    from office_hours h join place p on p.tenant = h.tenant and p.id = h.place
    where h.tenant = $1 and (h.place = $2 or p.kind = 'community')
    union all select 'year', null, '', '', '', y.year, '', y.text, y.since from calendar_year y where y.tenant = $1
    order by part, since, amount, category, door, clock limit 6100";
const PUT: &str = "insert into service_standard (tenant, place, category, door, clock, amount, unit)
    values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant, place, category, door, clock)
    do update set amount = excluded.amount, unit = excluded.unit";
const DROP: &str = "delete from service_standard where tenant = $1 and place = $2 and category = $3 and door = $4
    and clock = $5";
const PUT_HOURS: &str = "insert into office_hours (tenant, place, door, text) values ($1, $2, $3, $4)
    on conflict (tenant, place, door) do update set text = excluded.text";
const DROP_HOURS: &str = "delete from office_hours where tenant = $1 and place = $2 and door = $3";
const COPY: &str = "insert into service_standard (tenant, place, category, door, clock, amount, unit)
    select tenant, $3, category, door, clock, amount, unit from service_standard where tenant = $1 and place = $2
    on conflict (tenant, place, category, door, clock) do nothing";
const COPY_HOURS: &str = "insert into office_hours (tenant, place, door, text)
    select tenant, $3, door, text from office_hours where tenant = $1 and place = $2
    on conflict (tenant, place, door) do nothing";
const YEARS: &str = "select year, since, text from calendar_year where tenant = $1 order by since, year limit 1000";
const ADD_YEAR: &str = "insert into calendar_year (tenant, year, since, text) values ($1, $2, $3, $4)
    on conflict (tenant, year, since) do update set text = excluded.text";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[PUT, DROP, PUT_HOURS, DROP_HOURS, COPY, COPY_HOURS, YEARS, ADD_YEAR];

fn around_sql() -> String {
    format!("{SET} {HOURS_AND_YEARS}")
}

fn at_door_sql() -> String {
    format!("{SET} {AT_DOOR} {HOURS_AND_YEARS}")
}

/// Those whose text is put together, for the same test.
pub fn statements() -> Vec<String> {
    vec![around_sql(), at_door_sql()]
}

/// What a place and its community have set, and the calendar by which it is counted.
pub type Promised = (Standards, Cow<'static, WorkCalendar>);

/// Everything that a compound and its community have set. For the community alone, `place` is its own.
pub async fn around(db: &Db, tenant: TenantId, place: PlaceId) -> Result<Promised> {
    read(place, &db.all(&around_sql(), params![tenant, place]).await?)
}

/// What matters for one category at one door.
pub async fn at_door(
    tx: &mut Tx<'_>,
    (tenant, compound): (TenantId, PlaceId),
    category: &str,
    door: Door,
) -> Result<Promised> {
    read(compound, &tx.all(&at_door_sql(), params![tenant, compound, door, category]).await?)
}

fn read(place: PlaceId, rows: &[Row]) -> Result<Promised> {
    let (mut standards, mut years) = (Standards::default(), Vec::new());
    let own = |row: &Row| Ok::<_, Error>(row.get::<PlaceId>("place")? == place);
    for row in rows {
        match row.get::<String>("part")?.as_str() {
            "limit" => standards.set.push((own(row)?, read_limit(row)?)),
            "hours" => standards.hours.push((own(row)?, row.get("door")?, row.get("text")?)),
            "year" => {
                years.push(YearRow { year: row.get("amount")?, since: row.get("since")?, text: row.get("text")? });
            }
            other => return Err(Error::internal(format!("a part called {other}"))),
        }
    }
    Ok((standards, with_years(&years)?))
}

fn read_limit(row: &Row) -> Result<Standard> {
    Ok(Standard {
        category: Some(row.get::<String>("category")?).filter(|slug| !slug.is_empty()),
        door: row.get("door")?,
        clock: row.get::<ClockKind>("clock")?,
        amount: row.get("amount")?,
        unit: row.get::<Unit>("unit")?,
    })
}

/// Sets a limit of a place: a compound, or the community's own place for all of them.
pub async fn put(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, standard: &Standard) -> Result<()> {
    let category = standard.category.as_deref().unwrap_or_default();
    let row = params![tenant, place, category, standard.door, standard.clock, standard.amount, standard.unit];
    tx.run(PUT, row).await.map(drop)
}

/// Takes a limit of a place back, so that the next farther one holds; `false` when it had none.
pub async fn drop_one(
    tx: &mut Tx<'_>,
    (tenant, place): (TenantId, PlaceId),
    category: Option<&str>,
    door: Door,
    clock: ClockKind,
) -> Result<bool> {
    let row = params![tenant, place, category.unwrap_or_default(), door, clock];
    Ok(tx.run(DROP, row).await? == 1)
}

/// Sets the hours of a door, as [`super::hours_of`] gives them.
pub async fn put_hours(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, door: Door, text: &str) -> Result<()> {
    tx.run(PUT_HOURS, params![tenant, place, door, text]).await.map(drop)
}

pub async fn drop_hours(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, door: Door) -> Result<bool> {
    Ok(tx.run(DROP_HOURS, params![tenant, place, door]).await? == 1)
}

/// Gives a new compound what another one has set.
pub async fn copy(tx: &mut Tx<'_>, tenant: TenantId, from: PlaceId, to: PlaceId) -> Result<()> {
    tx.run(COPY, params![tenant, from, to]).await?;
    tx.run(COPY_HOURS, params![tenant, from, to]).await.map(drop)
}

/// A published year that came after this program.
#[derive(Clone, Debug)]
pub struct YearRow {
    pub year: i64,
    pub since: Moment,
    pub text: String,
}

fn read_years(rows: &[Row]) -> Result<Vec<YearRow>> {
    let read = |row: &Row| Ok(YearRow { year: row.get("year")?, since: row.get("since")?, text: row.get("text")? });
    rows.iter().map(read).collect()
}

/// What a community has loaded, oldest first.
pub async fn years(db: &Db, tenant: TenantId) -> Result<Vec<YearRow>> {
    read_years(&db.all(YEARS, params![tenant]).await?)
}

/// Keeps a year's file, which [`WorkCalendar::year_of`] has read.
pub async fn add_year(tx: &mut Tx<'_>, tenant: TenantId, year: i16, text: &str) -> Result<()> {
    let now = tx.now();
    tx.run(ADD_YEAR, params![tenant, i64::from(year), now, text]).await.map(drop)
}

/// The shipped calendar with what the community has loaded.
pub async fn calendar(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Cow<'static, WorkCalendar>> {
    with_years(&read_years(&tx.all(YEARS, params![tenant]).await?)?)
}

/// The same for a page.
pub async fn calendar_now(db: &Db, tenant: TenantId) -> Result<Cow<'static, WorkCalendar>> {
    with_years(&years(db, tenant).await?)
}

/// The shipped years, and over them those that were loaded.
pub fn with_years(years: &[YearRow]) -> Result<Cow<'static, WorkCalendar>> {
    let mut calendar = Cow::Borrowed(WorkCalendar::china());
    for row in years {
        let more = calendar.with_year(&row.text).map_err(|e| Error::internal(format!("year {}: {e}", row.year)))?;
        calendar = Cow::Owned(more);
    }
    Ok(calendar)
}

//! Who may sit at the desk at a moment, and the days of a hub as its team wrote them up.

use crate::desk::Pass;
use crate::duty::{HubDay, Spans};
use crate::people::PersonId;
use crate::place::{PlaceId, TenantId};
use jiff::civil::Date;
use kit::db::{Db, Row, Tx};
use kit::time::Moment;
use kit::{Error, Result, params};

/// So long before a duty begins and after it has ended one sits at the desk.
pub const AROUND_MINUTES: i64 = 30;

const PASS: &str = "select (select count(*) from post o where o.tenant = $1 and o.place = $2 and o.ended is null
        and o.holder = $3 and o.confirmed <= $4 and o.desk) as posts,
    (select count(*) from duty d join shift s on s.tenant = d.tenant and s.id = d.shift
        where d.tenant = $1 and d.place = $2 and d.person = $3 and d.day = $5 and d.how <> 'claim' and s.starts <= $6 and s.ends > $7
            and (d.how in ('hand', 'swap') or exists (select 1 from roster_month m where m.tenant = d.tenant and m.place = d.place
                and m.month = substr(d.day, 1, 7) and m.published is not null))) as duties";
const WRITE: &str = "insert into hub_day (tenant, place, day, spans, note, person, at) values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (tenant, place, day) do update set spans = excluded.spans, note = excluded.note, person = excluded.person,
        at = excluded.at";
const DAYS: &str = "select day, spans, note from hub_day where tenant = $1 and place = $2 and day >= $3 and day <= $4
    order by day limit 400";

/// One day: as it was written up, what its weekday or an exception says, and whether somebody has a duty just now.
const ONE: &str = "select 'written' as what, spans, note from hub_day where tenant = $1 and place = $2 and day = $3
    union all select 'exception', spans, '' from hub_exception where tenant = $1 and place = $2 and day = $3
    union all select 'usual', spans, '' from hub_hours where tenant = $1 and place = $2 and weekday = $4
    union all select 'duty', '', '' from duty d join shift s on s.tenant = d.tenant and s.id = d.shift
        where d.tenant = $1 and d.place = $2 and d.person = $5 and d.day = $6 and s.starts <= $7 and s.ends > $8
            and (d.how <> 'plan' or exists (select 1 from roster_month m where m.tenant = d.tenant and m.place = d.place
                and m.month = substr(d.day, 1, 7) and m.published is not null))
    order by 1 limit 20";

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    [PASS, WRITE, DAYS, ONE].map(str::to_owned).into()
}

fn read_pass(row: Option<Row>) -> Result<Pass> {
    let Some(row) = row else { return Ok(Pass::default()) };
    Ok(Pass { post: row.get::<i64>("posts")? > 0, duty: row.get::<i64>("duties")? > 0 })
}

/// Whether somebody holds a post of the desk here to which those who keep the hub said yes, or has a duty now that they published.
pub async fn pass(
    db: &Db,
    (tenant, place): (TenantId, PlaceId),
    person: PersonId,
    (now, day, minute): (Moment, Date, i64),
) -> Result<Pass> {
    let (begins, over) = (minute + AROUND_MINUTES, minute - AROUND_MINUTES);
    read_pass(db.one(PASS, params![tenant, place, person, now, day.to_string(), begins, over]).await?)
}

/// The same inside a deed.
pub async fn pass_in(
    tx: &mut Tx<'_>,
    (tenant, place): (TenantId, PlaceId),
    person: PersonId,
    (day, minute): (Date, i64),
) -> Result<Pass> {
    let (now, begins, over) = (tx.now(), minute + AROUND_MINUTES, minute - AROUND_MINUTES);
    read_pass(tx.one(PASS, params![tenant, place, person, now, day.to_string(), begins, over]).await?)
}

/// Writes a day up, or writes it anew.
pub async fn write(tx: &mut Tx<'_>, (tenant, place): (TenantId, PlaceId), day: &HubDay, by: PersonId) -> Result<()> {
    let now = tx.now();
    tx.run(WRITE, params![tenant, place, day.day.to_string(), day.spans.text(), &day.note, by, now]).await.map(drop)
}

/// The days of a span that somebody wrote up, in order.
pub async fn days(db: &Db, (tenant, place): (TenantId, PlaceId), (from, to): (Date, Date)) -> Result<Vec<HubDay>> {
    let rows = db.all(DAYS, params![tenant, place, from.to_string(), to.to_string()]).await?;
    let read = |row: &Row| {
        Ok(HubDay {
            day: row.get::<String>("day")?.parse().map_err(Error::internal)?,
            spans: Spans::parse(&row.get::<String>("spans")?).unwrap_or_default(),
            note: row.get("note")?,
        })
    };
    rows.iter().map(read).collect()
}

/// A day as its page needs it.
#[derive(Clone, Debug, Default)]
pub struct OneDay {
    pub written: Option<HubDay>,
    /// What the hub says of that day.
    pub usual: Spans,
    /// Whether whoever looks has a duty just now.
    pub duty: bool,
}

/// What is known of a day, and whether `person` has a duty at the given day and minute.
pub async fn one(
    db: &Db,
    (tenant, place): (TenantId, PlaceId),
    day: Date,
    person: PersonId,
    (today, minute): (Date, i64),
) -> Result<OneDay> {
    let (begins, over) = (minute + AROUND_MINUTES, minute - AROUND_MINUTES);
    let weekday = i64::from(day.weekday().to_monday_one_offset());
    let row = params![tenant, place, day.to_string(), weekday, person, today.to_string(), begins, over];
    let (mut one, mut exception) = (OneDay::default(), None);
    for row in db.all(ONE, row).await? {
        let spans = Spans::parse(&row.get::<String>("spans")?).unwrap_or_default();
        match row.get::<String>("what")?.as_str() {
            "written" => one.written = Some(HubDay { day, spans, note: row.get("note")? }),
            "exception" => exception = Some(spans),
            "usual" => one.usual = spans,
            _ => one.duty = true,
        }
    }
    if let Some(spans) = exception {
        one.usual = spans;
    }
    Ok(one)
}

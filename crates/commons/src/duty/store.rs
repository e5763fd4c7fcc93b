//! Hours, posts, shifts and duties on the shelf.

pub mod day;
pub mod gaps;
mod posts;

pub use posts::{
    add_entry, add_post, away_post, confirm_post, deputise, end_post, entries, entries_with_posts, hold_post,
    leave_posts, post, posts, withdraw_entry,
};

use super::{
    Claim, ClaimId, Duty, Exception, GapTold, Hours, How, Mine, Month, MonthState, OnNow, Part, Ready, Shift, ShiftId,
    Skill, Spans, Swap, SwapId,
};
use crate::desk::Answered;
use crate::people::PersonId;
use crate::place::{PlaceId, TenantId};
use jiff::civil::Date;
use kit::db::{Db, Row, Tx};
use kit::time::Moment;
use kit::{Error, Result, params};

const HOURS: &str = "select weekday, '' as day, spans, '' as why from hub_hours where tenant = $1 and place = $2
    union all select cast(0 as bigint) as weekday, day, spans, why from hub_exception
    where tenant = $1 and place = $2 and day >= $3 order by day, weekday limit 400";
/// The same, with what people said and what came of it: topics that were answered since `$4`.
const HOURS_AND_ANSWERS: &str = "select weekday, '' as day, spans, '' as why, cast(0 as bigint) as n, cast(0 as bigint) as at
    from hub_hours where tenant = $1 and place = $2
    union all select 0, day, spans, why, 0, 0 from hub_exception where tenant = $1 and place = $2 and day >= $3
    union all select -1, t.name, t.said, t.came, (select count(*) from opinion o where o.tenant = t.tenant and o.topic = t.id),
        t.answered from opinion_topic t where t.tenant = $1 and t.place = $2 and t.answered >= $4
    order by day, weekday limit 500";
const SET_HOURS: &str = "insert into hub_hours (tenant, place, weekday, spans) values ($1, $2, $3, $4)
    on conflict (tenant, place, weekday) do update set spans = excluded.spans";
const SET_EXCEPTION: &str = "insert into hub_exception (tenant, place, day, spans, why) values ($1, $2, $3, $4, $5)
    on conflict (tenant, place, day) do update set spans = excluded.spans, why = excluded.why";
const DROP_EXCEPTION: &str = "delete from hub_exception where tenant = $1 and place = $2 and day = $3";

const ADD_SHIFT: &str = "insert into shift (tenant, id, place, day, starts, ends, skill, need)
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (tenant, place, day, starts, ends, skill) do nothing";
const DROP_SHIFT: &str = "delete from shift where tenant = $1 and id = $2";
const DROP_SHIFT_DUTIES: &str = "delete from duty where tenant = $1 and shift = $2";
const SHIFT: &str = "select tenant, id, place, day, starts, ends, skill, need from shift where tenant = $1 and id = $2";
const SHIFTS: &str = "select tenant, id, place, day, starts, ends, skill, need from shift
    where tenant = $1 and place = $2 and day >= $3 and day <= $4 order by day, starts, skill limit 1000";
const DUTIES: &str =
    "select d.shift, d.day, d.person, p.name, p.name_en, coalesce(r.named, false) as named, d.how, d.at
    from duty d join person p on p.tenant = d.tenant and p.id = d.person
    left join ready r on r.tenant = d.tenant and r.place = d.place and r.person = d.person
    where d.tenant = $1 and d.place = $2 and d.day >= $3 and d.day <= $4 order by d.day, d.at, d.person limit 5000";
const READY: &str =
    "select r.person, p.name, p.name_en, r.weekdays, r.skills, r.month_max, r.rest_days, r.named from ready r
    join person p on p.tenant = r.tenant and p.id = r.person
    where r.tenant = $1 and r.place = $2 order by r.person limit 1000";
const SAVE_READY: &str = "insert into ready (tenant, place, person, weekdays, skills, month_max, rest_days, named, changed)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (tenant, place, person) do update set weekdays = excluded.weekdays,
        skills = excluded.skills, month_max = excluded.month_max, rest_days = excluded.rest_days, named = excluded.named,
        changed = excluded.changed";
const DROP_READY: &str = "delete from ready where tenant = $1 and place = $2 and person = $3";
const DROP_CLAIMS_OF: &str = "delete from duty_claim where tenant = $1 and place = $2 and person = $3";
const PUT: &str = "insert into duty (tenant, place, shift, person, day, how, at) values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (tenant, shift, person) do nothing";
const TAKE_OFF: &str = "delete from duty where tenant = $1 and shift = $2 and person = $3";
const CLEAR_PLAN: &str =
    "delete from duty where tenant = $1 and place = $2 and day >= $3 and day <= $4 and how = 'plan'";
/// How far a month is, the hours of the week, and the days of the month and later that differ.
const MONTH: &str =
    "select cast(-2 as bigint) as weekday, case when exact then 'exact' else '' end as day, report as spans,
        '' as why, planned, published from roster_month where tenant = $1 and place = $2 and month = $3
    union all select weekday, '', spans, '', 0, null from hub_hours where tenant = $1 and place = $2
    union all select 0, day, spans, why, 0, null from hub_exception where tenant = $1 and place = $2 and day >= $4
    order by day, weekday limit 500";
const SAVE_MONTH: &str = "insert into roster_month (tenant, place, month, planned, published, exact, report)
    values ($1, $2, $3, $4, null, $5, $6) on conflict (tenant, place, month) do update set planned = excluded.planned,
        exact = excluded.exact, report = excluded.report";
const PUBLISH: &str =
    "update roster_month set published = $4 where tenant = $1 and place = $2 and month = $3 and published is null";
const PUBLISHED: &str = "select count(*) as n from roster_month
    where tenant = $1 and place = $2 and month = $3 and published is not null";
const ADD_CLAIM: &str = "insert into duty_claim (tenant, id, place, person, weekday, starts, until, since)
    values ($1, $2, $3, $4, $5, $6, $7, $8)";
const DROP_CLAIM: &str = "delete from duty_claim where tenant = $1 and id = $2 and person = $3";
const CLAIMS: &str = "select id, person, weekday, starts, until from duty_claim where tenant = $1 and place = $2
    and until >= $3 order by id limit 1000";
const PART: &str =
    "select p.id as person, p.name, p.name_en, r.weekdays, r.skills, r.month_max, r.rest_days, r.named, c.id,
    c.weekday, c.starts, c.until from person p
    left join ready r on r.tenant = p.tenant and r.person = p.id and r.place = $2
    left join duty_claim c on c.tenant = p.tenant and c.person = p.id and c.place = $2 and c.until >= $4
    where p.tenant = $1 and p.id = $3 order by c.id limit 200";
const SWAPS: &str = "select w.id, w.shift, s.day, s.starts, w.asked_by, a.name as by_name, a.name_en as by_name_en, w.asked, b.name as asked_name,
    b.name_en as asked_name_en from swap w join shift s on s.tenant = w.tenant and s.id = w.shift
    join person a on a.tenant = w.tenant and a.id = w.asked_by
    join person b on b.tenant = w.tenant and b.id = w.asked
    where w.tenant = $1 and s.place = $2 and w.open is not null and (w.asked_by = $3 or w.asked = $3)
    order by w.id limit 200";
const ADD_SWAP: &str = "insert into swap (tenant, id, shift, asked_by, asked, at, decision, decided, open)
    values ($1, $2, $3, $4, $5, $6, null, null, $7) on conflict (tenant, open) do nothing";
const SWAP: &str = "select shift, asked_by, asked from swap where tenant = $1 and id = $2 and open is not null";
const DECIDE_SWAP: &str = "update swap set decision = $3, decided = $4, open = null
    where tenant = $1 and id = $2 and open is not null";
const DROP_SWAPS_OF: &str = "update swap set decision = 'gone', decided = $4, open = null
    where tenant = $1 and shift = $2 and asked_by = $3 and open is not null";
/// A month's plan counts once it is published; what people took or were asked for stands at once.
const STANDS: &str =
    "(d.how <> 'plan' or exists (select 1 from roster_month m where m.tenant = d.tenant and m.place = d.place
        and m.month = substr(d.day, 1, 7) and m.published is not null))";
const SAVE_FEED: &str = "insert into duty_feed (tenant, person, token, made) values ($1, $2, $3, $4)
    on conflict (tenant, person) do update set token = excluded.token, made = excluded.made";
const FEED: &str = "select tenant, person from duty_feed where token = $1";

fn on_now_sql() -> String {
    format!(
        "select d.place, s.skill, s.ends, coalesce(r.named, false) as named, p.name, p.name_en from duty d
        join shift s on s.tenant = d.tenant and s.id = d.shift join person p on p.tenant = d.tenant and p.id = d.person
        left join ready r on r.tenant = d.tenant and r.place = d.place and r.person = d.person
        where d.tenant = $1 and d.place = $2 and d.day = $3 and s.starts <= $4 and s.ends > $4 and {STANDS}
        order by s.starts, d.at, d.person limit 20"
    )
}

fn mine_sql() -> String {
    format!(
        "select s.tenant, s.id, s.place, s.day, s.starts, s.ends, s.skill, s.need, d.how, l.path, l.name, l.name_en from duty d
        join shift s on s.tenant = d.tenant and s.id = d.shift join place l on l.tenant = s.tenant and l.id = s.place
        where d.tenant = $1 and d.person = $2 and d.day >= $3 and {STANDS} order by s.day, s.starts limit 300"
    )
}

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let all = [
        HOURS,
        HOURS_AND_ANSWERS,
        SET_HOURS,
        SET_EXCEPTION,
        DROP_EXCEPTION,
        ADD_SHIFT,
        DROP_SHIFT,
        DROP_SHIFT_DUTIES,
        SHIFT,
        SHIFTS,
        DUTIES,
        READY,
        SAVE_READY,
        DROP_READY,
        DROP_CLAIMS_OF,
        PUT,
        TAKE_OFF,
        CLEAR_PLAN,
        MONTH,
        SAVE_MONTH,
        PUBLISH,
        PUBLISHED,
        ADD_CLAIM,
        DROP_CLAIM,
        CLAIMS,
        PART,
        SWAPS,
        ADD_SWAP,
        SWAP,
        DECIDE_SWAP,
        DROP_SWAPS_OF,
        SAVE_FEED,
        FEED,
    ];
    all.into_iter()
        .map(str::to_owned)
        .chain([on_now_sql(), mine_sql()])
        .chain(day::statements())
        .chain(posts::statements())
        .chain(gaps::statements())
        .collect()
}

fn day_of(row: &Row, column: &str) -> Result<Date> {
    row.get::<String>(column)?.parse().map_err(Error::internal)
}

/// The week, and the exceptions from `since` on.
pub async fn hours(db: &Db, tenant: TenantId, place: PlaceId, since: Date) -> Result<Hours> {
    let mut hours = Hours::default();
    for row in db.all(HOURS, params![tenant, place, since.to_string()]).await? {
        read_hours(&row, &mut hours)?;
    }
    Ok(hours)
}

fn read_hours(row: &Row, hours: &mut Hours) -> Result<()> {
    let spans = Spans::parse(&row.get::<String>("spans")?).unwrap_or_default();
    let weekday: i64 = row.get("weekday")?;
    if weekday == 0 {
        hours.exceptions.push(Exception { day: day_of(row, "day")?, spans, why: row.get("why")? });
    } else if let Some(slot) = usize::try_from(weekday - 1).ok().and_then(|at| hours.week.get_mut(at)) {
        *slot = spans;
    }
    Ok(())
}

/// The same, and what people said since a moment with what came of it, the newest answer first.
pub async fn hours_and_answers(
    db: &Db,
    (tenant, place): (TenantId, PlaceId),
    since: Date,
    answered: Moment,
) -> Result<(Hours, Vec<Answered>)> {
    let (mut hours, mut answers) = (Hours::default(), Vec::new());
    for row in db.all(HOURS_AND_ANSWERS, params![tenant, place, since.to_string(), answered]).await? {
        if row.get::<i64>("weekday")? >= 0 {
            read_hours(&row, &mut hours)?;
            continue;
        }
        answers.push(Answered {
            topic: row.get("day")?,
            opinions: row.get("n")?,
            said: row.get("spans")?,
            came: row.get("why")?,
            at: row.get("at")?,
        });
    }
    answers.sort_by_key(|one| std::cmp::Reverse(one.at));
    Ok((hours, answers))
}

pub async fn set_hours(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, week: &[Spans; 7]) -> Result<()> {
    for (weekday, spans) in (1_i64..).zip(week) {
        tx.run(SET_HOURS, params![tenant, place, weekday, spans.text()]).await?;
    }
    Ok(())
}

pub async fn set_exception(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, one: &Exception) -> Result<()> {
    let row = params![tenant, place, one.day.to_string(), one.spans.text(), &one.why];
    tx.run(SET_EXCEPTION, row).await.map(drop)
}

/// Whether there was one.
pub async fn drop_exception(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, day: Date) -> Result<bool> {
    Ok(tx.run(DROP_EXCEPTION, params![tenant, place, day.to_string()]).await? == 1)
}

fn read_shift(row: &Row) -> Result<Shift> {
    Ok(Shift {
        id: row.get("id")?,
        tenant: row.get("tenant")?,
        place: row.get("place")?,
        day: day_of(row, "day")?,
        starts: row.get("starts")?,
        ends: row.get("ends")?,
        skill: row.get("skill")?,
        need: row.get("need")?,
    })
}

/// A shift to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewShift {
    pub day: Date,
    pub starts: i64,
    pub ends: i64,
    pub skill: Skill,
    pub need: i64,
}

/// The new shift, or nothing where the same one is there already.
pub async fn add_shift(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, new: NewShift) -> Result<Option<ShiftId>> {
    let id: ShiftId = tx.id();
    let row = params![tenant, id, place, new.day.to_string(), new.starts, new.ends, new.skill, new.need];
    Ok((tx.run(ADD_SHIFT, row).await? == 1).then_some(id))
}

pub async fn drop_shift(tx: &mut Tx<'_>, tenant: TenantId, id: ShiftId) -> Result<()> {
    tx.run(DROP_SHIFT_DUTIES, params![tenant, id]).await?;
    tx.run(DROP_SHIFT, params![tenant, id]).await.map(drop)
}

pub async fn shift(tx: &mut Tx<'_>, tenant: TenantId, id: ShiftId) -> Result<Option<Shift>> {
    tx.one(SHIFT, params![tenant, id]).await?.as_ref().map(read_shift).transpose()
}

pub async fn look_shift(db: &Db, tenant: TenantId, id: ShiftId) -> Result<Option<Shift>> {
    db.one(SHIFT, params![tenant, id]).await?.as_ref().map(read_shift).transpose()
}

pub async fn shifts(db: &Db, tenant: TenantId, place: PlaceId, (from, to): (Date, Date)) -> Result<Vec<Shift>> {
    let rows = db.all(SHIFTS, params![tenant, place, from.to_string(), to.to_string()]).await?;
    rows.iter().map(read_shift).collect()
}

pub async fn shifts_in(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    place: PlaceId,
    (from, to): (Date, Date),
) -> Result<Vec<Shift>> {
    let rows = tx.all(SHIFTS, params![tenant, place, from.to_string(), to.to_string()]).await?;
    rows.iter().map(read_shift).collect()
}

fn read_duty(row: &Row) -> Result<Duty> {
    Ok(Duty {
        shift: row.get("shift")?,
        day: day_of(row, "day")?,
        person: row.get("person")?,
        name: row.get("name")?,
        name_en: row.get("name_en")?,
        named: row.get("named")?,
        how: row.get("how")?,
        at: row.get("at")?,
    })
}

pub async fn duties(db: &Db, tenant: TenantId, place: PlaceId, (from, to): (Date, Date)) -> Result<Vec<Duty>> {
    let rows = db.all(DUTIES, params![tenant, place, from.to_string(), to.to_string()]).await?;
    rows.iter().map(read_duty).collect()
}

pub async fn duties_in(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    place: PlaceId,
    (from, to): (Date, Date),
) -> Result<Vec<Duty>> {
    let rows = tx.all(DUTIES, params![tenant, place, from.to_string(), to.to_string()]).await?;
    rows.iter().map(read_duty).collect()
}

fn read_ready(row: &Row) -> Result<Ready> {
    let skills: String = row.get("skills")?;
    Ok(Ready {
        person: row.get("person")?,
        name: row.get("name")?,
        name_en: row.get("name_en")?,
        weekdays: row.get("weekdays")?,
        skills: skills.split(' ').filter_map(Skill::parse).collect(),
        month_max: row.get("month_max")?,
        rest_days: row.get("rest_days")?,
        named: row.get("named")?,
    })
}

pub async fn ready(db: &Db, tenant: TenantId, place: PlaceId) -> Result<Vec<Ready>> {
    db.all(READY, params![tenant, place]).await?.iter().map(read_ready).collect()
}

pub async fn ready_in(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId) -> Result<Vec<Ready>> {
    tx.all(READY, params![tenant, place]).await?.iter().map(read_ready).collect()
}

pub async fn save_ready(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, ready: &Ready) -> Result<()> {
    let skills: Vec<&str> = ready.skills.iter().map(|skill| skill.name()).collect();
    let now = tx.now();
    let (skills, most, rest) = (skills.join(" "), ready.month_max, ready.rest_days);
    let row = params![tenant, place, ready.person, ready.weekdays, skills, most, rest, ready.named, now];
    tx.run(SAVE_READY, row).await.map(drop)
}

/// Whether they were ready; what they claimed goes with it.
pub async fn drop_ready(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, person: PersonId) -> Result<bool> {
    tx.run(DROP_CLAIMS_OF, params![tenant, place, person]).await?;
    Ok(tx.run(DROP_READY, params![tenant, place, person]).await? == 1)
}

/// Whether they were not on it yet.
pub async fn put(tx: &mut Tx<'_>, shift: &Shift, person: PersonId, how: How) -> Result<bool> {
    let now = tx.now();
    let row = params![shift.tenant, shift.place, shift.id, person, shift.day.to_string(), how, now];
    Ok(tx.run(PUT, row).await? == 1)
}

/// Whether they were on it; whom they asked to take it is asked no more.
pub async fn take_off(tx: &mut Tx<'_>, shift: &Shift, person: PersonId) -> Result<bool> {
    let now = tx.now();
    tx.run(DROP_SWAPS_OF, params![shift.tenant, shift.id, person, now]).await?;
    Ok(tx.run(TAKE_OFF, params![shift.tenant, shift.id, person]).await? == 1)
}

pub async fn clear_plan(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, (from, to): (Date, Date)) -> Result<()> {
    tx.run(CLEAR_PLAN, params![tenant, place, from.to_string(), to.to_string()]).await.map(drop)
}

/// How far the plan of a month is, and when the hub is open in it.
pub async fn month(db: &Db, (tenant, place): (TenantId, PlaceId), month: Month) -> Result<(Option<MonthState>, Hours)> {
    let (mut state, mut hours) = (None, Hours::default());
    let rows = db.all(MONTH, params![tenant, place, month.name(), month.first().to_string()]).await?;
    for row in rows {
        if row.get::<i64>("weekday")? >= 0 {
            read_hours(&row, &mut hours)?;
            continue;
        }
        let gaps: Vec<GapTold> = serde_json::from_str(&row.get::<String>("spans")?).map_err(Error::internal)?;
        let (planned, published) = (row.get("planned")?, row.get("published")?);
        state = Some(MonthState { planned, published, exact: row.get::<String>("day")? == "exact", gaps });
    }
    Ok((state, hours))
}

/// When a hub is open, inside a deed.
pub async fn hours_in(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, since: Date) -> Result<Hours> {
    let mut hours = Hours::default();
    for row in tx.all(HOURS, params![tenant, place, since.to_string()]).await? {
        read_hours(&row, &mut hours)?;
    }
    Ok(hours)
}

/// Whether a month is published.
pub async fn is_published(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, month: Month) -> Result<bool> {
    Ok(tx.number::<i64>(PUBLISHED, params![tenant, place, month.name()]).await? > 0)
}

/// A first plan is a draft; a month that is published stays so.
pub async fn save_month(
    tx: &mut Tx<'_>,
    (tenant, place): (TenantId, PlaceId),
    month: &str,
    exact: bool,
    gaps: &[GapTold],
) -> Result<()> {
    let (now, report) = (tx.now(), serde_json::to_string(gaps).map_err(Error::internal)?);
    tx.run(SAVE_MONTH, params![tenant, place, month, now, exact, report]).await.map(drop)
}

/// Whether there was a draft.
pub async fn publish(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, month: &str) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(PUBLISH, params![tenant, place, month, now]).await? == 1)
}

pub async fn add_claim(
    tx: &mut Tx<'_>,
    (tenant, place): (TenantId, PlaceId),
    person: PersonId,
    (weekday, starts): (i64, i64),
    until: Date,
) -> Result<ClaimId> {
    let (id, now): (ClaimId, Moment) = (tx.id(), tx.now());
    tx.run(ADD_CLAIM, params![tenant, id, place, person, weekday, starts, until.to_string(), now]).await?;
    Ok(id)
}

/// Whether it was this person's.
pub async fn drop_claim(tx: &mut Tx<'_>, tenant: TenantId, id: ClaimId, person: PersonId) -> Result<bool> {
    Ok(tx.run(DROP_CLAIM, params![tenant, id, person]).await? == 1)
}

fn read_claim(row: &Row) -> Result<Claim> {
    Ok(Claim {
        id: row.get("id")?,
        person: row.get("person")?,
        weekday: row.get("weekday")?,
        starts: row.get("starts")?,
        until: day_of(row, "until")?,
    })
}

/// Claims that still run on `day`.
pub async fn claims(db: &Db, tenant: TenantId, place: PlaceId, day: Date) -> Result<Vec<Claim>> {
    db.all(CLAIMS, params![tenant, place, day.to_string()]).await?.iter().map(read_claim).collect()
}

pub async fn claims_in(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, day: Date) -> Result<Vec<Claim>> {
    tx.all(CLAIMS, params![tenant, place, day.to_string()]).await?.iter().map(read_claim).collect()
}

/// Whether somebody is ready, and what they claimed, in one read: each claim is a row beside the readiness.
pub async fn part(db: &Db, tenant: TenantId, place: PlaceId, person: PersonId, day: Date) -> Result<Part> {
    let mut part = Part::default();
    for row in db.all(PART, params![tenant, place, person, day.to_string()]).await? {
        if part.ready.is_none() {
            part.ready = row.get::<Option<i64>>("weekdays")?.map(|_| read_ready(&row)).transpose()?;
        }
        if let Some(id) = row.get::<Option<ClaimId>>("id")? {
            let until = day_of(&row, "until")?;
            part.claims.push(Claim { id, person, weekday: row.get("weekday")?, starts: row.get("starts")?, until });
        }
    }
    Ok(part)
}

/// What somebody asked and is asked.
pub async fn swaps(db: &Db, tenant: TenantId, place: PlaceId, person: PersonId) -> Result<Vec<Swap>> {
    let rows = db.all(SWAPS, params![tenant, place, person]).await?;
    let read = |row: &Row| {
        Ok(Swap {
            id: row.get("id")?,
            shift: row.get("shift")?,
            day: day_of(row, "day")?,
            starts: row.get("starts")?,
            asked_by: row.get("asked_by")?,
            asked_by_name: row.get("by_name")?,
            asked_by_name_en: row.get("by_name_en")?,
            asked: row.get("asked")?,
            asked_name: row.get("asked_name")?,
            asked_name_en: row.get("asked_name_en")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Nothing where the same question stands open.
pub async fn ask(tx: &mut Tx<'_>, shift: &Shift, by: PersonId, asked: PersonId) -> Result<Option<SwapId>> {
    let (id, now): (SwapId, Moment) = (tx.id(), tx.now());
    // One question at a time for each duty.
    let open = [shift.id.0.as_bytes().as_slice(), by.0.as_bytes()].concat();
    let row = params![shift.tenant, id, shift.id, by, asked, now, open];
    Ok((tx.run(ADD_SWAP, row).await? == 1).then_some(id))
}

/// Shift, who asked, who is asked.
pub async fn swap(tx: &mut Tx<'_>, tenant: TenantId, id: SwapId) -> Result<Option<(ShiftId, PersonId, PersonId)>> {
    let row = tx.one(SWAP, params![tenant, id]).await?;
    row.map(|row| Ok((row.get("shift")?, row.get("asked_by")?, row.get("asked")?))).transpose()
}

/// Whether it was open.
pub async fn decide(tx: &mut Tx<'_>, tenant: TenantId, id: SwapId, decision: &str) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(DECIDE_SWAP, params![tenant, id, decision, now]).await? == 1)
}

/// Who is on duty at a place at this minute.
pub async fn on_now(db: &Db, tenant: TenantId, place: PlaceId, day: Date, minute: i64) -> Result<Vec<OnNow>> {
    let rows = db.all(&on_now_sql(), params![tenant, place, day.to_string(), minute]).await?;
    let read = |row: &Row| {
        let named: bool = row.get("named")?;
        Ok(OnNow {
            place: row.get("place")?,
            name: if named { Some((row.get("name")?, row.get("name_en")?)) } else { None },
            skill: row.get("skill")?,
            ends: row.get("ends")?,
        })
    };
    rows.iter().map(read).collect()
}

/// The duties of a person from a day on that stand.
pub async fn mine(db: &Db, tenant: TenantId, person: PersonId, since: Date) -> Result<Vec<Mine>> {
    let rows = db.all(&mine_sql(), params![tenant, person, since.to_string()]).await?;
    let read = |row: &Row| {
        Ok(Mine {
            shift: read_shift(row)?,
            how: row.get("how")?,
            compound: row.get("path")?,
            place_name: row.get("name")?,
            place_name_en: row.get("name_en")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Keeps the hash of a new private address; the one before leads nowhere any more.
pub async fn save_feed(tx: &mut Tx<'_>, tenant: TenantId, person: PersonId, token: &[u8]) -> Result<()> {
    let now = tx.now();
    tx.run(SAVE_FEED, params![tenant, person, token.to_vec(), now]).await.map(drop)
}

/// Whose address it is.
pub async fn feed(db: &Db, token: &[u8]) -> Result<Option<(TenantId, PersonId)>> {
    let row = db.one(FEED, params![token.to_vec()]).await?;
    row.map(|row| Ok((row.get("tenant")?, row.get("person")?))).transpose()
}

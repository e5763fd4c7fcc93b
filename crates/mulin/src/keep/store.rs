//! What the keeper's commands read.

use commons::case::recheck::{Key, Line};
use commons::case::{CaseId, PhotoId, State};
use commons::figures::Counts;
use commons::place::{PlaceId, TenantId};
use kit::db::{Db, Dialect, Row};
use kit::time::Moment;
use kit::{Result, Uuid, params};
use std::collections::HashMap;

const INTEGRITY: &str = "pragma integrity_check(20)";
const WITHOUT_WORDS: &str = "select count(*) as n from request r where not exists
    (select 1 from entry e where e.tenant = r.tenant and e.request = r.id and e.kind = 'words')";
const WITHOUT_ACTIVITY: &str = "select count(*) as n from request r where not exists
    (select 1 from activity a where a.tenant = r.tenant and a.thing_id = r.id)";
const WITHOUT_HOLDER: &str = "select count(*) as n from request r where not exists
    (select 1 from place p where p.tenant = r.tenant and p.id = r.holder_place)";
const WITHOUT_REQUEST: &str = "select count(*) as n from activity a where a.thing = 'case' and not exists
    (select 1 from request r where r.tenant = a.tenant and r.id = a.thing_id)";
const NOT_FOUND_BY_SEARCH: &str = "select count(*) as n from request r where r.state <> 'withdrawn' and not exists
    (select 1 from search_doc d where d.tenant = r.tenant and d.thing = 'case' and d.thing_id = r.id)";
const FOUND_THOUGH_GONE: &str = "select count(*) as n from search_doc d where d.thing = 'case' and not exists
    (select 1 from request r where r.tenant = d.tenant and r.id = d.thing_id and r.state <> 'withdrawn')";
const OVERTAKEN_NUMBERS: &str = "select count(*) as n from counter c where c.name like 'request/%' and c.value <
    (select count(*) from request r where r.tenant = c.tenant and r.code like substr(c.name, 9) || '-%')";
const CLOSED_WITH_CLOCK: &str =
    "select count(*) as n from request r where r.state in ('closed', 'withdrawn') and exists
    (select 1 from clock c where c.tenant = r.tenant and c.request = r.id and c.stopped is null)";
const OPEN_OFFER_OF_CLOSED: &str =
    "select count(*) as n from handover h join request r on r.tenant = h.tenant and r.id = h.request
    where h.open is not null and r.state in ('closed', 'withdrawn')";
const DUE_NOT_NEAREST: &str =
    "select count(*) as n from request r where r.state in ('said', 'accepted', 'reported') and r.due <>
    (select min(c.due) from clock c where c.tenant = r.tenant and c.request = r.id and c.stopped is null)";
const STEP_WITHOUT_ACTIVITY: &str = "select count(*) as n from step_up s where not exists
    (select 1 from activity a where a.tenant = s.tenant and a.thing_id = s.request and a.at = s.at
        and a.stem in ('requests/moved-up', 'requests/overdue-at-last-door'))";
const ACTIVITY_WITHOUT_STEP: &str = "select count(*) as n from activity a
    where a.stem in ('requests/moved-up', 'requests/overdue-at-last-door') and not exists
    (select 1 from step_up s where s.tenant = a.tenant and s.request = a.thing_id and s.at >= a.at)";
const CLOCKED: &str = "select tenant, id, code from request where (tenant, id) > ($1, $2) order by tenant, id limit $3";
const CLOCKS: &str = "select tenant, request, round, door, kind, due, provisional from clock
    where (tenant, request) >= ($1, $2) and (tenant, request) <= ($3, $4) and amount is not null
    order by tenant, request limit 1000000";
const CLOCK_LINES: &str = "select tenant, thing_id, at, stem, facts from activity
    where (tenant, thing_id) >= ($1, $2) and (tenant, thing_id) <= ($3, $4)
        and stem in ('clocks/started', 'clocks/recounted', 'requests/accepted', 'requests/paused', 'requests/resumed')
    order by tenant, thing_id, id limit 1000000";
const FOUND_BY: &str =
    "select r.tenant, r.id, r.code, r.author, r.private = false and r.kind <> 'dispute' as public, r.state, d.digest
    from request r left join search_doc d on d.tenant = r.tenant and d.thing = 'case' and d.thing_id = r.id
    where (r.tenant, r.id) > ($1, $2) order by r.tenant, r.id limit $3";
const FOUND_WORDS: &str = "select tenant, request, text from entry
    where (tenant, request) >= ($1, $2) and (tenant, request) <= ($3, $4) and public = true and withdrawn is null
    order by tenant, request limit 1000000";
const EVERY_CASE: &str = "select tenant, id from request where (tenant, id) > ($1, $2) order by tenant, id limit 500";
const FAILED_JOBS: &str = "select count(*) as n from job where failed is not null";
const PHOTOS: &str = "select tenant, id from photo where withdrawn is null order by tenant, id limit 1000000";
const REQUESTS: &str = "select r.code, r.state, r.door, r.kind, r.category, r.holder_office, r.round, r.private, r.words,
    r.channel, r.said, r.changed, r.closed, r.due, r.outcome, r.solved, r.satisfaction, r.lat_e7, r.lon_e7, p.path as place
    from request r left join place p on p.tenant = r.tenant and p.id = r.place
    where r.tenant = $1 order by r.said, r.id limit 10000000";

const ANSWERS: &str = "select r.code as request, v.code as field, v.value as value from field_value v
    join request r on r.tenant = v.tenant and r.id = v.request where v.tenant = $1 order by r.said, r.id, v.code
    limit 10000000";
const VOICES: &str = "select tenant, id from voice where withdrawn is null order by tenant, id limit 1000000";
/// Requests as they stand. One that was taken back after nobody answered shows that in the book alone.
const FIGURES_SAID: &str = "select r.tenant, r.compound, count(*) as said, sum(case when r.solved is null
        and r.channel <> 'import' and (r.state = 'closed' or r.state in ('withdrawn', 'merged') and exists (select 1 from activity a
            where a.tenant = r.tenant and a.thing_id = r.id and a.stem = 'requests/left-unrated'))
        and not exists (select 1 from judgement j where j.tenant = r.tenant and j.request = r.id and j.round = r.round)
        then 1 else 0 end) as unrated
    from request r group by r.tenant, r.compound order by r.tenant, r.compound limit 100000";
/// The last judgement of each round.
const FIGURES_JUDGED: &str = "select r.tenant, r.compound, count(*) as valid, sum(case when j.solved then 1 else 0 end) as solved,
        sum(case when j.satisfaction = 'good' then 1 else 0 end) as good,
        sum(case when j.satisfaction = 'fair' then 1 else 0 end) as fair,
        sum(case when j.satisfaction = 'bad' then 1 else 0 end) as bad
    from judgement j join request r on r.tenant = j.tenant and r.id = j.request
    where not exists (select 1 from judgement k where k.tenant = j.tenant and k.request = j.request and k.round = j.round
        and k.at > j.at)
    group by r.tenant, r.compound order by r.tenant, r.compound limit 100000";

/// What must be zero in a sound house, by the key that names it.
pub const MUST_BE_ZERO: &[(&str, &str)] = &[
    ("requests-without-words", WITHOUT_WORDS),
    ("requests-without-activity", WITHOUT_ACTIVITY),
    ("requests-without-holder", WITHOUT_HOLDER),
    ("activities-without-request", WITHOUT_REQUEST),
    ("requests-not-found-by-search", NOT_FOUND_BY_SEARCH),
    ("found-though-gone", FOUND_THOUGH_GONE),
    ("numbers-overtaken", OVERTAKEN_NUMBERS),
    ("clocks-of-closed-requests", CLOSED_WITH_CLOCK),
    ("offers-of-closed-requests", OPEN_OFFER_OF_CLOSED),
    ("due-times-not-nearest-clock", DUE_NOT_NEAREST),
    ("steps-up-without-activity", STEP_WITHOUT_ACTIVITY),
    ("activities-without-step-up", ACTIVITY_WITHOUT_STEP),
    ("jobs-failing", FAILED_JOBS),
];

/// The statements of this file that both engines know.
pub fn statements() -> Vec<&'static str> {
    let mut all: Vec<&str> = MUST_BE_ZERO.iter().map(|(_, sql)| *sql).collect();
    all.extend([
        PHOTOS,
        VOICES,
        REQUESTS,
        ANSWERS,
        FIGURES_SAID,
        FIGURES_JUDGED,
        CLOCKED,
        CLOCKS,
        CLOCK_LINES,
        FOUND_BY,
        FOUND_WORDS,
        EVERY_CASE,
    ]);
    all
}

/// How many break a rule of [`MUST_BE_ZERO`].
pub async fn broken(db: &Db, sql: &'static str) -> Result<i64> {
    db.report(sql, params![]).await?.first().map_or(Ok(0), |row| row.get("n"))
}

/// What SQLite itself finds wrong with its file.
pub async fn damage(db: &Db) -> Result<Vec<String>> {
    if db.dialect() == Dialect::Postgres {
        return Ok(Vec::new());
    }
    let rows = db.report(INTEGRITY, params![]).await?;
    let lines: Vec<String> = rows.iter().map(|row| row.get("integrity_check")).collect::<Result<_>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

/// Every picture that a case shows.
pub async fn photos(db: &Db) -> Result<Vec<(TenantId, PhotoId)>> {
    db.report(PHOTOS, params![]).await?.iter().map(|row| Ok((row.get("tenant")?, row.get("id")?))).collect()
}

/// What requests and judgements themselves say of each compound.
pub async fn figures(db: &Db) -> Result<Vec<(TenantId, PlaceId, Counts)>> {
    let mut all = Vec::new();
    for row in db.report(FIGURES_SAID, params![]).await? {
        let counts = Counts { said: row.get("said")?, closed: row.get("unrated")?, ..Counts::default() };
        all.push((row.get("tenant")?, row.get("compound")?, counts));
    }
    for row in db.report(FIGURES_JUDGED, params![]).await? {
        let valid = row.get("valid")?;
        let (solved, good, fair, bad) = (row.get("solved")?, row.get("good")?, row.get("fair")?, row.get("bad")?);
        let counts = Counts { closed: valid, valid, solved, good, fair, bad, ..Counts::default() };
        all.push((row.get("tenant")?, row.get("compound")?, counts));
    }
    Ok(all)
}

/// Every request of a tenant, oldest first.
pub async fn requests(db: &Db, tenant: TenantId) -> Result<Vec<Row>> {
    db.report(REQUESTS, params![tenant]).await
}

/// A case with its clocks as they are stored and as the book tells them.
#[derive(Debug)]
pub struct Clocked {
    pub tenant: TenantId,
    pub id: CaseId,
    pub code: String,
    pub clocks: Vec<(Key, (Moment, bool))>,
    pub lines: Vec<Line>,
}

/// The next cases that have clocks with a promise, by tenant and id.
pub async fn clocked(db: &Db, after: Option<(TenantId, CaseId)>, limit: i64) -> Result<Vec<Clocked>> {
    let (tenant, id) = after.unwrap_or((TenantId(Uuid::nil()), CaseId(Uuid::nil())));
    let rows = db.report(CLOCKED, params![tenant, id, limit]).await?;
    let mut cases = Vec::with_capacity(rows.len());
    for row in &rows {
        let (tenant, id, code) = (row.get("tenant")?, row.get("id")?, row.get("code")?);
        cases.push(Clocked { tenant, id, code, clocks: Vec::new(), lines: Vec::new() });
    }
    let (Some(first), Some(last)) = (cases.first(), cases.last()) else { return Ok(cases) };
    let span = params![first.tenant, first.id, last.tenant, last.id].to_vec();
    let at: HashMap<(TenantId, CaseId), usize> =
        cases.iter().enumerate().map(|(at, case)| ((case.tenant, case.id), at)).collect();
    for row in db.report(CLOCKS, &span).await? {
        let Some(at) = at.get(&(row.get("tenant")?, row.get("request")?)) else { continue };
        let key = (row.get("round")?, row.get("door")?, row.get("kind")?);
        cases[*at].clocks.push((key, (row.get("due")?, row.get("provisional")?)));
    }
    for row in db.report(CLOCK_LINES, &span).await? {
        let Some(at) = at.get(&(row.get("tenant")?, CaseId(row.get("thing_id")?))) else { continue };
        let facts = serde_json::from_str(&row.get::<String>("facts")?).map_err(kit::Error::internal)?;
        cases[*at].lines.push(Line { at: row.get("at")?, stem: row.get("stem")?, facts });
    }
    Ok(cases)
}

/// The next cases by tenant and id.
pub async fn every_case(
    tx: &mut kit::db::Tx<'_>,
    after: Option<(TenantId, CaseId)>,
) -> Result<Vec<(TenantId, CaseId)>> {
    let (tenant, id) = after.unwrap_or((TenantId(Uuid::nil()), CaseId(Uuid::nil())));
    let rows = tx.all(EVERY_CASE, params![tenant, id]).await?;
    rows.iter().map(|row| Ok((row.get("tenant")?, row.get("id")?))).collect()
}

/// A case with what it should be found by and what the search keeps of it.
#[derive(Debug)]
pub struct Searched {
    pub tenant: TenantId,
    pub id: CaseId,
    pub code: String,
    pub mark: Option<String>,
    pub words: String,
    pub withdrawn: bool,
    /// `None` where it is not in the index, or has stood there since before digests were kept.
    pub digest: Option<i64>,
}

/// The next cases as the search should know them, by tenant and id.
pub async fn searched(db: &Db, after: Option<(TenantId, CaseId)>, limit: i64) -> Result<Vec<Searched>> {
    let (tenant, id) = after.unwrap_or((TenantId(Uuid::nil()), CaseId(Uuid::nil())));
    let rows = db.report(FOUND_BY, params![tenant, id, limit]).await?;
    let mut cases = Vec::with_capacity(rows.len());
    for row in &rows {
        let code: String = row.get("code")?;
        cases.push(Searched {
            tenant: row.get("tenant")?,
            id: row.get("id")?,
            mark: commons::case::store::search_mark(row.get("public")?, row.get("author")?),
            words: code.clone(),
            code,
            withdrawn: row.get::<State>("state")? == State::Withdrawn,
            digest: row.get("digest")?,
        });
    }
    let (Some(first), Some(last)) = (cases.first(), cases.last()) else { return Ok(cases) };
    let span = params![first.tenant, first.id, last.tenant, last.id].to_vec();
    let at: HashMap<(TenantId, CaseId), usize> =
        cases.iter().enumerate().map(|(at, case)| ((case.tenant, case.id), at)).collect();
    for row in db.report(FOUND_WORDS, &span).await? {
        let Some(at) = at.get(&(row.get("tenant")?, row.get("request")?)) else { continue };
        cases[*at].words.push('\n');
        cases[*at].words.push_str(&row.get::<String>("text")?);
    }
    Ok(cases)
}

/// Writes other words into one case behind the back of the deeds, for the test that wants this to be noticed.
#[cfg(test)]
pub async fn spoil_words(tx: &mut kit::db::Tx<'_>) -> Result<()> {
    let sql = "update entry set text = '别的话' where kind = 'words' and public = true
        and request = (select id from request where state <> 'withdrawn' order by id limit 1)";
    tx.run(sql, params![]).await.map(drop)
}

/// Turns late into in time behind the back of the deeds, for the test that wants this to be noticed.
#[cfg(test)]
pub async fn spoil_in_time(tx: &mut kit::db::Tx<'_>) -> Result<()> {
    let sql = "update activity set facts = replace(facts, '\"in_time\":true', '\"in_time\":false') where stem = 'requests/accepted'";
    tx.run(sql, params![]).await.map(drop)
}

/// Takes rows away behind the back of the deeds, for the test that wants this to be noticed.
#[cfg(test)]
pub async fn spoil(tx: &mut kit::db::Tx<'_>) -> Result<()> {
    for sql in [
        "delete from search_doc",
        "delete from entry",
        "delete from activity where stem = 'requests/said'",
        "delete from activity where stem = 'requests/judged'",
    ] {
        tx.run(sql, params![]).await?;
    }
    Ok(())
}

/// Moves one clock behind the back of the deeds, for the test that wants this to be noticed.
#[cfg(test)]
pub async fn spoil_clock(tx: &mut kit::db::Tx<'_>) -> Result<()> {
    let sql = "update clock set due = due + 60000 where kind = 'settle' and request = (select id from request order by id limit 1)";
    tx.run(sql, params![]).await.map(drop)
}

/// Takes the steps up away, for the same test.
#[cfg(test)]
pub async fn spoil_steps(tx: &mut kit::db::Tx<'_>) -> Result<()> {
    tx.run("delete from step_up", params![]).await.map(drop)
}

/// The voice notes that must lie on the shelf.
pub async fn voices(db: &Db) -> Result<Vec<(TenantId, PhotoId)>> {
    db.report(VOICES, params![]).await?.iter().map(|row| Ok((row.get("tenant")?, row.get("id")?))).collect()
}

/// Answers to the categories' own questions, by the code of the request: a JSON object each.
pub async fn answers(db: &Db, tenant: TenantId) -> Result<HashMap<String, serde_json::Map<String, serde_json::Value>>> {
    let mut all: HashMap<String, serde_json::Map<String, serde_json::Value>> = HashMap::new();
    for row in db.report(ANSWERS, params![tenant]).await? {
        let (request, field, value): (String, String, String) =
            (row.get("request")?, row.get("field")?, row.get("value")?);
        all.entry(request).or_default().insert(field, value.into());
    }
    Ok(all)
}

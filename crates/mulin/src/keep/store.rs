//! What the keeper's commands read.

pub mod keys;
#[cfg(test)]
pub mod spoil;

use commons::case::recheck::{Key, Line};
use commons::case::{CaseId, PhotoId, State};
use commons::figures::Counts;
use commons::place::{PlaceId, TenantId};
use kit::db::{Db, Dialect, Row, Tx};
use kit::time::Moment;
use kit::{Result, Uuid, params};
use std::collections::HashMap;

/// SQLite's own look at the whole file. FTS5 would look at it through what this connection remembers of the index, and call what
/// another has changed since damaged; asked for a row that is nowhere, it forgets that and reads no page of the index.
const INTEGRITY: &str = "select integrity_check from (select count(*) as n from search_text where rowid = -1)
    cross join pragma_integrity_check limit 20";
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
// What was done stands in the book at the very instant of its row; each of the two is looked for from the other.
const ENTRY_WITHOUT_ACTIVITY: &str = "select count(*) as n from entry e where not exists
    (select 1 from activity a where a.tenant = e.tenant and a.thing_id = e.request and a.at = e.at)";
const ACTIVITY_WITHOUT_ENTRY: &str = "select count(*) as n from activity a
    where a.stem in ('requests/said', 'requests/noted', 'requests/added') and not exists
    (select 1 from entry e where e.tenant = a.tenant and e.request = a.thing_id and e.at = a.at)";
const JUDGEMENT_WITHOUT_ACTIVITY: &str = "select count(*) as n from judgement j where not exists
    (select 1 from activity a where a.tenant = j.tenant and a.thing_id = j.request and a.at = j.at
        and a.stem = 'requests/judged')";
const ACTIVITY_WITHOUT_JUDGEMENT: &str =
    "select count(*) as n from activity a where a.stem = 'requests/judged' and not exists
    (select 1 from judgement j where j.tenant = a.tenant and j.request = a.thing_id and j.at = a.at)";
const HANDOVER_WITHOUT_ACTIVITY: &str = "select count(*) as n from handover h where not exists
    (select 1 from activity a where a.tenant = h.tenant and a.thing_id = h.request and a.at = h.offered
        and a.stem = 'requests/offered')";
const ACTIVITY_WITHOUT_HANDOVER: &str =
    "select count(*) as n from activity a where a.stem = 'requests/offered' and not exists
    (select 1 from handover h where h.tenant = a.tenant and h.request = a.thing_id and h.offered = a.at)";
const PAUSE_WITHOUT_ACTIVITY: &str = "select count(*) as n from pause p where not exists
    (select 1 from activity a where a.tenant = p.tenant and a.thing_id = p.request and a.at = p.starts
        and a.stem = 'requests/paused')";
const ACTIVITY_WITHOUT_PAUSE: &str =
    "select count(*) as n from activity a where a.stem = 'requests/paused' and not exists
    (select 1 from pause p where p.tenant = a.tenant and p.request = a.thing_id and p.starts = a.at)";
const MERGING_WITHOUT_ACTIVITY: &str = "select count(*) as n from merging m where not exists
    (select 1 from activity a where a.tenant = m.tenant and a.thing_id = m.request and a.at = m.at
        and a.stem = 'requests/merged')";
const ACTIVITY_WITHOUT_MERGING: &str =
    "select count(*) as n from activity a where a.stem = 'requests/merged' and not exists
    (select 1 from merging m where m.tenant = a.tenant and m.request = a.thing_id and m.at = a.at)";
/// Rows that are never deleted, only ended; a subscription goes when it ends.
const ACTIVITY_WITHOUT_ROW: &str = "select count(*) as n from activity a where
    a.thing = 'place' and not exists (select 1 from place r where r.tenant = a.tenant and r.id = a.thing_id)
    or a.thing = 'person' and not exists (select 1 from person r where r.tenant = a.tenant and r.id = a.thing_id)
    or a.thing = 'mandate' and not exists (select 1 from mandate r where r.tenant = a.tenant and r.id = a.thing_id)
    or a.thing = 'channel' and not exists (select 1 from channel r where r.tenant = a.tenant and r.id = a.thing_id)
    or a.thing = 'template' and not exists (select 1 from template r where r.tenant = a.tenant and r.id = a.thing_id)
    or a.thing in ('tenant', 'category') and not exists (select 1 from tenant r where r.id = a.thing_id)";
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
const SHELVED_PHOTOS: &str = "select p.tenant, p.id, r.code, p.digest, null as bytes, p.withdrawn from photo p
    left join request r on r.tenant = p.tenant and r.id = p.request order by p.tenant, p.id limit 10000000";
const SHELVED_VOICES: &str = "select v.tenant, v.id, r.code, v.digest, v.bytes, v.withdrawn from voice v
    left join request r on r.tenant = v.tenant and r.id = v.request order by v.tenant, v.id limit 10000000";
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

// What belongs together, though nothing in the schema holds it.
const PLACE_OTHERWISE: &str = "select count(*) as n from request r where not exists
    (select 1 from place p where p.tenant = r.tenant and p.id = r.place and p.compound = r.compound
        and (p.building = r.building or p.building is null and r.building is null))";
const WITHOUT_CATEGORY: &str = "select count(*) as n from request r where not exists
    (select 1 from category c where c.tenant = r.tenant and c.slug = r.category)";
const SAID_OTHERWISE: &str = "select count(*) as n from request r join activity a
    on a.tenant = r.tenant and a.thing_id = r.id and a.stem = 'requests/said' where a.at <> r.said";
const CLOSED_OTHERWISE: &str = "select count(*) as n from request r where r.closed is not null and not exists
    (select 1 from activity a where a.tenant = r.tenant and a.thing_id = r.id and a.at = r.closed)";
const SOLVED_OTHERWISE: &str = "select count(*) as n from request r where exists
    (select 1 from judgement j where j.tenant = r.tenant and j.request = r.id and j.round = r.round
        and (r.solved is null or r.solved <> j.solved) and not exists (select 1 from judgement k where k.tenant = j.tenant
            and k.request = j.request and k.round = j.round and k.at > j.at))
    or r.solved is not null and r.channel <> 'import' and not exists (select 1 from judgement j
        where j.tenant = r.tenant and j.request = r.id and j.solved = r.solved)";
const PICTURE_WITHOUT_ENTRY: &str = "select count(*) as n from photo p where not exists
    (select 1 from entry e where e.tenant = p.tenant and e.id = p.entry and e.request = p.request)";
const ANSWER_WITHOUT_REQUEST: &str = "select count(*) as n from field_value v where not exists
    (select 1 from request r where r.tenant = v.tenant and r.id = v.request)";

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
    ("entries-without-activity", ENTRY_WITHOUT_ACTIVITY),
    ("activities-without-entry", ACTIVITY_WITHOUT_ENTRY),
    ("judgements-without-activity", JUDGEMENT_WITHOUT_ACTIVITY),
    ("activities-without-judgement", ACTIVITY_WITHOUT_JUDGEMENT),
    ("handovers-without-activity", HANDOVER_WITHOUT_ACTIVITY),
    ("activities-without-handover", ACTIVITY_WITHOUT_HANDOVER),
    ("pauses-without-activity", PAUSE_WITHOUT_ACTIVITY),
    ("activities-without-pause", ACTIVITY_WITHOUT_PAUSE),
    ("mergings-without-activity", MERGING_WITHOUT_ACTIVITY),
    ("activities-without-merging", ACTIVITY_WITHOUT_MERGING),
    ("activities-without-row", ACTIVITY_WITHOUT_ROW),
    ("requests-at-another-place", PLACE_OTHERWISE),
    ("requests-without-category", WITHOUT_CATEGORY),
    ("requests-said-otherwise", SAID_OTHERWISE),
    ("requests-closed-otherwise", CLOSED_OTHERWISE),
    ("requests-solved-otherwise", SOLVED_OTHERWISE),
    ("pictures-without-entry", PICTURE_WITHOUT_ENTRY),
    ("answers-without-request", ANSWER_WITHOUT_REQUEST),
    ("jobs-failing", FAILED_JOBS),
];

/// Accounts whose only persons are in one tenant; the token of a program has none.
const LONELY: &str = "select distinct p.account from person p where p.tenant = $1 and p.account is not null
    and not exists (select 1 from person q where q.account = p.account and q.tenant <> $1) order by p.account limit 1000000";
const DROP_SESSIONS: &str = "delete from session where account = $1";
const DROP_TOKENS: &str = "delete from token where account = $1";
const DROP_PASSKEYS: &str = "delete from passkey where account = $1";
const DROP_PHONE: &str = "delete from own_phone where account = $1";
const DROP_PHONE_CODES: &str = "delete from phone_code where account = $1";
const DROP_ACCOUNT: &str = "delete from account where id = $1";

/// The statements of this file that both engines know.
pub fn statements() -> Vec<&'static str> {
    let mut all: Vec<&str> = MUST_BE_ZERO.iter().map(|(_, sql)| *sql).collect();
    all.extend([
        PHOTOS,
        VOICES,
        FIGURES_SAID,
        FIGURES_JUDGED,
        CLOCKED,
        CLOCKS,
        CLOCK_LINES,
        FOUND_BY,
        FOUND_WORDS,
        EVERY_CASE,
        SHELVED_PHOTOS,
        SHELVED_VOICES,
        LONELY,
        DROP_SESSIONS,
        DROP_TOKENS,
        DROP_PASSKEYS,
        DROP_PHONE,
        DROP_PHONE_CODES,
        DROP_ACCOUNT,
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

/// A picture or a voice as its row knows it.
#[derive(Debug)]
pub struct Shelved {
    pub tenant: TenantId,
    pub id: PhotoId,
    /// Of its request.
    pub code: String,
    /// Of its bytes; `None` for what is older than digests.
    pub digest: Option<[u8; 32]>,
    /// Of a voice.
    pub bytes: Option<i64>,
    pub withdrawn: Option<Moment>,
}

/// Everything that lies on the shelf or lay there: pictures, or voices.
pub async fn shelved(db: &Db, voices: bool) -> Result<Vec<Shelved>> {
    let read = |row: &Row| {
        let digest: Option<Vec<u8>> = row.get("digest")?;
        Ok(Shelved {
            tenant: row.get("tenant")?,
            id: row.get("id")?,
            code: row.get::<Option<String>>("code")?.unwrap_or_default(),
            // One of another length is none of ours, and fits no bytes.
            digest: digest.map(|digest| digest.try_into().unwrap_or_default()),
            bytes: row.get("bytes")?,
            withdrawn: row.get("withdrawn")?,
        })
    };
    let sql = if voices { SHELVED_VOICES } else { SHELVED_PHOTOS };
    db.report(sql, params![]).await?.iter().map(read).collect()
}

/// The voice notes that must lie on the shelf.
pub async fn voices(db: &Db) -> Result<Vec<(TenantId, PhotoId)>> {
    db.report(VOICES, params![]).await?.iter().map(|row| Ok((row.get("tenant")?, row.get("id")?))).collect()
}

/// The column by which a table knows its tenant.
fn tenant_column(table: &str) -> &'static str {
    if table == "tenant" { "id" } else { "tenant" }
}

/// How many rows a tenant has in a table, whose name comes from the schema.
pub async fn rows_of(tx: &mut Tx<'_>, table: &str, tenant: TenantId) -> Result<i64> {
    let sql = format!("select count(*) as n from {table} where {} = $1", tenant_column(table));
    tx.number(&sql, params![tenant]).await
}

/// Takes a tenant's rows out of a table, whose name comes from the schema, and tells how many.
pub async fn drop_rows(tx: &mut Tx<'_>, table: &str, tenant: TenantId) -> Result<i64> {
    let sql = format!("delete from {table} where {} = $1", tenant_column(table));
    tx.run(&sql, params![tenant]).await.map(|rows| i64::try_from(rows).unwrap_or(i64::MAX))
}

/// Takes away the accounts that live in this tenant alone, with their sessions and tokens, and tells how many.
pub async fn drop_accounts(tx: &mut Tx<'_>, tenant: TenantId) -> Result<i64> {
    let lonely = tx.all(LONELY, params![tenant]).await?;
    for row in &lonely {
        let account: Uuid = row.get("account")?;
        for sql in [DROP_SESSIONS, DROP_TOKENS, DROP_PASSKEYS, DROP_PHONE, DROP_PHONE_CODES, DROP_ACCOUNT] {
            tx.run(sql, params![account]).await?;
        }
    }
    Ok(i64::try_from(lonely.len()).unwrap_or(i64::MAX))
}

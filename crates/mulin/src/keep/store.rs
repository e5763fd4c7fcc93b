//! What the keeper's commands read.

use commons::case::PhotoId;
use commons::place::TenantId;
use kit::db::{Db, Dialect, Row};
use kit::{Result, params};
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
    ("jobs-failing", FAILED_JOBS),
];

/// The statements of this file that both engines know.
pub fn statements() -> Vec<&'static str> {
    let mut all: Vec<&str> = MUST_BE_ZERO.iter().map(|(_, sql)| *sql).collect();
    all.extend([PHOTOS, VOICES, REQUESTS, ANSWERS]);
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

/// Every request of a tenant, oldest first.
pub async fn requests(db: &Db, tenant: TenantId) -> Result<Vec<Row>> {
    db.report(REQUESTS, params![tenant]).await
}

/// Takes rows away behind the back of the deeds, for the test that wants this to be noticed.
#[cfg(test)]
pub async fn spoil(tx: &mut kit::db::Tx<'_>) -> Result<()> {
    for sql in ["delete from search_doc", "delete from entry", "delete from activity where stem = 'requests/said'"] {
        tx.run(sql, params![]).await?;
    }
    Ok(())
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

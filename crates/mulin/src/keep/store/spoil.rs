//! Changes behind the back of the deeds, for the tests that want them to be noticed.

use kit::db::{Db, Dialect, Tx};
use kit::{Result, params};

/// What must be named, and a statement after which it is.
pub const EACH: &[(&str, &str)] = &[
    ("requests-without-words", "delete from entry where kind = 'words'"),
    ("requests-without-activity", "delete from activity where thing = 'case'"),
    ("requests-without-holder", "update request set holder_place = id"),
    ("activities-without-request", "update activity set thing_id = tenant where thing = 'case'"),
    ("requests-not-found-by-search", "delete from search_doc"),
    ("found-though-gone", "update request set state = 'withdrawn'"),
    ("numbers-overtaken", "update counter set value = 0 where name like 'request/%'"),
    ("clocks-of-closed-requests", "update request set state = 'closed'"),
    (
        "offers-of-closed-requests",
        "update handover set open = id where request in (select id from request where state = 'closed')",
    ),
    ("due-times-not-nearest-clock", "update request set due = due + 60000"),
    (
        "steps-up-without-activity",
        "delete from activity where stem in ('requests/moved-up', 'requests/overdue-at-last-door')",
    ),
    ("activities-without-step-up", "delete from step_up"),
    (
        "jobs-failing",
        "insert into job (id, tenant, kind, payload, due, tries, leased_until, failed)
            select id, id, 'none-such', '{}', 7, 9, 0, 'of no use' from tenant",
    ),
    ("entries-without-activity", "delete from activity where stem = 'requests/noted'"),
    ("activities-without-entry", "delete from entry where kind = 'words'"),
    ("judgements-without-activity", "delete from activity where stem = 'requests/judged'"),
    ("activities-without-judgement", "delete from judgement"),
    ("handovers-without-activity", "delete from activity where stem = 'requests/offered'"),
    ("activities-without-handover", "delete from handover"),
    ("pauses-without-activity", "delete from activity where stem = 'requests/paused'"),
    ("activities-without-pause", "delete from pause"),
    (
        "mergings-without-activity",
        "insert into merging (tenant, id, request, into_request, at) select tenant, id, id, id, 7 from request",
    ),
    ("activities-without-merging", "update activity set stem = 'requests/merged' where stem = 'requests/said'"),
    ("requests-at-another-place", "update request set building = compound"),
    ("requests-without-category", "update request set category = 'nowhere'"),
    ("requests-said-otherwise", "update request set said = said - 86400000"),
    ("requests-closed-otherwise", "update request set closed = closed - 1"),
    ("requests-solved-otherwise", "update request set solved = false where solved = true"),
    (
        "pictures-without-entry",
        "insert into photo (tenant, id, request, entry, public, width, height) select tenant, compound, id, id, true, 1, 1
        from request limit 1",
    ),
    (
        "answers-without-request",
        "insert into field_value (tenant, request, code, value) select tenant, compound, 'x', 'y' from request limit 1",
    ),
    ("activities-without-row", "update activity set thing = 'mandate' where stem = 'requests/said'"),
];

/// An entry of the book said otherwise, and put right again.
pub const BOOK_CHANGED: &str = "update activity set at = at + 1 where position = 2";
pub const BOOK_CHANGED_BACK: &str = "update activity set at = at - 1 where position = 2";
/// The last entry of the only book taken away with care, so that the house itself does not miss it.
pub const BOOK_CUT: &[&str] = &[
    "delete from activity where position = (select entries from book_head)",
    "update book_head set entries = entries - 1, digest = (select digest from activity where position = entries - 1)",
];

/// Pages of SQLite's search index taken away.
pub const INDEX_TORN: &str = "delete from search_text_data where id > 1000";

/// How often the book says that staff read something private.
pub async fn looks(db: &Db) -> Result<usize> {
    Ok(db.all("select id from activity where stem = 'looks/case' order by id limit 1000", params![]).await?.len())
}

pub async fn by(tx: &mut Tx<'_>, sql: &str) -> Result<()> {
    tx.run(sql, params![]).await.map(drop)
}

/// Every table as the engine itself lists it.
pub async fn tables(db: &Db) -> Result<Vec<String>> {
    let sql = match db.dialect() {
        Dialect::Sqlite => "select name as n from sqlite_master where type = 'table' and name not like 'sqlite_%'",
        Dialect::Postgres => "select tablename::text as n from pg_tables where schemaname = current_schema()",
    };
    db.all(sql, params![]).await?.iter().map(|row| row.get("n")).collect()
}

/// Writes other words into one case behind the back of the deeds, for the test that wants this to be noticed.
pub async fn words(tx: &mut Tx<'_>) -> Result<()> {
    let sql = "update entry set text = '别的话' where kind = 'words' and public = true
        and request = (select id from request where state <> 'withdrawn' order by id limit 1)";
    tx.run(sql, params![]).await.map(drop)
}

/// Turns late into in time behind the back of the deeds, for the test that wants this to be noticed.
pub async fn in_time(tx: &mut Tx<'_>) -> Result<()> {
    let sql = "update activity set facts = replace(facts, '\"in_time\":true', '\"in_time\":false') where stem = 'requests/accepted'";
    tx.run(sql, params![]).await.map(drop)
}

/// Takes rows away behind the back of the deeds, for the test that wants this to be noticed.
pub async fn rows(tx: &mut Tx<'_>) -> Result<()> {
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
pub async fn clock(tx: &mut Tx<'_>) -> Result<()> {
    let sql = "update clock set due = due + 60000 where kind = 'settle' and request = (select id from request order by id limit 1)";
    tx.run(sql, params![]).await.map(drop)
}

/// Takes the steps up away, for the same test.
pub async fn steps(tx: &mut Tx<'_>) -> Result<()> {
    tx.run("delete from step_up", params![]).await.map(drop)
}

//! Full-text search that knows Chinese: words are cut into overlapping pairs of characters, on both engines.
//!
//! The index is written in the transaction of the row it finds. SQLite keeps it in FTS5, PostgreSQL in a `tsvector`; this
//! file is the only one that knows the difference. Newest first: residents look for what is going on, not for the best prose.

use crate::db::{Db, Dialect, Tx, Value};
use crate::text::narrow;
use crate::time::Moment;
use crate::{Error, Result, params};
use uuid::Uuid;

/// What PostgreSQL is told besides the shared migration.
pub const POSTGRES_SQL: &str = "alter table search_doc add column terms tsvector not null;
    create index search_terms on search_doc using gin (terms);
    create index search_newest on search_doc (doc desc);";
/// What SQLite is told besides the shared migration.
pub const SQLITE_SQL: &str = "create virtual table search_text using fts5 (terms, content = '', contentless_delete = 1, tokenize = 'unicode61');";

const FIND_DOC: &str = "select doc from search_doc where tenant = $1 and thing = $2 and thing_id = $3";
const TAKEN: &str = "select doc from search_doc where doc = $1";
const ADD_DOC: &str = "insert into search_doc (tenant, thing, thing_id, doc, digest) values ($1, $2, $3, $4, $5)";
const DROP_DOC: &str = "delete from search_doc where tenant = $1 and thing = $2 and thing_id = $3";
const ADD_TEXT: &str = "insert into search_text (rowid, terms) values ($1, $2)";
const DROP_TEXTS: &str = "delete from search_text where rowid in (select doc from search_doc where tenant = $1)";
const DROP_TEXT: &str = "delete from search_text where rowid = $1";
const PURGE: &str = "insert into search_text (search_text) values ('optimize')";
const PUT_POSTGRES: &str = "insert into search_doc (tenant, thing, thing_id, doc, digest, terms)
    values ($1, $2, $3, $4, $5, to_tsvector('simple', $6))
    on conflict (tenant, thing, thing_id) do update set digest = excluded.digest, terms = excluded.terms";
const FIND_SQLITE: &str = "select d.thing_id, d.tenant, d.doc from search_text t join search_doc d on d.doc = t.rowid
    where search_text match $1 and t.rowid < $2 order by t.rowid desc limit $3";
const FIND_POSTGRES: &str = "select thing_id, tenant, doc from search_doc
    where terms @@ to_tsquery('simple', $1) and doc < $2 order by doc desc limit $3";

/// Where in the index something was found; `doc` is the place to go on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub tenant: Uuid,
    pub thing: Uuid,
    pub doc: i64,
}

/// What a thing is found by.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// Its own words, which [`digest`] vouches for.
    pub own: String,
    /// Names of what it belongs to, as they were when it was written; they may be renamed without it.
    pub names: String,
}

/// Puts a text into the index, or replaces what stood there. `marks` are exact words of ours to filter by (a-z and digits).
pub async fn put(
    tx: &mut Tx<'_>,
    (tenant, thing, id): (Uuid, &str, Uuid),
    at: Moment,
    marks: &[&str],
    text: &Text,
) -> Result<()> {
    if tx.dialect() == Dialect::Sqlite {
        remove(tx, (tenant, thing, id)).await?;
    }
    add(tx, (tenant, thing, id), at, marks, text).await
}

/// Puts a text that is known not to be in the index yet: cheaper for many at once.
pub async fn add(
    tx: &mut Tx<'_>,
    (tenant, thing, id): (Uuid, &str, Uuid),
    at: Moment,
    marks: &[&str],
    text: &Text,
) -> Result<()> {
    let mut terms = index_terms(tenant, marks, &text.own);
    let (doc, digest) = (free_number(tx, doc_number(at, id)).await?, digest_of(&terms));
    terms.extend(text_terms(&text.names));
    let terms = terms.join(" ");
    if tx.dialect() == Dialect::Postgres {
        return tx.run(PUT_POSTGRES, params![tenant, thing, id, doc, digest, terms]).await.map(drop);
    }
    tx.run(ADD_DOC, params![tenant, thing, id, doc, digest]).await?;
    tx.run(ADD_TEXT, params![doc, terms]).await.map(drop)
}

/// What the index keeps of a thing's own words and marks, to see later whether they are still what it holds. The order of
/// sentences does not matter.
pub fn digest(tenant: Uuid, marks: &[&str], own: &str) -> i64 {
    digest_of(&index_terms(tenant, marks, own))
}

/// The sum of the terms' FNV-1a hashes.
fn digest_of(terms: &[String]) -> i64 {
    let hash = |term: &String| {
        term.bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    };
    terms.iter().map(hash).fold(0_u64, u64::wrapping_add).cast_signed()
}

/// Takes everything of a tenant out of the index; its documents go with its other rows.
pub async fn forget(tx: &mut Tx<'_>, tenant: Uuid) -> Result<()> {
    match tx.dialect() {
        Dialect::Sqlite => tx.run(DROP_TEXTS, params![tenant]).await.map(drop),
        Dialect::Postgres => Ok(()),
    }
}

/// Takes what was removed out of the index's own pages too. FTS5 marks a removed text and keeps its words until pages are merged some
/// day; whoever was erased shall not wait for that. Writes the index anew: a quarter of a second for a hundred thousand texts.
pub async fn purge(tx: &mut Tx<'_>) -> Result<()> {
    match tx.dialect() {
        Dialect::Sqlite => tx.run(PURGE, params![]).await.map(drop),
        Dialect::Postgres => Ok(()),
    }
}

/// Takes a text out of the index; nothing happens when it is not there.
pub async fn remove(tx: &mut Tx<'_>, (tenant, thing, id): (Uuid, &str, Uuid)) -> Result<()> {
    if tx.dialect() == Dialect::Sqlite
        && let Some(row) = tx.one(FIND_DOC, params![tenant, thing, id]).await?
    {
        tx.run(DROP_TEXT, params![row.get::<i64>("doc")?]).await?;
    }
    tx.run(DROP_DOC, params![tenant, thing, id]).await.map(drop)
}

/// What holds every one of `words`, newest first, older than `before` (a [`Found::doc`]): everything in one of `tenants`, and
/// whatever bears one of `marks` anywhere. With neither, nothing is left out.
///
/// # Errors
/// [`Error::Invalid`] when `words` hold nothing that can be searched.
pub async fn find(
    db: &Db,
    tenants: &[Uuid],
    marks: &[&str],
    words: &str,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Found>> {
    let runs = runs(words);
    if runs.is_empty() {
        return Err(Error::invalid("q", "search/nothing-to-look-for"));
    }
    let sqlite = db.dialect() == Dialect::Sqlite;
    let mut seen: Vec<String> = marks.iter().map(|mark| mark_term(mark)).collect();
    seen.extend(tenants.iter().map(|tenant| tenant_term(*tenant)));
    let mut wanted = Vec::new();
    if !seen.is_empty() {
        wanted.push(format!("({})", seen.join(if sqlite { " OR " } else { " | " })));
    }
    wanted.extend(runs.iter().map(|run| phrase(run, sqlite)));
    let query = wanted.join(if sqlite { " AND " } else { " & " });
    let sql = if sqlite { FIND_SQLITE } else { FIND_POSTGRES };
    let rows = db.all(sql, &[Value::Text(query), Value::Int(before.unwrap_or(i64::MAX)), Value::Int(limit)]).await?;
    rows.iter()
        .map(|row| Ok(Found { tenant: row.get("tenant")?, thing: row.get("thing_id")?, doc: row.get("doc")? }))
        .collect()
}

/// The number itself, or the next one that nothing has: of many things in one millisecond, two may want the same.
async fn free_number(tx: &mut Tx<'_>, mut doc: i64) -> Result<i64> {
    while tx.one(TAKEN, params![doc]).await?.is_some() {
        doc += 1;
    }
    Ok(doc)
}

/// A number that grows with time and seldom is another thing's: 48 bits of milliseconds, 15 bits of the id.
fn doc_number(at: Moment, id: Uuid) -> i64 {
    let low = u16::from_be_bytes([id.as_bytes()[14], id.as_bytes()[15]]) & 0x7FFF;
    (at.0.clamp(0, (1 << 47) - 1) << 15) | i64::from(low)
}

fn index_terms(tenant: Uuid, marks: &[&str], text: &str) -> Vec<String> {
    let mut terms = vec![tenant_term(tenant)];
    terms.extend(marks.iter().map(|mark| mark_term(mark)));
    terms.extend(text_terms(text));
    terms
}

fn text_terms(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    for run in runs(text) {
        match run {
            Run::Latin(word) => terms.push(word),
            Run::Chinese(characters) => {
                terms.extend(pairs(&characters));
                // The last character alone, so that one-character searches find it by its prefix.
                terms.extend(characters.last().map(char::to_string));
            }
        }
    }
    terms
}

fn tenant_term(tenant: Uuid) -> String {
    format!("xt{}", tenant.simple())
}

fn mark_term(mark: &str) -> String {
    format!("xm{}", mark.replace(|c: char| !c.is_ascii_alphanumeric(), "").to_lowercase())
}

enum Run {
    Latin(String),
    Chinese(Vec<char>),
}

fn phrase(run: &Run, sqlite: bool) -> String {
    match run {
        Run::Latin(word) if sqlite => format!("\"{word}\" *"),
        Run::Latin(word) => format!("'{word}':*"),
        Run::Chinese(one) if one.len() == 1 && sqlite => format!("\"{}\" *", one[0]),
        Run::Chinese(one) if one.len() == 1 => format!("'{}':*", one[0]),
        Run::Chinese(characters) if sqlite => format!("\"{}\"", pairs(characters).join(" ")),
        Run::Chinese(characters) => {
            let pairs: Vec<String> = pairs(characters).iter().map(|pair| format!("'{pair}'")).collect();
            format!("({})", pairs.join(" <-> "))
        }
    }
}

fn pairs(characters: &[char]) -> Vec<String> {
    characters.windows(2).map(|pair| pair.iter().collect()).collect()
}

/// Cuts a text into runs of Chinese characters and of letters and digits; everything else separates.
fn runs(text: &str) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut joined = false;
    for c in text.chars().map(narrow) {
        let chinese = is_chinese(c);
        if !chinese && !c.is_alphanumeric() {
            joined = false;
            continue;
        }
        match out.last_mut() {
            Some(Run::Chinese(run)) if chinese && joined => run.push(c),
            Some(Run::Latin(word)) if !chinese && joined => word.extend(c.to_lowercase()),
            _ if chinese => out.push(Run::Chinese(vec![c])),
            _ => out.push(Run::Latin(c.to_lowercase().collect())),
        }
        joined = true;
    }
    for run in &mut out {
        if let Run::Latin(word) = run
            && word.len() > 64
        {
            *word = word.chars().take(32).collect();
        }
    }
    out.truncate(4000);
    out
}

fn is_chinese(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF | 0x3007 | 0x3040..=0x30FF)
}

#[cfg(test)]
mod tests;

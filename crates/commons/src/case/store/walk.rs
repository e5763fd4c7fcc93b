//! A walk through the public cases of a compound, page by page, with what everybody may know of each.
//!
//! Cases lie in the order in which they were said, and none moves. A page begins behind the last case of the page before
//! it, so neither new cases nor those that close or go away shift what is still to come.

use super::{COLUMNS, CaseRow, JOINS, SHOWN, compound_of, read_row};
use crate::case::fields::Answers;
use crate::case::{CaseId, Entry, EntryId, EntryKind, Photo, PhotoId};
use crate::place::{PlaceId, TenantId};
use kit::book::ActivityId;
use kit::db::{Db, Row, Value};
use kit::time::Moment;
use kit::{Result, Uuid, params};
use std::collections::HashMap;

/// What everybody may read: neither private, nor between neighbours, nor taken back.
const PUBLIC: &str = "r.private = false and r.kind <> 'dispute' and r.state <> 'withdrawn'";
/// Beside each case: the path of its building, its first public photo, and what its holder told everybody last.
const MORE: &str = "b.path as public_path,
    (select p.id from photo p where p.tenant = r.tenant and p.request = r.id and p.public = true and p.withdrawn is null
        order by p.entry, p.id limit 1) as first_photo,
    (select e.text from entry e where e.tenant = r.tenant and e.request = r.id and e.public = true
        and e.withdrawn is null and e.office is not null and e.kind in ('note', 'report') and e.text <> ''
        order by e.id desc limit 1) as last_note";
/// Ids in one statement; a short list is filled up, so that the statement is always the same.
const AT_ONCE: usize = 64;

const STEPS: &str = "select a.id, a.at, a.stem, a.facts, r.id as request, r.code from activity a
    join request r on r.tenant = a.tenant and r.id = a.thing_id
    where a.tenant = $1 and a.at >= $2 and a.at <= $3 and (a.at, a.id) > ($4, $5) and a.thing = 'case'
        and a.stem in ('requests/accepted', 'requests/noted', 'requests/added', 'requests/relayed',
            'requests/taken-over', 'requests/moved-up', 'requests/came-back', 'requests/paused', 'requests/reported',
            'requests/judged', 'requests/left-unrated', 'requests/merged', 'requests/unmerged')
        and r.compound = $6 and r.private = false and r.kind <> 'dispute' and r.state <> 'withdrawn'
    order by a.at, a.id limit $7";

/// Which cases a walk passes, and where it stands.
#[derive(Clone, Debug)]
pub struct Walk {
    pub tenant: TenantId,
    pub compound: PlaceId,
    /// Said then or later.
    pub from: Moment,
    /// Said then or earlier.
    pub until: Moment,
    /// None: all.
    pub categories: Vec<String>,
    /// As a reader sees it at `now`, though no job has said so.
    pub open: Option<bool>,
    pub now: Moment,
    /// South, north, west, east, in 1e-7 degrees.
    pub bounds: Option<[i64; 4]>,
    pub newest_first: bool,
    /// Goes on behind this one.
    pub after: Option<(Moment, CaseId)>,
    /// So many more are passed over; dear when it is much.
    pub skip: i64,
}

/// A public case on the way.
#[derive(Clone, Debug)]
pub struct Walked {
    pub row: CaseRow,
    /// Down to the building.
    pub path: String,
    pub photo: Option<PhotoId>,
    pub note: Option<String>,
}

/// The statements of this file, so that a test can prepare each on both engines.
pub(super) fn statements() -> Vec<String> {
    let walk = |open, newest_first| Walk {
        tenant: Uuid::nil().into(),
        compound: Uuid::nil().into(),
        from: Moment(0),
        until: Moment(0),
        categories: vec![String::new(), String::new()],
        open: Some(open),
        now: Moment(0),
        bounds: Some([0; 4]),
        newest_first,
        after: Some((Moment(0), CaseId(Uuid::nil()))),
        skip: 1,
    };
    let ids = [entries_sql("e.request", AT_ONCE), entries_sql("e.id", AT_ONCE), photos_sql(AT_ONCE)];
    let walks = [walk(true, true), walk(false, false)].map(|walk| walk_sql(&walk, 1).0);
    [by_code_sql(), answers_sql(AT_ONCE), STEPS.to_owned()].into_iter().chain(ids).chain(walks).collect()
}

fn walk_sql(walk: &Walk, limit: i64) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = Vec::new();
    let mut put = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    // What lies before the place where the walk stands is not even looked at: the index is entered there.
    let (from, until) = match walk.after {
        Some((said, _)) if walk.newest_first => (walk.from, walk.until.min(said)),
        Some((said, _)) => (walk.from.max(said), walk.until),
        None => (walk.from, walk.until),
    };
    let mut wanted = format!(
        "r.tenant = {} and r.compound = {} and {PUBLIC} and r.said >= {} and r.said <= {}",
        put(walk.tenant.into()),
        put(walk.compound.into()),
        put(from.into()),
        put(until.into())
    );
    if !walk.categories.is_empty() {
        let slugs: Vec<String> = walk.categories.iter().map(|slug| put(slug.as_str().into())).collect();
        wanted.push_str(&format!(" and r.category in ({})", slugs.join(", ")));
    }
    if let Some(open) = walk.open {
        let unanswered = format!("(r.state = 'reported' and coalesce(r.due, r.changed) <= {})", put(walk.now.into()));
        wanted.push_str(&match open {
            true => format!(" and r.state in ('said', 'accepted', 'reported') and not {unanswered}"),
            false => format!(" and (r.state in ('closed', 'merged') or {unanswered})"),
        });
    }
    if let Some([south, north, west, east]) = walk.bounds {
        let [south, north, west, east] = [south, north, west, east].map(|edge| put(edge.into()));
        wanted.push_str(&format!(" and r.lat_e7 between {south} and {north} and r.lon_e7 between {west} and {east}"));
    }
    let (order, beyond) = if walk.newest_first { ("desc", "<") } else { ("asc", ">") };
    if let Some((said, id)) = walk.after {
        wanted.push_str(&format!(" and (r.said, r.id) {beyond} ({}, {})", put(said.into()), put(id.into())));
    }
    let (limit, skip) = (put(limit.into()), put(walk.skip.into()));
    let order = format!("order by r.said {order}, r.id {order}");
    let inner = format!("select {COLUMNS} from request r where {wanted} {order} limit {limit} offset {skip}");
    (format!("select r.*, {SHOWN}, {MORE} from ({inner}) r {JOINS} {order}"), values)
}

fn by_code_sql() -> String {
    let inner = format!(
        "select {COLUMNS} from compound_code k join request r on r.tenant = k.tenant and r.code = $2
        where k.code = $1 and {PUBLIC}"
    );
    format!("select r.*, {SHOWN}, {MORE} from ({inner}) r {JOINS}")
}

/// The next cases of a walk.
pub async fn next(db: &Db, walk: &Walk, limit: i64) -> Result<Vec<Walked>> {
    let (sql, values) = walk_sql(walk, limit);
    db.report(&sql, &values).await?.iter().map(read).collect()
}

/// A public case by its code.
pub async fn by_code(db: &Db, code: &str) -> Result<Option<Walked>> {
    let Some(compound) = compound_of(code) else { return Ok(None) };
    db.one(&by_code_sql(), params![compound, code]).await?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Walked> {
    Ok(Walked {
        path: row.get::<Option<String>>("public_path")?.unwrap_or_default(),
        photo: row.get("first_photo")?,
        note: row.get("last_note")?,
        row: read_row(row)?,
    })
}

fn places(count: usize) -> String {
    (2..count + 2).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

fn entries_sql(column: &str, count: usize) -> String {
    format!(
        "select e.id, e.request, e.at, e.person, e.office, e.kind, e.public, e.text, e.withdrawn, e.edited from entry e
        where e.tenant = $1 and {column} in ({}) and e.public = true and e.withdrawn is null order by e.id limit 20000",
        places(count)
    )
}

fn photos_sql(count: usize) -> String {
    format!(
        "select p.id, p.entry, p.public, p.width, p.height, p.request from photo p
        where p.tenant = $1 and p.request in ({}) and p.public = true and p.withdrawn is null
        order by p.entry, p.id limit 20000",
        places(count)
    )
}

fn answers_sql(count: usize) -> String {
    format!(
        "select request, code, value from field_value where tenant = $1 and request in ({}) order by request, code limit 20000",
        places(count)
    )
}

/// Runs a statement for any number of ids, some at a time.
async fn each(db: &Db, sql: &str, tenant: TenantId, ids: &[Uuid]) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let mut values = vec![Value::from(tenant)];
        values.extend((0..AT_ONCE).map(|at| Value::from(some.get(at).copied().unwrap_or(Uuid::nil()))));
        rows.extend(db.all(sql, &values).await?);
    }
    Ok(rows)
}

fn read_entry(row: &Row) -> Result<Entry> {
    Ok(Entry {
        id: row.get("id")?,
        at: row.get("at")?,
        person: row.get("person")?,
        office: row.get("office")?,
        kind: row.get::<EntryKind>("kind")?,
        public: row.get("public")?,
        text: row.get("text")?,
        withdrawn: row.get("withdrawn")?,
        edited: row.get("edited")?,
    })
}

fn ids_of(cases: &[CaseId]) -> Vec<Uuid> {
    cases.iter().map(|case| case.0).collect()
}

/// The public words of some cases, oldest first.
pub async fn entries(db: &Db, tenant: TenantId, cases: &[CaseId]) -> Result<HashMap<CaseId, Vec<Entry>>> {
    let mut found: HashMap<CaseId, Vec<Entry>> = HashMap::new();
    for row in each(db, &entries_sql("e.request", AT_ONCE), tenant, &ids_of(cases)).await? {
        found.entry(row.get("request")?).or_default().push(read_entry(&row)?);
    }
    Ok(found)
}

/// The public photos of some cases, in the order of the words they came with.
pub async fn photos(db: &Db, tenant: TenantId, cases: &[CaseId]) -> Result<HashMap<CaseId, Vec<Photo>>> {
    let mut found: HashMap<CaseId, Vec<Photo>> = HashMap::new();
    for row in each(db, &photos_sql(AT_ONCE), tenant, &ids_of(cases)).await? {
        found.entry(row.get("request")?).or_default().push(Photo {
            id: row.get("id")?,
            entry: row.get("entry")?,
            public: row.get("public")?,
            width: row.get("width")?,
            height: row.get("height")?,
        });
    }
    Ok(found)
}

/// What was answered to the questions of some cases; which of it is public, their fields say.
pub async fn answers(db: &Db, tenant: TenantId, cases: &[CaseId]) -> Result<HashMap<CaseId, Answers>> {
    let mut found: HashMap<CaseId, Answers> = HashMap::new();
    for row in each(db, &answers_sql(AT_ONCE), tenant, &ids_of(cases)).await? {
        found.entry(row.get("request")?).or_default().push((row.get("code")?, row.get("value")?));
    }
    Ok(found)
}

/// A step of a public case that changes what its followers know.
#[derive(Clone, Debug)]
pub struct Step {
    pub id: ActivityId,
    pub at: Moment,
    pub stem: String,
    pub facts: serde_json::Value,
    pub case: CaseId,
    pub code: String,
}

/// The steps of a compound's public cases between two moments, both counted, oldest first.
pub async fn steps(
    db: &Db,
    (tenant, compound): (TenantId, PlaceId),
    (from, until): (Moment, Moment),
    after: Option<(Moment, ActivityId)>,
    limit: i64,
) -> Result<Vec<Step>> {
    let (at, id) = after.unwrap_or((from, ActivityId(Uuid::nil())));
    let row = params![tenant, from.max(at), until, at, id, compound, limit].to_vec();
    let rows = db.report(STEPS, &row).await?;
    rows.iter()
        .map(|row| {
            let facts: String = row.get("facts")?;
            Ok(Step {
                id: row.get("id")?,
                at: row.get("at")?,
                stem: row.get("stem")?,
                facts: serde_json::from_str(&facts).map_err(kit::Error::internal)?,
                case: row.get("request")?,
                code: row.get("code")?,
            })
        })
        .collect()
}

/// Public words by their ids.
pub async fn entries_by_id(db: &Db, tenant: TenantId, ids: &[EntryId]) -> Result<HashMap<EntryId, Entry>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = each(db, &entries_sql("e.id", AT_ONCE), tenant, &ids).await?;
    rows.iter().map(|row| read_entry(row).map(|entry| (entry.id, entry))).collect()
}

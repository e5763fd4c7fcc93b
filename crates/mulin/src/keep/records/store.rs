//! Records on the shelf: the statements are made from what a record holds.

use super::{Field, MERGINGS, PARTS, Part, REQUEST};
use commons::case::CaseId;
use commons::place::TenantId;
use kit::db::{Db, Row, Tx, Value};
use kit::time::Moment;
use kit::{Result, Uuid, params};
use std::collections::HashMap;

const INDEX: &str = "select id, code, said from request where tenant = $1 order by id limit 10000000";
const CODES: &str = "select id, code from request where tenant = $1 order by id limit 10000000";
const UNITS: &str = "select id, kind, name from organisation where tenant = $1 order by id limit 100000";
const NAMES: &str = "select slug, name, name_en from category where tenant = $1 order by slug limit 10000";
const HERE: &str = "select 1 as n from request where tenant = $1 and code = $2";

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let mut all: Vec<String> = [INDEX, CODES, UNITS, NAMES, HERE].map(str::to_owned).into();
    all.extend([requests_sql(2), add_sql()]);
    all.extend(PARTS.iter().flat_map(|part| [part_sql(part, 2), add_part_sql(part)]));
    all
}

/// A request in the order of records.
#[derive(Clone, Debug)]
pub struct Indexed {
    pub id: CaseId,
    pub code: String,
    pub said: Moment,
}

pub async fn index(db: &Db, tenant: TenantId) -> Result<Vec<Indexed>> {
    let rows = db.report(INDEX, params![tenant]).await?;
    rows.iter().map(|row| Ok(Indexed { id: row.get("id")?, code: row.get("code")?, said: row.get("said")? })).collect()
}

pub async fn codes(db: &Db, tenant: TenantId) -> Result<Vec<(CaseId, String)>> {
    db.report(CODES, params![tenant]).await?.iter().map(|row| Ok((row.get("id")?, row.get("code")?))).collect()
}

/// Id, kind and name.
pub async fn units(db: &Db, tenant: TenantId) -> Result<Vec<(Uuid, String, String)>> {
    let rows = db.report(UNITS, params![tenant]).await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("kind")?, row.get("name")?))).collect()
}

/// The names of every category, retired ones among them, by slug.
pub async fn category_names(db: &Db, tenant: TenantId) -> Result<HashMap<String, (String, String)>> {
    let rows = db.report(NAMES, params![tenant]).await?;
    rows.iter().map(|row| Ok((row.get("slug")?, (row.get("name")?, row.get("name_en")?)))).collect()
}

fn columns(fields: &[Field]) -> String {
    fields.iter().map(|field| field.column).collect::<Vec<_>>().join(", ")
}

/// `$2, $3, …`
fn marks(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

fn requests_sql(count: usize) -> String {
    let (columns, marks) = (columns(REQUEST), marks(2, count));
    format!("select id, contact, {columns} from request where tenant = $1 and id in ({marks}) order by id limit 1000")
}

fn part_sql(part: &Part, count: usize) -> String {
    let (columns, marks, of) = (columns(part.fields), marks(2, count), part.of);
    let id = if part.has_id { "id" } else { of };
    let only = if part.table == "activity" { "and thing = 'case'" } else { "" };
    format!(
        "select {id} as own, {of} as belongs, {columns} from {table} where tenant = $1 and {of} in ({marks}) {only}
         order by {of}, {id} limit 1000000",
        table = part.table
    )
}

fn with_ids(tenant: TenantId, ids: &[CaseId]) -> Vec<Value> {
    std::iter::once(tenant.into()).chain(ids.iter().map(|id| Value::from(*id))).collect()
}

/// Requests by id, with their sealed contact.
pub async fn requests(db: &Db, tenant: TenantId, ids: &[CaseId]) -> Result<HashMap<Uuid, Row>> {
    let rows = db.report(&requests_sql(ids.len()), &with_ids(tenant, ids)).await?;
    rows.into_iter().map(|row| Ok((row.get("id")?, row))).collect()
}

/// The rows of a part, by request, in their order.
pub async fn part(db: &Db, part: &Part, tenant: TenantId, ids: &[CaseId]) -> Result<HashMap<Uuid, Vec<Row>>> {
    let mut all: HashMap<Uuid, Vec<Row>> = HashMap::new();
    for row in db.report(&part_sql(part, ids.len()), &with_ids(tenant, ids)).await? {
        all.entry(row.get("belongs")?).or_default().push(row);
    }
    Ok(all)
}

pub async fn is_here(tx: &mut Tx<'_>, tenant: TenantId, code: &str) -> Result<bool> {
    Ok(tx.one(HERE, params![tenant, code]).await?.is_some())
}

fn add_sql() -> String {
    let (columns, marks) = (columns(REQUEST), marks(5, REQUEST.len()));
    format!("insert into request (tenant, id, pickup, contact, photos, {columns}) values ($1, $2, $3, $4, 0, {marks})")
}

/// Adds a request with the values of [`REQUEST`].
pub async fn add(
    tx: &mut Tx<'_>,
    (tenant, id): (TenantId, CaseId),
    pickup: [u8; 32],
    contact: Option<Vec<u8>>,
    values: &[Value],
) -> Result<()> {
    let mut row = params![tenant, id, pickup, contact].to_vec();
    row.extend_from_slice(values);
    tx.run(&add_sql(), &row).await.map(drop)
}

fn add_part_sql(part: &Part) -> String {
    let (columns, of) = (columns(part.fields), part.of);
    let marks = marks(3, part.fields.len());
    let (id, own) = if part.has_id { (", id", format!(", ${}", 3 + part.fields.len())) } else { ("", String::new()) };
    let (more, of_more) = match part.table {
        "activity" => (", thing", ", 'case'"),
        _ => ("", ""),
    };
    format!(
        "insert into {table} (tenant, {of}, {columns}{id}{more}) values ($1, $2, {marks}{own}{of_more})",
        table = part.table
    )
}

const OPEN: &str = "update handover set open = request where tenant = $1 and request = $2 and decision is null";

/// Adds a row of a part, and gives its id where it has one.
pub async fn add_part(
    tx: &mut Tx<'_>,
    part: &Part,
    (tenant, case): (TenantId, CaseId),
    values: &[Value],
) -> Result<Option<Uuid>> {
    let mut row = params![tenant, case].to_vec();
    row.extend_from_slice(values);
    let id = part.has_id.then(|| tx.id::<Uuid>());
    row.extend(id.map(Value::from));
    tx.run(&add_part_sql(part), &row).await?;
    Ok(id)
}

/// Marks the offer that waits for an answer.
pub async fn open_offers(tx: &mut Tx<'_>, tenant: TenantId, case: CaseId) -> Result<()> {
    tx.run(OPEN, params![tenant, case]).await.map(drop)
}

/// Whether a part is written after all requests are there.
pub fn is_late(part: &Part) -> bool {
    part.table == MERGINGS.table
}

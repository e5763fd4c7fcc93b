//! Public cases by where they are: counted for each building, and where no ground is known, for each cell of a grid.

use crate::place::{Place, PlaceId, TenantId};
use kit::db::{Db, Value};
use kit::time::Moment;
use kit::{Result, params};

const PLACE: &str =
    "p.tenant, p.id, p.parent, p.kind, p.path, p.name, p.name_en, p.label, p.label_en, p.compound, p.building,
    p.entrance, p.grid, p.facility_kind, p.floor, p.area, p.x_mm, p.y_mm, p.lat_e7, p.lon_e7, p.footprint, p.sort";
/// Cells along the longer side of the grid.
pub const CELLS: i64 = 16;

/// Which cases a map counts.
#[derive(Clone, Debug)]
pub struct MapFilter {
    pub tenant: TenantId,
    pub compound: PlaceId,
    pub category: Option<String>,
    pub open: bool,
    /// Closed after this moment; none when empty.
    pub closed_since: Option<Moment>,
    pub now: Moment,
}

/// A building, or another place where something was said, with how many cases and how many of them are overdue.
#[derive(Clone, Debug)]
pub struct PlaceCount {
    pub place: Place,
    pub cases: i64,
    pub late: i64,
}

/// South, north, west and east, in 1e-7 degrees.
pub type Bounds = [i64; 4];

/// A cell of the grid: how many cases, and the smallest box around them.
#[derive(Clone, Debug)]
pub struct CellCount {
    pub cases: i64,
    pub late: i64,
    pub bounds: Bounds,
}

/// The public rows that `filter` wants, as a subselect; its values stand from $1 on.
fn wanted(filter: &MapFilter) -> (String, Vec<Value>) {
    let mut values = params![filter.tenant, filter.compound, filter.now].to_vec();
    let mut more = String::new();
    if let Some(category) = &filter.category {
        values.push(category.into());
        more.push_str(&format!(" and r.category = ${}", values.len()));
    }
    let part = |state: &str| {
        format!(
            "select r.building, r.place, r.lat_e7, r.lon_e7, case when r.state in ('said', 'accepted') and r.due < $3
                then 1 else 0 end as late
             from request r where r.tenant = $1 and r.compound = $2 and r.private = false and r.kind <> 'dispute'{more} and {state}"
        )
    };
    let mut parts = Vec::new();
    if filter.open {
        // A report that nobody has answered in time is closed, though no job has said so.
        parts.push(part("r.state in ('said', 'accepted', 'reported') and not (r.state = 'reported' and r.due <= $3)"));
    }
    if let Some(since) = filter.closed_since {
        values.push(since.into());
        parts.push(part(&format!(
            "(r.state = 'closed' or (r.state = 'reported' and r.due <= $3)) and r.changed > ${}",
            values.len()
        )));
    }
    if parts.is_empty() {
        parts.push(part("1 = 0"));
    }
    (parts.join(" union all "), values)
}

fn places_sql(filter: &MapFilter) -> (String, Vec<Value>) {
    let (rows, values) = wanted(filter);
    let sql = format!(
        "select {PLACE}, coalesce(c.cases, 0) as cases, coalesce(c.late, 0) as late from place p left join (
            select coalesce(u.building, u.place) as at, count(*) as cases, sum(u.late) as late from ({rows}) u
            group by coalesce(u.building, u.place)) c on c.at = p.id
         where p.tenant = $1 and p.compound = $2 and (p.kind = 'building' or c.cases is not null)
         order by p.kind, p.sort, p.path limit 2000"
    );
    (sql, values)
}

fn cells_sql(filter: &MapFilter, bounds: Bounds) -> (String, Vec<Value>) {
    let (rows, mut values) = wanted(filter);
    values.extend(bounds.map(Value::Int));
    let [south, north, west, east] = [3, 2, 1, 0].map(|back| format!("${}", values.len() - back));
    let sql = format!(
        "with u as (select * from ({rows}) w where w.lat_e7 between {south} and {north} and w.lon_e7 between {west} and {east}),
         e as (select min(lat_e7) as s, max(lat_e7) as n, min(lon_e7) as w, max(lon_e7) as e from u)
         select (u.lat_e7 - e.s) * {CELLS} / (e.n - e.s + 1) as cy, (u.lon_e7 - e.w) * {CELLS} / (e.e - e.w + 1) as cx,
            count(*) as cases, sum(u.late) as late, min(u.lat_e7) as s, max(u.lat_e7) as n, min(u.lon_e7) as w, max(u.lon_e7) as e
         from u cross join e group by 1, 2 order by 1, 2"
    );
    (sql, values)
}

/// The statements of this file, so that a test can prepare each on both engines.
pub(super) fn statements() -> Vec<String> {
    let nil = kit::Uuid::nil();
    let filter = MapFilter {
        tenant: nil.into(),
        compound: nil.into(),
        category: Some("lift".into()),
        open: true,
        closed_since: Some(Moment(0)),
        now: Moment(0),
    };
    let narrow = MapFilter { category: None, open: false, closed_since: None, ..filter.clone() };
    [filter, narrow].iter().flat_map(|filter| [places_sql(filter).0, cells_sql(filter, [0; 4]).0]).collect()
}

/// Every building of the compound, and what else lies in it and has cases.
pub async fn counts_by_place(db: &Db, filter: &MapFilter) -> Result<Vec<PlaceCount>> {
    let (sql, values) = places_sql(filter);
    let rows = db.report(&sql, &values).await?;
    rows.iter()
        .map(|row| Ok(PlaceCount { place: Place::read(row)?, cases: row.get("cases")?, late: row.get("late")? }))
        .collect()
}

/// The cases inside `bounds` whose degrees are known, in at most [`CELLS`]² cells.
pub async fn counts_by_cell(db: &Db, filter: &MapFilter, bounds: Bounds) -> Result<Vec<CellCount>> {
    let (sql, values) = cells_sql(filter, bounds);
    let rows = db.report(&sql, &values).await?;
    rows.iter()
        .map(|row| {
            let bounds = [row.get("s")?, row.get("n")?, row.get("w")?, row.get("e")?];
            Ok(CellCount { cases: row.get("cases")?, late: row.get("late")?, bounds })
        })
        .collect()
}

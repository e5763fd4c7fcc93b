//! Tenants and places on the shelf.

use super::{NewPlace, Place, PlaceId, Street, Tenant, TenantId};
use kit::Result;
use kit::db::{Db, Row, Tx, Value};
use kit::params;
use std::collections::HashMap;

const ADD_TENANT: &str = "insert into tenant (id, parent, kind, code, name, name_en, zone, since)
    values ($1, $2, $3, $4, $5, $6, $7, $8)";
const TENANTS: &str =
    "select id, parent, kind, code, name, name_en, zone from tenant order by kind desc, code limit 1000";
const ADD: &str =
    "insert into place (tenant, id, parent, kind, path, name, name_en, label, label_en, compound, building,
    entrance, grid, facility_kind, floor, area, x_mm, y_mm, lat_e7, lon_e7, footprint, sort)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
const UPDATE: &str =
    "update place set name = $3, name_en = $4, label = $5, label_en = $6, grid = $7, facility_kind = $8,
    floor = $9, area = $10, x_mm = $11, y_mm = $12, lat_e7 = $13, lon_e7 = $14, footprint = $15, sort = $16
    where tenant = $1 and id = $2";
const ADD_CODE: &str = "insert into compound_code (code, tenant, place) values ($1, $2, $3)";
const CODE: &str = "select tenant, place from compound_code where code = $1";
const COLUMNS: &str =
    "tenant, id, parent, kind, path, name, name_en, label, label_en, compound, building, entrance, grid,
    facility_kind, floor, area, x_mm, y_mm, lat_e7, lon_e7, footprint, sort";
const BY_ID: &str = "from place where tenant = $1 and id = $2";
const BY_PATH: &str = "from place where tenant = $1 and path = $2";
const BELOW: &str = "from place where tenant = $1 and parent = $2 order by kind, sort, path limit 5000";
const OF_KIND: &str = "from place where tenant = $1 and kind = $2 order by sort, path limit 5000";
const ROOT: &str = "from place where tenant = $1 and parent is null and kind = 'community' order by sort, path limit 1";
const IN_COMPOUND: &str =
    "from place where tenant = $1 and compound = $2 and kind = $3 order by sort, path limit 20000";
const WIDE: &str = "from place where tenant = $1 and kind in ('community', 'compound', 'grid')
    order by kind, sort, path limit 5000";
const BARE: &str = "tenant = $1 and not exists (select 1 from place b
    where b.tenant = place.tenant and b.compound = place.id and b.kind = 'building') as bare";
const COUNTS: &str = "select kind, count(*) as n from place where tenant = $1 and compound = $2
    group by kind order by kind limit 20";
const BY_COMPOUND_CODE: &str = "from place where tenant = (select tenant from compound_code where code = $1)
    and id = (select place from compound_code where code = $1)";
const WITH_COMPOUND: &str = "from place where tenant = $1
    and (id = $2 or id = (select compound from place where tenant = $1 and id = $2)) order by path limit 2";
const BY_CODE_AND_PATH: &str = "from place where tenant = (select tenant from compound_code where code = $1)
    and path in ($1, $2) order by path limit 2";
const BY_WHOLE_PATH: &str =
    "from place where tenant = (select tenant from compound_code where code = $1) and path = $2";
const ALL: &str = "from place where tenant = $1 order by path limit 500000";
const COMPOUNDS: &str = "from place where kind = 'compound' order by sort, path limit 2000";
const ADD_STREET: &str = "insert into street (tenant, id, kind, name, name_en, width_mm, points)
    values ($1, $2, $3, $4, $5, $6, $7)";

const STREETS: &str =
    "select kind, name, name_en, width_mm, points from street where tenant = $1 order by width_mm desc, id limit 5000";

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let mut all = [ADD_TENANT, TENANTS, ADD, UPDATE, ADD_CODE, CODE, COUNTS, ADD_STREET, STREETS]
        .iter()
        .map(|s| s.to_string())
        .collect::<Vec<_>>();
    all.push(labels_sql(2));
    let tails = [
        BY_ID,
        BY_PATH,
        BY_WHOLE_PATH,
        BY_CODE_AND_PATH,
        WITH_COMPOUND,
        BELOW,
        OF_KIND,
        ROOT,
        IN_COMPOUND,
        WIDE,
        BY_COMPOUND_CODE,
        ALL,
        COMPOUNDS,
    ];
    all.extend(tails.iter().map(|tail| select(tail)));
    all.push(compounds_and_bare_sql());
    all
}

fn compounds_and_bare_sql() -> String {
    format!("select {COLUMNS}, {BARE} {COMPOUNDS}")
}

fn select(tail: &str) -> String {
    format!("select {COLUMNS} {tail}")
}

pub async fn add_tenant(tx: &mut Tx<'_>, tenant: &Tenant) -> Result<()> {
    let now = tx.now();
    let row = params![
        tenant.id,
        tenant.parent,
        tenant.kind.name(),
        &tenant.code,
        &tenant.name,
        &tenant.name_en,
        &tenant.zone,
        now
    ];
    tx.run(ADD_TENANT, row).await.map(drop)
}

/// Every tenant, communities after their subdistrict.
pub async fn tenants(db: &Db) -> Result<Vec<Tenant>> {
    let read = |row: &Row| {
        Ok(Tenant {
            id: row.get("id")?,
            parent: row.get("parent")?,
            kind: row.get("kind")?,
            code: row.get("code")?,
            name: row.get("name")?,
            name_en: row.get("name_en")?,
            zone: row.get("zone")?,
        })
    };
    db.all(TENANTS, params![]).await?.iter().map(read).collect()
}

/// Adds a place below `parent`; a compound's step becomes its code, known in the whole house.
pub async fn add(tx: &mut Tx<'_>, tenant: TenantId, parent: Option<&Place>, new: NewPlace) -> Result<Place> {
    let place = new.below(tx.id(), tenant, parent);
    let ground = &place.ground;
    let row = params![
        place.tenant,
        place.id,
        place.parent,
        place.kind,
        &place.path,
        &place.name,
        &place.name_en,
        &place.label,
        &place.label_en,
        place.compound,
        place.building,
        place.entrance,
        place.grid,
        place.facility_kind.clone(),
        place.floor,
        place.area,
        ground.x_mm,
        ground.y_mm,
        ground.lat_e7,
        ground.lon_e7,
        ground.footprint.clone(),
        place.sort
    ];
    tx.run(ADD, row).await?;
    if place.kind == super::PlaceKind::Compound {
        tx.run(ADD_CODE, params![&place.path, tenant, place.id]).await?;
    }
    Ok(place)
}

/// Writes what may change of a place: names, ground, area, grid; never where it hangs in the tree.
pub async fn update(tx: &mut Tx<'_>, place: &Place) -> Result<()> {
    let ground = &place.ground;
    let row = params![
        place.tenant,
        place.id,
        &place.name,
        &place.name_en,
        &place.label,
        &place.label_en,
        place.grid,
        place.facility_kind.clone(),
        place.floor,
        place.area,
        ground.x_mm,
        ground.y_mm,
        ground.lat_e7,
        ground.lon_e7,
        ground.footprint.clone(),
        place.sort
    ];
    tx.run(UPDATE, row).await.map(drop)
}

/// A street, lane or path, `points` being a JSON line of `[x_mm, y_mm]`.
pub async fn add_street(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    (kind, name, name_en): (&str, &str, &str),
    width_mm: i64,
    points: &str,
) -> Result<()> {
    let id: PlaceId = tx.id();
    tx.run(ADD_STREET, params![tenant, id, kind, name, name_en, width_mm, points]).await.map(drop)
}

/// The streets of a tenant, the widest first, so that narrow ones are drawn on top.
pub async fn streets(db: &Db, tenant: TenantId) -> Result<Vec<Street>> {
    let read = |row: &Row| {
        let points: String = row.get("points")?;
        Ok(Street {
            kind: row.get("kind")?,
            name: row.get("name")?,
            name_en: row.get("name_en")?,
            width_mm: row.get("width_mm")?,
            points: serde_json::from_str(&points).map_err(kit::Error::internal)?,
        })
    };
    db.all(STREETS, params![tenant]).await?.iter().map(read).collect()
}

/// Whether a compound anywhere in the house has this code.
pub async fn code_taken(tx: &mut Tx<'_>, code: &str) -> Result<bool> {
    Ok(tx.one(CODE, params![code]).await?.is_some())
}

/// Which tenant and place a compound's code means.
pub async fn by_code(db: &Db, code: &str) -> Result<Option<(TenantId, PlaceId)>> {
    let row = db.one(CODE, params![code]).await?;
    row.map(|row| Ok((row.get("tenant")?, row.get("place")?))).transpose()
}

/// The compound that a code means.
pub async fn compound(db: &Db, code: &str) -> Result<Option<Place>> {
    first(db.all(&select(BY_COMPOUND_CODE), params![code]).await?)
}

/// The place behind a path that begins with a compound's code, whatever its community.
pub async fn by_whole_path(db: &Db, path: &str) -> Result<Option<Place>> {
    let code = path.split('/').next().unwrap_or_default();
    first(db.all(&select(BY_WHOLE_PATH), params![code, path]).await?)
}

pub async fn find(db: &Db, tenant: TenantId, id: PlaceId) -> Result<Option<Place>> {
    first(db.all(&select(BY_ID), params![tenant, id]).await?)
}

pub async fn find_in(tx: &mut Tx<'_>, tenant: TenantId, id: PlaceId) -> Result<Option<Place>> {
    first(tx.all(&select(BY_ID), params![tenant, id]).await?)
}

pub async fn by_path(db: &Db, tenant: TenantId, path: &str) -> Result<Option<Place>> {
    first(db.all(&select(BY_PATH), params![tenant, path]).await?)
}

pub async fn by_path_in(tx: &mut Tx<'_>, tenant: TenantId, path: &str) -> Result<Option<Place>> {
    first(tx.all(&select(BY_PATH), params![tenant, path]).await?)
}

/// What hangs directly below a place.
pub async fn below(db: &Db, tenant: TenantId, parent: PlaceId) -> Result<Vec<Place>> {
    many(db.all(&select(BELOW), params![tenant, parent]).await?)
}

/// The community's own place: the top of its tree. `None` where the tenant is no community.
pub async fn root(db: &Db, tenant: TenantId) -> Result<Option<Place>> {
    first(db.all(&select(ROOT), params![tenant]).await?)
}

pub async fn root_in(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Option<Place>> {
    first(tx.all(&select(ROOT), params![tenant]).await?)
}

pub async fn of_kind(db: &Db, tenant: TenantId, kind: super::PlaceKind) -> Result<Vec<Place>> {
    many(db.all(&select(OF_KIND), params![tenant, kind]).await?)
}

pub async fn of_kind_in(tx: &mut Tx<'_>, tenant: TenantId, kind: super::PlaceKind) -> Result<Vec<Place>> {
    many(tx.all(&select(OF_KIND), params![tenant, kind]).await?)
}

pub async fn in_compound(db: &Db, tenant: TenantId, compound: PlaceId, kind: super::PlaceKind) -> Result<Vec<Place>> {
    many(db.all(&select(IN_COMPOUND), params![tenant, compound, kind]).await?)
}

/// Adds a compound with a grid of its own, so that a grid worker can be named for it.
pub async fn add_compound(tx: &mut Tx<'_>, tenant: TenantId, community: &Place, new: NewPlace) -> Result<Place> {
    let english = if new.name_en.is_empty() { String::new() } else { format!("{} grid", new.name_en) };
    let step = format!("grid-{}", new.step);
    let grid = NewPlace::new(super::PlaceKind::Grid, step, format!("{}网格", new.name), english);
    let grid = add(tx, tenant, Some(community), grid).await?;
    add(tx, tenant, Some(community), NewPlace { grid: Some(grid.id), ..new }).await
}

/// What lies above the buildings: the community, its compounds, its grids, in this order.
pub async fn wide(db: &Db, tenant: TenantId) -> Result<Vec<Place>> {
    many(db.all(&select(WIDE), params![tenant]).await?)
}

/// How many places of a kind a compound has.
pub async fn counts(db: &Db, tenant: TenantId, compound: PlaceId) -> Result<HashMap<super::PlaceKind, i64>> {
    let rows = db.all(COUNTS, params![tenant, compound]).await?;
    rows.iter().map(|row| Ok((row.get("kind")?, row.get("n")?))).collect()
}

/// A place and the compound in which it lies, the compound first; one of them where it is the compound itself.
pub async fn with_compound(db: &Db, tenant: TenantId, id: PlaceId) -> Result<Vec<Place>> {
    many(db.all(&select(WITH_COMPOUND), params![tenant, id]).await?)
}

/// The compound that a code means and the place behind a path in it, as far as they are there, the compound first.
pub async fn by_code_and_path(db: &Db, code: &str, path: &str) -> Result<Vec<Place>> {
    many(db.all(&select(BY_CODE_AND_PATH), params![code, path]).await?)
}

/// The whole tree of a tenant, in the order of its paths.
pub async fn all(db: &Db, tenant: TenantId) -> Result<Vec<Place>> {
    many(db.report(&select(ALL), params![tenant]).await?)
}

/// The compounds of every tenant: what a stranger may choose from.
pub async fn compounds(db: &Db) -> Result<Vec<Place>> {
    many(db.all(&select(COMPOUNDS), &[] as &[Value]).await?)
}

/// The same with those of a tenant that have no building yet.
pub async fn compounds_and_bare(db: &Db, tenant: TenantId) -> Result<(Vec<Place>, Vec<Place>)> {
    let (mut all, mut bare) = (Vec::new(), Vec::new());
    for row in db.all(&compounds_and_bare_sql(), params![tenant]).await? {
        let place = Place::read(&row)?;
        if row.get("bare")? {
            bare.push(place.clone());
        }
        all.push(place);
    }
    Ok((all, bare))
}

/// Labels of some places, and names of some people, in both languages, by id.
pub async fn labels(db: &Db, tenant: TenantId, ids: &[kit::Uuid]) -> Result<HashMap<kit::Uuid, (String, String)>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values = vec![Value::from(tenant)];
    values.extend(ids.iter().map(|id| Value::from(*id)));
    let rows = db.all(&labels_sql(ids.len()), &values).await?;
    rows.iter().map(|row| Ok((row.get("id")?, (row.get("label")?, row.get("label_en")?)))).collect()
}

fn labels_sql(count: usize) -> String {
    let places: Vec<String> = (2..count + 2).map(|n| format!("${n}")).collect();
    let these = places.join(", ");
    format!(
        "select id, label, label_en from place where tenant = $1 and id in ({these})
        union all select id, name, name_en from person where tenant = $1 and id in ({these})"
    )
}

fn first(rows: Vec<Row>) -> Result<Option<Place>> {
    rows.first().map(Place::read).transpose()
}

fn many(rows: Vec<Row>) -> Result<Vec<Place>> {
    rows.iter().map(Place::read).collect()
}

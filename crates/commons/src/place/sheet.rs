//! Places in a sheet: read with every fault named by row and column, compared with the tree before anything is written,
//! and written so that what was exported comes back unchanged.

mod reading;

use super::store;
use super::{NewPlace, Place, PlaceKind, TenantId};
use crate::sheet;
use kit::db::Tx;
use kit::{Error, Reason, Result};
use reading::Reading;
use std::collections::{BTreeMap, HashMap};

/// Errors told at once; more of them are counted.
const ERRORS_MAX: usize = 200;

/// The columns: English name, Chinese name.
const COLUMNS: &[(&str, &str)] = &[
    ("key", "键"),
    ("code", "小区代号"),
    ("compound", "小区"),
    ("building", "楼栋"),
    ("entrance", "单元"),
    ("home", "户室"),
    ("facility", "设施"),
    ("facility_kind", "设施类型"),
    ("name_en", "英文名"),
    ("floor", "楼层"),
    ("area_m2", "面积"),
    ("lat", "纬度"),
    ("lon", "经度"),
    ("x_m", "东"),
    ("y_m", "北"),
];
/// Columns that no sheet of places needs; a sheet that brings them is refused.
pub(crate) const NOT_WANTED: &[&str] =
    &["身份证", "身份证号", "手机", "手机号", "电话", "phone", "id_number", "民族", "政治面貌", "宗教"];

/// What a facility may be: as it is kept, and as people write it.
pub const FACILITIES: &[(&str, &str)] = &[
    ("gate", "大门"),
    ("garden", "花园"),
    ("garbage", "垃圾投放点"),
    ("ebike", "电动车棚"),
    ("parking", "停车场"),
    ("wall", "文化墙"),
    ("hub", "红小楼"),
    ("room", "活动室"),
    ("lift", "电梯"),
    ("playground", "儿童乐园"),
    ("fitness", "健身点"),
    ("other", "其他"),
];

/// A cell that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellError {
    /// As the spreadsheet counts: the header is 1.
    pub row: usize,
    pub column: String,
    pub reason: Reason,
    pub value: String,
}

/// One place as a row says it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    row: usize,
    path: String,
    kind: PlaceKind,
    /// What the sheet calls the compound it lies in.
    compound: String,
    name: String,
    name_en: String,
    facility_kind: Option<String>,
    floor: Option<i64>,
    area: Option<i64>,
    lat_e7: Option<i64>,
    lon_e7: Option<i64>,
    x_mm: Option<i64>,
    y_mm: Option<i64>,
}

/// What a sheet would do.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    rows: Vec<Row>,
    /// Compounds that would come into being: code and name, in the order of the sheet.
    pub compounds: Vec<(String, String)>,
    pub errors: Vec<CellError>,
    /// Errors beyond those listed.
    pub more_errors: usize,
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
}

/// Reads a sheet and compares it with the tree; nothing is written.
///
/// # Errors
/// [`Error::Invalid`] when it is no table at all, or brings columns that are not wanted.
pub fn plan(bytes: &[u8], tree: &[Place]) -> Result<Plan> {
    let table = sheet::read(bytes)?;
    let header = table.first().ok_or(Error::invalid("file", "sheet/not-a-table"))?;
    let columns = columns_of(header)?;
    let mut plan = Plan::default();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let known: HashMap<&str, &Place> = tree.iter().map(|place| (place.path.as_str(), place)).collect();
    for (at, cells) in table.iter().enumerate().skip(1) {
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let mut reading = Reading { row: at + 1, cells, columns: &columns, known: &known, errors: Vec::new() };
        let row = reading.row(&plan.compounds);
        let mut errors = reading.errors;
        if let Some(row) = row.filter(|_| errors.is_empty()) {
            match seen.insert(row.path.clone(), row.row) {
                Some(first) => errors.push(CellError {
                    row: row.row,
                    column: "key".into(),
                    reason: Reason("sheet/duplicate-row"),
                    value: format!("{} = {first}", row.path),
                }),
                None => {
                    match known.get(row.path.as_str()) {
                        None => plan.added += 1,
                        Some(place) if row.changes(place) => plan.changed += 1,
                        Some(_) => plan.unchanged += 1,
                    }
                    let code = row.path.split('/').next().unwrap_or_default();
                    if !known.contains_key(code) && plan.compounds.iter().all(|(known, _)| known != code) {
                        plan.compounds.push((code.to_owned(), row.compound.clone()));
                    }
                    plan.rows.push(row);
                }
            }
        }
        for error in errors {
            if plan.errors.len() < ERRORS_MAX { plan.errors.push(error) } else { plan.more_errors += 1 }
        }
    }
    Ok(plan)
}

fn columns_of(header: &[String]) -> Result<BTreeMap<&'static str, usize>> {
    let mut columns = BTreeMap::new();
    for (at, name) in header.iter().enumerate() {
        let name = name.trim().to_lowercase();
        if NOT_WANTED.contains(&name.as_str()) {
            return Err(Error::invalid("file", "sheet/column-not-wanted"));
        }
        if let Some((key, _)) = COLUMNS.iter().find(|(en, zh)| *en == name || *zh == name) {
            columns.insert(*key, at);
        }
    }
    let named = columns.contains_key("key") || columns.contains_key("code");
    if named { Ok(columns) } else { Err(Error::invalid("file", "sheet/column-missing")) }
}

fn shown(number: Option<i64>, digits: u32) -> String {
    let Some(number) = number else { return String::new() };
    let unit = 10_i64.pow(digits);
    let sign = if number < 0 { "-" } else { "" };
    let (whole, fraction) = (number.abs() / unit, number.abs() % unit);
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let fraction = format!("{fraction:0width$}", width = digits as usize);
    format!("{sign}{whole}.{}", fraction.trim_end_matches('0'))
}

impl Row {
    fn changes(&self, place: &Place) -> bool {
        self.applied_to(place) != *place
    }

    /// The place with what the row says; empty cells leave what is there.
    fn applied_to(&self, place: &Place) -> Place {
        let mut next = place.clone();
        let label_end = |label: &str, old: &str, new: &str| match label.strip_suffix(old) {
            Some(front) => format!("{front}{new}"),
            None => label.to_owned(),
        };
        next.label = label_end(&place.label, &place.name, &self.name);
        next.name.clone_from(&self.name);
        if !self.name_en.is_empty() {
            next.label_en = label_end(&place.label_en, &place.name_en, &self.name_en);
            next.name_en.clone_from(&self.name_en);
        }
        next.facility_kind = self.facility_kind.clone().or(next.facility_kind);
        next.floor = self.floor.or(next.floor);
        next.area = self.area.or(next.area);
        next.ground.lat_e7 = self.lat_e7.or(next.ground.lat_e7);
        next.ground.lon_e7 = self.lon_e7.or(next.ground.lon_e7);
        next.ground.x_mm = self.x_mm.or(next.ground.x_mm);
        next.ground.y_mm = self.y_mm.or(next.ground.y_mm);
        next
    }
}

/// Writes a plan without errors. Parents that no row names are made with the name of their step.
///
/// # Errors
/// [`Error::Conflict`] for a plan with errors; a compound's code that another tenant uses.
pub async fn apply(tx: &mut Tx<'_>, tenant: TenantId, plan: &Plan) -> Result<()> {
    if !plan.errors.is_empty() {
        return Err(Error::conflict("sheet/has-errors"));
    }
    let root = store::root_in(tx, tenant).await?.ok_or(Error::NotFound)?;
    let mut known: HashMap<String, Place> = HashMap::new();
    for (code, name) in &plan.compounds {
        if find(tx, tenant, &mut known, code).await?.is_none() {
            let bare = Row::bare(code, PlaceKind::Compound, name.clone());
            let place = add(tx, tenant, &root, PlaceKind::Compound, code, &bare).await?;
            known.insert(code.clone(), place);
        }
    }
    let mut rows: Vec<&Row> = plan.rows.iter().collect();
    rows.sort_by_key(|row| row.path.matches('/').count());
    for row in rows {
        match find(tx, tenant, &mut known, &row.path).await? {
            Some(place) if row.changes(&place) => {
                let next = row.applied_to(&place);
                store::update(tx, &next).await?;
                known.insert(row.path.clone(), next);
            }
            Some(_) => {}
            None => {
                let parent = parent(tx, tenant, &root, &mut known, &row.path).await?;
                let place = add(tx, tenant, &parent, row.kind, &row.path, row).await?;
                known.insert(row.path.clone(), place);
            }
        }
    }
    Ok(())
}

async fn find(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    known: &mut HashMap<String, Place>,
    path: &str,
) -> Result<Option<Place>> {
    if let Some(place) = known.get(path) {
        return Ok(Some(place.clone()));
    }
    let found = store::by_path_in(tx, tenant, path).await?;
    if let Some(place) = &found {
        known.insert(path.to_owned(), place.clone());
    }
    Ok(found)
}

/// The place above `path`, made step by step where it is missing.
async fn parent(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    root: &Place,
    known: &mut HashMap<String, Place>,
    path: &str,
) -> Result<Place> {
    let mut above = root.clone();
    let ends: Vec<usize> = path.match_indices('/').map(|(at, _)| at).collect();
    for (depth, end) in ends.iter().enumerate() {
        let step = &path[..*end];
        above = match find(tx, tenant, known, step).await? {
            Some(place) => place,
            None => {
                // A compound is there by now: the plan names each new one.
                let kind = [PlaceKind::Compound, PlaceKind::Building, PlaceKind::Entrance][depth.min(2)];
                let name = step.rsplit('/').next().unwrap_or(step);
                let name = match kind {
                    PlaceKind::Building => format!("{name}号楼"),
                    PlaceKind::Entrance => format!("{name}单元"),
                    _ => name.to_owned(),
                };
                let bare = Row::bare(step, kind, name);
                let place = add(tx, tenant, &above, kind, step, &bare).await?;
                known.insert(step.to_owned(), place.clone());
                place
            }
        };
    }
    Ok(above)
}

impl Row {
    fn bare(path: &str, kind: PlaceKind, name: String) -> Row {
        Row {
            row: 0,
            path: path.to_owned(),
            kind,
            compound: String::new(),
            name,
            name_en: String::new(),
            facility_kind: None,
            floor: None,
            area: None,
            lat_e7: None,
            lon_e7: None,
            x_mm: None,
            y_mm: None,
        }
    }
}

async fn add(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    parent: &Place,
    kind: PlaceKind,
    path: &str,
    row: &Row,
) -> Result<Place> {
    let step = path.rsplit('/').next().unwrap_or(path);
    if kind == PlaceKind::Compound && store::code_taken(tx, step).await? {
        return Err(Error::invalid("file", "sheet/compound-code-taken"));
    }
    let mut new = NewPlace::new(kind, step, &row.name, &row.name_en);
    new.facility_kind.clone_from(&row.facility_kind);
    new.floor = row.floor;
    new.area = row.area;
    new.ground.lat_e7 = row.lat_e7;
    new.ground.lon_e7 = row.lon_e7;
    new.ground.x_mm = row.x_mm;
    new.ground.y_mm = row.y_mm;
    new.sort = step.parse().unwrap_or(0);
    if kind == PlaceKind::Compound {
        return store::add_compound(tx, tenant, parent, new).await;
    }
    store::add(tx, tenant, Some(parent), new).await
}

/// The tree as a sheet: a row for each compound, building, entrance, home and facility.
///
/// # Errors
/// [`Error::Internal`] when the writer fails.
pub fn write(tree: &[Place], format: sheet::Format) -> Result<Vec<u8>> {
    let names: HashMap<super::PlaceId, &Place> = tree.iter().map(|place| (place.id, place)).collect();
    let named = |id: Option<super::PlaceId>| id.and_then(|id| names.get(&id)).map_or(String::new(), |p| p.name.clone());
    let mut rows = vec![COLUMNS.iter().map(|(_, zh)| (*zh).to_owned()).collect::<Vec<_>>()];
    for place in tree {
        let of = |kind: PlaceKind| if place.kind == kind { place.name.clone() } else { String::new() };
        let wanted =
            [PlaceKind::Compound, PlaceKind::Building, PlaceKind::Entrance, PlaceKind::Home, PlaceKind::Facility];
        if !wanted.contains(&place.kind) {
            continue;
        }
        let code = place.path.split('/').next().unwrap_or_default().to_owned();
        rows.push(vec![
            place.path.clone(),
            code,
            named(place.compound),
            named(place.building),
            named(place.entrance),
            of(PlaceKind::Home),
            of(PlaceKind::Facility),
            place.facility_kind.clone().unwrap_or_default(),
            place.name_en.clone(),
            shown(place.floor, 0),
            shown(place.area, 2),
            shown(place.ground.lat_e7, 7),
            shown(place.ground.lon_e7, 7),
            shown(place.ground.x_mm, 3),
            shown(place.ground.y_mm, 3),
        ]);
    }
    sheet::write(&rows, format)
}

/// A sheet to begin with: the header and three examples.
///
/// # Errors
/// [`Error::Internal`] when the writer fails.
pub fn template(format: sheet::Format) -> Result<Vec<u8>> {
    let header: Vec<&str> = COLUMNS.iter().map(|(_, zh)| *zh).collect();
    let examples = [
        ["", "shiliu", "石榴园", "", "", "", "", "", "Pomegranate Court", "", "", "", "", "", ""],
        ["", "shiliu", "石榴园", "3号楼", "2单元", "301", "", "", "", "3", "89.50", "", "", "", ""],
        ["", "shiliu", "石榴园", "", "", "", "南门", "gate", "South gate", "", "", "31.26", "120.61", "", ""],
    ];
    let rows: Vec<Vec<String>> = std::iter::once(header)
        .chain(examples.iter().map(|row| row.to_vec()))
        .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
        .collect();
    sheet::write(&rows, format)
}

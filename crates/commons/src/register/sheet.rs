//! The register in a sheet: one row for each owner of a unit, every fault named by its row, all of it or nothing.

use super::{Owner, UNITS_MAX, Unit, UnitKind, area, area_text};
use crate::people::household::Share;
use crate::place::sheet::{CellError, NOT_WANTED};
use crate::sheet::{self, Format};
use kit::{Error, Reason, Result};
use std::collections::HashMap;

/// Errors told at once; more of them are counted.
const ERRORS_MAX: usize = 200;
/// The columns: English name, Chinese name.
pub const COLUMNS: &[(&str, &str)] = &[
    ("unit", "户号"),
    ("kind", "类型"),
    ("area_m2", "专有面积"),
    ("owner", "业主"),
    ("mark", "编号"),
    ("share", "份额"),
];

/// What a sheet would put in place of the register.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub units: Vec<Unit>,
    pub errors: Vec<CellError>,
    /// Errors beyond those listed.
    pub more_errors: usize,
}

/// Reads a sheet; nothing is written.
///
/// # Errors
/// [`Error::Invalid`] on `file` when it is no table at all, lacks a column or brings one that is not wanted.
pub fn plan(bytes: &[u8]) -> Result<Plan> {
    let table = sheet::read(bytes)?;
    let header = table.first().ok_or(Error::invalid("file", "sheet/not-a-table"))?;
    let at = columns_of(header)?;
    let mut plan = Plan::default();
    let mut errors: Vec<CellError> = Vec::new();
    let mut by_code: HashMap<String, (usize, usize)> = HashMap::new();
    for (index, cells) in table.iter().enumerate().skip(1) {
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let row = index + 1;
        let text = |column: &str| at.get(column).and_then(|at| cells.get(*at)).map_or("", |cell| cell.trim());
        let before = errors.len();
        let mut wrong = |column: &str, stem: &'static str| {
            errors.push(CellError {
                row,
                column: column.to_owned(),
                reason: Reason(stem),
                value: text(column).to_owned(),
            });
        };
        let code = text("unit").to_owned();
        if code.is_empty() {
            wrong("unit", "register/code");
        }
        let known = by_code.get(&code).map(|(at, _)| *at);
        let kind = UnitKind::read(text("kind"));
        if kind.is_none() {
            wrong("kind", "register/kind");
        }
        // Further owners of a unit need not say its area again.
        let size = match (text("area_m2"), known) {
            ("", Some(at)) => Some(plan.units[at].area),
            (typed, _) => area(typed),
        };
        if size.is_none() {
            wrong("area_m2", "register/area");
        }
        let share = match text("share") {
            "" => None,
            typed => match Share::parse(typed) {
                Ok(share) => Some(share),
                Err(_) => {
                    wrong("share", "homes/share");
                    None
                }
            },
        };
        let owner = Owner { name: text("owner").to_owned(), mark: text("mark").to_owned(), share };
        if let Err(reason) = owner.check() {
            wrong(if reason == "register/owner-mark" { "mark" } else { "owner" }, reason);
        }
        let (Some(kind), Some(size)) = (kind, size) else { continue };
        match known {
            Some(at) => {
                let unit = &mut plan.units[at];
                if unit.area != size {
                    wrong("area_m2", "register/area-differs");
                }
                if !text("kind").is_empty() && unit.kind != kind {
                    wrong("kind", "register/kind-differs");
                }
                unit.owners.push(owner);
                if errors.len() == before
                    && let Err(Error::Invalid(fields)) = unit.check()
                {
                    let reason = fields.first().map_or(Reason("register/owners"), |field| field.reason);
                    errors.push(CellError { row, column: "owner".into(), reason, value: text("owner").to_owned() });
                }
            }
            None if !code.is_empty() => {
                let unit = Unit { code: code.clone(), kind, area: size, owners: vec![owner] };
                if errors.len() == before
                    && let Err(Error::Invalid(fields)) = unit.check()
                {
                    let reason = fields.first().map_or(Reason("register/code"), |field| field.reason);
                    errors.push(CellError { row, column: "unit".into(), reason, value: code.clone() });
                }
                by_code.insert(code, (plan.units.len(), row));
                plan.units.push(unit);
            }
            None => {}
        }
    }
    if plan.units.is_empty() && errors.is_empty() {
        return Err(Error::invalid("file", "register/empty"));
    }
    if plan.units.len() > UNITS_MAX {
        return Err(Error::invalid("file", "sheet/too-many-rows"));
    }
    plan.more_errors = errors.len().saturating_sub(ERRORS_MAX);
    errors.truncate(ERRORS_MAX);
    plan.errors = errors;
    Ok(plan)
}

fn columns_of(header: &[String]) -> Result<HashMap<&'static str, usize>> {
    let mut at = HashMap::new();
    for (column, cell) in header.iter().enumerate() {
        let cell = cell.trim().to_lowercase();
        if NOT_WANTED.iter().any(|unwanted| cell.contains(unwanted)) {
            return Err(Error::invalid("file", "sheet/column-not-wanted"));
        }
        let known = COLUMNS.iter().find(|(en, zh)| *en == cell || *zh == cell);
        if let Some((name, _)) = known {
            at.entry(*name).or_insert(column);
        }
    }
    let needed = ["unit", "area_m2", "owner"];
    if needed.iter().any(|column| !at.contains_key(column)) {
        return Err(Error::invalid("file", "register/columns"));
    }
    Ok(at)
}

/// Units as a sheet that comes back unchanged.
///
/// # Errors
/// [`Error::Internal`] when it cannot be written.
pub fn write(units: &[Unit], format: Format) -> Result<Vec<u8>> {
    let mut rows = vec![COLUMNS.iter().map(|(_, zh)| (*zh).to_owned()).collect::<Vec<_>>()];
    for unit in units {
        for owner in &unit.owners {
            rows.push(vec![
                unit.code.clone(),
                unit.kind.zh().to_owned(),
                area_text(unit.area),
                owner.name.clone(),
                owner.mark.clone(),
                owner.share.map(|share| share.to_string()).unwrap_or_default(),
            ]);
        }
    }
    sheet::write(&rows, format)
}

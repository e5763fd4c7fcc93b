//! One row of a sheet of places, read: what it says, or every fault in it by its column.

use super::{CellError, FACILITIES, Row};
use crate::place::{Place, PlaceKind};
use kit::Reason;
use std::collections::{BTreeMap, HashMap};

const NAME_CHARACTERS_MAX: usize = 60;
/// A home larger than this, or anything else larger than that, is a slip of the pen. In 0.01 m².
const HOME_AREA_MAX: i64 = 10_000 * 100;
const AREA_MAX: i64 = 1_000_000 * 100;

pub(super) struct Reading<'t> {
    pub(super) row: usize,
    pub(super) cells: &'t [String],
    pub(super) columns: &'t BTreeMap<&'static str, usize>,
    pub(super) known: &'t HashMap<&'t str, &'t Place>,
    pub(super) errors: Vec<CellError>,
}

impl Reading<'_> {
    fn text(&self, column: &str) -> &str {
        self.columns.get(column).and_then(|at| self.cells.get(*at)).map_or("", |cell| cell.trim())
    }

    fn wrong(&mut self, column: &str, stem: &'static str) {
        let value = self.text(column).to_owned();
        self.errors.push(CellError { row: self.row, column: column.to_owned(), reason: Reason(stem), value });
    }

    /// `new`: compounds that rows before have named, which are not in the tree.
    pub(super) fn row(&mut self, new: &[(String, String)]) -> Option<Row> {
        let steps: Vec<(&str, PlaceKind, String)> = [
            ("building", PlaceKind::Building),
            ("entrance", PlaceKind::Entrance),
            ("home", PlaceKind::Home),
            ("facility", PlaceKind::Facility),
        ]
        .into_iter()
        .map(|(column, kind)| (column, kind, self.text(column).to_owned()))
        .filter(|(.., name)| !name.is_empty())
        .collect();
        let key = self.text("key").to_owned();
        let code = self.code(&key);
        let compound = self.text("compound").to_owned();
        let (kind, name) = match steps.last() {
            Some((_, kind, name)) => (*kind, name.clone()),
            None => (PlaceKind::Compound, compound.clone()),
        };
        if name.is_empty() {
            self.wrong("compound", "sheet/name-missing");
        }
        for (column, name) in steps.iter().map(|(column, _, name)| (*column, name)).chain([("compound", &compound)]) {
            if !is_name(name) {
                self.wrong(column, "sheet/name-bad");
            }
        }
        let name_en = self.text("name_en").to_owned();
        if name_en.chars().any(char::is_control) || name_en.chars().count() > NAME_CHARACTERS_MAX {
            self.wrong("name_en", "sheet/name-bad");
        }
        self.parents(kind, &steps, &key);
        let path = if key.is_empty() {
            let below = steps.iter().map(|(.., name)| step_of(name));
            std::iter::once(code.clone()).chain(below).collect::<Vec<_>>().join("/")
        } else {
            key
        };
        if path.len() > 200 || !path.split('/').all(|step| !step.is_empty() && is_name(step)) {
            self.wrong("key", "sheet/key-bad");
        }
        let place = self.known.get(path.as_str()).copied();
        if place.is_some_and(|place| place.kind != kind) {
            self.wrong("key", "sheet/kind-differs");
        }
        // Its own row may call a compound by its English name; it keeps both.
        let own = place.filter(|_| kind == PlaceKind::Compound);
        let name = own.map_or(name, |place| place.name.clone());
        self.compound(&code, &compound, new);
        let facility_kind = self.facility_kind(place);
        let (lat_e7, lon_e7) = self.pair(("lat", 90), ("lon", 180), 7);
        let (x_mm, y_mm) = self.pair(("x_m", 1_000_000), ("y_m", 1_000_000), 3);
        Some(Row {
            row: self.row,
            path,
            kind,
            compound,
            name,
            name_en,
            facility_kind,
            floor: self.decimal("floor", 0, 200),
            area: self.area(kind),
            lat_e7,
            lon_e7,
            x_mm,
            y_mm,
        })
    }

    /// The compound's code, which a key begins with too.
    fn code(&mut self, key: &str) -> String {
        let (code, of_key) = (self.text("code").to_lowercase(), key.split('/').next().unwrap_or_default());
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let differs = !code.is_empty() && !key.is_empty() && code != of_key;
        let code = if code.is_empty() { of_key.to_owned() } else { code };
        if !(1..=20).contains(&code.len()) || !code.bytes().all(plain) {
            self.wrong("code", "sheet/compound-code-bad");
        } else if differs {
            self.wrong("key", "sheet/key-elsewhere");
        }
        code
    }

    /// What lies in a building says in which one; a key says it by its steps.
    fn parents(&mut self, kind: PlaceKind, steps: &[(&str, PlaceKind, String)], key: &str) {
        let has = |wanted: PlaceKind| steps.iter().any(|(_, kind, _)| *kind == wanted);
        let inside = has(PlaceKind::Entrance) || has(PlaceKind::Home);
        if key.is_empty() {
            if inside && !has(PlaceKind::Building) {
                self.wrong("building", "sheet/parent-missing");
            }
            return;
        }
        let fits = match (kind, key.split('/').count()) {
            (PlaceKind::Compound, n) => n == 1,
            (PlaceKind::Building, n) => n == 2,
            (PlaceKind::Entrance, n) => n == 3,
            (PlaceKind::Home, n) => (3..=4).contains(&n),
            (_, n) => (2..=4).contains(&n),
        };
        if !fits {
            self.wrong("key", "sheet/key-depth");
        }
    }

    /// A compound has one name: the one that is kept, or for a new one the one that its first row gives.
    fn compound(&mut self, code: &str, name: &str, new: &[(String, String)]) {
        let kept = self.known.get(code).map(|place| (place.name.as_str(), place.name_en.as_str()));
        let given = || new.iter().find(|(known, _)| known == code).map(|(_, name)| (name.as_str(), name.as_str()));
        match kept.or_else(given) {
            Some((zh, en)) if !name.is_empty() && name != zh && name != en => {
                self.wrong("compound", "sheet/compound-name-differs");
            }
            None if name.is_empty() && self.errors.is_empty() => self.wrong("code", "sheet/compound-unknown"),
            _ => {}
        }
    }

    fn facility_kind(&mut self, place: Option<&Place>) -> Option<String> {
        let typed = self.text("facility_kind").to_owned();
        if typed.is_empty() {
            return None;
        }
        let known = FACILITIES.iter().find(|(kind, zh)| *kind == typed || *zh == typed);
        let kept = place.and_then(|place| place.facility_kind.clone()).filter(|kept| *kept == typed);
        let kind = known.map(|(kind, _)| (*kind).to_owned()).or(kept);
        if kind.is_none() {
            self.wrong("facility_kind", "sheet/facility-kind-unknown");
        }
        kind
    }

    fn area(&mut self, kind: PlaceKind) -> Option<i64> {
        let area = self.decimal("area_m2", 2, 1_000_000)?;
        let most = if kind == PlaceKind::Home { HOME_AREA_MAX } else { AREA_MAX };
        if !(1..=most).contains(&area) {
            self.wrong("area_m2", "sheet/area-bad");
        }
        Some(area)
    }

    /// Two numbers that mean something only together.
    fn pair(
        &mut self,
        (one, one_most): (&'static str, i64),
        (other, other_most): (&'static str, i64),
        digits: u32,
    ) -> (Option<i64>, Option<i64>) {
        let missing = match (self.text(one).is_empty(), self.text(other).is_empty()) {
            (false, true) => Some(other),
            (true, false) => Some(one),
            _ => None,
        };
        if let Some(column) = missing {
            self.wrong(column, "sheet/pair-missing");
        }
        (self.decimal(one, digits, one_most), self.decimal(other, digits, other_most))
    }

    /// A decimal number as whole units of `10^-digits`, exactly; its whole part at most `most` either way.
    fn decimal(&mut self, column: &'static str, digits: u32, most: i64) -> Option<i64> {
        let text = self.text(column).to_owned();
        if text.is_empty() {
            return None;
        }
        let number = decimal(&text, digits).filter(|n| n.abs() <= most.saturating_mul(10_i64.pow(digits)));
        if number.is_none() {
            self.wrong(column, "sheet/number-bad");
        }
        number
    }
}

fn decimal(text: &str, digits: u32) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || fraction.len() > digits as usize {
        return None;
    }
    let padded = format!("{fraction:0<width$}", width = digits as usize);
    let fraction: i64 = if padded.is_empty() { 0 } else { padded.parse().ok()? };
    Some(sign * (whole.parse::<i64>().ok()?.checked_mul(10_i64.pow(digits))? + fraction))
}

/// What can be a name and a step of a path; an empty cell is not looked at here.
fn is_name(name: &str) -> bool {
    let odd = |c: char| {
        c.is_control()
            || matches!(c, '/' | '\\' | '\u{2028}' | '\u{2029}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
    };
    !matches!(name, "." | "..") && name.chars().count() <= NAME_CHARACTERS_MAX && !name.contains(odd)
}

/// `3号楼`, `3幢`, `第3栋` → `3`; other names stay as they are, without slashes.
fn step_of(name: &str) -> String {
    let narrow: String = name.chars().map(kit::text::narrow).collect();
    let bare =
        narrow.trim().trim_start_matches('第').trim_end_matches(['号', '楼', '幢', '栋', '座', '单', '元', '室', '户']);
    let step = if !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_alphanumeric()) { bare } else { narrow.trim() };
    step.replace('/', "-").to_lowercase()
}

//! Buildings that are all alike, by a pattern: which there are, how many entrances, floors, and homes on a floor.

use super::{NewPlace, Place, PlaceKind, store};
use kit::db::Tx;
use kit::error::FieldError;
use kit::{Error, Reason, Result};

const BUILDINGS_MAX: usize = 200;
const HOMES_MAX: usize = 20_000;
const LAST: i64 = 1000;

/// The buildings of a compound as they are to be raised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    pub buildings: Vec<String>,
    pub entrances: i64,
    pub floors: i64,
    pub per_floor: i64,
}

impl Pattern {
    /// The fields a form needs for it.
    pub const FIELDS: [&'static str; 4] = ["buildings", "entrances", "floors", "per_floor"];

    /// Reads the fields, and tells everything that is wrong with them. No building at all is wrong only where some are `wanted`.
    pub fn read(text: &dyn Fn(&str) -> String, wanted: bool) -> (Pattern, Vec<FieldError>) {
        let mut wrong = Vec::new();
        let typed = text("buildings");
        let buildings = buildings(&typed);
        if buildings.as_ref().is_none_or(Vec::is_empty) && (wanted || !typed.is_empty()) {
            wrong.push(FieldError { field: "buildings", reason: Reason("compounds/buildings") });
        }
        let buildings = buildings.unwrap_or_default();
        let mut number = |field: &'static str, max: i64| {
            let typed = text(field);
            let n = if typed.is_empty() { Some(1) } else { typed.parse().ok() };
            let n = n.filter(|n| (1..=max).contains(n));
            if n.is_none() {
                wrong.push(FieldError { field, reason: Reason("compounds/number") });
            }
            n.unwrap_or(1)
        };
        let (entrances, floors, per_floor) = (number("entrances", 20), number("floors", 60), number("per_floor", 40));
        let homes = buildings.len() * usize::try_from(entrances * floors * per_floor).unwrap_or(usize::MAX);
        if homes > HOMES_MAX {
            wrong.push(FieldError { field: "buildings", reason: Reason("compounds/too-many") });
        }
        (Pattern { buildings, entrances, floors, per_floor }, wrong)
    }

    /// What most compounds look like, so that less has to be typed.
    pub fn usual(field: &str) -> &'static str {
        match field {
            "entrances" => "2",
            "floors" => "6",
            "per_floor" => "2",
            _ => "",
        }
    }

    /// The homes of one entrance: floor and number, `301` being the first on the third.
    fn homes(&self) -> impl Iterator<Item = (i64, String)> + '_ {
        (1..=self.floors).flat_map(|floor| (1..=self.per_floor).map(move |n| (floor, format!("{floor}{n:02}"))))
    }
}

/// Puts buildings, entrances and homes into a compound.
///
/// # Errors
/// [`Error::Invalid`] on `buildings` when one of them is there already.
pub async fn raise(tx: &mut Tx<'_>, compound: &Place, pattern: &Pattern) -> Result<()> {
    let tenant = compound.tenant;
    for step in &pattern.buildings {
        if store::by_path_in(tx, tenant, &format!("{}/{step}", compound.path)).await?.is_some() {
            return Err(Error::invalid("buildings", "compounds/building-there"));
        }
    }
    for (at, step) in pattern.buildings.iter().enumerate() {
        let name = format!("{}号楼", step.to_uppercase());
        let mut building = NewPlace::new(PlaceKind::Building, step, name, format!("Building {}", step.to_uppercase()));
        // In the order of their numbers, whenever they are added; those without one come behind.
        building.sort = step.parse().unwrap_or(LAST + i64::try_from(at).unwrap_or(0));
        let building = store::add(tx, tenant, Some(compound), building).await?;
        for n in 1..=pattern.entrances {
            let mut entrance =
                NewPlace::new(PlaceKind::Entrance, n.to_string(), format!("{n}单元"), format!("Entrance {n}"));
            entrance.sort = n;
            let entrance = store::add(tx, tenant, Some(&building), entrance).await?;
            for (floor, number) in pattern.homes() {
                let mut home = NewPlace::new(PlaceKind::Home, &number, &number, &number);
                home.floor = Some(floor);
                home.sort = number.parse().unwrap_or(0);
                store::add(tx, tenant, Some(&entrance), home).await?;
            }
        }
    }
    Ok(())
}

/// `1-6,8` → 1, 2, 3, 4, 5, 6, 8; `None` when it cannot be read.
fn buildings(text: &str) -> Option<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    for part in text.split([',', '，', '、', ' ', ';', '；']).map(str::trim).filter(|part| !part.is_empty()) {
        let part = part.trim_end_matches(['号', '楼', '栋']);
        let range = part.split_once(['-', '–', '—', '~', '～']);
        let steps: Vec<String> = match range {
            Some((from, to)) => {
                let (from, to): (u32, u32) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
                if from > to || to > 999 {
                    return None;
                }
                (from..=to).map(|n| n.to_string()).collect()
            }
            None if (1..=6).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                vec![part.to_lowercase()]
            }
            None => return None,
        };
        for step in steps {
            if !all.contains(&step) {
                all.push(step);
            }
        }
        if all.len() > BUILDINGS_MAX {
            return None;
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests;

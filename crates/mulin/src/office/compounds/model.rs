//! What the form of a new compound says, as values that cannot be wrong.

use kit::Result;
use kit::web::form::Problems;

const BUILDINGS_MAX: usize = 200;
const HOMES_MAX: usize = 20_000;
const NAME_CHARACTERS_MAX: usize = 60;

/// A compound as it is to be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub name: String,
    pub code: String,
    pub buildings: Vec<String>,
    pub entrances: i64,
    pub floors: i64,
    pub per_floor: i64,
    /// The property company's name.
    pub property: Option<String>,
    /// Who answers for the property company.
    pub manager: Option<String>,
    /// Building and name.
    pub captains: Vec<(String, String)>,
}

impl Plan {
    /// Reads the fields; `sheet` says that the buildings come in a file, so they may be left out here.
    ///
    /// # Errors
    /// [`kit::Error::Invalid`] with everything that is wrong.
    pub fn read(text: &dyn Fn(&str) -> String, sheet: bool) -> Result<Plan> {
        let mut problems = Problems::default();
        let (name, code) = (text("name"), text("code"));
        let long = |text: &str| text.chars().count() > NAME_CHARACTERS_MAX;
        problems.when(name.is_empty() || long(&name), "name", "compounds/name");
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let fits = (2..=20).contains(&code.len()) && code.bytes().all(plain);
        problems.when(!fits, "code", "first-run/compound-code");
        let buildings = buildings(&text("buildings"));
        let missing = buildings.as_ref().is_none_or(Vec::is_empty) && !(sheet && text("buildings").is_empty());
        problems.when(missing, "buildings", "compounds/buildings");
        let buildings = buildings.unwrap_or_default();
        let mut number = |field: &'static str, max: i64| {
            let typed = text(field);
            let n = if typed.is_empty() { Some(1) } else { typed.parse().ok() };
            let n = n.filter(|n| (1..=max).contains(n));
            problems.when(n.is_none(), field, "compounds/number");
            n.unwrap_or(1)
        };
        let (entrances, floors, per_floor) = (number("entrances", 20), number("floors", 60), number("per_floor", 40));
        let homes = buildings.len() * usize::try_from(entrances * floors * per_floor).unwrap_or(usize::MAX);
        problems.when(homes > HOMES_MAX, "buildings", "compounds/too-many");
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let (property, manager) = (some(text("property")), some(text("manager")));
        problems.when(property.as_deref().is_some_and(long), "property", "compounds/name");
        problems.when(manager.as_deref().is_some_and(long), "manager", "compounds/name");
        problems.when(manager.is_some() && property.is_none(), "property", "compounds/property");
        let captains = captains(&text("captains"));
        let known = |captains: &Vec<(String, String)>| {
            captains.iter().all(|(at, name)| !long(name) && (sheet || buildings.contains(at)))
        };
        problems.when(!captains.as_ref().is_some_and(known), "captains", "compounds/captains");
        problems.none()?;
        let captains = captains.unwrap_or_default();
        Ok(Plan { name, code, buildings, entrances, floors, per_floor, property, manager, captains })
    }

    /// The homes of one entrance: floor and number, `301` being the first on the third.
    pub fn homes(&self) -> impl Iterator<Item = (i64, String)> + '_ {
        (1..=self.floors).flat_map(|floor| (1..=self.per_floor).map(move |n| (floor, format!("{floor}{n:02}"))))
    }
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

/// One a line: `3 周明`, `3号楼：周明`; `None` when a line cannot be read.
fn captains(text: &str) -> Option<Vec<(String, String)>> {
    let line = |line: &str| {
        let (at, name) = line.split_once(|c: char| c.is_whitespace() || matches!(c, '：' | ':' | ',' | '，'))?;
        let (at, name) = (at.trim_end_matches(['号', '楼', '栋']).to_lowercase(), name.trim().to_owned());
        (!at.is_empty() && !name.is_empty()).then_some((at, name))
    };
    text.lines().map(str::trim).filter(|text| !text.is_empty()).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buildings_are_read_as_people_write_them() {
        assert_eq!(buildings("1-3、5号楼, A1").unwrap(), ["1", "2", "3", "5", "a1"]);
        assert_eq!(buildings("2，2").unwrap(), ["2"]);
        for wrong in ["3-1", "1-5000", "东楼", "1-"] {
            assert_eq!(buildings(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn captains_are_read_one_a_line() {
        assert_eq!(
            captains("1 周明\n\n2号楼：李兰 ").unwrap(),
            [("1".into(), "周明".into()), ("2".into(), "李兰".into())]
        );
        assert_eq!(captains("周明"), None);
    }
}

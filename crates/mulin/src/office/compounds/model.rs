//! What the form of a new compound says, as values that cannot be wrong.

use commons::place::pattern::Pattern;
use kit::Result;
use kit::web::form::Problems;

const NAME_CHARACTERS_MAX: usize = 60;

/// A compound as it is to be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub name: String,
    pub code: String,
    pub pattern: Pattern,
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
        let (pattern, wrong) = Pattern::read(text, !sheet);
        wrong.iter().for_each(|one| problems.add(one.field, one.reason.0));
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let (property, manager) = (some(text("property")), some(text("manager")));
        problems.when(property.as_deref().is_some_and(long), "property", "compounds/name");
        problems.when(manager.as_deref().is_some_and(long), "manager", "compounds/name");
        problems.when(manager.is_some() && property.is_none(), "property", "compounds/property");
        let captains = captains(&text("captains"));
        let known = |captains: &Vec<(String, String)>| {
            captains.iter().all(|(at, name)| !long(name) && (sheet || pattern.buildings.contains(at)))
        };
        problems.when(!captains.as_ref().is_some_and(known), "captains", "compounds/captains");
        problems.none()?;
        let captains = captains.unwrap_or_default();
        Ok(Plan { name, code, pattern, property, manager, captains })
    }
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
mod tests;

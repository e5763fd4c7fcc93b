//! Numbers that a law, a standard or the neighbours have set: each with its source and its date, per jurisdiction.
//!
//! A number from a statute is not a constant: it is a rule that can change, and a page can say where it comes from.

use kit::{Error, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One rule.
#[derive(Clone, Debug, Deserialize)]
pub struct Rule {
    #[serde(default)]
    pub amount: i64,
    #[serde(default)]
    pub unit: String,
    /// For rules that are not a number, e.g. office hours.
    #[serde(default)]
    pub text: String,
    /// Who set it and where it stands.
    pub source: String,
    pub source_en: String,
    /// Since when it holds, `YYYY-MM-DD`.
    pub since: String,
}

static CHINA: LazyLock<BTreeMap<String, Rule>> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/rulebook-cn.toml")).expect("the shipped rulebook can be read.")
});

/// The rule called `key`, e.g. `request/settle-home`.
///
/// # Errors
/// [`Error::Internal`] when there is none: a slip of ours.
pub fn rule(key: &str) -> Result<&'static Rule> {
    find(key).ok_or_else(|| Error::internal(format!("no rule {key}")))
}

/// The rule called `key`, where there may be none.
pub fn find(key: &str) -> Option<&'static Rule> {
    CHINA.get(key)
}

/// Every rule with its key, for the page that shows them.
pub fn all() -> impl Iterator<Item = (&'static str, &'static Rule)> {
    CHINA.iter().map(|(key, rule)| (key.as_str(), rule))
}

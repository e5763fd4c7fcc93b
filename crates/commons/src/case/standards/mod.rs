//! The service standard: how much time a door has, who says so, and during which hours and on which days it counts.
//!
//! A limit is looked for from the nearest to the farthest: the compound's own for the category, the compound's own for
//! all, the community's for the category, the community's for all, the rulebook. What is changed holds for clocks that
//! start afterwards; a clock that runs keeps what was promised.

pub mod store;
#[cfg(test)]
mod tests;

use super::Door;
use crate::calendar::{Limit, OfficeHours};
use crate::rulebook;
use kit::{Error, Result, names};

names! {
    /// What is waited for.
    ClockKind {
        /// Somebody takes it.
        Accept = "accept",
        /// The one who said it hears what will be done.
        Answer = "answer",
        /// Something came of it.
        Settle = "settle",
        /// The one who said it answers a report.
        Judge = "judge",
        /// The longest that a pause may last.
        Pause = "pause",
    }
    Unit {
        /// The end of office hours on the n-th working day after.
        WorkingDays = "working_days",
        OfficeHours = "office_hours",
        OfficeMinutes = "office_minutes",
        /// Round the clock, whatever day it is.
        Days = "days",
        Hours = "hours",
        Minutes = "minutes",
    }
    /// Where a limit comes from.
    Origin {
        CompoundCategory = "compound_category",
        Compound = "compound",
        CommunityCategory = "community_category",
        Community = "community",
        Rulebook = "rulebook",
    }
}

/// Who a limit of the rulebook is from, or nothing for what a place has set itself.
pub type Source = Option<&'static str>;

/// A limit that a place has set: for a category, or for all that have none of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standard {
    pub category: Option<String>,
    pub door: Door,
    pub clock: ClockKind,
    pub amount: i64,
    pub unit: Unit,
}

/// The limit that holds, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effective {
    pub amount: i64,
    pub unit: Unit,
    pub origin: Origin,
    pub source: Source,
}

/// What the places around a compound have set.
#[derive(Clone, Debug, Default)]
pub struct Standards {
    /// `true` for the compound's own, `false` for the community's.
    pub set: Vec<(bool, Standard)>,
    pub hours: Vec<(bool, Door, String)>,
}

impl Effective {
    pub fn limit(&self) -> Result<Limit> {
        Limit::of(self.amount, self.unit.name()).ok_or_else(|| Error::internal("a limit without a unit"))
    }
}

impl Standards {
    /// The limit for `category` at `door`, from the nearest that has one.
    pub fn effective(&self, category: &str, door: Door, clock: ClockKind) -> Result<Effective> {
        let set = |own: bool, exact: bool| {
            self.set.iter().find(|(from, standard)| {
                let fits = match &standard.category {
                    Some(slug) => exact && slug == category,
                    None => !exact,
                };
                *from == own && fits && standard.door == door && standard.clock == clock
            })
        };
        let steps = [
            (Origin::CompoundCategory, true, true),
            (Origin::Compound, true, false),
            (Origin::CommunityCategory, false, true),
            (Origin::Community, false, false),
        ];
        for (origin, own, exact) in steps {
            if let Some((_, found)) = set(own, exact) {
                return Ok(Effective { amount: found.amount, unit: found.unit, origin, source: None });
            }
        }
        let key = format!("request/{clock}-{door}");
        let rule = match rulebook::find(&format!("{key}/{category}")) {
            Some(rule) => rule,
            None => rulebook::rule(&key)?,
        };
        let unit = Unit::parse(&rule.unit).ok_or_else(|| Error::internal(format!("no unit {}", rule.unit)))?;
        Ok(Effective { amount: rule.amount, unit, origin: Origin::Rulebook, source: Some(&rule.source) })
    }

    /// The hours during which a door is open, as they are written, and where they come from.
    pub fn hours(&self, door: Door) -> Result<(String, Origin)> {
        let set = |own: bool| self.hours.iter().find(|(from, at, _)| *from == own && *at == door);
        if let Some((_, _, text)) = set(true) {
            return Ok((text.clone(), Origin::Compound));
        }
        if let Some((_, _, text)) = set(false) {
            return Ok((text.clone(), Origin::Community));
        }
        Ok((rulebook::rule(&format!("request/office-{door}"))?.text.clone(), Origin::Rulebook))
    }
}

/// The most that may be set, by unit, so that a slip of the finger does not promise a century.
pub fn amount_max(unit: Unit) -> i64 {
    match unit {
        Unit::WorkingDays | Unit::Days => 90,
        Unit::OfficeHours | Unit::Hours => 2_000,
        Unit::OfficeMinutes | Unit::Minutes => 20_000,
    }
}

/// Reads a limit as somebody has typed it.
///
/// # Errors
/// [`Error::Invalid`] on `amount` or `unit`.
pub fn limit_of(amount: &str, unit: &str) -> Result<(i64, Unit)> {
    let unit = Unit::parse(unit).ok_or(Error::invalid("unit", "standards/unit"))?;
    let amount: i64 = amount.trim().parse().map_err(|_| Error::invalid("amount", "standards/amount"))?;
    if !(1..=amount_max(unit)).contains(&amount) {
        return Err(Error::invalid("amount", "standards/amount"));
    }
    Ok((amount, unit))
}

/// Reads office hours as somebody has typed them and gives them as they are kept.
///
/// # Errors
/// As [`OfficeHours::parse`].
pub fn hours_of(text: &str) -> Result<String> {
    let plain: String = text
        .chars()
        .map(|c| match c {
            '：' => ':',
            '，' | '、' => ',',
            '－' | '–' | '—' | '~' | '～' => '-',
            other => other,
        })
        .filter(|c| !c.is_whitespace())
        .collect();
    OfficeHours::parse(&plain).map(|_| plain)
}

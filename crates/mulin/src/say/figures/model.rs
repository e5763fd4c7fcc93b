//! What figures may be asked for.

use commons::calendar::Zone;
use commons::figures::{Settings, Span};
use kit::time::Moment;
use kit::{Error, Result};
use std::collections::HashMap;

/// Who might be asked for, in the words that programs would try. Figures are for places, categories and units.
const PERSONS: &[&str] = &[
    "person",
    "persons",
    "holder",
    "holder_person",
    "captain",
    "worker",
    "staff",
    "account",
    "author",
    "typed_by",
    "by",
    "name",
    "user",
    "member",
    "mandate",
    "login",
    "actor",
];

/// A question that can be answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The compound's code; without one the visitor's own, or the first.
    pub compound: String,
    /// A category's slug; without one all.
    pub category: String,
    /// `2026-11`, or nothing for the last twelve months.
    pub month: String,
    /// `2026-11-16` and the day after the last, instead of a month.
    pub since: String,
    pub until: String,
}

impl Asked {
    /// # Errors
    /// [`Error::NotFound`] when somebody asks for a person. What else is in the address is not ours and left alone.
    pub fn read(query: &HashMap<String, String>) -> Result<Asked> {
        if query.keys().any(|key| PERSONS.contains(&key.as_str())) {
            return Err(Error::NotFound);
        }
        let text = |key: &str| query.get(key).cloned().unwrap_or_default();
        Ok(Asked {
            compound: text("compound"),
            category: text("category"),
            month: text("month"),
            since: text("since"),
            until: text("until"),
        })
    }

    /// The span that is asked for and the months of the curves.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is no month or no days.
    pub fn spans(&self, zone: &Zone, now: Moment, settings: &Settings) -> Result<(Span, Vec<Span>)> {
        let day = settings.month_day;
        let year = Span::twelve(zone, now, day)?;
        let whole = Span { after: year[year.len() - 1].after, until: year[year.len() - 1].until, ..year[0] };
        if !self.since.is_empty() || !self.until.is_empty() {
            let date = |field, text: &str| text.parse().map_err(|_| Error::invalid(field, "figures/span-wrong"));
            return Ok((Span::days(zone, date("since", &self.since)?, date("until", &self.until)?)?, year));
        }
        if self.month.is_empty() {
            return Ok((whole, year));
        }
        let month = Span::named(zone, &self.month, day)?;
        let known = year.contains(&month);
        let months = if known { year } else { Span::ending(zone, month.called(), day)? };
        Ok((month, months))
    }

    /// The same question as it stands in an address.
    pub fn query(&self) -> String {
        let fields = [
            ("compound", &self.compound),
            ("category", &self.category),
            ("month", &self.month),
            ("since", &self.since),
            ("until", &self.until),
        ];
        let pairs = fields.iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> =
            pairs.map(|(key, value)| format!("{key}={}", crate::layout::line::encoded(value))).collect();
        pairs.join("&")
    }
}

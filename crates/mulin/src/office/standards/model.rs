//! What forms and calls bring.

use commons::calendar::WorkCalendar;
use commons::case::Door;
use commons::case::standards::{ClockKind, Standard, hours_of, limit_of};
use kit::{Error, Result};

/// What was typed, by its name.
type Text<'t> = &'t dyn Fn(&str) -> String;

/// A file of a year is a few kilobytes; more is something else.
const YEAR_BYTES_MAX: usize = 64 * 1024;

/// A limit set, or taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Set(Standard),
    Drop { category: Option<String>, door: Door, clock: ClockKind },
}

impl Change {
    /// # Errors
    /// [`Error::Invalid`] with what is wrong.
    pub fn read(text: Text<'_>) -> Result<Change> {
        let (door, clock) = (door_of(text)?, ClockKind::parse(&text("clock")));
        let clock = clock.ok_or(Error::invalid("clock", "standards/clock"))?;
        let category = Some(text("category")).filter(|slug| !slug.is_empty());
        if text("what") == "drop" {
            return Ok(Change::Drop { category, door, clock });
        }
        let (amount, unit) = limit_of(&text("amount"), &text("unit"))?;
        Ok(Change::Set(Standard { category, door, clock, amount, unit }))
    }

    pub fn category(&self) -> Option<&str> {
        match self {
            Change::Set(standard) => standard.category.as_deref(),
            Change::Drop { category, .. } => category.as_deref(),
        }
    }
}

pub fn door_of(text: Text<'_>) -> Result<Door> {
    Door::parse(&text("door")).ok_or(Error::invalid("door", "standards/door"))
}

/// Office hours of a door; none takes them back.
///
/// # Errors
/// [`Error::Invalid`] when they cannot be read.
pub fn hours(text: Text<'_>) -> Result<(Door, Option<String>)> {
    let door = door_of(text)?;
    match text("hours").as_str() {
        "" => Ok((door, None)),
        typed => hours_of(typed).map(|hours| (door, Some(hours))).map_err(|error| moved(error, "hours")),
    }
}

/// The file of a year, and which year it is.
///
/// # Errors
/// [`Error::Invalid`] when it is none.
pub fn year(typed: &str) -> Result<(i16, String)> {
    let text = typed.replace("\r\n", "\n");
    if text.trim().is_empty() || text.len() > YEAR_BYTES_MAX {
        return Err(Error::invalid("year", "standards/year-empty"));
    }
    let year = WorkCalendar::year_of(&text).map_err(|error| moved(error, "year"))?;
    Ok((year, text))
}

/// The same reasons on the field of our form.
fn moved(error: Error, field: &'static str) -> Error {
    match error {
        Error::Invalid(found) => match found.first() {
            Some(first) => Error::invalid(field, first.reason.0),
            None => Error::Invalid(found),
        },
        other => other,
    }
}

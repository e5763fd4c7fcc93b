//! What the forms bring.

use commons::calendar::WorkCalendar;
use commons::case::Door;
use commons::case::standards::{ClockKind, Standard, hours_of, limit_of};
use kit::web::Form;
use kit::{Error, Result};

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
    pub fn read(form: &Form) -> Result<Change> {
        let (door, clock) = (door_of(form)?, ClockKind::parse(form.text("clock")));
        let clock = clock.ok_or(Error::invalid("clock", "standards/clock"))?;
        let category = form.opt("category").map(str::to_owned);
        if form.text("what") == "drop" {
            return Ok(Change::Drop { category, door, clock });
        }
        let (amount, unit) = limit_of(form.text("amount"), form.text("unit"))?;
        Ok(Change::Set(Standard { category, door, clock, amount, unit }))
    }

    pub fn category(&self) -> Option<&str> {
        match self {
            Change::Set(standard) => standard.category.as_deref(),
            Change::Drop { category, .. } => category.as_deref(),
        }
    }
}

pub fn door_of(form: &Form) -> Result<Door> {
    Door::parse(form.text("door")).ok_or(Error::invalid("door", "standards/door"))
}

/// Office hours of a door; none takes them back.
///
/// # Errors
/// [`Error::Invalid`] when they cannot be read.
pub fn hours(form: &Form) -> Result<(Door, Option<String>)> {
    let door = door_of(form)?;
    match form.opt("hours") {
        None => Ok((door, None)),
        Some(text) => hours_of(text).map(|text| (door, Some(text))).map_err(|error| moved(error, "hours")),
    }
}

/// The file of a year, pasted or chosen, and which year it is.
///
/// # Errors
/// [`Error::Invalid`] when it is none.
pub fn year(form: &Form) -> Result<(i16, String)> {
    let text = match form.files.first() {
        Some(file) => String::from_utf8_lossy(&file.bytes).into_owned(),
        None => form.text("year").replace("\r\n", "\n"),
    };
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

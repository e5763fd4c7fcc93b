//! Civil time: zones, working days with holidays and make-up days (调休), office hours, and until when something is due.
//!
//! The only place in the house that knows what a day is. Pure: "now" is an argument, and holidays are data
//! (`data/calendar`, one file per jurisdiction and year, each naming its notice). What reaches into a year whose notice
//! is not there is provisional: it is counted on plain weekdays and has to be counted again once the notice is known.
//!
//! Start with [`Office`], which counts; [`lines`] does so for many lines of text.

mod due;
pub mod lines;
mod office;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
mod work;
mod zone;

pub use due::{Due, Limit, Office, Pause, due_plain};
pub use office::OfficeHours;
pub use work::{Notice, WorkCalendar};
pub use zone::Zone;

use kit::Error;
use kit::time::Moment;

const DAY: i64 = Moment::days(1);

/// How many days ahead a due time may lie. What is asked beyond is a mistake, and must not keep the house counting.
const DAYS_AHEAD_MAX: i64 = 40_000;

fn too_far() -> Error {
    Error::invalid("due", "calendar/too-far")
}

//! Seats as neighbours see them: who answers at a building, how to reach them, what they are there for; and the teams of a
//! building. A telephone number is shown only while whoever gave it still sits there.

pub mod store;
#[cfg(test)]
mod tests;

use crate::people::{Office, PersonId};
use crate::place::{Place, PlaceId};
use kit::names;
use kit::time::Moment;

names! {
    /// What the team of a building looks after. The names are keys of the locale files (`team-talks`).
    TeamDuty {
        /// 邻里议事.
        Talks = "talks",
        /// 化解纠纷.
        Disputes = "disputes",
        /// 环境维护.
        Surroundings = "surroundings",
        /// 关爱帮扶.
        Care = "care",
    }
}

/// The offices that answer for a building, in the order in which neighbours turn to them.
pub const ANSWERING: &[Office] =
    &[Office::Captain, Office::GridWorker, Office::Hub, Office::Committee, Office::Property, Office::Community];
/// Offices whose number the keepers of the register may give: people are appointed or paid to be reached.
pub const REACHED_BY_WORK: &[Office] = &[Office::GridWorker, Office::Hub, Office::Property, Office::Community];
/// The board of a building names these.
pub const ON_BOARD: &[Office] = &[Office::GridWorker, Office::Captain, Office::Community];

/// Somebody in an office, as the door sign shows them.
#[derive(Clone, Debug)]
pub struct Seat {
    pub office: Office,
    pub place: PlaceId,
    pub person: PersonId,
    pub name: String,
    pub name_en: String,
    pub starts: Moment,
    pub ends: Option<Moment>,
    pub phone: Option<String>,
    pub duties: String,
    /// While the holder is away: name and number are of whoever stands in.
    pub stands_in: Option<StandsIn>,
}

/// Somebody carries an office for its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandsIn {
    pub for_name: String,
    pub for_name_en: String,
    pub until: Moment,
    /// Whether the number is their own, and not that of the seat.
    pub own: bool,
}

/// What a board says beside its seats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardWords {
    /// Which streets and houses the grid takes in.
    pub area: String,
    pub supervision: String,
}

/// What a board must show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    Grid,
    Area,
    /// Nobody sits there.
    Empty(Office),
    Phone(Office),
    Duties(Office),
    Supervision,
}

/// What a building's board still lacks, in the order in which it is read.
pub fn missing(building: &Place, seats: &[Seat], words: &BoardWords) -> Vec<Missing> {
    let mut all = Vec::new();
    if building.grid.is_none() {
        all.push(Missing::Grid);
    } else if words.area.is_empty() {
        all.push(Missing::Area);
    }
    for office in ON_BOARD {
        let sitting: Vec<&Seat> = seats.iter().filter(|seat| seat.office == *office).collect();
        if sitting.is_empty() {
            if *office != Office::GridWorker || building.grid.is_some() {
                all.push(Missing::Empty(*office));
            }
            continue;
        }
        // A captain may keep the number to themselves; those who are paid to be reached may not.
        if REACHED_BY_WORK.contains(office) && sitting.iter().all(|seat| seat.phone.is_none()) {
            all.push(Missing::Phone(*office));
        }
        if sitting.iter().all(|seat| seat.duties.is_empty()) {
            all.push(Missing::Duties(*office));
        }
    }
    if words.supervision.is_empty() {
        all.push(Missing::Supervision);
    }
    all
}

/// Digits, spaces, `+`, `-` and brackets, with enough digits to ring somewhere.
pub fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let shape = text.chars().count() <= 24 && text.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c));
    let all: String = text.chars().filter(char::is_ascii_digit).collect();
    let abroad = text.trim_start().starts_with('+') && !all.starts_with("86");
    let own = if digits > 11 { all.strip_prefix("0086").or(all.strip_prefix("86")).unwrap_or(&all) } else { &all };
    let rings = match own.as_bytes() {
        _ if abroad => (8..=15).contains(&digits),
        // A mobile has eleven digits; a public service such as 12345 has five.
        [b'1', second, ..] if own.len() == 11 => *second >= b'3',
        [b'1', ..] => own.len() == 5,
        [b'0', ..] => (8..=15).contains(&own.len()),
        _ => (5..=12).contains(&own.len()),
    };
    shape && rings
}

/// A building's door, and whether something is open there.
#[derive(Clone, Debug)]
pub struct DoorRow {
    pub entrance: String,
    pub entrance_en: String,
    pub name: String,
    pub open: i64,
}

/// Somebody in a team.
#[derive(Clone, Debug)]
pub struct Member {
    pub duty: TeamDuty,
    pub person: PersonId,
    pub name: String,
    pub name_en: String,
}

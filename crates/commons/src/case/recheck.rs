//! Counts every clock again from the book alone, to see whether what is stored agrees.

use super::Door;
use super::clocks::Promise;
use super::standards::store::YearRow;
use super::standards::{ClockKind, store as standards};
use crate::calendar::{Pause, WorkCalendar};
use kit::Result;
use kit::time::Moment;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// A line of the book that tells of clocks.
#[derive(Clone, Debug)]
pub struct Line {
    pub at: Moment,
    pub stem: String,
    pub facts: Value,
}

/// Round, door and what is waited for.
pub type Key = (i64, Door, ClockKind);

/// Calendars as they were known, so that each is put together once.
#[derive(Default)]
pub struct Calendars(BTreeMap<(i64, usize), WorkCalendar>);

impl Calendars {
    fn at(&mut self, years: &[YearRow], at: Moment, known: i64) -> Result<&WorkCalendar> {
        let loaded = years.iter().take_while(|year| year.since <= at).count();
        let key = (known, loaded);
        Ok(match self.0.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let whole = standards::with_years(&years[..loaded])?;
                place.insert(whole.through(i16::try_from(known).unwrap_or(i16::MAX)))
            }
        })
    }
}

/// What the book tells of a case's clocks.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Recount {
    /// Until when each should run, and whether that may still change.
    pub due: BTreeMap<Key, (Moment, bool)>,
    /// How often the book says that a case was taken in time, or late, though its clock says otherwise.
    pub misjudged: usize,
}

/// Counts every clock of a case from the lines of the book in their order. `years` are those that the community has loaded,
/// oldest first.
///
/// # Errors
/// When what was promised cannot be read.
pub fn recount(lines: &[Line], years: &[YearRow], calendars: &mut Calendars) -> Result<Recount> {
    let mut promises: BTreeMap<Key, Promise> = BTreeMap::new();
    let mut counts = Recount::default();
    let mut round = 1;
    let mut pauses: Vec<Pause> = Vec::new();
    for line in lines {
        let text = |name: &str| line.facts.get(name).and_then(Value::as_str).unwrap_or_default();
        let number = |name: &str| line.facts.get(name).and_then(Value::as_i64).unwrap_or_default();
        let Some(door) = Door::parse(text("door")) else { continue };
        match line.stem.as_str() {
            "requests/paused" => pauses.push(Pause { from: line.at, to: Moment(number("until")) }),
            "requests/resumed" => pauses.iter_mut().for_each(|pause| pause.to.0 = pause.to.0.min(line.at.0)),
            // A pause ends when the case leaves the door or comes back in a new round.
            "clocks/started" => pauses.iter_mut().for_each(|pause| pause.to.0 = pause.to.0.min(line.at.0)),
            _ => {}
        }
        if line.stem == "requests/accepted" {
            let (accept, _) = counts.due.get(&(round, door, ClockKind::Accept)).copied().unzip();
            let in_time = line.facts.get("in_time").and_then(Value::as_bool);
            counts.misjudged += usize::from(accept.zip(in_time).is_some_and(|(due, said)| said != (line.at <= due)));
            continue;
        }
        round = number("round");
        let calendar = calendars.at(years, line.at, number("known"))?;
        let named = line.facts.get("clocks").and_then(Value::as_object);
        for (kind, told) in named.into_iter().flatten() {
            let Some(kind) = ClockKind::parse(kind) else { continue };
            let key = (round, door, kind);
            if line.stem == "clocks/started" {
                let amount = told.get(0).and_then(Value::as_i64).unwrap_or_default();
                let unit = told.get(1).and_then(Value::as_str).unwrap_or_default().to_owned();
                promises.insert(key, Promise { started: line.at, amount, unit, office: text("office").to_owned() });
            }
            if let Some(promise) = promises.get(&key) {
                let counted = promise.due(calendar, &pauses)?;
                counts.due.insert(key, (counted.at, counted.provisional));
            }
        }
    }
    Ok(counts)
}

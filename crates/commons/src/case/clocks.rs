//! Until when: the service standard of a category at a door, counted on the working calendar.
//!
//! A door has three clocks: until somebody takes it, until the one who said it hears what will be done, until something
//! came of it. They begin when the case comes to the door; the nearest that still runs is the case's due time. After the
//! report a fourth one runs, for the answer. What a clock was promised stands in its row and in the book, so that it can
//! be counted again: after a pause, when a year's holidays are published, and by whoever checks.

use super::standards::{self, ClockKind, Standards};
use super::store;
use super::{Case, Door};
use crate::calendar::{Due, Limit, Office, OfficeHours, Pause, WorkCalendar, Zone};
use kit::book::Activity;
use kit::db::Tx;
use kit::time::Moment;
use kit::{Error, Result};
use serde_json::{Map, json};

/// What is waited for at a door.
pub const OF_DOOR: &[ClockKind] = &[ClockKind::Accept, ClockKind::Answer, ClockKind::Settle];

/// What a clock was promised: enough to count it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    pub started: Moment,
    pub amount: i64,
    pub unit: String,
    /// Office hours, as they are written.
    pub office: String,
}

impl Promise {
    /// When it is over on this calendar, the pauses not counting.
    ///
    /// # Errors
    /// When what was promised cannot be read.
    pub fn due(&self, calendar: &WorkCalendar, pauses: &[Pause]) -> Result<Due> {
        let limit =
            Limit::of(self.amount, &self.unit).ok_or_else(|| Error::internal(format!("no unit {}", self.unit)))?;
        let office = Office { calendar, hours: OfficeHours::parse(&self.office)?, zone: Zone::china() };
        limit.due_with(&office, self.started, pauses)
    }
}

/// The case has come to a door: its three clocks start.
pub async fn start(tx: &mut Tx<'_>, case: Case) -> Result<Case> {
    let (due, provisional) = begin(tx, &case, OF_DOOR).await?;
    Ok(Case { due, provisional, ..case })
}

/// Somebody took it.
pub async fn accepted(tx: &mut Tx<'_>, case: Case) -> Result<Case> {
    store::stop_clock(tx, &case, ClockKind::Accept.name(), "accepted").await?;
    waiting(tx, case).await
}

/// The one who said it has heard from the holder.
pub async fn answered(tx: &mut Tx<'_>, case: Case) -> Result<Case> {
    store::stop_clock(tx, &case, ClockKind::Answer.name(), "answered").await?;
    waiting(tx, case).await
}

/// Another office has taken it over. At the same door the promise stays what it was; at another one its clocks start.
pub async fn taken_over(tx: &mut Tx<'_>, case: Case, from: Door) -> Result<Case> {
    if from != case.door {
        store::stop_clocks(tx, &case, "handed-over").await?;
        begin(tx, &case, OF_DOOR).await?;
    }
    accepted(tx, case).await
}

/// A new door, or a new round: what ran there is over, and its clocks start.
pub async fn restart(tx: &mut Tx<'_>, case: Case, why: &str) -> Result<Case> {
    store::stop_clocks(tx, &case, why).await?;
    start(tx, case).await
}

/// The holder has said what came of it: now the answer is waited for.
pub async fn reported(tx: &mut Tx<'_>, case: Case) -> Result<Case> {
    store::stop_clocks(tx, &case, "reported").await?;
    let (due, provisional) = begin(tx, &case, &[ClockKind::Judge]).await?;
    Ok(Case { due, provisional, ..case })
}

/// Nothing is waited for any more.
pub async fn stop(tx: &mut Tx<'_>, case: Case, why: &str) -> Result<Case> {
    store::stop_clocks(tx, &case, why).await?;
    Ok(Case { due: None, provisional: false, ..case })
}

/// Starts clocks now, and writes into the book what they were promised; gives the due time of the nearest of them.
async fn begin(tx: &mut Tx<'_>, case: &Case, kinds: &[ClockKind]) -> Result<(Option<Moment>, bool)> {
    let at = (case.tenant, case.compound);
    let (set, calendar) = standards::store::at_door(tx, at, &case.category, case.door).await?;
    let known = calendar.last_year().map_or(0, i64::from);
    let (mut told, mut begun, now) = (Map::new(), Vec::new(), tx.now());
    for kind in kinds {
        let promise = promise(&set, &case.category, case.door, *kind, now)?;
        let due = promise.due(&calendar, &[])?;
        told.insert(kind.name().to_owned(), json!([promise.amount, promise.unit, due.at, due.provisional]));
        begun.push((*kind, promise, due));
    }
    store::start_clocks(tx, case, &begun, known).await?;
    let (office, _) = set.hours(case.door)?;
    let facts = json!({ "round": case.round, "door": case.door, "office": office, "known": known, "clocks": told });
    let activity = Activity::of(case.tenant, "clocks/started", "case", case.id);
    tx.record(activity.at_place(case.building.unwrap_or(case.compound)).with(facts)).await?;
    let nearest = begun.iter().map(|(_, _, due)| due).min_by_key(|due| due.at);
    Ok(nearest.map_or((None, false), |due| (Some(due.at), due.provisional)))
}

/// What a clock that starts now is promised.
fn promise(set: &Standards, category: &str, door: Door, kind: ClockKind, now: Moment) -> Result<Promise> {
    let limit = set.effective(category, door, kind)?;
    let (office, _) = set.hours(door)?;
    Ok(Promise { started: now, amount: limit.amount, unit: limit.unit.name().to_owned(), office })
}

/// The case with the due time of the nearest clock that runs.
async fn waiting(tx: &mut Tx<'_>, case: Case) -> Result<Case> {
    let running = store::running(tx, &case).await?;
    let nearest = running.iter().min_by_key(|clock| clock.due);
    let (due, provisional) = nearest.map_or((None, false), |clock| (Some(clock.due), clock.provisional));
    Ok(Case { due, provisional, ..case })
}

/// Counts the running clocks again, and gives the case with what comes out and what has changed.
pub async fn recount(tx: &mut Tx<'_>, case: Case) -> Result<(Case, serde_json::Value)> {
    let calendar = standards::store::calendar(tx, case.tenant).await?;
    let pauses = store::pauses(tx, &case).await?;
    let known = calendar.last_year().map_or(0, i64::from);
    let mut told = Map::new();
    for clock in store::running(tx, &case).await? {
        // Clocks of before the promise was kept go on as they are.
        let Some(promise) = &clock.promise else { continue };
        let spans: Vec<Pause> = pauses.iter().map(|pause| pause.span).collect();
        let due = promise.due(&calendar, &spans)?;
        let moved = (due.at, due.provisional) != (clock.due, clock.provisional);
        if moved || clock.provisional {
            store::set_due(tx, &case, &clock, (due, known)).await?;
        }
        if moved {
            told.insert(clock.kind.name().to_owned(), json!([due.at, due.provisional]));
        }
    }
    let case = waiting(tx, case).await?;
    let door = case.door;
    let facts = json!({ "round": case.round, "door": door, "known": known, "clocks": told });
    Ok((case, facts))
}

//! Pauses: the clocks stand still while something is waited for that nobody here can hurry. Only for named reasons, each
//! once at a door in a round, seen by everybody who sees the case, and never longer than the standard allows: then the
//! clocks go on by themselves, though nobody presses anything.

use super::actions::{By, activity};
use commons::calendar::{Limit, Office, OfficeHours, Zone};
use commons::case::standards::{self, ClockKind};
use commons::case::{Case, EntryKind, State, WaitReason, clocks, store};
use kit::db::Tx;
use kit::{Error, Result};
use serde_json::json;

/// The clocks stand still from now on.
pub async fn pause(tx: &mut Tx<'_>, case: Case, reason: WaitReason, words: &str, by: By) -> Result<Case> {
    let now = tx.now();
    if case.state != State::Accepted {
        return Err(Error::conflict("requests/pause-not-in-hand"));
    }
    // What is late already does not get earlier by standing still.
    if case.is_overdue(now) {
        return Err(Error::conflict("requests/pause-too-late"));
    }
    let pauses = store::pauses(tx, &case).await?;
    if pauses.iter().any(|pause| pause.runs(now)) {
        return Err(Error::conflict("requests/pause-already"));
    }
    let since = store::running(tx, &case).await?.iter().filter_map(|clock| Some(clock.promise.as_ref()?.started)).min();
    let used = |pause: &store::PauseRow| pause.reason == reason && since.is_some_and(|since| pause.span.from >= since);
    if pauses.iter().any(used) {
        return Err(Error::conflict("requests/pause-again"));
    }
    let until = longest(tx, &case).await?;
    store::add_pause(tx, &case, reason, until).await?;
    let (mut case, mut entry) = (case, None);
    if !words.is_empty() {
        entry = Some(store::add_entry(tx, &case, EntryKind::Note, true, by, words).await?);
        case = clocks::answered(tx, case).await?;
    }
    let (case, mut facts) = clocks::recount(tx, case).await?;
    facts["entry"] = json!(entry);
    facts["reason"] = json!(reason);
    facts["until"] = json!(until);
    tx.record(activity(&case, "requests/paused", facts)).await?;
    Ok(Case { changed: now, ..case })
}

/// When a pause that begins now ends at the latest.
async fn longest(tx: &mut Tx<'_>, case: &Case) -> Result<kit::time::Moment> {
    let at = (case.tenant, case.compound);
    let (set, calendar) = standards::store::at_door(tx, at, &case.category, case.door).await?;
    let limit: Limit = set.effective(&case.category, case.door, ClockKind::Pause)?.limit()?;
    let hours = OfficeHours::parse(&set.hours(case.door)?.0)?;
    let office = Office { calendar: &calendar, hours, zone: Zone::china() };
    Ok(limit.due(&office, tx.now())?.at)
}

/// The clocks go on; what they stood still is added at their end.
pub async fn resume(tx: &mut Tx<'_>, case: Case) -> Result<Case> {
    let now = tx.now();
    if case.state != State::Accepted {
        return Err(Error::conflict("requests/pause-not-in-hand"));
    }
    if !store::end_pause(tx, &case).await? {
        return Err(Error::conflict("requests/resume-not-paused"));
    }
    let (case, facts) = clocks::recount(tx, case).await?;
    tx.record(activity(&case, "requests/resumed", facts)).await?;
    Ok(Case { changed: now, ..case })
}

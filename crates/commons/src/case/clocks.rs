//! Until when: the service standard of a category at a door, counted on the working calendar.
//!
//! A limit that a tenant has set comes first; otherwise the rulebook's default for the door.

use super::store::{self, Standard};
use super::{Case, Door};
use crate::calendar::{Due, Limit, Office, OfficeHours, WorkCalendar, Zone};
use crate::rulebook;
use kit::db::Tx;
use kit::time::Moment;
use kit::{Error, Result};

/// The two clocks of a door: until somebody takes it, and until something came of it.
pub const ACCEPT: &str = "accept";
pub const SETTLE: &str = "settle";

/// Starts both clocks of the door where the case stands and gives the case with its new due time.
pub async fn start(tx: &mut Tx<'_>, case: Case) -> Result<Case> {
    let accept = due(tx, &case, ACCEPT).await?;
    let settle = due(tx, &case, SETTLE).await?;
    store::start_clock(tx, &case, ACCEPT, (accept.at, accept.provisional)).await?;
    store::start_clock(tx, &case, SETTLE, (settle.at, settle.provisional)).await?;
    Ok(waiting(case, accept))
}

/// Somebody took it: from now on the other clock counts.
pub async fn accepted(tx: &mut Tx<'_>, case: Case) -> Result<Case> {
    store::stop_clock(tx, &case, ACCEPT, "accepted").await?;
    let settle = due(tx, &case, SETTLE).await?;
    store::start_clock(tx, &case, SETTLE, (settle.at, settle.provisional)).await?;
    Ok(waiting(case, settle))
}

/// A new door, or a new round: what ran there is over, and the clock of settling begins.
pub async fn restart(tx: &mut Tx<'_>, case: Case, why: &str) -> Result<Case> {
    store::stop_clocks(tx, &case, why).await?;
    start(tx, case).await
}

fn waiting(case: Case, due: Due) -> Case {
    Case { due: Some(due.at), provisional: due.provisional, ..case }
}

/// When a clock that starts now is over.
async fn due(tx: &mut Tx<'_>, case: &Case, clock: &str) -> Result<Due> {
    let now = tx.now();
    let set = store::standards(tx, case.tenant, &case.category).await?;
    due_by(&set, case.door, clock, now)
}

/// The same without a database: `set` are the limits that a tenant has chosen.
pub fn due_by(set: &[Standard], door: Door, clock: &str, start: Moment) -> Result<Due> {
    let chosen = set.iter().find(|standard| standard.door == door && standard.clock == clock);
    let (amount, unit) = match chosen {
        Some(standard) => (standard.amount, standard.unit.clone()),
        None => {
            let rule = rulebook::rule(&format!("request/{clock}-{door}"))?;
            (rule.amount, rule.unit.clone())
        }
    };
    let limit = Limit::of(amount, &unit).ok_or_else(|| Error::internal(format!("no unit {unit}")))?;
    let hours = OfficeHours::parse(&rulebook::rule(&format!("request/office-{door}"))?.text)?;
    limit.due(&Office { calendar: WorkCalendar::china(), hours, zone: Zone::china() }, start)
}

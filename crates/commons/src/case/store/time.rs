//! What time does with a case: clocks, pauses, steps up.

use crate::calendar::{Due, Pause};
use crate::case::clocks::Promise;
use crate::case::standards::ClockKind;
use crate::case::{Case, CaseId, Cause, Door};
use crate::place::TenantId;
use kit::Result;
use kit::db::{Db, Row, Tx};
use kit::params;
use kit::time::Moment;

const START_CLOCK: &str =
    "insert into clock (tenant, request, round, door, kind, started, due, provisional, stopped, why,
    amount, unit, office, known) values ($1, $2, $3, $4, $5, $6, $7, $8, null, null, $9, $10, $11, $12)
    on conflict (tenant, request, round, door, kind) do update set started = excluded.started, due = excluded.due,
    provisional = excluded.provisional, stopped = null, why = null, amount = excluded.amount, unit = excluded.unit,
    office = excluded.office, known = excluded.known";
const STOP_CLOCKS: &str =
    "update clock set stopped = $3, why = $4 where tenant = $1 and request = $2 and stopped is null";
const STOP_CLOCK: &str = "update clock set stopped = $4, why = $5 where tenant = $1 and request = $2 and kind = $3
    and stopped is null";
const RUNNING: &str = "select round, door, kind, started, due, provisional, amount, unit, office from clock
    where tenant = $1 and request = $2 and stopped is null order by due, kind limit 20";
const SET_DUE: &str = "update clock set due = $6, provisional = $7, known = $8
    where tenant = $1 and request = $2 and round = $3 and door = $4 and kind = $5";
const STEP_UP: &str = "insert into step_up (tenant, request, round, door, cause, at) values ($1, $2, $3, $4, $5, $6)
    on conflict (tenant, request, round, door) do nothing";
const PAUSES: &str =
    "select reason, starts, ends from pause where tenant = $1 and request = $2 order by starts limit 200";

pub(super) const STATEMENTS: &[&str] = &[START_CLOCK, STOP_CLOCKS, STOP_CLOCK, RUNNING, SET_DUE, STEP_UP, PAUSES];

/// A clock that runs.
#[derive(Clone, Debug)]
pub struct ClockRow {
    pub round: i64,
    pub door: Door,
    pub kind: ClockKind,
    pub due: Moment,
    pub provisional: bool,
    /// None for clocks of before promises were kept.
    pub promise: Option<Promise>,
}

/// Starts a clock now; at a door where the case has been before in this round it starts anew.
pub async fn start_clock(
    tx: &mut Tx<'_>,
    case: &Case,
    kind: ClockKind,
    promise: &Promise,
    (due, known): (Due, i64),
) -> Result<()> {
    let row = params![
        case.tenant,
        case.id,
        case.round,
        case.door,
        kind,
        promise.started,
        due.at,
        due.provisional,
        promise.amount,
        &promise.unit,
        &promise.office,
        known
    ];
    tx.run(START_CLOCK, row).await.map(drop)
}

/// Stops every running clock of a case.
pub async fn stop_clocks(tx: &mut Tx<'_>, case: &Case, why: &str) -> Result<()> {
    let now = tx.now();
    tx.run(STOP_CLOCKS, params![case.tenant, case.id, now, why]).await.map(drop)
}

/// Stops the running clock of one kind (`accept`, `settle`).
pub async fn stop_clock(tx: &mut Tx<'_>, case: &Case, kind: &str, why: &str) -> Result<()> {
    let now = tx.now();
    tx.run(STOP_CLOCK, params![case.tenant, case.id, kind, now, why]).await.map(drop)
}

/// The clocks of a case that run, the nearest first.
pub async fn running(tx: &mut Tx<'_>, case: &Case) -> Result<Vec<ClockRow>> {
    tx.all(RUNNING, params![case.tenant, case.id]).await?.iter().map(read_clock).collect()
}

/// The same for a page.
pub async fn running_now(db: &Db, tenant: TenantId, case: CaseId) -> Result<Vec<ClockRow>> {
    db.all(RUNNING, params![tenant, case]).await?.iter().map(read_clock).collect()
}

fn read_clock(row: &Row) -> Result<ClockRow> {
    let promise = match (row.get::<Option<i64>>("amount")?, row.get("unit")?, row.get("office")?) {
        (Some(amount), Some(unit), Some(office)) => {
            Some(Promise { started: row.get("started")?, amount, unit, office })
        }
        _ => None,
    };
    Ok(ClockRow {
        round: row.get("round")?,
        door: row.get("door")?,
        kind: row.get("kind")?,
        due: row.get("due")?,
        provisional: row.get("provisional")?,
        promise,
    })
}

/// Gives a clock another due time.
pub async fn set_due(tx: &mut Tx<'_>, case: &Case, clock: &ClockRow, (due, known): (Due, i64)) -> Result<()> {
    let key = params![case.tenant, case.id, clock.round, clock.door, clock.kind, due.at, due.provisional, known];
    tx.run(SET_DUE, key).await.map(drop)
}

/// Notes a step up from the door where the case stands; `false` when this round made it before.
pub async fn step_up(tx: &mut Tx<'_>, case: &Case, cause: Cause) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(STEP_UP, params![case.tenant, case.id, case.round, case.door, cause, now]).await? == 1)
}

/// A span during which the clocks of a case stood still, and why.
#[derive(Clone, Debug)]
pub struct PauseRow {
    pub reason: String,
    pub span: Pause,
}

/// The pauses of a case, oldest first. One that runs ends when it may last no longer.
pub async fn pauses(tx: &mut Tx<'_>, case: &Case) -> Result<Vec<PauseRow>> {
    tx.all(PAUSES, params![case.tenant, case.id]).await?.iter().map(read_pause).collect()
}

fn read_pause(row: &Row) -> Result<PauseRow> {
    let from: Moment = row.get("starts")?;
    let to = row.get::<Option<Moment>>("ends")?.unwrap_or(from);
    Ok(PauseRow { reason: row.get("reason")?, span: Pause { from, to } })
}

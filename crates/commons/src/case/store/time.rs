//! What time does with a case: clocks, pauses, steps up.

use crate::calendar::{Due, Pause};
use crate::case::clocks::Promise;
use crate::case::standards::ClockKind;
use crate::case::{Case, CaseId, Cause, Door, WaitReason};
use crate::people::PersonId;
use crate::place::TenantId;
use kit::Result;
use kit::db::{Db, Row, Tx};
use kit::params;
use kit::time::Moment;

macro_rules! start_clocks {
    ($row:literal $(, $more:literal)*) => {
        concat!(
            "insert into clock (tenant, request, round, door, started, known, office, stopped, why, kind, due, provisional,
            amount, unit) values ",
            $row,
            $(", ", $more,)*
            " on conflict (tenant, request, round, door, kind) do update set started = excluded.started,
            due = excluded.due, provisional = excluded.provisional, stopped = null, why = null, amount = excluded.amount,
            unit = excluded.unit, office = excluded.office, known = excluded.known"
        )
    };
}
const START_ONE: &str = start_clocks!("($1, $2, $3, $4, $5, $6, $7, null, null, $8, $9, $10, $11, $12)");
/// The clocks of a door.
const START_THREE: &str = start_clocks!(
    "($1, $2, $3, $4, $5, $6, $7, null, null, $8, $9, $10, $11, $12)",
    "($1, $2, $3, $4, $5, $6, $7, null, null, $13, $14, $15, $16, $17)",
    "($1, $2, $3, $4, $5, $6, $7, null, null, $18, $19, $20, $21, $22)"
);
const STOP_CLOCKS: &str =
    "update clock set stopped = $3, why = $4 where tenant = $1 and request = $2 and stopped is null";
const STOP_CLOCK: &str = "update clock set stopped = $4, why = $5 where tenant = $1 and request = $2 and kind = $3
    and stopped is null";
const RUNNING: &str = "select round, door, kind, started, due, provisional, amount, unit, office from clock
    where tenant = $1 and request = $2 and stopped is null order by due, kind limit 20";
const SET_DUE: &str = "update clock set due = $6, provisional = $7, known = $8
    where tenant = $1 and request = $2 and round = $3 and door = $4 and kind = $5";
const STEP_UP: &str = "insert into step_up (tenant, request, round, door, cause, at) values ($1, $2, $3, $4, $5, $6)
    on conflict (tenant, request, round, door) do update set cause = excluded.cause, at = excluded.at
    where exists (select 1 from clock c where c.tenant = step_up.tenant and c.request = step_up.request
        and c.round = step_up.round and c.door = step_up.door and c.stopped is null and c.kind = 'settle'
        and c.started > step_up.at)";
const STEP_AGAIN: &str = "update step_up set cause = $5, at = $6
    where tenant = $1 and request = $2 and round = $3 and door = $4";
const PAUSES: &str =
    "select reason, starts, ends from pause where tenant = $1 and request = $2 order by starts limit 200";

const ADD_PAUSE: &str = "insert into pause (tenant, id, request, reason, starts, ends) values ($1, $2, $3, $4, $5, $6)";
const END_PAUSE: &str = "update pause set ends = $3 where tenant = $1 and request = $2 and starts <= $3 and ends > $3";
const OVERDUE: &str = "select r.tenant, r.id from request r where r.state in ('said', 'accepted') and r.due < $1
    and not exists (select 1 from step_up s
        where s.tenant = r.tenant and s.request = r.id and s.round = r.round and s.door = r.door
        and not exists (select 1 from clock c where c.tenant = s.tenant and c.request = s.request
            and c.round = s.round and c.door = s.door and c.stopped is null and c.kind = 'settle' and c.started > s.at))
    order by r.due limit $2";
const PROVISIONAL: &str = "select distinct tenant, request from clock
    where provisional = true and stopped is null and known < $1 and tenant = $2 order by tenant, request limit $3";
const TENANTS: &str = "select distinct tenant from clock where provisional = true and stopped is null and known < $1
    order by tenant limit 1000";
const SUPPORTERS: &str = "select distinct person from supporter where tenant = $1 and request = $2
    and person is not null order by person limit 10000";

pub(super) const STATEMENTS: &[&str] = &[
    START_ONE,
    START_THREE,
    STOP_CLOCKS,
    STOP_CLOCK,
    RUNNING,
    SET_DUE,
    STEP_UP,
    STEP_AGAIN,
    PAUSES,
    ADD_PAUSE,
    END_PAUSE,
    OVERDUE,
    PROVISIONAL,
    TENANTS,
    SUPPORTERS,
];

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

/// Starts clocks now; at a door where the case has been before in this round they start anew.
pub async fn start_clocks(
    tx: &mut Tx<'_>,
    case: &Case,
    clocks: &[(ClockKind, Promise, Due)],
    known: i64,
) -> Result<()> {
    let (sql, lot) = if clocks.len() == 3 { (START_THREE, 3) } else { (START_ONE, 1) };
    for some in clocks.chunks(lot) {
        let Some((_, first, _)) = some.first() else { continue };
        let now = first.started;
        let mut row = params![case.tenant, case.id, case.round, case.door, now, known, &first.office].to_vec();
        for (kind, promise, due) in some {
            row.extend_from_slice(params![*kind, due.at, due.provisional, promise.amount, &promise.unit]);
        }
        tx.run(sql, &row).await?;
    }
    Ok(())
}

/// Stops every running clock of a case; a pause of them is over, too.
pub async fn stop_clocks(tx: &mut Tx<'_>, case: &Case, why: &str) -> Result<()> {
    let now = tx.now();
    end_pause(tx, case).await?;
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

/// Notes a step up from the door where the case stands; `false` when it was made before in this round, unless the case has
/// come back down to this door since, and its clocks have started anew.
pub async fn step_up(tx: &mut Tx<'_>, case: &Case, cause: Cause) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(STEP_UP, params![case.tenant, case.id, case.round, case.door, cause, now]).await? == 1)
}

/// The same for a case that came back down to this door in this round and whose resident moves it up once more.
pub async fn step_up_again(tx: &mut Tx<'_>, case: &Case, cause: Cause) -> Result<()> {
    let now = tx.now();
    tx.run(STEP_AGAIN, params![case.tenant, case.id, case.round, case.door, cause, now]).await.map(drop)
}

/// A span during which the clocks of a case stood still, and why.
#[derive(Clone, Debug)]
pub struct PauseRow {
    pub reason: WaitReason,
    pub span: Pause,
}

impl PauseRow {
    pub fn runs(&self, now: Moment) -> bool {
        self.span.from <= now && now < self.span.to
    }
}

/// A pause from now on, until `until` at the latest.
pub async fn add_pause(tx: &mut Tx<'_>, case: &Case, reason: WaitReason, until: Moment) -> Result<()> {
    let (id, now) = (tx.id::<kit::Uuid>(), tx.now());
    tx.run(ADD_PAUSE, params![case.tenant, id, case.id, reason, now, until]).await.map(drop)
}

/// Ends the pause that runs; `false` when none does.
pub async fn end_pause(tx: &mut Tx<'_>, case: &Case) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(END_PAUSE, params![case.tenant, case.id, now]).await? > 0)
}

fn read_keys(rows: &[Row], id: &str) -> Result<Vec<(TenantId, CaseId)>> {
    rows.iter().map(|row| Ok((row.get("tenant")?, row.get(id)?))).collect()
}

/// Cases that somebody should have done something about, and that have not gone up for it, the longest overdue first.
pub async fn overdue(db: &Db, now: Moment, limit: i64) -> Result<Vec<(TenantId, CaseId)>> {
    read_keys(&db.all(OVERDUE, params![now, limit]).await?, "id")
}

/// Cases of a tenant whose due time was counted before the year `known` was published, and reached beyond.
pub async fn provisional(db: &Db, tenant: TenantId, known: i64, limit: i64) -> Result<Vec<(TenantId, CaseId)>> {
    read_keys(&db.all(PROVISIONAL, params![known, tenant, limit]).await?, "request")
}

/// The tenants that have such cases.
pub async fn provisional_tenants(db: &Db, known: i64) -> Result<Vec<TenantId>> {
    db.all(TENANTS, params![known]).await?.iter().map(|row| row.get("tenant")).collect()
}

/// Those who have said 我也是 with an account.
pub async fn supporters(tx: &mut Tx<'_>, case: &Case) -> Result<Vec<PersonId>> {
    tx.all(SUPPORTERS, params![case.tenant, case.id]).await?.iter().map(|row| row.get("person")).collect()
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

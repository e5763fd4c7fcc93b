//! What goes by itself years after a case is over: whatever only its parties could read.

use super::parts::ERASE_WHY;
use crate::case::{Case, CaseId};
use crate::place::TenantId;
use kit::db::{Db, Tx};
use kit::time::Moment;
use kit::{Result, params};

const WORDED: &str = "select tenant, id from request where closed is not null and words_over is null and closed < $1
    order by closed limit $2";
const MARK: &str = "update request set words_over = $3 where tenant = $1 and id = $2 and words_over is null";
const ENTRIES: &str =
    "update entry set text = '', withdrawn = $3 where tenant = $1 and request = $2 and withdrawn is null
    and not public";
const ALL_ENTRIES: &str =
    "update entry set text = '', withdrawn = $3 where tenant = $1 and request = $2 and withdrawn is null";
const HANDOVERS: &str = "update handover set reason = '', answer = null where tenant = $1 and request = $2";

/// The statements of this file, so that a test can prepare each on both engines.
pub(in crate::case) const STATEMENTS: &[&str] = &[WORDED, MARK, ENTRIES, ALL_ENTRIES, HANDOVERS];

/// Cases that were over before `until` and still have what their parties said, the oldest first.
pub async fn worded(db: &Db, until: Moment, limit: i64) -> Result<Vec<(TenantId, CaseId)>> {
    let rows = db.all(WORDED, params![until, limit]).await?;
    rows.iter().map(|row| Ok((row.get("tenant")?, row.get("id")?))).collect()
}

/// Notes that the time for words is over; `false` when somebody else did.
pub async fn mark_words_over(tx: &mut Tx<'_>, case: &Case) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(MARK, params![case.tenant, case.id, now]).await? == 1)
}

/// Empties what only the parties read: all of it where the case itself was theirs alone. Gives how many lines that were.
pub async fn forget_words(tx: &mut Tx<'_>, case: &Case) -> Result<u64> {
    let now = tx.now();
    if case.was_public() {
        return tx.run(ENTRIES, params![case.tenant, case.id, now]).await;
    }
    let gone = tx.run(ALL_ENTRIES, params![case.tenant, case.id, now]).await?;
    tx.run(HANDOVERS, params![case.tenant, case.id]).await?;
    tx.run(ERASE_WHY, params![case.tenant, case.id]).await?;
    Ok(gone)
}

//! What only the hall reads.

use commons::people::PersonId;
use commons::place::TenantId;
use kit::db::Db;
use kit::{Result, params};

const WAITING: &str = "select code, words from request where tenant = $1 and author = $2 and state = 'reported'
    and due > $3 order by changed desc limit 20";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[WAITING];

/// Codes and words of the cases that wait for this person's answer.
pub async fn waiting_for(
    db: &Db,
    tenant: TenantId,
    person: PersonId,
    now: kit::time::Moment,
) -> Result<Vec<(String, String)>> {
    let rows = db.all(WAITING, params![tenant, person, now]).await?;
    rows.iter().map(|row| Ok((row.get("code")?, row.get("words")?))).collect()
}

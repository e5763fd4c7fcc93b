//! What programs sent before, so that the same thing sent again is one thing.

use commons::place::TenantId;
use kit::db::{Db, Tx};
use kit::time::Moment;
use kit::{Result, names, params};

const FIND: &str = "select body, at, answer from open311_sent where tenant = $1 and what = $2 and said = $3";
const KEEP: &str = "insert into open311_sent (tenant, what, said, body, at, answer) values ($1, $2, $3, $4, $5, $6)
    on conflict (tenant, what, said) do update set body = excluded.body, at = excluded.at, answer = excluded.answer";
const FORGET: &str = "delete from open311_sent where tenant = $1 and what = 'request' and at < $2";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[FIND, KEEP, FORGET];

/// How long the same request from the same program is the same one.
pub const SAME_WITHIN: i64 = Moment::minutes(10);

names! {
    What {
        /// A request without a key of its own; `said` is the hash of all it says.
        Request = "request",
        /// An update; `said` is the hash of the id that its sender gave it.
        Update = "update",
    }
}

/// Something that was sent.
#[derive(Clone, Debug)]
pub struct Before {
    /// Hash of all that it said.
    pub body: Vec<u8>,
    pub at: Moment,
    pub answer: String,
}

pub async fn before(db: &Db, tenant: TenantId, what: What, said: [u8; 32]) -> Result<Option<Before>> {
    read(db.one(FIND, params![tenant, what, said]).await?.as_ref())
}

pub async fn before_in(tx: &mut Tx<'_>, tenant: TenantId, what: What, said: [u8; 32]) -> Result<Option<Before>> {
    read(tx.one(FIND, params![tenant, what, said]).await?.as_ref())
}

fn read(row: Option<&kit::db::Row>) -> Result<Option<Before>> {
    row.map(|row| Ok(Before { body: row.get("body")?, at: row.get("at")?, answer: row.get("answer")? })).transpose()
}

/// Keeps what was answered; requests that are too old to be sent again are forgotten.
pub async fn keep(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    what: What,
    (said, body): ([u8; 32], [u8; 32]),
    answer: &str,
) -> Result<()> {
    let now = tx.now();
    tx.run(FORGET, params![tenant, now - SAME_WITHIN]).await?;
    tx.run(KEEP, params![tenant, what, said, body, now, answer]).await.map(drop)
}

//! Sessions: a random token in a cookie, its hash in the database, ended by its owner or by time.

use crate::db::{Db, Tx};
use crate::time::Moment;
use crate::{Result, Uuid, params};
use sha2::{Digest, Sha256};

pub const COOKIE: &str = "mulin_s";
/// After so many days without a visit a session is over.
const IDLE_DAYS: i64 = 30;
/// And after so many days in any case.
pub const DAYS_MAX: i64 = 180;

const OPEN: &str = "insert into session (token, account, starts, seen, ends, label) values ($1, $2, $3, $3, $4, $5)";
const FIND: &str = "select account, starts, seen from session where token = $1 and ends > $2 and seen > $3";
const SEE: &str = "update session set seen = $2 where token = $1";
const CLOSE: &str = "delete from session where token = $1";
const CLOSE_ALL: &str = "delete from session where account = $1";
const PURGE: &str = "delete from session where ends <= $1 or seen <= $2";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[OPEN, FIND, SEE, CLOSE, CLOSE_ALL, PURGE];

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    pub account: Uuid,
    pub token_hash: Vec<u8>,
    /// When the last visit was noted.
    pub seen: Moment,
}

fn hashed(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Begins a session and gives the token for the cookie. Always a new one: whoever planted an old one gets nothing.
pub async fn open(tx: &mut Tx<'_>, account: Uuid, label: &str) -> Result<String> {
    let token = hex::encode(tx.ids().secret());
    let now = tx.now();
    let label: String = label.chars().take(80).collect();
    tx.run(OPEN, params![hashed(&token), account, now, now + Moment::days(DAYS_MAX), label]).await?;
    Ok(token)
}

pub async fn find(db: &Db, token: &str, now: Moment) -> Result<Option<SessionInfo>> {
    let token_hash = hashed(token);
    let row = db.one(FIND, params![token_hash.clone(), now, now - Moment::days(IDLE_DAYS)]).await?;
    row.map(|row| Ok(SessionInfo { account: row.get("account")?, token_hash, seen: row.get("seen")? })).transpose()
}

/// Notes a visit, so that idle days are counted anew. The door does it, now and then.
pub async fn see(tx: &mut Tx<'_>, session: &SessionInfo) -> Result<()> {
    let now = tx.now();
    tx.run(SEE, params![session.token_hash.clone(), now]).await.map(drop)
}

pub async fn close(tx: &mut Tx<'_>, session: &SessionInfo) -> Result<()> {
    tx.run(CLOSE, params![session.token_hash.clone()]).await.map(drop)
}

/// Ends every session of an account, e.g. after its password changed.
pub async fn close_all(tx: &mut Tx<'_>, account: Uuid) -> Result<()> {
    tx.run(CLOSE_ALL, params![account]).await.map(drop)
}

/// Forgets sessions that are over.
pub async fn purge(tx: &mut Tx<'_>) -> Result<u64> {
    let now = tx.now();
    tx.run(PURGE, params![now, now - Moment::days(IDLE_DAYS)]).await
}

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
const FIND: &str = "select account, starts, seen, hat from session where token = $1 and ends > $2 and seen > $3";
const SEE: &str = "update session set seen = $2 where token = $1";
const WEAR: &str = "update session set hat = $2 where token = $1";
const CLOSE: &str = "delete from session where token = $1";
const CLOSE_ALL: &str = "delete from session where account = $1";
const CLOSE_OTHERS: &str = "delete from session where account = $1 and token <> $2";
const MINE: &str = "select token, starts, seen, label from session where account = $1 and ends > $2 and seen > $3
    order by seen desc, starts desc limit 100";
const TOKENS: &str = "select token from session where account = $1 limit 1000";
const PURGE: &str = "delete from session where ends <= $1 or seen <= $2";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[OPEN, FIND, SEE, WEAR, CLOSE, CLOSE_ALL, CLOSE_OTHERS, MINE, TOKENS, PURGE];

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    pub account: Uuid,
    pub token_hash: Vec<u8>,
    /// When the last visit was noted.
    pub seen: Moment,
    /// Whose part is played in it just now, by a name that the house knows; none: the owner's own.
    pub hat: Option<Uuid>,
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
    row.map(|row| {
        let (account, seen, hat) = (row.get("account")?, row.get("seen")?, row.get("hat")?);
        Ok(SessionInfo { account, token_hash, seen, hat })
    })
    .transpose()
}

/// Notes a visit, so that idle days are counted anew. The door does it, now and then.
pub async fn see(tx: &mut Tx<'_>, session: &SessionInfo) -> Result<()> {
    let now = tx.now();
    tx.run(SEE, params![session.token_hash.clone(), now]).await.map(drop)
}

/// Plays another's part from the next page on, or one's own again. Forms of pages that are open elsewhere are stale with it.
pub async fn wear(tx: &mut Tx<'_>, session: &SessionInfo, hat: Option<Uuid>) -> Result<()> {
    tx.run(WEAR, params![session.token_hash.clone(), hat]).await.map(drop)
}

pub async fn close(tx: &mut Tx<'_>, session: &SessionInfo) -> Result<()> {
    tx.run(CLOSE, params![session.token_hash.clone()]).await.map(drop)
}

/// Ends every session of an account, e.g. after its password changed.
pub async fn close_all(tx: &mut Tx<'_>, account: Uuid) -> Result<()> {
    tx.run(CLOSE_ALL, params![account]).await.map(drop)
}

/// Ends every session of an account but this one.
pub async fn close_others(tx: &mut Tx<'_>, own: &SessionInfo) -> Result<()> {
    tx.run(CLOSE_OTHERS, params![own.account, own.token_hash.clone()]).await.map(drop)
}

/// A session in the list of its owner.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Tells it from the others of the account; opens nothing.
    pub name: String,
    pub starts: Moment,
    pub seen: Moment,
    /// The kind of device, as [`device`] tells it.
    pub label: String,
}

impl Listed {
    pub fn is(&self, session: &SessionInfo) -> bool {
        self.name == name_of(&session.token_hash)
    }
}

fn name_of(token_hash: &[u8]) -> String {
    hex::encode(&Sha256::digest(token_hash)[..8])
}

/// The sessions of an account that run, the one that was used last first.
pub async fn mine(db: &Db, account: Uuid, now: Moment) -> Result<Vec<Listed>> {
    let rows = db.all(MINE, params![account, now, now - Moment::days(IDLE_DAYS)]).await?;
    let read = |row: &crate::db::Row| {
        let token: Vec<u8> = row.get("token")?;
        let (starts, seen, label) = (row.get("starts")?, row.get("seen")?, row.get("label")?);
        Ok(Listed { name: name_of(&token), starts, seen, label })
    };
    rows.iter().map(read).collect()
}

/// Ends the session of an account that its list calls so; `false` when there is none.
pub async fn close_named(tx: &mut Tx<'_>, account: Uuid, name: &str) -> Result<bool> {
    for row in tx.all(TOKENS, params![account]).await? {
        let token: Vec<u8> = row.get("token")?;
        if name_of(&token) == name {
            return Ok(tx.run(CLOSE, params![token]).await? == 1);
        }
    }
    Ok(false)
}

/// The kind of a device by what its browser says of itself, `phone/Chrome`: enough for its owner to know it again, and no more.
pub fn device(agent: &str) -> String {
    let says = |word: &str| agent.contains(word);
    let kind = if says("iPad") || says("Tablet") {
        "tablet"
    } else if says("Mobile") || says("Android") || says("iPhone") || says("HarmonyOS") {
        "phone"
    } else if says("Windows") || says("Macintosh") || says("Linux") || says("CrOS") {
        "computer"
    } else {
        return "other".to_owned();
    };
    let programs = [
        ("MicroMessenger", "WeChat"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ];
    let program = programs.iter().find(|(word, _)| says(word)).map_or("", |(_, name)| *name);
    format!("{kind}/{program}")
}

/// Forgets sessions that are over.
pub async fn purge(tx: &mut Tx<'_>) -> Result<u64> {
    let now = tx.now();
    tx.run(PURGE, params![now, now - Moment::days(IDLE_DAYS)]).await
}

//! Bearer tokens of programs: 128 random bits that are shown once, their hash in the database, with scopes and an end.
//!
//! A token belongs to an account, or to a person of a tenant who has none: a program that was given an office of its own.

use crate::db::{Db, Row, Tx};
use crate::time::Moment;
use crate::{Error, Reason, Result, Uuid, id, params};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

id!(TokenId);

/// Every token begins so; whoever finds one in the open knows what it is.
pub const PREFIX: &str = "mulin_";
/// The longest time a token can be given.
pub const DAYS_MAX: i64 = 366;
/// A call notes the day no more often than this.
const SEEN_EVERY: i64 = Moment::days(1);

const COLUMNS: &str = "select id, tenant, person, account, name, scopes, since, ends, used, ended from token";
const ADD: &str = "insert into token (hash, id, tenant, person, account, name, scopes, since, ends, used, ended)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, null)";
const SEE: &str = "update token set used = $2 where id = $1";
const END: &str = "update token set ended = $2 where id = $1 and ended is null";
const END_OF: &str = "update token set ended = $3 where tenant = $1 and person = $2 and ended is null";
const END_ALL: &str = "update token set ended = $2 where account = $1 and ended is null";

const LIVE: &str = "select hash, id, tenant, person, account, name, scopes, since, ends, used, ended from token
    where account is null and ended is null and ends > $1";

fn by_hash() -> String {
    format!("{COLUMNS} where hash = $1 and ends > $2 and ended is null")
}

fn of_account() -> String {
    format!("{COLUMNS} where account = $1 order by id desc limit 100")
}

fn of_tenant() -> String {
    format!("{COLUMNS} where tenant = $1 order by id desc limit 200")
}

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let fixed = [ADD, SEE, END, END_OF, END_ALL];
    fixed.iter().map(|sql| sql.to_string()).chain([by_hash(), of_account(), of_tenant(), LIVE.to_owned()]).collect()
}

/// For whom a token speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    Account(Uuid),
    /// A program: a person of a tenant.
    Program {
        tenant: Uuid,
        person: Uuid,
    },
}

impl Holder {
    /// The id by which what it does is told from what others do.
    pub fn id(self) -> Uuid {
        match self {
            Holder::Account(account) => account,
            Holder::Program { person, .. } => person,
        }
    }
}

/// A token without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub id: TokenId,
    pub holder: Holder,
    pub name: String,
    pub scopes: Vec<String>,
    pub since: Moment,
    pub ends: Moment,
    /// The last day on which it was used, to the day.
    pub used: Option<Moment>,
    pub ended: Option<Moment>,
}

impl Token {
    pub fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|one| one == scope)
    }

    pub fn is_over(&self, now: Moment) -> bool {
        self.ended.is_some() || self.ends <= now
    }

    /// Whether this call is the first of its day.
    pub(super) fn is_first_today(&self, now: Moment) -> bool {
        self.used.is_none_or(|used| now - used >= SEEN_EVERY)
    }

    fn read(row: &Row) -> Result<Token> {
        let scopes: String = row.get("scopes")?;
        let holder = match (row.get("account")?, row.get("tenant")?, row.get("person")?) {
            (Some(account), ..) => Holder::Account(account),
            (None, Some(tenant), Some(person)) => Holder::Program { tenant, person },
            _ => return Err(Error::internal("a token of nobody")),
        };
        Ok(Token {
            id: row.get("id")?,
            holder,
            name: row.get("name")?,
            scopes: scopes.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect(),
            since: row.get("since")?,
            ends: row.get("ends")?,
            used: row.get("used")?,
            ended: row.get("ended")?,
        })
    }
}

fn hashed(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// What a new token needs.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub holder: Holder,
    pub name: String,
    pub scopes: Vec<&'static str>,
    pub ends: Moment,
}

/// Makes a token and gives its text, which is nowhere else.
pub async fn make(tx: &mut Tx<'_>, new: &NewToken) -> Result<(TokenId, String)> {
    let text = format!("{PREFIX}{}", hex::encode(tx.ids().secret()));
    let (id, now): (TokenId, Moment) = (tx.id(), tx.now());
    let (account, tenant, person) = match new.holder {
        Holder::Account(account) => (Some(account), None, None),
        Holder::Program { tenant, person } => (None, Some(tenant), Some(person)),
    };
    let scopes = new.scopes.join(" ");
    tx.run(ADD, params![hashed(&text), id, tenant, person, account, &new.name, scopes, now, new.ends]).await?;
    Ok((id, text))
}

/// The token that a call brought.
///
/// # Errors
/// [`Error::Denied`] when it is unknown or over.
pub async fn find(db: &Db, text: &str, now: Moment) -> Result<Token> {
    let unknown = Error::Denied(Reason("token/unknown"));
    if !text.starts_with(PREFIX) || text.len() != PREFIX.len() + 32 {
        return Err(unknown);
    }
    let row = db.one(&by_hash(), params![hashed(text), now]).await?;
    row.map_or(Err(unknown), |row| Token::read(&row))
}

/// The tokens of all programs, for a door that has to decide while it reads.
#[derive(Debug, Default)]
pub struct Programs(HashMap<Vec<u8>, Token>);

impl Programs {
    pub async fn live(db: &Db, now: Moment) -> Result<Programs> {
        let rows = db.all(LIVE, params![now]).await?;
        rows.iter().map(|row| Ok((row.get("hash")?, Token::read(row)?))).collect::<Result<_>>().map(Programs)
    }

    pub fn find(&self, text: &str) -> Option<&Token> {
        self.0.get(&hashed(text)).filter(|_| text.starts_with(PREFIX))
    }
}

pub async fn mine(db: &Db, account: Uuid) -> Result<Vec<Token>> {
    db.all(&of_account(), params![account]).await?.iter().map(Token::read).collect()
}

/// The tokens of a tenant's programs, the newest first.
pub async fn programs(db: &Db, tenant: Uuid) -> Result<Vec<Token>> {
    db.all(&of_tenant(), params![tenant]).await?.iter().map(Token::read).collect()
}

/// Notes the day of a call.
pub async fn see(tx: &mut Tx<'_>, token: TokenId) -> Result<()> {
    let now = tx.now();
    tx.run(SEE, params![token, now]).await.map(drop)
}

/// Ends a token now; `false` when it had ended.
pub async fn end(tx: &mut Tx<'_>, token: TokenId) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(END, params![token, now]).await? == 1)
}

/// Ends every token of a program.
pub async fn end_of(tx: &mut Tx<'_>, tenant: Uuid, person: Uuid) -> Result<()> {
    let now = tx.now();
    tx.run(END_OF, params![tenant, person, now]).await.map(drop)
}

/// Ends every token of an account.
pub async fn end_all(tx: &mut Tx<'_>, account: Uuid) -> Result<()> {
    let now = tx.now();
    tx.run(END_ALL, params![account, now]).await.map(drop)
}

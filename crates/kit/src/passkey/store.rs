//! Passkeys on the shelf: of a key there is what it is called, its public half, and when it was used.

use super::New;
use crate::db::{Db, Row, Tx};
use crate::time::Moment;
use crate::{Error, Result, Uuid, params};

const ADD: &str = "insert into passkey (id, account, credential, public_key, counter, name, since, used)
    values ($1, $2, $3, $4, $5, $6, $7, null) on conflict (credential) do nothing";
const MINE: &str = "select id, credential, name, since, used from passkey where account = $1 order by id limit 100";
const FIND: &str = "select id, account, public_key, counter, name from passkey where credential = $1";
const USED: &str = "update passkey set counter = $2, used = $3 where id = $1";
const REMOVE: &str = "delete from passkey where account = $1 and id = $2";
const COUNT: &str = "select count(*) as n from passkey where account = $1";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[ADD, MINE, FIND, USED, REMOVE, COUNT];

/// So many keys one account may have.
pub const MINE_MAX: i64 = 20;

/// A key in the list of its owner.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: Uuid,
    /// What the device calls it.
    pub credential: Vec<u8>,
    pub name: String,
    pub since: Moment,
    pub used: Option<Moment>,
}

/// A key as it is held against what is shown.
#[derive(Clone, Debug)]
pub struct Known {
    pub id: Uuid,
    pub account: Uuid,
    pub public_key: Vec<u8>,
    pub counter: i64,
}

fn listed(row: &Row) -> Result<Listed> {
    Ok(Listed {
        id: row.get("id")?,
        credential: row.get("credential")?,
        name: row.get("name")?,
        since: row.get("since")?,
        used: row.get("used")?,
    })
}

/// Keeps a new key of an account under a name that its owner gave.
///
/// # Errors
/// [`Error::Conflict`] when the key is known already, or they have too many.
pub async fn add(tx: &mut Tx<'_>, account: Uuid, new: &New, name: &str) -> Result<Uuid> {
    if count(tx, account).await? >= MINE_MAX {
        return Err(Error::conflict("passkeys/too-many"));
    }
    let (id, now): (Uuid, Moment) = (tx.id(), tx.now());
    let row = params![id, account, new.name.clone(), new.key.clone(), new.counter, name, now];
    if tx.run(ADD, row).await? == 0 { Err(Error::conflict("passkeys/known")) } else { Ok(id) }
}

/// The keys of an account, the oldest first.
pub async fn mine(db: &Db, account: Uuid) -> Result<Vec<Listed>> {
    db.all(MINE, params![account]).await?.iter().map(listed).collect()
}

/// How many keys an account has.
pub async fn count(tx: &mut Tx<'_>, account: Uuid) -> Result<i64> {
    tx.number(COUNT, params![account]).await
}

/// The key that a device calls so.
pub async fn find(tx: &mut Tx<'_>, credential: &[u8]) -> Result<Option<Known>> {
    let row = tx.one(FIND, params![credential.to_vec()]).await?;
    let known = |row: Row| {
        let (id, account) = (row.get("id")?, row.get("account")?);
        Ok(Known { id, account, public_key: row.get("public_key")?, counter: row.get("counter")? })
    };
    row.map(known).transpose()
}

/// Notes a use, with the device's counter.
pub async fn used(tx: &mut Tx<'_>, id: Uuid, counter: i64) -> Result<()> {
    let now = tx.now();
    tx.run(USED, params![id, counter, now]).await.map(drop)
}

/// Takes a key of an account away; `false` when it is none of theirs.
pub async fn remove(tx: &mut Tx<'_>, account: Uuid, id: Uuid) -> Result<bool> {
    Ok(tx.run(REMOVE, params![account, id]).await? == 1)
}

//! Numbers and codes on the shelf. A number is sealed, and found by a keyed hash; of a code there is only one.

use super::{DAY_MAX, MINUTES, PAUSE_SECONDS, PhoneCodeId, Purpose, TRIES_MAX};
use crate::people::AccountId;
use kit::db::{Db, Tx};
use kit::secrets::Secrets;
use kit::time::Moment;
use kit::{Error, Result, params};

/// What a number is sealed under.
pub const SEAL: &str = "own-phone";

const GIVE: &str = "insert into own_phone (account, phone, hash, since, confirmed) values ($1, $2, $3, $4, null)
    on conflict (account) do update set phone = excluded.phone, hash = excluded.hash, since = excluded.since, confirmed = null";
const OWN: &str = "select phone, hash, confirmed from own_phone where account = $1";
const CONFIRM: &str = "update own_phone set confirmed = $3 where account = $1 and hash = $2";
const REMOVE: &str = "delete from own_phone where account = $1";
const TAKEN: &str = "select count(*) as n from own_phone where hash = $1 and confirmed is not null and account <> $2";
const WHOSE: &str = "select account from own_phone where hash = $1 and confirmed is not null";
const ADD_CODE: &str = "insert into phone_code (id, hash, account, purpose, bound, code, tries, at, ends, used)
    values ($1, $2, $3, $4, $5, $6, 0, $7, $8, null)";
const TO_NUMBER: &str = "select count(*) as n from phone_code where hash = $1 and at > $2";
const OF_ACCOUNT: &str = "select count(*) as n from phone_code where account = $1 and at > $2";
const OF_HOUSE: &str = "select count(*) as n from phone_code where at > $1";
const NEWEST: &str = "select id, account, code, tries from phone_code
    where hash = $1 and purpose = $2 and bound = $3 and ends > $4 and used is null order by at desc, id desc limit 1";
const TRIED: &str = "update phone_code set tries = tries + 1 where id = $1";
const USED: &str = "update phone_code set used = $2 where id = $1";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] =
    &[GIVE, OWN, CONFIRM, REMOVE, TAKEN, WHOSE, ADD_CODE, TO_NUMBER, OF_ACCOUNT, OF_HOUSE, NEWEST, TRIED, USED];

/// Finds a number without opening it.
pub fn hash(secrets: &Secrets, phone: &str) -> [u8; 32] {
    secrets.mac("own-phone-hash", &[phone.as_bytes()])
}

fn code_hash(secrets: &Secrets, id: PhoneCodeId, code: &str) -> [u8; 32] {
    secrets.mac("phone-code", &[id.0.as_bytes(), code.as_bytes()])
}

/// The number of an account, and when it was confirmed.
pub async fn own(db: &Db, secrets: &Secrets, account: AccountId) -> Result<Option<(String, Option<Moment>)>> {
    let Some(row) = db.one(OWN, params![account]).await? else { return Ok(None) };
    let sealed: Vec<u8> = row.get("phone")?;
    let phone = secrets.unseal(SEAL, &sealed).and_then(|plain| String::from_utf8(plain).ok());
    Ok(Some((phone.unwrap_or_default(), row.get("confirmed")?)))
}

/// Keeps a number that its owner gave; it counts once it is confirmed.
pub async fn give(tx: &mut Tx<'_>, secrets: &Secrets, account: AccountId, phone: &str) -> Result<()> {
    let now = tx.now();
    let sealed = secrets.seal(SEAL, phone.as_bytes())?;
    tx.run(GIVE, params![account, sealed, hash(secrets, phone), now]).await.map(drop)
}

/// # Errors
/// [`Error::Conflict`] when it is somebody else's, [`Error::NotFound`] when another was given meanwhile.
pub async fn confirm(tx: &mut Tx<'_>, secrets: &Secrets, account: AccountId, phone: &str) -> Result<()> {
    let (now, hash) = (tx.now(), hash(secrets, phone));
    if tx.number::<i64>(TAKEN, params![hash, account]).await? > 0 {
        return Err(Error::conflict("phones/taken"));
    }
    if tx.run(CONFIRM, params![account, hash, now]).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// `false` when there was none.
pub async fn remove(tx: &mut Tx<'_>, account: AccountId) -> Result<bool> {
    Ok(tx.run(REMOVE, params![account]).await? == 1)
}

/// Whose confirmed number this is.
pub async fn whose(tx: &mut Tx<'_>, secrets: &Secrets, phone: &str) -> Result<Option<AccountId>> {
    tx.one(WHOSE, params![hash(secrets, phone)]).await?.map(|row| row.get("account")).transpose()
}

/// A code to a number; it is good in one browser. Asked for a number that nobody has, it is made all the same and goes nowhere.
///
/// # Errors
/// [`Error::TooMany`] when there were too many, whoever has the number.
pub async fn ask(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (purpose, bound): (Purpose, &[u8]),
    (phone, account): (&str, Option<AccountId>),
) -> Result<(PhoneCodeId, String)> {
    let (now, hash) = (tx.now(), hash(secrets, phone));
    let day = now - Moment::days(1);
    if tx.number::<i64>(TO_NUMBER, params![hash, now - Moment::seconds(PAUSE_SECONDS)]).await? > 0 {
        return Err(Error::TooMany(u32::try_from(PAUSE_SECONDS).unwrap_or(u32::MAX)));
    }
    let mut counts = [tx.number::<i64>(TO_NUMBER, params![hash, day]).await?, 0, 0];
    if let Some(account) = account {
        counts[1] = tx.number::<i64>(OF_ACCOUNT, params![account, day]).await?;
    }
    counts[2] = tx.number::<i64>(OF_HOUSE, params![day]).await?;
    if counts.iter().zip(DAY_MAX).any(|(count, most)| *count >= most) {
        return Err(Error::TooMany(24 * 3600));
    }
    let id: PhoneCodeId = tx.id();
    let code = format!("{:06}", u128::from_be_bytes(tx.ids().secret()) % 1_000_000);
    let ends = now + Moment::minutes(MINUTES);
    let row = params![id, hash, account, purpose, bound.to_vec(), code_hash(secrets, id, &code), now, ends];
    tx.run(ADD_CODE, row).await?;
    Ok((id, code))
}

/// What became of a code that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    Right(Option<AccountId>),
    Wrong,
}

/// Tries a code; a right one is used up, and after some wrong ones none is right.
pub async fn try_code(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (purpose, bound): (Purpose, &[u8]),
    (phone, code): (&str, &str),
) -> Result<Tried> {
    let now = tx.now();
    let row = params![hash(secrets, phone), purpose, bound.to_vec(), now];
    let Some(row) = tx.one(NEWEST, row).await? else { return Ok(Tried::Wrong) };
    let (id, kept, tries): (PhoneCodeId, Vec<u8>, i64) = (row.get("id")?, row.get("code")?, row.get("tries")?);
    tx.run(TRIED, params![id]).await?;
    let right = secrets.verify("phone-code", &[id.0.as_bytes(), code.as_bytes()], &kept);
    if !right || tries >= TRIES_MAX {
        return Ok(Tried::Wrong);
    }
    tx.run(USED, params![id, now]).await?;
    Ok(Tried::Right(row.get("account")?))
}

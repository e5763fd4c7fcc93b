//! Ways back on the shelf.

use super::{HOURS, Held, WayBack, WayBackId, Word};
use crate::people::{AccountId, MandateId, Office, PersonId};
use crate::place::{Place, TenantId};
use kit::db::{Db, Row, Tx};
use kit::passkey::store::Listed;
use kit::secrets::Secrets;
use kit::time::Moment;
use kit::{Error, Result, Uuid, params};
use std::collections::HashMap;

const ADD: &str =
    "insert into way_back (tenant, id, person, account, code, first_by, first_mandate, first_office, first_at, ends)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const WAY: &str = "select w.tenant, w.id, w.person, w.account, p.name, p.name_en, a.login, w.first_by, w.first_mandate,
    w.first_office, f.name as first_name, f.name_en as first_name_en, w.first_at, w.second_by, w.second_mandate,
    w.second_office, s.name as second_name, s.name_en as second_name_en, w.second_at, w.ends, w.used, w.stopped
    from way_back w join person p on p.tenant = w.tenant and p.id = w.person join account a on a.id = w.account
    join person f on f.tenant = w.tenant and f.id = w.first_by
    left join person s on s.tenant = w.tenant and s.id = w.second_by";
const ONE: &str = "where w.tenant = $1 and w.id = $2";
const OPEN: &str =
    "where w.tenant = $1 and w.ends > $2 and w.used is null and w.stopped is null order by w.id limit 100";
const OF_ACCOUNT: &str = "where w.account = $1 order by w.id desc limit 20";
const BY_CODE: &str =
    "where w.code = $1 and w.ends > $2 and w.used is null and w.stopped is null and w.second_by is not null";
const HELD: &str = "p.tenant as of_tenant, m.office, l.* from person p
    left join mandate m on m.tenant = p.tenant and (m.person = p.id or m.deputy = p.id) and m.starts <= $2
        and (m.ends is null or m.ends > $2) and (m.revoked is null or m.revoked > $2)
    left join place l on l.tenant = m.tenant and l.id = m.place";
const HELD_OF: &str = "where p.account = $1 order by m.id limit 500";
const HELD_OPEN: &str = "join way_back w on w.account = p.account
    where w.tenant = $1 and w.ends > $2 and w.used is null and w.stopped is null order by w.id, m.id limit 5000";
const WAITING: &str =
    "select count(*) as n from way_back where account = $1 and ends > $2 and used is null and stopped is null";
const CONFIRM: &str =
    "update way_back set second_by = $3, second_mandate = $4, second_office = $5, second_at = $6, ends = $7
    where tenant = $1 and id = $2 and second_by is null and ends > $6 and used is null and stopped is null";
const STOP: &str =
    "update way_back set stopped = $3 where tenant = $1 and id = $2 and used is null and stopped is null";
const USE: &str = "update way_back set used = $3 where tenant = $1 and id = $2 and used is null and stopped is null
    and second_by is not null and ends > $3";
const SET_PASSWORD: &str = "update account set password = $2 where id = $1";
const ACCOUNT: &str = "select login, password from account where id = $1";
const WAYS_IN: &str = "select count(*) as n from account where id = $1 and (password is not null
    or exists (select 1 from passkey k where k.account = account.id))";
const OWN: &str = "select a.login, a.password, k.id, k.credential, k.name, k.since, k.used,
    o.phone, o.confirmed from account a left join passkey k on k.account = a.id
    left join own_phone o on o.account = a.id where a.id = $1 order by k.id limit 100";
const DROP_PASSKEYS: &str = "delete from passkey where account = $1";
const DROP_PHONE: &str = "delete from own_phone where account = $1";
const DROP_LINKS: &str = "delete from provider_link where account = $1";
const ACCOUNT_OF: &str = "select account from person where tenant = $1 and id = $2";

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let mut all: Vec<String> = [ONE, OPEN, OF_ACCOUNT, BY_CODE].map(|tail| format!("{WAY} {tail}")).into();
    all.extend([held_of(), held_open()]);
    all.extend(
        [
            ADD,
            WAITING,
            CONFIRM,
            STOP,
            USE,
            SET_PASSWORD,
            ACCOUNT,
            WAYS_IN,
            OWN,
            DROP_PHONE,
            DROP_PASSKEYS,
            DROP_LINKS,
            ACCOUNT_OF,
        ]
        .map(str::to_owned),
    );
    all
}

fn held_of() -> String {
    format!("select {HELD} {HELD_OF}")
}

fn held_open() -> String {
    format!("select w.id as way, {HELD} {HELD_OPEN}")
}

/// The code on the paper: always the same one, so that it can be printed again; it opens nothing before the second word.
pub fn code(secrets: &Secrets, id: WayBackId) -> String {
    secrets.code("way-back", id.0.as_bytes())
}

fn hash(secrets: &Secrets, code: &str) -> [u8; 32] {
    secrets.mac("way-back-hash", &[code.as_bytes()])
}

fn read(row: &Row) -> Result<WayBack> {
    let second: Option<PersonId> = row.get("second_by")?;
    let second = match second {
        None => None,
        Some(by) => Some(Word {
            by,
            mandate: row.get("second_mandate")?,
            office: row.get("second_office")?,
            name: row.get::<Option<String>>("second_name")?.unwrap_or_default(),
            name_en: row.get::<Option<String>>("second_name_en")?.unwrap_or_default(),
            at: row.get("second_at")?,
        }),
    };
    Ok(WayBack {
        tenant: row.get("tenant")?,
        id: row.get("id")?,
        person: row.get("person")?,
        account: row.get("account")?,
        name: row.get("name")?,
        name_en: row.get("name_en")?,
        login: row.get("login")?,
        first: Word {
            by: row.get("first_by")?,
            mandate: row.get("first_mandate")?,
            office: row.get("first_office")?,
            name: row.get("first_name")?,
            name_en: row.get("first_name_en")?,
            at: row.get("first_at")?,
        },
        second,
        ends: row.get("ends")?,
        used: row.get("used")?,
        stopped: row.get("stopped")?,
    })
}

/// The first word.
///
/// # Errors
/// [`Error::Conflict`] when one waits already.
pub async fn open(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (tenant, person, account): (TenantId, PersonId, AccountId),
    (by, mandate, office): (PersonId, MandateId, Office),
) -> Result<WayBackId> {
    let (id, now): (WayBackId, Moment) = (tx.id(), tx.now());
    if tx.number::<i64>(WAITING, params![account, now]).await? > 0 {
        return Err(Error::conflict("back/waits-already"));
    }
    let (code, ends) = (hash(secrets, &code(secrets, id)), now + Moment::hours(HOURS));
    tx.run(ADD, params![tenant, id, person, account, code, by, mandate, office, now, ends]).await?;
    Ok(id)
}

/// The second word; from now on the code is good for a day.
///
/// # Errors
/// [`Error::Conflict`] when it came before, or too late.
pub async fn confirm(
    tx: &mut Tx<'_>,
    way: &WayBack,
    (by, mandate, office): (PersonId, MandateId, Office),
) -> Result<()> {
    let now = tx.now();
    let row = params![way.tenant, way.id, by, mandate, office, now, now + Moment::hours(HOURS)];
    if tx.run(CONFIRM, row).await? == 0 { Err(Error::conflict("back/over")) } else { Ok(()) }
}

/// Nobody comes back this way.
///
/// # Errors
/// [`Error::Conflict`] when it was over.
pub async fn stop(tx: &mut Tx<'_>, way: &WayBack) -> Result<()> {
    let now = tx.now();
    if tx.run(STOP, params![way.tenant, way.id, now]).await? == 0 { Err(Error::conflict("back/over")) } else { Ok(()) }
}

pub async fn one(db: &Db, tenant: TenantId, id: WayBackId) -> Result<Option<WayBack>> {
    db.one(&format!("{WAY} {ONE}"), params![tenant, id]).await?.as_ref().map(read).transpose()
}

/// Those that wait for a second word or for the person.
pub async fn waiting(db: &Db, tenant: TenantId, now: Moment) -> Result<Vec<WayBack>> {
    db.all(&format!("{WAY} {OPEN}"), params![tenant, now]).await?.iter().map(read).collect()
}

/// How somebody came back in the past, newest first.
pub async fn of_account(db: &Db, account: AccountId) -> Result<Vec<WayBack>> {
    db.all(&format!("{WAY} {OF_ACCOUNT}"), params![account]).await?.iter().map(read).collect()
}

/// Whose way back bears this code; `None` when it is over, or lacks a word.
pub async fn by_code(db: &Db, secrets: &Secrets, code: &str, now: Moment) -> Result<Option<WayBack>> {
    db.one(&format!("{WAY} {BY_CODE}"), params![hash(secrets, code), now]).await?.as_ref().map(read).transpose()
}

/// Uses the code up and sets the new password.
///
/// # Errors
/// [`Error::NotFound`] when somebody was faster or the day is over.
pub async fn use_up(tx: &mut Tx<'_>, way: &WayBack, phc: &str) -> Result<()> {
    let now = tx.now();
    if tx.run(USE, params![way.tenant, way.id, now]).await? == 0 {
        return Err(Error::NotFound);
    }
    // Whoever has lost their telephone has lost what it opens; whoever took it is not to come in.
    for sql in [DROP_PASSKEYS, DROP_PHONE, DROP_LINKS] {
        tx.run(sql, params![way.account]).await?;
    }
    set_password(tx, way.account, phc).await
}

/// `phc` is a PHC string.
pub async fn set_password(tx: &mut Tx<'_>, account: AccountId, phc: &str) -> Result<()> {
    tx.run(SET_PASSWORD, params![account, phc]).await.map(drop)
}

/// The login of an account, and its PHC string.
pub async fn account(db: &Db, account: AccountId) -> Result<Option<(String, Option<String>)>> {
    let row = db.one(ACCOUNT, params![account]).await?;
    row.map(|row| Ok((row.get("login")?, row.get("password")?))).transpose()
}

/// A number of one's own as it lies there.
#[derive(Clone, Debug)]
pub struct OwnPhone {
    pub sealed: Vec<u8>,
    pub confirmed: Option<Moment>,
}

/// What the page of somebody's ways in shows: login, PHC string, passkeys, number.
pub type Own = (String, Option<String>, Vec<Listed>, Option<OwnPhone>);

/// All of it in one question.
pub async fn own(db: &Db, account: AccountId) -> Result<Option<Own>> {
    let rows = db.all(OWN, params![account]).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let sealed: Option<Vec<u8>> = first.get("phone")?;
    let confirmed = first.get("confirmed")?;
    let phone = sealed.map(|sealed| OwnPhone { sealed, confirmed });
    let mut keys = Vec::new();
    for row in &rows {
        let id: Option<Uuid> = row.get("id")?;
        let Some(id) = id else { continue };
        let (credential, name) = (row.get("credential")?, row.get("name")?);
        keys.push(Listed { id, credential, name, since: row.get("since")?, used: row.get("used")? });
    }
    Ok(Some((first.get("login")?, first.get("password")?, keys, phone)))
}

/// Whether somebody can come in with this account at all: by a password or a passkey.
pub async fn has_way_in(tx: &mut Tx<'_>, account: AccountId) -> Result<bool> {
    Ok(tx.number::<i64>(WAYS_IN, params![account]).await? > 0)
}

/// The account of a person, if they have one.
pub async fn account_of(db: &Db, tenant: TenantId, person: PersonId) -> Result<Option<AccountId>> {
    db.one(ACCOUNT_OF, params![tenant, person]).await?.map_or(Ok(None), |row| row.get("account"))
}

fn read_held(row: &Row) -> Result<Held> {
    let office: Option<Office> = row.get("office")?;
    let seat = match office {
        Some(office) => Some((office, Place::read(row)?)),
        None => None,
    };
    Ok(Held { tenant: row.get("of_tenant")?, seat })
}

/// What the persons behind an account hold.
pub async fn held(db: &Db, account: AccountId, now: Moment) -> Result<Vec<Held>> {
    db.all(&held_of(), params![account, now]).await?.iter().map(read_held).collect()
}

/// The same for every way back that waits, in one question.
pub async fn held_by_waiting(db: &Db, tenant: TenantId, now: Moment) -> Result<HashMap<WayBackId, Vec<Held>>> {
    let mut all: HashMap<WayBackId, Vec<Held>> = HashMap::new();
    for row in db.all(&held_open(), params![tenant, now]).await? {
        all.entry(row.get("way")?).or_default().push(read_held(&row)?);
    }
    Ok(all)
}

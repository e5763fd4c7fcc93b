//! Letters that let somebody in: a code for one person, good once and for some days. No password is ever made up for anybody.
//!
//! The code is worked out from the letter's id and never stored, so a letter that got lost can be printed again until it is used.

use super::add_account;
use crate::people::{AccountId, Office, PersonId};
use crate::place::{PlaceId, TenantId};
use kit::db::{Db, Row, Tx, Value};
use kit::secrets::Secrets;
use kit::time::Moment;
use kit::{Error, Result, id, params};

id!(InvitationId);

/// How many days a letter is good.
pub const DAYS: i64 = 30;

const ADD: &str = "insert into invitation (tenant, id, code, place, person, made, ends, used)
    values ($1, $2, $3, $4, $5, $6, $7, null)";
const FIND: &str = "select i.tenant, i.id, i.person, p.name, p.name_en from invitation i
    join person p on p.tenant = i.tenant and p.id = i.person
    where i.code = $1 and i.used is null and i.ends > $2 and p.account is null";
const USE: &str = "update invitation set used = $3 where tenant = $1 and id = $2 and used is null and ends > $3";
const END: &str = "update invitation set ends = $3 where tenant = $1 and person = $2 and used is null and ends > $3";
const JOIN: &str = "update person set account = $3 where tenant = $1 and id = $2 and account is null";
const WAITING: &str = "select i.id, i.ends, p.name, p.name_en, m.office, l.label, l.label_en from invitation i
    join person p on p.tenant = i.tenant and p.id = i.person
    join mandate m on m.tenant = i.tenant and m.person = i.person
    join place l on l.tenant = m.tenant and l.id = m.place
    where i.tenant = $1 and i.place = $2 and i.used is null and i.ends > $3 and p.account is null
    order by l.sort, l.path, i.id limit 500";

/// The same of those who serve a whole community or a grid of it.
const WAITING_ELSEWHERE: &str =
    "select i.id, i.ends, p.name, p.name_en, m.office, l.label, l.label_en from invitation i
    join place l on l.tenant = i.tenant and l.id = i.place and l.kind in ('community', 'grid')
    join person p on p.tenant = i.tenant and p.id = i.person
    join mandate m on m.tenant = i.tenant and m.person = i.person and m.place = i.place
    where i.tenant = $1 and i.used is null and i.ends > $2 and p.account is null
    order by l.sort, l.path, i.id limit 500";

/// The same of every home of a building, in the order of its doors.
const WAITING_IN: &str =
    "select i.id, i.ends, p.name, p.name_en, m.office, l.label, l.label_en from invitation i
    join place l on l.tenant = i.tenant and l.id = i.place and l.kind = 'home' and l.building = $2
    join person p on p.tenant = i.tenant and p.id = i.person
    join mandate m on m.tenant = i.tenant and m.person = i.person and m.place = i.place
        and m.office in ('owner', 'tenant', 'family') and (m.ends is null or m.ends > $3) and (m.revoked is null or m.revoked > $3)
    where i.tenant = $1 and i.used is null and i.ends > $3 and p.account is null
    order by l.entrance, l.sort, l.path, i.id limit 2000";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[ADD, FIND, USE, END, JOIN, WAITING, WAITING_ELSEWHERE, WAITING_IN];

/// The code on a letter.
pub fn code(secrets: &Secrets, id: InvitationId) -> String {
    secrets.code("invitation", id.0.as_bytes())
}

fn hash(secrets: &Secrets, code: &str) -> [u8; 32] {
    secrets.mac("invitation-hash", &[code.as_bytes()])
}

/// Writes a letter to a person who cannot sign in yet; `place` is where it belongs, so that it is printed with its neighbours.
pub async fn invite(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    tenant: TenantId,
    place: PlaceId,
    person: PersonId,
) -> Result<InvitationId> {
    let (id, now): (InvitationId, Moment) = (tx.id(), tx.now());
    let code = hash(secrets, &code(secrets, id));
    tx.run(ADD, params![tenant, id, code, place, person, now, now + Moment::days(DAYS)]).await?;
    Ok(id)
}

/// The same in place of those that were written before and may be lost.
pub async fn again(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    tenant: TenantId,
    place: PlaceId,
    person: PersonId,
) -> Result<InvitationId> {
    end(tx, tenant, person).await?;
    invite(tx, secrets, tenant, place, person).await
}

/// Ends the letters of a person that nobody has used.
pub async fn end(tx: &mut Tx<'_>, tenant: TenantId, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.run(END, params![tenant, person, now]).await.map(drop)
}

/// Who a letter is for.
#[derive(Clone, Debug)]
pub struct Invited {
    pub tenant: TenantId,
    pub id: InvitationId,
    pub person: PersonId,
    pub name: String,
    pub name_en: String,
}

fn invited(row: &Row) -> Result<Invited> {
    Ok(Invited {
        tenant: row.get("tenant")?,
        id: row.get("id")?,
        person: row.get("person")?,
        name: row.get("name")?,
        name_en: row.get("name_en")?,
    })
}

/// Whose letter bears this code; `None` when it was used, is too old, or was never written.
pub async fn find(db: &Db, secrets: &Secrets, code: &str, now: Moment) -> Result<Option<Invited>> {
    db.one(FIND, params![hash(secrets, code), now]).await?.as_ref().map(invited).transpose()
}

/// Lets the invited person in under a login and password of their own choice; the letter is used up.
///
/// # Errors
/// [`Error::NotFound`] when somebody was faster or the days are over, [`Error::Invalid`] on a login that is taken.
pub async fn accept(tx: &mut Tx<'_>, invited: &Invited, login: &str, phc: &str) -> Result<AccountId> {
    let now = tx.now();
    if tx.run(USE, params![invited.tenant, invited.id, now]).await? == 0 {
        return Err(Error::NotFound);
    }
    let account = add_account(tx, login, Some(phc)).await?;
    let account = account.ok_or(Error::invalid("login", "first-run/login-taken"))?;
    match tx.run(JOIN, params![invited.tenant, invited.person, account]).await? {
        1 => Ok(account),
        _ => Err(Error::NotFound),
    }
}

/// A letter that waits for its reader.
#[derive(Clone, Debug)]
pub struct Letter {
    pub id: InvitationId,
    pub ends: Moment,
    pub name: String,
    pub name_en: String,
    pub office: Office,
    pub label: String,
    pub label_en: String,
}

/// The letters of a place that nobody has used yet.
pub async fn waiting(db: &Db, tenant: TenantId, place: PlaceId, now: Moment) -> Result<Vec<Letter>> {
    letters(db, WAITING, params![tenant, place, now]).await
}

/// The letters of all homes of a building that nobody has used yet.
pub async fn waiting_in(db: &Db, tenant: TenantId, building: PlaceId, now: Moment) -> Result<Vec<Letter>> {
    letters(db, WAITING_IN, params![tenant, building, now]).await
}

/// The letters of those who serve the whole community or a grid that nobody has used yet.
pub async fn waiting_elsewhere(db: &Db, tenant: TenantId, now: Moment) -> Result<Vec<Letter>> {
    letters(db, WAITING_ELSEWHERE, params![tenant, now]).await
}

async fn letters(db: &Db, sql: &str, values: &[Value]) -> Result<Vec<Letter>> {
    let read = |row: &Row| {
        Ok(Letter {
            id: row.get("id")?,
            ends: row.get("ends")?,
            name: row.get("name")?,
            name_en: row.get("name_en")?,
            office: row.get("office")?,
            label: row.get("label")?,
            label_en: row.get("label_en")?,
        })
    };
    db.all(sql, values).await?.iter().map(read).collect()
}

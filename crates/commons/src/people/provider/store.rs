//! Providers and links on the shelf. Of whom an issuer means only a keyed hash is kept.

use super::{Link, Provider};
use crate::people::{AccountId, PersonId};
use crate::place::TenantId;
use kit::db::{Db, Row, Tx};
use kit::secrets::Secrets;
use kit::time::Moment;
use kit::{Error, Result, params};

const SEAL: &str = "provider";

const PUT: &str = "insert into provider (tenant, name, issuer, client, secret, changed) values ($1, $2, $3, $4, $5, $6)
    on conflict (tenant) do update set name = excluded.name, issuer = excluded.issuer, client = excluded.client,
        secret = excluded.secret, changed = excluded.changed";
const OF: &str = "select tenant, name, issuer, client, secret, changed from provider where tenant = $1";
const ALL: &str = "select tenant, name, issuer, client, secret, changed from provider order by name, tenant limit 50";
const END: &str = "delete from provider where tenant = $1";
const END_LINKS: &str = "delete from provider_link where tenant = $1";
const LINK: &str =
    "insert into provider_link (tenant, person, account, hash, since, used) values ($1, $2, $3, $4, $5, null)
    on conflict (tenant, hash) do nothing";
const UNLINK: &str = "delete from provider_link where tenant = $1 and person = $2";
const FIND: &str = "select person, account from provider_link where tenant = $1 and hash = $2";
const USED: &str = "update provider_link set used = $3 where tenant = $1 and person = $2";
const MINE: &str = "select p.tenant, p.name, l.since, l.used from provider p
    left join provider_link l on l.tenant = p.tenant and l.account = $1 order by p.name, p.tenant limit 50";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[PUT, OF, ALL, END, END_LINKS, LINK, UNLINK, FIND, USED, MINE];

fn read(row: &Row, secrets: &Secrets) -> Result<Provider> {
    let sealed: Option<Vec<u8>> = row.get("secret")?;
    let secret = match sealed {
        None => None,
        Some(sealed) => {
            let plain = secrets.unseal(SEAL, &sealed).and_then(|plain| String::from_utf8(plain).ok());
            Some(plain.ok_or_else(|| Error::internal("a secret that cannot be opened"))?)
        }
    };
    Ok(Provider {
        tenant: row.get("tenant")?,
        name: row.get("name")?,
        issuer: row.get("issuer")?,
        client: row.get("client")?,
        secret,
        changed: row.get("changed")?,
    })
}

/// Sets the provider of a community; with another issuer all links are void.
pub async fn put(tx: &mut Tx<'_>, secrets: &Secrets, new: &Provider) -> Result<()> {
    let before = tx.one(OF, params![new.tenant]).await?;
    let before: Option<String> = before.map(|row| row.get("issuer")).transpose()?;
    if before.is_some_and(|issuer| issuer != new.issuer) {
        tx.run(END_LINKS, params![new.tenant]).await?;
    }
    let sealed = new.secret.as_ref().map(|secret| secrets.seal(SEAL, secret.as_bytes())).transpose()?;
    let now = tx.now();
    tx.run(PUT, params![new.tenant, &new.name, &new.issuer, &new.client, sealed, now]).await.map(drop)
}

/// Nobody comes in that way any more; `false` when there was none.
pub async fn end(tx: &mut Tx<'_>, tenant: TenantId) -> Result<bool> {
    tx.run(END_LINKS, params![tenant]).await?;
    Ok(tx.run(END, params![tenant]).await? == 1)
}

pub async fn of(db: &Db, secrets: &Secrets, tenant: TenantId) -> Result<Option<Provider>> {
    db.one(OF, params![tenant]).await?.map(|row| read(&row, secrets)).transpose()
}

/// Every provider of the house.
pub async fn all(db: &Db, secrets: &Secrets) -> Result<Vec<Provider>> {
    db.all(ALL, params![]).await?.iter().map(|row| read(row, secrets)).collect()
}

fn hash(secrets: &Secrets, issuer: &str, subject: &str) -> [u8; 32] {
    secrets.mac("provider-subject", &[issuer.as_bytes(), subject.as_bytes()])
}

/// Notes whom an issuer means by a subject.
///
/// # Errors
/// [`Error::Conflict`] when it means somebody else already.
pub async fn link(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (tenant, person, account): (TenantId, PersonId, AccountId),
    (issuer, subject): (&str, &str),
) -> Result<()> {
    tx.run(UNLINK, params![tenant, person]).await?;
    let now: Moment = tx.now();
    let row = params![tenant, person, account, hash(secrets, issuer, subject), now];
    if tx.run(LINK, row).await? == 0 { Err(Error::conflict("providers/linked-already")) } else { Ok(()) }
}

/// `false` when there was none.
pub async fn unlink(tx: &mut Tx<'_>, tenant: TenantId, person: PersonId) -> Result<bool> {
    Ok(tx.run(UNLINK, params![tenant, person]).await? == 1)
}

/// Whom an issuer means.
pub async fn find(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    tenant: TenantId,
    (issuer, subject): (&str, &str),
) -> Result<Option<(PersonId, AccountId)>> {
    let row = tx.one(FIND, params![tenant, hash(secrets, issuer, subject)]).await?;
    row.map(|row| Ok((row.get("person")?, row.get("account")?))).transpose()
}

pub async fn used(tx: &mut Tx<'_>, tenant: TenantId, person: PersonId) -> Result<()> {
    let now = tx.now();
    tx.run(USED, params![tenant, person, now]).await.map(drop)
}

/// Every provider, with the link of an account to it if there is one.
pub async fn mine(db: &Db, account: AccountId) -> Result<Vec<Link>> {
    let rows = db.all(MINE, params![account]).await?;
    let link = |row: &Row| {
        let (tenant, name) = (row.get("tenant")?, row.get("name")?);
        Ok(Link { tenant, name, since: row.get("since")?, used: row.get("used")? })
    };
    rows.iter().map(link).collect()
}

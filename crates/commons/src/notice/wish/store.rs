//! Wishes on the shelf; addresses are sealed.

use super::Wish;
use crate::notice::delivery::Quiet;
use crate::people::PersonId;
use crate::place::TenantId;
use kit::db::{Db, Row, Tx};
use kit::secrets::Secrets;
use kit::{Result, params};

const LABEL: &str = "own-mail";

const FIND: &str = "select mail, confirmed, mine, held, followed, quiet_from, quiet_to, lang from preference
    where tenant = $1 and person = $2";
const SAVE: &str = "insert into preference (tenant, person, mail, confirmed, mine, held, followed, quiet_from, quiet_to, lang)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (tenant, person) do update set mail = excluded.mail, confirmed = excluded.confirmed, mine = excluded.mine,
        held = excluded.held, followed = excluded.followed, quiet_from = excluded.quiet_from,
        quiet_to = excluded.quiet_to, lang = excluded.lang";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[FIND, SAVE];

fn read(row: &Row, secrets: &Secrets) -> Result<Wish> {
    let mail: Option<Vec<u8>> = row.get("mail")?;
    Ok(Wish {
        mail: mail.and_then(|sealed| String::from_utf8(secrets.unseal(LABEL, &sealed)?).ok()),
        confirmed: row.get("confirmed")?,
        mine: row.get("mine")?,
        held: row.get("held")?,
        followed: row.get("followed")?,
        quiet: Quiet { from: row.get("quiet_from")?, to: row.get("quiet_to")? },
        lang: row.get("lang")?,
    })
}

/// What somebody wants; nobody who has not said so is written to.
pub async fn find(db: &Db, secrets: &Secrets, tenant: TenantId, person: PersonId) -> Result<Wish> {
    let row = db.one(FIND, params![tenant, person]).await?;
    row.map_or_else(|| Ok(Wish::default()), |row| read(&row, secrets))
}

/// The same inside a deed.
pub async fn find_in(tx: &mut Tx<'_>, secrets: &Secrets, tenant: TenantId, person: PersonId) -> Result<Wish> {
    let row = tx.one(FIND, params![tenant, person]).await?;
    row.map_or_else(|| Ok(Wish::default()), |row| read(&row, secrets))
}

pub async fn save(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (tenant, person): (TenantId, PersonId),
    wish: &Wish,
) -> Result<()> {
    let mail = wish.mail.as_ref().map(|mail| secrets.seal(LABEL, mail.as_bytes())).transpose()?;
    let (from, to) = (wish.quiet.from, wish.quiet.to);
    let row = params![tenant, person, mail, wish.confirmed, wish.mine, wish.held, wish.followed, from, to, &wish.lang];
    tx.run(SAVE, row).await.map(drop)
}

//! Voice notes of a case, and contacts whose time is over.

use crate::case::{Case, CaseId, EntryId, PhotoId};
use crate::place::TenantId;
use kit::db::{Db, Row, Tx};
use kit::time::Moment;
use kit::{Result, params};

const ADD_VOICE: &str = "insert into voice (tenant, id, request, entry, form, bytes, digest, withdrawn)
    values ($1, $2, $3, $4, $5, $6, $7, null)";
const VOICES: &str =
    "select id, form from voice where tenant = $1 and request = $2 and withdrawn is null order by id limit 20";
const WITHDRAW_VOICES: &str =
    "update voice set withdrawn = $3 where tenant = $1 and request = $2 and withdrawn is null";
const OF_VOICE: &str = "select r.code from voice v join request r on r.tenant = v.tenant and r.id = v.request
    where v.tenant = $1 and v.id = $2 and v.withdrawn is null";
const SET_KIND: &str = "update request set kind = $3 where tenant = $1 and id = $2";
const CLAIMED: &str = "select 1 as n from photo where tenant = $1 and id = $2
    union all select 1 as n from voice where tenant = $1 and id = $2";
const STALE_CONTACTS: &str = "select tenant, id from request
    where state in ('closed', 'withdrawn') and closed <= $1 and contact is not null order by closed limit $2";
const FORGET_CONTACT: &str = "update request set contact = null where tenant = $1 and id = $2 and contact is not null";

/// The statements of this file, so that a test can prepare each on both engines.
pub(in crate::case) const STATEMENTS: &[&str] =
    &[ADD_VOICE, VOICES, WITHDRAW_VOICES, OF_VOICE, SET_KIND, CLAIMED, STALE_CONTACTS, FORGET_CONTACT];

/// Notes a voice; the sound lies in the media store under its id.
pub async fn add_voice(
    tx: &mut Tx<'_>,
    case: &Case,
    entry: EntryId,
    (id, form, bytes): (PhotoId, &str, i64),
    digest: Option<[u8; 32]>,
) -> Result<()> {
    tx.run(ADD_VOICE, params![case.tenant, id, case.id, entry, form, bytes, digest]).await.map(drop)
}

/// The voice notes of a case with their forms, the oldest first.
pub async fn voices(db: &Db, tenant: TenantId, case: CaseId) -> Result<Vec<(PhotoId, String)>> {
    db.all(VOICES, params![tenant, case]).await?.iter().map(read_voice).collect()
}

pub async fn voices_in(tx: &mut Tx<'_>, tenant: TenantId, case: CaseId) -> Result<Vec<(PhotoId, String)>> {
    tx.all(VOICES, params![tenant, case]).await?.iter().map(read_voice).collect()
}

fn read_voice(row: &Row) -> Result<(PhotoId, String)> {
    Ok((row.get("id")?, row.get("form")?))
}

pub async fn withdraw_voices(tx: &mut Tx<'_>, case: &Case) -> Result<()> {
    let now = tx.now();
    tx.run(WITHDRAW_VOICES, params![case.tenant, case.id, now]).await.map(drop)
}

/// The case that a voice note belongs to.
pub async fn of_voice(db: &Db, tenant: TenantId, voice: PhotoId) -> Result<Option<Case>> {
    let Some(row) = db.one(OF_VOICE, params![tenant, voice]).await? else { return Ok(None) };
    let found = super::by_code(db, &row.get::<String>("code")?).await?;
    Ok(found.map(|found| found.row.case))
}

/// Writes what kind of case this is.
pub async fn set_kind(tx: &mut Tx<'_>, case: &Case) -> Result<()> {
    tx.run(SET_KIND, params![case.tenant, case.id, case.kind]).await.map(drop)
}

/// Whether a case came for a file on the shelf.
pub async fn is_claimed(db: &Db, tenant: TenantId, file: PhotoId) -> Result<bool> {
    Ok(db.one(CLAIMED, params![tenant, file]).await?.is_some())
}

/// The same inside a deed.
pub async fn is_claimed_in(tx: &mut Tx<'_>, tenant: TenantId, file: PhotoId) -> Result<bool> {
    Ok(tx.one(CLAIMED, params![tenant, file]).await?.is_some())
}

/// Cases over since `until` that still hold a contact.
pub async fn stale_contacts(db: &Db, until: Moment, limit: i64) -> Result<Vec<(TenantId, CaseId)>> {
    let rows = db.all(STALE_CONTACTS, params![until, limit]).await?;
    rows.iter().map(|row| Ok((row.get("tenant")?, row.get("id")?))).collect()
}

/// Deletes a contact; `false` when it was gone.
pub async fn forget_contact(tx: &mut Tx<'_>, tenant: TenantId, case: CaseId) -> Result<bool> {
    Ok(tx.run(FORGET_CONTACT, params![tenant, case]).await? == 1)
}

//! Second thoughts: words changed by who wrote them, pieces of them covered, words kept aside for those who work on the case.

use crate::case::{Case, EntryId};
use kit::db::Tx;
use kit::{Result, params};

const EDIT: &str = "update entry set text = $4, edited = $5 where tenant = $1 and request = $2 and id = $3
    and withdrawn is null";
const SET_TEXT: &str = "update entry set text = $4 where tenant = $1 and request = $2 and id = $3
    and withdrawn is null";
// Reasons stand in two tables; what is covered in one is covered in the other.
const COVER_HANDOVER: &str = "update handover set reason = replace(reason, cast($3 as text), cast($4 as text)),
    answer = replace(answer, cast($3 as text), cast($4 as text)) where tenant = $1 and request = $2";
const COVER_WHY: &str = "update judgement set why = replace(why, cast($3 as text), cast($4 as text))
    where tenant = $1 and request = $2";
const WITHDRAW: &str = "update entry set text = '', withdrawn = $4 where tenant = $1 and request = $2 and id = $3
    and withdrawn is null";
const NEWEST: &str = "select id from entry where tenant = $1 and request = $2 order by id desc limit 1";
const ASIDE: &str = "update entry set public = false where tenant = $1 and request = $2 and id = $3";
const ASIDE_PHOTOS: &str = "update photo set public = false where tenant = $1 and request = $2 and entry = $3";

pub(super) const STATEMENTS: &[&str] =
    &[EDIT, SET_TEXT, WITHDRAW, COVER_HANDOVER, COVER_WHY, NEWEST, ASIDE, ASIDE_PHOTOS];

/// Puts other words in the place of an entry's, and says so; the old ones are gone.
pub async fn edit_entry(tx: &mut Tx<'_>, case: &Case, entry: EntryId, text: &str) -> Result<()> {
    let now = tx.now();
    tx.run(EDIT, params![case.tenant, case.id, entry, text, now]).await.map(drop)
}

/// Keeps an entry's words with pieces of them covered.
pub async fn set_entry_text(tx: &mut Tx<'_>, case: &Case, entry: EntryId, text: &str) -> Result<()> {
    tx.run(SET_TEXT, params![case.tenant, case.id, entry, text]).await.map(drop)
}

/// Takes an entry's words away; that there was one stays.
pub async fn withdraw_entry(tx: &mut Tx<'_>, case: &Case, entry: EntryId) -> Result<()> {
    let now = tx.now();
    tx.run(WITHDRAW, params![case.tenant, case.id, entry, now]).await.map(drop)
}

/// Covers a piece in the reasons of hand-overs.
pub async fn cover_handovers(tx: &mut Tx<'_>, case: &Case, piece: &str, cover: &str) -> Result<()> {
    tx.run(COVER_HANDOVER, params![case.tenant, case.id, piece, cover]).await.map(drop)
}

/// Covers a piece in what was said with the judgements; the judgements themselves stay.
pub async fn cover_judgements(tx: &mut Tx<'_>, case: &Case, piece: &str, cover: &str) -> Result<()> {
    tx.run(COVER_WHY, params![case.tenant, case.id, piece, cover]).await.map(drop)
}

/// Lets only the parties read the words that were added last, and see their photos.
pub async fn set_aside(tx: &mut Tx<'_>, case: &Case) -> Result<()> {
    let Some(row) = tx.one(NEWEST, params![case.tenant, case.id]).await? else { return Ok(()) };
    let entry: EntryId = row.get("id")?;
    tx.run(ASIDE, params![case.tenant, case.id, entry]).await?;
    tx.run(ASIDE_PHOTOS, params![case.tenant, case.id, entry]).await.map(drop)
}

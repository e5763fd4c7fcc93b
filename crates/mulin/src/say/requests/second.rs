//! Second thoughts, as deeds: words are changed in their first minutes, and what tells too much is covered at any time.

use super::actions::{activity, reindex};
use super::model::{Hide, Kept};
use commons::case::store;
use commons::case::{Case, Entry, EntryId, EntryKind, Photo, PhotoId};
use commons::people::Office;
use commons::private;
use kit::db::Tx;
use kit::time::Moment;
use kit::{Error, Result, Uuid};
use serde_json::json;

/// The kind of job that brings the log into the database file, and what was taken away out of the search's own pages.
pub const LOG_SETTLED: &str = "log-settled";
/// Staff cover a name or a number, not a sentence.
const STAFF_PIECE_CHARACTERS: std::ops::RangeInclusive<usize> = 2..=12;
/// And never so much that what was said is lost: with what was covered before, at most a third of the words.
const STAFF_SHARE: usize = 3;

/// Other words in place of the first ones, or of an addition, in the first ten minutes. The book says that, not what they were.
pub async fn edit(tx: &mut Tx<'_>, case: Case, entry: Option<EntryId>, words: &str) -> Result<Case> {
    let entries = store::entries_in(tx, case.tenant, case.id).await?;
    let wanted = |one: &&Entry| match entry {
        Some(id) => one.id == id,
        None => one.kind == EntryKind::Words,
    };
    let found = entries.iter().find(wanted).ok_or(Error::NotFound)?;
    if !found.is_telling() {
        return Err(Error::denied("requests/edit-not-yours"));
    }
    let now = tx.now();
    if found.withdrawn.is_some() {
        return Err(Error::conflict("requests/edit-gone"));
    }
    if now >= found.editable_until() {
        return Err(Error::conflict("requests/edit-late"));
    }
    store::edit_entry(tx, &case, found.id, words).await?;
    let case = match found.kind {
        EntryKind::Words => Case { words: words.to_owned(), ..case },
        _ => case,
    };
    store::save(tx, &case).await?;
    tx.record(activity(&case, "requests/edited", json!({ "of": found.id }))).await?;
    Ok(case)
}

/// Pieces of words are covered wherever they stand in this case; photos and the contact go. Nothing else changes.
pub async fn hide(tx: &mut Tx<'_>, case: Case, hide: &Hide, office: Option<Office>) -> Result<Case> {
    let entries = store::entries_in(tx, case.tenant, case.id).await?;
    let mut pieces = 0;
    let mut words = case.words.clone();
    for entry in entries.iter().filter(|entry| entry.withdrawn.is_none()) {
        let own = |piece: &&String| may_cover(office, entry, piece);
        let text = hide.pieces.iter().filter(own).fold(entry.text.clone(), |text, piece| cover(&text, piece));
        if text != entry.text {
            if office.is_some() && loses_its_sense(&entry.text, &text) {
                return Err(Error::invalid("pieces", "requests/hide-too-much"));
            }
            pieces += 1;
            store::set_entry_text(tx, &case, entry.id, &text).await?;
            if entry.kind == EntryKind::Words {
                words = text;
            }
        }
    }
    for piece in &hide.pieces {
        let allowed = |kind| entries.iter().any(|entry| entry.kind == kind && may_cover(office, entry, piece));
        if allowed(EntryKind::Handover) {
            store::cover_handovers(tx, &case, piece, &private::cover(piece)).await?;
        }
        if allowed(EntryKind::Judgement) {
            store::cover_judgements(tx, &case, piece, &private::cover(piece)).await?;
        }
    }
    let mut photos = 0;
    for photo in &hide.photos {
        if drop_photo(tx, &case, *photo).await? {
            photos += 1;
        }
    }
    let contact = hide.contact && office.is_none();
    if contact {
        store::erase_contact(tx, &case).await?;
    }
    let voice = hide.voice && office.is_none() && drop_voices(tx, &case).await?;
    if pieces == 0 && photos == 0 && !contact && !voice {
        return Err(Error::invalid("pieces", "requests/hide-nothing"));
    }
    let case = Case { words, photos: (case.photos - photos).max(0), ..case };
    store::save(tx, &case).await?;
    let facts = json!({ "pieces": pieces, "photos": photos, "contact": contact, "voice": voice, "why": hide.why, "staff": office.is_some() });
    tx.record(activity(&case, "requests/hidden", facts)).await?;
    without_trace(tx).await?;
    Ok(case)
}

/// Whether little is left between the stars. Whatever looks personal may go, however much it is.
fn loses_its_sense(before: &str, after: &str) -> bool {
    let words = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let personal: usize = private::find(before).iter().map(|found| found.end - found.start).sum();
    let stars = after.matches("****").count();
    let gone = words(before).saturating_sub(words(after)).saturating_sub(personal);
    // A run of stars stands for a piece that went earlier, too.
    let earlier = before.matches("****").count() * 4;
    stars > 0 && (gone + earlier) * STAFF_SHARE > words(before) + earlier
}

fn cover(text: &str, piece: &str) -> String {
    text.replace(piece, &private::cover(piece))
}

/// The one who said it covers what they like in their own words; whoever it is, elsewhere only what looks personal, and
/// staff a name in what others wrote. Never so in a judgement: covered there is only what looks personal.
fn may_cover(office: Option<Office>, entry: &Entry, piece: &str) -> bool {
    if !entry.text.contains(piece) {
        return false;
    }
    if private::find(&entry.text).iter().any(|found| found.piece(&entry.text) == piece) {
        return true;
    }
    match office {
        None => entry.office.is_none() || entry.kind == EntryKind::Words,
        Some(_) => entry.kind != EntryKind::Judgement && STAFF_PIECE_CHARACTERS.contains(&piece.chars().count()),
    }
}

/// What was taken away leaves the pages of the search and the log beside the database file too, within some minutes.
pub async fn without_trace(tx: &mut Tx<'_>) -> Result<()> {
    let soon = tx.now() + Moment::minutes(1);
    kit::jobs::enqueue(tx, Uuid::nil(), LOG_SETTLED, &json!({}), soon).await.map(drop)
}

/// Takes a photo away; its bytes go as soon as this is done. `false` when it is not of this case.
pub(super) async fn drop_photo(tx: &mut Tx<'_>, case: &Case, photo: PhotoId) -> Result<bool> {
    let gone = store::withdraw_photo(tx, case, photo).await?;
    if gone {
        let now = tx.now();
        let which = json!({ "tenant": case.tenant, "photo": photo });
        kit::jobs::enqueue(tx, case.tenant.0, "photo-gone", &which, now).await?;
    }
    Ok(gone)
}

/// Takes the voice notes away. `false` when there is none.
pub async fn drop_voices(tx: &mut Tx<'_>, case: &Case) -> Result<bool> {
    let voices = store::voices_in(tx, case.tenant, case.id).await?;
    store::withdraw_voices(tx, case).await?;
    for (voice, _) in &voices {
        let (gone, now) = (json!({ "tenant": case.tenant, "photo": voice }), tx.now());
        kit::jobs::enqueue(tx, case.tenant.0, "photo-gone", &gone, now).await?;
    }
    Ok(!voices.is_empty())
}

/// A photo with parts blackened takes the place of the one that showed them, under an address of its own.
pub async fn cover_photo(
    tx: &mut Tx<'_>,
    case: Case,
    photo: PhotoId,
    covered: &Kept,
    (office, why): (Option<Office>, Option<&str>),
) -> Result<Case> {
    let old = store::photos_in(tx, case.tenant, case.id).await?.into_iter().find(|one| one.id == photo);
    let old = old.ok_or(Error::NotFound)?;
    if !drop_photo(tx, &case, photo).await? {
        return Err(Error::NotFound);
    }
    let new = Photo { id: covered.id, width: covered.width, height: covered.height, ..old };
    store::add_photo(tx, &case, new.entry, &new, covered.digest).await?;
    let facts = json!({ "covered": 1, "why": why, "staff": office.is_some() });
    tx.record(activity(&case, "requests/hidden", facts)).await?;
    Ok(case)
}

/// The exact words beside the masked ones, for those who work on the case: where the sender could not be asked.
pub async fn keep_aside(tx: &mut Tx<'_>, case: &Case, words: &str) -> Result<()> {
    let entry = store::add_entry(tx, case, EntryKind::Addition, false, (None, None), words).await?;
    tx.record(activity(case, "requests/added", json!({ "entry": entry }))).await?;
    reindex(tx, case).await
}

/// Its author leaves: what the neighbourhood was told stays, with what tells who they are covered; what they said to the
/// parties alone goes, and so do the contact and the voice. Gives the files that go.
pub async fn leave(
    tx: &mut Tx<'_>,
    case: Case,
    pieces_of: &(dyn Fn(&str) -> Vec<String> + Sync),
) -> Result<Vec<PhotoId>> {
    let entries = store::entries_in(tx, case.tenant, case.id).await?;
    let own = |entry: &&Entry| entry.withdrawn.is_none() && (entry.office.is_none() || entry.kind == EntryKind::Words);
    let mut files = Vec::new();
    let mut words = case.words.clone();
    for entry in entries.iter().filter(own) {
        if !entry.public {
            for photo in store::photos_in(tx, case.tenant, case.id).await? {
                if photo.entry == entry.id && drop_photo(tx, &case, photo.id).await? {
                    files.push(photo.id);
                }
            }
            store::withdraw_entry(tx, &case, entry.id).await?;
            continue;
        }
        let pieces = pieces_of(&entry.text);
        let text = pieces.iter().fold(entry.text.clone(), |text, piece| cover(&text, piece));
        for piece in &pieces {
            store::cover_handovers(tx, &case, piece, &private::cover(piece)).await?;
            store::cover_judgements(tx, &case, piece, &private::cover(piece)).await?;
        }
        if entry.kind == EntryKind::Words {
            words.clone_from(&text);
        }
        store::set_entry_text(tx, &case, entry.id, &text).await?;
    }
    files.extend(store::voices_in(tx, case.tenant, case.id).await?.into_iter().map(|(id, _)| id));
    drop_voices(tx, &case).await?;
    store::erase_contact(tx, &case).await?;
    store::erase_answers(tx, &case).await?;
    let case = Case { words, ..case };
    store::save(tx, &case).await?;
    tx.record(activity(&case, "requests/author-left", json!({}))).await?;
    reindex(tx, &case).await?;
    Ok(files)
}

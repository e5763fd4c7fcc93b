//! What happened to a case, from the book: who as which office, when, and the words that belong to it.

use crate::layout::{View, show};
use crate::words;
use commons::case::{Entry, EntryKind, Photo};
use commons::people::Office;
use kit::time::Moment;
use kit::{Uuid, book};
use std::collections::HashMap;

/// Who looked at what is not for everybody: told to those whose matter it is.
pub const LOOKS: [&str; 2] = ["requests/contact-viewed", super::looks::LOOKED];

/// The labels of the places that the book names, in both languages.
pub type Labels = HashMap<Uuid, (String, String)>;

/// One line of the timeline.
#[derive(Clone, Debug)]
pub struct Step {
    pub at: String,
    pub sentence: String,
    pub words: Option<String>,
    /// The words were taken back by the one who wrote them.
    pub withdrawn: bool,
    /// The words were changed by the one who wrote them.
    pub edited: bool,
    pub private: bool,
    pub photos: Vec<Photo>,
}

/// Places that the timeline needs labels for.
pub fn places(book: &[book::Entry]) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = book.iter().filter_map(|entry| entry.facts.get("at")?.as_str()?.parse().ok()).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Those who acted in another's name.
pub fn substitutes(book: &[book::Entry]) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> =
        book.iter().filter(|line| line.on_behalf.is_some()).filter_map(|line| line.person).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Reads the book as sentences. Those outside the case see neither notes for the parties nor who looked at what.
pub fn steps(
    v: &View,
    now: Moment,
    book: &[book::Entry],
    (entries, photos): (&[Entry], &[Photo]),
    labels: &Labels,
    party: bool,
) -> Vec<Step> {
    book.iter().filter_map(|line| step(v, now, line, (entries, photos), labels, party)).collect()
}

/// One line of the book as a sentence; none where it is not for this reader.
pub fn step(
    v: &View,
    now: Moment,
    line: &book::Entry,
    (entries, photos): (&[Entry], &[Photo]),
    labels: &Labels,
    party: bool,
) -> Option<Step> {
    let fact = |name: &str| line.facts.get(name).and_then(|value| value.as_str()).unwrap_or_default();
    let entry = entries.iter().find(|entry| entry.id.to_string() == fact("entry"));
    // What the clocks were promised is for counting again, not for reading.
    if line.stem == "clocks/started" || (LOOKS.contains(&line.stem.as_str()) && !party) {
        return None;
    }
    let hidden = |entry: &Entry| !entry.public && !party;
    // A note and an addition are nothing but their words; of another step everybody sees that it was made.
    let only_words = |entry: &Entry| matches!(entry.kind, EntryKind::Note | EntryKind::Addition);
    let about = entry.or_else(|| entries.iter().find(|entry| entry.id.to_string() == fact("of")));
    if about.is_some_and(|entry| hidden(entry) && only_words(entry)) {
        return None;
    }
    let entry = entry.filter(|entry| !hidden(entry));
    let by = match line.office.as_deref().and_then(Office::parse) {
        Some(office) => show::office(v.lang, office),
        None if line.facts.get("slip").and_then(serde_json::Value::as_bool) == Some(true) => v.t("by-slip"),
        None if line.on_behalf.is_some() => through(v, line, labels, party).into(),
        None => v.t("by-author"),
    };
    let place = fact("at").parse().ok().and_then(|id: Uuid| labels.get(&id));
    let place = place.map_or("", |(zh, en)| v.pick(zh, en));
    let to = Office::parse(fact("to")).map(|office| format!("{place} {}", show::office(v.lang, office)));
    let key = key_of(line, &fact);
    let args = [("by", by.to_string().into()), ("to", to.unwrap_or_default().into())];
    let words = entry.map(|entry| entry.text.clone()).filter(|text| !text.is_empty());
    Some(Step {
        at: show::moment(v.lang, line.at, now),
        sentence: words::t_with(v.lang, &key, &args),
        withdrawn: entry.is_some_and(|entry| entry.withdrawn.is_some()),
        edited: entry.is_some_and(|entry| entry.edited.is_some()),
        private: entry.is_some_and(|entry| !entry.public),
        photos: photos.iter().filter(|photo| entry.is_some_and(|entry| entry.id == photo.entry)).cloned().collect(),
        words,
    })
}

/// The one who said it, through somebody else; the parties read through whom.
fn through(v: &View, line: &book::Entry, labels: &Labels, party: bool) -> String {
    let name = line.person.filter(|_| party).and_then(|id| labels.get(&id));
    match name {
        Some((zh, en)) => v.a("by-author-through", "name", v.pick(zh, en).to_owned()),
        None => v.t("by-author-through-other").to_string(),
    }
}

/// The locale key: the stem, and where the outcome changes the sentence, the outcome.
fn key_of<'f>(line: &book::Entry, fact: &dyn Fn(&str) -> &'f str) -> String {
    let stem = line.stem.replace('/', "-");
    match line.stem.as_str() {
        "requests/reported" => format!("did-{stem}-{}", fact("outcome").replace('_', "-")),
        "requests/judged" => {
            let solved = line.facts.get("solved").and_then(serde_json::Value::as_bool).unwrap_or(false);
            format!("did-{stem}-{}", if solved { "solved" } else { "unsolved" })
        }
        "requests/supported" | "requests/support-ended" if line.facts.get("own").is_some() => format!("did-{stem}-own"),
        "requests/paused" => format!("did-{stem}-{}", fact("reason")),
        "requests/moved-up" => format!("did-{stem}-{}", fact("cause")),
        "requests/said" if line.office.is_some() => format!("did-{stem}-typed"),
        _ => format!("did-{stem}"),
    }
}

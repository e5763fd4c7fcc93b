//! A case as one line of a list: on the public list, the front page, my page, the desk, in search.

use super::View;
use commons::case::{Door, State};
use kit::time::Moment;

/// One case among others.
#[derive(Clone, Debug)]
pub struct Line {
    pub href: String,
    pub code: String,
    pub words: String,
    pub place: String,
    pub category: String,
    pub state: State,
    pub door: Door,
    pub holder: String,
    pub said: String,
    pub until: Option<String>,
    pub overdue: bool,
    pub photos: i64,
    /// Households, the first among them, where there are several.
    pub households: Option<i64>,
    pub unrated: bool,
}

impl Line {
    pub fn of(v: &View, row: &commons::case::store::CaseRow, now: Moment) -> Line {
        let case = &row.case;
        let state = case.state_at(now);
        let words = if case.words.is_empty() { v.t("requests-words-erased").to_string() } else { case.words.clone() };
        let holder = v.pick(&row.holder_label, &row.holder_label_en);
        Line {
            href: format!("/say/requests/{}", case.code),
            code: case.code.clone(),
            words: shortened(&words, 90),
            place: v.pick(&row.public_label, &row.public_label_en).to_owned(),
            category: v.pick(&row.category_name, &row.category_name_en).to_owned(),
            state,
            door: case.door,
            holder: format!("{holder} {}", v.office(case.holder.office)),
            said: v.day(case.said, now),
            until: case.due.filter(|_| state.is_open()).map(|due| v.until(due, now)),
            overdue: case.is_overdue(now),
            photos: case.photos,
            households: (case.supporters > 0).then_some(case.supporters + 1),
            unrated: state == State::Closed && !case.is_solved_at(now),
        }
    }
}

/// At most `characters` of a text.
pub fn shortened(text: &str, characters: usize) -> String {
    let flat = text.replace('\n', " ");
    match flat.char_indices().nth(characters) {
        Some((at, _)) => format!("{}…", &flat[..at]),
        None => flat,
    }
}

/// A text as it stands in a query.
pub fn encoded(text: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.');
    text.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

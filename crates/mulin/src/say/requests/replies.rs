//! Reply templates on the page of a case: picked, filled in, changed if need be, and only then said.

use super::view::{CasePage, Read};
use crate::layout::View;
use kit::time::Moment;

/// A template with its blanks filled in for the case at hand.
pub struct Shown {
    pub id: String,
    /// What it is for, as [`commons::case::replies::USES`] names it.
    pub outcome: String,
    pub title: String,
    pub text: String,
    /// Picked for a report.
    pub here: bool,
    /// Picked for a note.
    pub noted: bool,
}

/// What the one who holds the case may pick from; nothing for everybody else.
pub fn offered(now: Moment, v: &View, read: &Read) -> Vec<Shown> {
    let row = &read.found.row;
    let case = &row.case;
    if !case.state_at(now).is_open() {
        return Vec::new();
    }
    let place = v.pick(&row.public_label, &row.public_label_en);
    let due = case.due.map(|due| v.moment(due, now)).unwrap_or_default();
    let shown = read.parts.replies.iter().map(|reply| Shown {
        id: reply.id.to_string(),
        outcome: reply.outcome.clone(),
        title: reply.title.clone(),
        text: reply.filled(&case.code, place, &due),
        here: false,
        noted: false,
    });
    shown.collect()
}

/// Marks what was picked for a report and for a note; each form shows its words.
pub fn pick(page: &mut CasePage, report: &str, note: &str) {
    for reply in &mut page.replies {
        (reply.here, reply.noted) = (reply.id == report, reply.id == note);
    }
}

impl CasePage {
    /// What may be picked for a note on the way, or for a report.
    pub fn replies_for(&self, note: bool) -> impl Iterator<Item = &Shown> {
        self.replies.iter().filter(move |reply| (reply.outcome == "note") == note || reply.outcome.is_empty())
    }

    /// The words of the picked one, in the form that it is for.
    pub fn picked(&self, note: bool) -> Option<&Shown> {
        self.replies.iter().find(|reply| if note { reply.noted } else { reply.here })
    }

    /// What stands in the report: what was typed, or what was picked.
    pub fn report_words(&self) -> &str {
        if self.kept.is_empty() { self.picked(false).map_or("", |reply| &reply.text) } else { &self.kept }
    }

    /// Whether the picked one is for this outcome.
    pub fn picked_is(&self, outcome: &str) -> bool {
        self.picked(false).is_some_and(|reply| reply.outcome == outcome)
    }
}

/// A sample for the gallery.
pub fn sample(v: &View, offered: bool) -> Vec<Shown> {
    let one = Shown {
        id: "1".into(),
        outcome: String::new(),
        title: v.t("outcome-solved").to_string(),
        text: v.t("front-text").to_string(),
        here: true,
        noted: false,
    };
    if offered { vec![one] } else { Vec::new() }
}

//! Samples of the people's page for the gallery.

use super::pages::{Line, PeoplePage};
use super::seats::{MinePage, Row, SeatPage};
use super::terms::{Term, TermsPage};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{View, Wrong, render};
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("people", |v| render(&people(v, 3, Wrong::default()))),
    PageSample::usual("seats", |v| render(&MinePage { rows: (0..3).map(|n| row(&v, n)).collect(), v })),
    PageSample::usual("seats-empty", |v| render(&MinePage { rows: Vec::new(), v })),
    PageSample::usual("seat", |v| render(&seat(v, true, Wrong::default()))),
    PageSample::refused("seat-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("until", "people/away-until"))?;
        render(&seat(v, true, wrong))
    }),
    PageSample::usual("seat-of-holder", |v| render(&seat(v, false, Wrong::default()))),
    PageSample::usual("terms", |v| render(&terms(v, 3))),
    PageSample::usual("terms-empty", |v| render(&terms(v, 0))),
    PageSample::refused("people-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("at", "people/at-building"))?;
        render(&people(v, 0, wrong))
    }),
];

fn people(v: View, count: usize, wrong: Wrong) -> PeoplePage {
    let line = |n: usize| Line {
        id: n.to_string(),
        office: v.t("office-captain").to_string(),
        place: v.t("gallery-place").to_string(),
        name: v.t("gallery-name").to_string(),
        login: "louzhang".into(),
        source: v.t("source-election").to_string(),
        term: v.day(NOW, NOW),
    };
    PeoplePage {
        wrong,
        lines: (0..count).map(line).collect(),
        offices: vec![("captain".into(), v.t("office-captain").to_string(), true)],
        sources: vec![("election".into(), v.t("source-election").to_string(), true)],
        name: String::new(),
        insides: vec![("shiliu".into(), v.t("gallery-place").to_string(), true)],
        within: "shiliu".into(),
        grounds: vec![
            (v.t("people-whole").to_string(), vec![("shiliu".into(), v.t("gallery-place").to_string(), false)]),
            (v.t("place-building").to_string(), vec![("shiliu/3".into(), v.t("gallery-place").to_string(), true)]),
        ],
        login: String::new(),
        same: false,
        letter: false,
        letters: vec![("shiliu".into(), v.t("gallery-place").to_string())],
        years: "3".into(),
        v,
    }
}

fn row(v: &View, n: usize) -> Row {
    Row {
        href: "/office/people/seat?id=0".into(),
        office: v.t("office-captain").to_string(),
        place: v.t("gallery-place").to_string(),
        term: format!("{} – {}", v.day(NOW, NOW), v.t("me-open-end")),
        source: v.t("source-election").to_string(),
        deputy: (n > 0).then(|| v.t("gallery-name").to_string()),
        away: (n == 1).then(|| format!("{} – {}", v.day(NOW, NOW), v.day(NOW, NOW))),
        stands_in: n == 2,
    }
}

fn seat(v: View, keeper: bool, wrong: Wrong) -> SeatPage {
    let somebody = || vec![("0".to_owned(), format!("{} · {}", v.t("gallery-name"), v.t("gallery-place")), true)];
    SeatPage {
        wrong,
        id: "0".into(),
        name: v.t("gallery-name").to_string(),
        row: row(&v, usize::from(keeper)),
        has_deputy: keeper,
        candidates: somebody(),
        successors: somebody(),
        from: "2026-12-01".into(),
        until: "2026-12-14".into(),
        hands_over: keeper,
        new_name: String::new(),
        years: "3".into(),
        v,
    }
}

fn terms(v: View, n: usize) -> TermsPage {
    let term = |n: usize| Term {
        seat: row(&v, n),
        name: v.t("gallery-name").to_string(),
        ends: v.day(NOW, NOW),
        over: n == 0,
        soon: n == 1,
    };
    let feed = format!("https://mulin.example/office/people/terms/{}", "0123456789abcdef".repeat(6));
    TermsPage { terms: (0..n).map(term).collect(), feed, v }
}

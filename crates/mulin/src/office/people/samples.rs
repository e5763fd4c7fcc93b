//! Samples of the people's page for the gallery.

use super::pages::{Line, PeoplePage};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{View, Wrong, render};
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("people", |v| render(&people(v, 3, Wrong::default()))),
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
        years: "3".into(),
        v,
    }
}

//! Samples of the page of incidents for the gallery.

use super::pages::{IncidentsPage, Line};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{View, Wrong, render};
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("incidents", |v| render(&incidents(v, 2, Wrong::default()))),
    PageSample::usual("incidents-none", |v| render(&incidents(v, 0, Wrong::default()))),
    PageSample::refused("incidents-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("what", "incidents/words"))?;
        render(&incidents(v, 1, wrong))
    }),
];

fn incidents(v: View, n: usize, wrong: Wrong) -> IncidentsPage {
    let line = |n: usize| Line {
        id: n.to_string(),
        found: v.day(NOW, NOW),
        words: std::array::from_fn(|_| v.t("incidents-sample").to_string()),
        told_people: (n > 0).then(|| v.day(NOW, NOW)),
        told_authority: (n > 0).then(|| v.day(NOW, NOW)),
        closed: None,
    };
    IncidentsPage { wrong, lines: (0..n).map(line).collect(), found: String::new(), typed: Default::default(), v }
}

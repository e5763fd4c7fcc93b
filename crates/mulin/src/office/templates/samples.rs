//! Samples of the templates' page for the gallery.

use super::pages::{Line, TemplatesPage, use_of};
use crate::layout::gallery::PageSample;
use crate::layout::{View, Wrong, render};
use commons::case::replies::USES;
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("templates", |v| render(&templates(v, 3, Wrong::default()))),
    PageSample::usual("templates-empty", |v| render(&templates(v, 0, Wrong::default()))),
    PageSample::refused("templates-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("title", "templates/title"))?;
        render(&templates(v, 1, wrong))
    }),
];

fn templates(v: View, count: usize, wrong: Wrong) -> TemplatesPage {
    let line = |n: usize| Line {
        id: n.to_string(),
        title: v.t("outcome-solved").to_string(),
        text: v.t("templates-example").to_string(),
        place: v.t("gallery-place").to_string(),
        use_: use_of(&v, "solved"),
        retired: n == 2,
        mine: true,
        first: n == 0,
    };
    TemplatesPage {
        wrong,
        lines: (0..count).map(line).collect(),
        places: vec![("1".into(), v.t("gallery-place").to_string(), true)],
        uses: USES.iter().map(|name| ((*name).to_owned(), use_of(&v, name), false)).collect(),
        id: String::new(),
        title: String::new(),
        text: String::new(),
        v,
    }
}

//! Samples of the page of a farewell for the gallery.

use super::pages::{FarewellPage, Written};
use crate::layout::gallery::PageSample;
use crate::layout::{View, Wrong, render};
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("farewell", |v| render(&farewell(v, false, Wrong::default()))),
    PageSample::usual("farewell-written", |v| render(&farewell(v, true, Wrong::default()))),
    PageSample::refused("farewell-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("mark", "farewell/mark"))?;
        render(&farewell(v, true, wrong))
    }),
];

fn farewell(v: View, written: bool, wrong: Wrong) -> FarewellPage {
    FarewellPage {
        wrong,
        name: v.pick("榴花社区", "Liuhua").to_owned(),
        written: written.then(|| Written { rows: 5_214, files: 38, digest: "8f0c1d2e".repeat(8) }),
        typed_name: String::new(),
        typed_mark: String::new(),
        v,
    }
}

//! Samples of the pages of second thoughts for the gallery.

use super::answer::{AnswerPage, WHYS};
use super::hide::{CoverPage, HidePage, Text, cells, whys};
use super::personal::Asked;
use super::samples::new_page;
use crate::layout::gallery::PageSample;
use crate::layout::{View, Wrong, render};
use commons::case::{EntryId, Photo, PhotoId};
use kit::{Error, Uuid};

pub const SAMPLES: &[PageSample] = &[
    PageSample::refused("requests-new-private", |v| {
        let words = personal(&v);
        let wrong = Wrong::of(v.lang, Error::invalid("personal", "private/found"))?;
        let personal = Asked::of(&v, "new", &words, true);
        let mut page = new_page(v, wrong, &words);
        (page.private, page.personal) = (false, personal);
        render(&page)
    }),
    PageSample::usual("requests-hide", |v| render(&hide_page(v, Wrong::default(), false))),
    PageSample::usual("requests-hide-staff", |v| render(&hide_page(v, Wrong::default(), true))),
    PageSample::refused("requests-hide-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("pieces", "requests/hide-nothing"))?;
        render(&hide_page(v, wrong, false))
    }),
    PageSample::usual("requests-cover", |v| {
        render(&CoverPage {
            wrong: Wrong::default(),
            base: "/gallery".into(),
            picture: v.asset("logo.svg"),
            action: "/gallery".into(),
            cells: cells(),
            whys: Vec::new(),
            v,
        })
    }),
    PageSample::usual("requests-answer", |v| render(&answer_page(v, true))),
    PageSample::usual("requests-answer-done", |v| render(&answer_page(v, false))),
];

/// Invented numbers in invented words.
fn personal(v: &View) -> String {
    format!("{} 3-2-301, 13800000000", v.t("front-lead"))
}

fn hide_page(v: View, wrong: Wrong, staff: bool) -> HidePage {
    let photo =
        Photo { id: PhotoId(Uuid::nil()), entry: EntryId(Uuid::nil()), public: true, width: 1600, height: 1200 };
    HidePage {
        wrong,
        code: "shiliu-12".into(),
        base: "/gallery".into(),
        pictures: "/gallery".into(),
        texts: vec![Text::of(&personal(&v)), Text::of(&v.t("about-phone-text"))],
        photos: vec![photo],
        contact: !staff,
        voice: !staff,
        whys: if staff { whys() } else { Vec::new() },
        kept: String::new(),
        v,
    }
}

fn answer_page(v: View, asks: bool) -> AnswerPage {
    AnswerPage {
        wrong: Wrong::default(),
        action: "/gallery".into(),
        code: "shiliu-12".into(),
        words: v.t("front-lead").to_string(),
        report: asks.then(|| v.t("about-phone-text").to_string()),
        until: None,
        asks,
        said: "answer-said-yes",
        whys: WHYS.iter().map(|key| (v.t(key).to_string(), false)).collect(),
        satisfaction: String::new(),
        kept: String::new(),
        personal: Asked::default(),
        public: true,
        v,
    }
}

//! Samples of the pages of ways back for the gallery.

use super::pages::{BackPage, PaperPage, Way};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{View, parts, render};

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("backs", |v| render(&backs(v, 2))),
    PageSample::usual("backs-empty", |v| render(&backs(v, 0))),
    PageSample::usual("backs-paper", |v| render(&paper(v))),
];

fn word(v: &View) -> String {
    format!("{} {}", v.t("office-captain"), v.t("gallery-name"))
}

fn backs(v: View, n: usize) -> BackPage {
    let way = |n: usize| Way {
        id: n.to_string(),
        name: v.t("gallery-name").to_string(),
        first: word(&v),
        second: (n == 1).then(|| word(&v)),
        until: v.moment(NOW, NOW),
        mine_to_confirm: n == 0,
    };
    BackPage { ways: (0..n).map(way).collect(), v }
}

fn paper(v: View) -> PaperPage {
    PaperPage {
        name: v.t("gallery-name").to_string(),
        login: "lin".into(),
        code: "ABCDE-FGHJK".into(),
        link: "https://mulin.example/sign-in/back".into(),
        qr: parts::qr("https://mulin.example/sign-in/back?code=ABCDEFGHJK", &v.t("letters-qr")),
        until: v.moment(NOW, NOW),
        words: vec![word(&v), word(&v)],
        only_here: false,
        v,
    }
}

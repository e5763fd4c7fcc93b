//! Samples of the pages of standing in for the gallery.

use super::pages::{StandingPage, TheirsPage};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{Part, View, Wrong, render};
use crate::standing::{Stand, days};
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("standing", |v| render(&standing(v, 2, Wrong::default()))),
    PageSample::usual("standing-empty", |v| render(&standing(v, 0, Wrong::default()))),
    PageSample::refused("standing-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("code", "standing/code"))?;
        render(&standing(v, 1, wrong))
    }),
    PageSample::usual("standing-theirs", |v| {
        let name = v.t("gallery-name").to_string();
        let v = View { part: Part::For(name.clone()), ..v };
        render(&TheirsPage { name, lines: Vec::new(), v })
    }),
    PageSample::usual("standing-over", |v| {
        let v = View { part: Part::Over, ..v };
        render(&standing(v, 1, Wrong::default()))
    }),
];

fn standing(v: View, n: usize, wrong: Wrong) -> StandingPage {
    let name = v.t("gallery-name").to_string();
    let stand = |n: usize| Stand {
        id: n.to_string(),
        name: (n == 0).then(|| name.clone()),
        code: (n == 1).then(|| "ABCDE-FGHJK".to_owned()),
        consent: format!("{} · {}", v.t("consent-by-spoken"), v.t("office-captain")),
        until: v.a("standing-until", "day", v.day(NOW, NOW)),
        runs: n == 0,
        waits: n == 1,
    };
    let acts = vec![format!("{} · {name} · {}", v.moment(NOW, NOW), v.t("data-act-requests"))];
    StandingPage {
        wrong,
        resident: true,
        for_me: (0..n).map(stand).collect(),
        by_me: (0..n.min(1)).map(stand).collect(),
        acts: if n == 0 { Vec::new() } else { acts },
        days: days(&v, ""),
        code: String::new(),
        v,
    }
}

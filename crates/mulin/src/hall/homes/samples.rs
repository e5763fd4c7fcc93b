//! Samples of the page of my homes for the gallery.

use super::pages::{AskPage, Asked, HomesPage, Mine, offices};
use super::spot::Ground;
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{View, Wrong, render};
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("my-homes", |v| render(&homes(v, 2))),
    PageSample::usual("my-homes-empty", |v| render(&homes(v, 0))),
    PageSample::usual("my-homes-ask", |v| render(&ask(v, Wrong::default()))),
    PageSample::refused("my-homes-ask-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("room", "homes/unknown"))?;
        render(&ask(v, wrong))
    }),
];

/// A compound with two buildings.
pub fn ground(v: &View) -> Ground {
    let place = v.t("gallery-place").to_string();
    Ground {
        compounds: vec![("shiliu".into(), place.clone(), true), ("jinxiu".into(), place.clone(), false)],
        compound: "shiliu".into(),
        buildings: vec![("shiliu/1".into(), place.clone(), true), ("shiliu/2".into(), place, false)],
    }
}

fn ask(v: View, wrong: Wrong) -> AskPage {
    let (ground, offices) = (ground(&v), offices(&v, "tenant"));
    AskPage { wrong, ground, entrance: "1".into(), room: "301".into(), offices, v }
}

fn homes(v: View, n: usize) -> HomesPage {
    let mine = |n: usize| Mine {
        id: n.to_string(),
        label: v.t("gallery-place").to_string(),
        office: v.t("office-owner").to_string(),
        share: "1/2".into(),
        verified: Some(format!("{} · {}", v.t("proof-known"), v.day(NOW, NOW))),
        term: format!("{} – {}", v.day(NOW, NOW), v.t("me-open-end")),
        over: n == 1,
        others: vec![format!("{} · {}", v.t("gallery-name"), v.t("office-family"))],
        looks: vec![format!("{} · {}", v.t("office-captain"), v.moment(NOW, NOW))],
    };
    let asked = |n: usize| Asked {
        id: n.to_string(),
        label: v.t("gallery-place").to_string(),
        office: v.t("office-tenant").to_string(),
        asked: v.day(NOW, NOW),
        decision: None,
        said: v.t("my-homes-waits").to_string(),
    };
    HomesPage { mine: (0..n).map(mine).collect(), asked: (0..n.min(1)).map(asked).collect(), v }
}

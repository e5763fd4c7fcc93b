//! Samples of the sheet for the gallery.

use super::pages::{Part, SheetPage, part_shown, summary};
use super::store::{Found, List};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::parts::qr;
use crate::layout::{View, render};
use commons::case::{Door, State};
use commons::people::Office;
use kit::time::Moment;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("sheet", |v| render(&sheet(v, 2, 2))),
    PageSample::usual("sheet-empty", |v| render(&sheet(v, 0, 0))),
    PageSample::usual("sheet-long", |v| render(&sheet(v, 6, 60))),
];

fn sheet(v: View, lines: i64, all: i64) -> SheetPage {
    let both = |key: &str| (v.t(key).to_string(), v.t(key).to_string());
    let found = |n: i64| Found {
        code: format!("shiliu-{n}"),
        words: v.t("front-text").to_string(),
        category: both("office-property"),
        place: both("gallery-place"),
        holder: both("gallery-place"),
        office: Office::Property,
        door: Door::Compound,
        state: State::Accepted,
        solved: None,
        said: NOW - Moment::days(n),
        due: Some(NOW - Moment::hours(5 + n)),
    };
    let list = || List { found: (0..lines).map(found).collect(), all };
    let lists = [list(), list(), list(), list()];
    let link = "https://mulin.example/say/requests/new?at=shiliu/3&sign=1";
    SheetPage {
        place: v.t("gallery-place").to_string(),
        days: format!("{} – {}", v.day(NOW - Moment::days(1), NOW), v.day(NOW + Moment::days(5), NOW)),
        summary: summary(&v, &lists),
        parts: Part::ALL.iter().map(|part| part_shown(&v, *part, &lists[*part as usize], NOW)).collect(),
        captain: (lines > 0).then(|| v.t("office-captain").to_string()),
        qr: qr(link, &v.t("sheet-qr")),
        link: link.into(),
        online: "https://mulin.example/say/requests?compound=shiliu&building=3".into(),
        before: Some("/gallery".into()),
        after: None,
        others: vec![("/gallery".into(), v.t("gallery-place").to_string(), true)],
        v,
    }
}

//! Samples of the places' pages for the gallery.

use super::pages::{Node, PlacesPage, PlanShown, Sign, SignsPage};
use crate::layout::gallery::PageSample;
use crate::layout::{View, Wrong, parts, render};

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("places", |v| render(&places(v, 4, None))),
    PageSample::usual("places-empty", |v| render(&places(v, 0, None))),
    PageSample::refused("places-refused", |v| {
        let error = (3, v.t("column-area-m2").to_string(), v.t("no-sheet-number-bad").to_string(), "八十九".to_owned());
        let plan = PlanShown {
            compounds: vec![("wutong".into(), "梧桐里".into())],
            added: 3,
            changed: 1,
            unchanged: 2,
            errors: vec![error],
            more: 7,
        };
        render(&places(v, 2, Some(plan)))
    }),
    PageSample::usual("places-signs", |v| {
        let link = "https://mulin.example/say/requests/new?at=shiliu/3&sign=1".to_owned();
        let label = v.t("gallery-place").to_string();
        let qr = parts::qr(&link, &v.a("sign-qr", "place", label.clone()));
        render(&SignsPage { at: label.clone(), signs: vec![Sign { label, qr, link }], only_here: true, v })
    }),
];

fn places(v: View, count: i64, plan: Option<PlanShown>) -> PlacesPage {
    let node = |n: i64| Node {
        label: format!("{n}"),
        kind: v.t("place-building").to_string(),
        path: format!("shiliu/{n}"),
        href: (n % 2 == 0).then(|| "/gallery".into()),
        count: 0,
    };
    PlacesPage {
        wrong: Wrong::default(),
        at: Some(("shiliu".into(), v.t("gallery-place").to_string())),
        nodes: (1..=count).map(node).collect(),
        may_import: true,
        done: count > 2,
        plan,
        v,
    }
}

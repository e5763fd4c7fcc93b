//! Samples of the page of programs for the gallery.

use super::OFFICES;
use super::pages::IntegrationsPage;
use crate::layout::gallery::PageSample;
use crate::layout::{View, Wrong, render};
use crate::scope::{self, Typed};
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("integrations", |v| render(&integrations(v, 3, Wrong::default(), None))),
    PageSample::usual("integrations-made", |v| {
        render(&integrations(v, 1, Wrong::default(), Some("mulin_0123456789abcdef0123456789abcdef".into())))
    }),
    PageSample::usual("integrations-empty", |v| render(&integrations(v, 0, Wrong::default(), None))),
    PageSample::refused("integrations-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("at", "token/place"))?;
        render(&integrations(v, 0, wrong, None))
    }),
];

fn integrations(v: View, n: usize, wrong: Wrong, made: Option<String>) -> IntegrationsPage {
    let typed = Typed::default();
    let seat = || format!("{} · {}", v.t("gallery-place"), v.office(OFFICES[0]));
    IntegrationsPage {
        wrong,
        lines: (0..n).map(|n| scope::sample(&v, n, seat())).collect(),
        name: String::new(),
        offices: OFFICES.iter().map(|o| (o.name().to_owned(), v.office(*o).to_string(), false)).collect(),
        places: vec![("shiliu".into(), v.t("gallery-place").to_string(), true)],
        scopes: scope::choices(&v, &typed, scope::Scope::told_of_program),
        days: scope::days(&v, &typed, 365),
        made,
        runs: n > 2,
        v,
    }
}

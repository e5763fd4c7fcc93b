//! Samples of the page of tokens for the gallery.

use super::pages::TokensPage;
use crate::layout::gallery::PageSample;
use crate::layout::{View, Wrong, render};
use crate::scope::{self, Typed};
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("tokens", |v| render(&tokens(v, 3, Wrong::default(), None))),
    PageSample::usual("tokens-made", |v| {
        render(&tokens(v, 1, Wrong::default(), Some("mulin_0123456789abcdef0123456789abcdef".into())))
    }),
    PageSample::usual("tokens-empty", |v| render(&tokens(v, 0, Wrong::default(), None))),
    PageSample::refused("tokens-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("scopes", "token/scopes"))?;
        render(&tokens(v, 0, wrong, None))
    }),
];

fn tokens(v: View, n: usize, wrong: Wrong, made: Option<String>) -> TokensPage {
    let typed = Typed::default();
    TokensPage {
        wrong,
        lines: (0..n).map(|n| scope::sample(&v, n, String::new())).collect(),
        name: String::new(),
        scopes: scope::choices(&v, &typed, scope::Scope::told),
        days: scope::days(&v, &typed, 90),
        made,
        v,
    }
}

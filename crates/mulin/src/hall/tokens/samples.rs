//! Samples of the page of tokens for the gallery.

use super::pages::TokensPage;
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{View, Wrong, render};
use crate::scope::{self, Line, Scope, Typed};
use kit::Error;
use kit::time::Moment;
use kit::web::token::{Holder, Token, TokenId};

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

/// A token as pages of programs show it.
pub fn line(v: &View, n: usize, seat: String) -> Line {
    let token = Token {
        id: TokenId(kit::Uuid::from_u128(n as u128)),
        holder: Holder::Account(kit::Uuid::nil()),
        name: v.t("token-sample-name").to_string(),
        scopes: Scope::ALL.iter().take(n + 1).map(|scope| scope.name().to_owned()).collect(),
        since: NOW - Moment::days(40),
        ends: NOW + Moment::days(50),
        used: (n == 0).then_some(NOW),
        ended: (n == 2).then_some(NOW),
    };
    Line::of(v, &token, seat, NOW)
}

fn tokens(v: View, n: usize, wrong: Wrong, made: Option<String>) -> TokensPage {
    let typed = Typed::default();
    TokensPage {
        wrong,
        lines: (0..n).map(|n| line(&v, n, String::new())).collect(),
        name: String::new(),
        scopes: scope::choices(&v, &typed),
        days: scope::days(&v, &typed, 90),
        made,
        v,
    }
}

//! Samples of the page of the office's sign-in for the gallery.

use super::pages::ProviderPage;
use crate::layout::gallery::PageSample;
use crate::layout::{View, Wrong, render};
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("provider", |v| render(&provider(v, true, Wrong::default()))),
    PageSample::usual("provider-none", |v| render(&provider(v, false, Wrong::default()))),
    PageSample::refused("provider-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("issuer", "providers/issuer"))?;
        render(&provider(v, true, wrong))
    }),
];

fn provider(v: View, set: bool, wrong: Wrong) -> ProviderPage {
    let text = |text: &str| if set { text.to_owned() } else { String::new() };
    ProviderPage {
        wrong,
        set,
        name: text("榴香街道统一登录"),
        issuer: text("https://login.example/realms/liuxiang"),
        client: text("mulin"),
        has_secret: set,
        back: "https://mulin.example/sign-in/office/back".into(),
        v,
    }
}

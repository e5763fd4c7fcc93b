//! The house's words: every file under `locales/`, carried inside the binary.

use kit::i18n::{Arg, Lang, Words};
use std::sync::{Arc, LazyLock};

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        &[$(
            (Lang::Zh, $name, include_str!(concat!("../../../locales/zh-CN/", $name, ".ftl"))),
            (Lang::En, $name, include_str!(concat!("../../../locales/en/", $name, ".ftl"))),
        )+]
    };
}

/// One line for each locale file.
pub const FILES: &[(Lang, &str, &str)] = files![
    "common",
    "layout",
    "reasons",
    "hall",
    "book",
    "farewell",
    "requests",
    "privacy",
    "desk",
    "places",
    "gallery",
    "similar",
    "figures",
    "standards",
    "intake",
    "follow",
    "templates",
    "compounds",
    "households",
    "seats",
    "ways_in",
    "by_office",
    "data",
    "promise",
    "incidents",
    "register",
    "channels",
    "tokens",
    "standing",
    "open311",
    "captain",
    "hub",
    "hub_desk",
    "roster",
];

static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::load(FILES).unwrap_or_else(|problems| panic!("locale files: {}", problems.join("; "))));

/// All words; the first use reads the files.
pub fn words() -> &'static Words {
    &WORDS
}

pub fn t(lang: Lang, key: &str) -> Arc<str> {
    WORDS.text(lang, key)
}

pub fn t_with(lang: Lang, key: &str, args: &[(&str, Arg<'_>)]) -> String {
    WORDS.text_with(lang, key, args)
}

/// The sentence for a reason: why something was refused.
pub fn reason(lang: Lang, reason: kit::Reason) -> Arc<str> {
    WORDS.text(lang, &reason.key())
}

//! Why a line did not arrive, said so that whoever keeps the channel knows what to do.

use crate::words;
use commons::notice::channel::BUSY;
use kit::i18n::Lang;

/// Codes by which the robots say that they do not know the address.
const GONE: &[i64] = &[93_000, 19_001, 300_001, 300_005];
/// The chat's own settings (signing, keywords, networks) keep us out.
const KEPT_OUT: &[i64] = &[310_000, 19_021, 19_022, 19_024];

/// The sentence for what a delivery noted.
pub fn sentence(lang: Lang, error: &str) -> String {
    words::t(lang, key(error)).to_string()
}

fn key(error: &str) -> &'static str {
    if let Some(status) = error.strip_prefix("HTTP ").and_then(|status| status.parse::<u16>().ok()) {
        return match status {
            401 | 403 | 404 | 410 => "channels-why-gone",
            408 | 429 => "channels-why-busy",
            300..=399 => "channels-why-moved",
            500.. => "channels-why-trouble",
            _ => "channels-why-other",
        };
    }
    if let Some(code) = error.split(' ').next().and_then(|code| code.parse::<i64>().ok()) {
        return match code {
            code if GONE.contains(&code) => "channels-why-gone",
            code if KEPT_OUT.contains(&code) => "channels-why-kept-out",
            code if BUSY.contains(&code) => "channels-why-busy",
            _ => "channels-why-other",
        };
    }
    match error {
        "no answer: too slow" => "channels-why-slow",
        "the answer cannot be read" => "channels-why-unreadable",
        "sealed with another secret" => "channels-sealed-elsewhere",
        error if error.starts_with("not called") => "channels-why-not-called",
        error if error.starts_with("no answer") => "channels-why-no-answer",
        _ => "channels-why-other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_sentence_that_says_what_to_do() {
        for (error, key_of_it) in [
            ("HTTP 404", "channels-why-gone"),
            ("HTTP 302", "channels-why-moved"),
            ("HTTP 500", "channels-why-trouble"),
            ("HTTP 429", "channels-why-busy"),
            ("93000 invalid webhook url", "channels-why-gone"),
            ("310000 sign not match", "channels-why-kept-out"),
            ("45009 api freq out of limit", "channels-why-busy"),
            ("1 something new", "channels-why-other"),
            ("no answer: too slow", "channels-why-slow"),
            ("no answer: connection refused", "channels-why-no-answer"),
            ("not called: the address is not public", "channels-why-not-called"),
            ("the answer cannot be read", "channels-why-unreadable"),
            ("sealed with another secret", "channels-sealed-elsewhere"),
            ("", "channels-why-other"),
        ] {
            assert_eq!(key(error), key_of_it, "{error}");
            for lang in Lang::ALL {
                assert_ne!(sentence(lang, error), key_of_it);
            }
        }
    }
}

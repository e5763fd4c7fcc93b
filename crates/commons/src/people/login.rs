//! What people call themselves when they sign in. It is no secret, staff and others read it, so it must not be a number that is
//! nobody's business.

use crate::private::{Kind, find};
use kit::text::narrow;

const CHARACTERS: std::ops::RangeInclusive<usize> = 2..=60;

/// A login as it is kept, from what somebody typed: without spaces, which nobody sees afterwards, in small letters, full-width ones narrow.
pub fn typed(text: &str) -> String {
    let unseen = |c: &char| {
        !(c.is_whitespace() || c.is_control() || matches!(*c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}'))
    };
    text.chars().filter(unseen).map(narrow).collect::<String>().to_lowercase()
}

/// What is wrong with a login that somebody chooses, as a reason; nothing when it may be one.
pub fn fault(login: &str) -> Option<&'static str> {
    if !CHARACTERS.contains(&login.chars().count()) {
        return Some("first-run/login");
    }
    let found = find(login);
    let holds = |kind: Kind| found.iter().any(|one| one.kind == kind);
    let digits = digits(login);
    let mobile = digits.as_deref().is_some_and(is_mobile);
    if !mobile && (holds(Kind::IdNumber) || digits.as_deref().is_some_and(is_id_number)) {
        return Some("people/login-id");
    }
    if mobile || holds(Kind::Phone) {
        return Some("people/login-phone");
    }
    None
}

/// The login without what people put between digits, when nothing else is in it; a last X stays.
fn digits(login: &str) -> Option<String> {
    let between = |c: &char| !c.is_whitespace() && !"+-‐–—_.·/()".contains(*c);
    let rest: String = login.chars().map(narrow).filter(between).map(|c| c.to_ascii_uppercase()).collect();
    let bare = rest.strip_suffix('X').unwrap_or(&rest);
    (!bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit())).then_some(rest)
}

/// Eleven digits that begin with 1, with or without the country before them.
fn is_mobile(digits: &str) -> bool {
    let own = digits.strip_prefix("00").unwrap_or(digits);
    let own = if own.len() > 11 { own.strip_prefix("86").unwrap_or(own) } else { own };
    own.len() == 11 && own.starts_with('1') && !own.ends_with('X')
}

/// As many digits as an identity card has, whatever they add up to.
fn is_id_number(digits: &str) -> bool {
    digits.len() == 18 || (digits.len() == 15 && !digits.ends_with('X'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_in_a_login_is_not_in_it() {
        for typed_in in ["张 桂兰", " 张桂兰 ", "张\u{3000}桂兰", "张桂\u{200B}兰"] {
            assert_eq!(typed(typed_in), "张桂兰");
        }
        assert_eq!(typed("Ｌａｎ 72"), "lan72");
    }

    #[test]
    fn a_login_is_a_name_and_no_number_of_a_person() {
        for phone in [
            "13800138000",
            "+86 138 0013 8000",
            "86-13800138000",
            "008613800138000",
            "12345678901",
            "１３８００１３８０００",
        ] {
            assert_eq!(fault(phone), Some("people/login-phone"), "{phone}");
        }
        assert_eq!(fault("wang13800138000"), Some("people/login-phone"), "a number inside a name is a number");
        for id in ["110101199003070011", "11010119900307123x", "110101900307123", "1101 0119 9003 0700 11"] {
            assert_eq!(fault(id), Some("people/login-id"), "{id}");
        }
        for name in ["granny", "王奶奶", "wang-3", "lin2026", "1号楼长", "12345", "20260101", "x1"] {
            assert_eq!(fault(name), None, "{name}");
        }
        assert_eq!(fault("x"), Some("first-run/login"));
        assert_eq!(fault(&"长".repeat(61)), Some("first-run/login"));
    }
}

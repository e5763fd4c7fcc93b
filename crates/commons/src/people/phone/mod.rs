//! A telephone number that somebody gave for themselves, confirmed by a code that was sent to it. Where the operator allows it,
//! a code also lets its owner in. It never sets a password, and alone it is no way back: telephones are lent.

pub mod store;
#[cfg(test)]
mod tests;

use kit::{id, names};

id!(PhoneCodeId);

names! {
    /// What a code is for.
    Purpose {
        Confirm = "confirm",
        Enter = "enter",
    }
}

/// So long a code is good.
pub const MINUTES: i64 = 5;
/// So many wrong ones, and it is gone.
pub const TRIES_MAX: i64 = 5;
/// Between two codes to one number.
pub const PAUSE_SECONDS: i64 = 60;
/// In a day: to one number, for one account, from the whole house.
pub const DAY_MAX: [i64; 3] = [5, 10, 1_000];

/// A mobile number as it is kept: eleven digits. Spaces, dashes, full-width digits and the country are forgiven.
pub fn normal(typed: &str) -> Option<String> {
    let digits: String =
        typed.chars().map(kit::text::narrow).filter(|c| !c.is_whitespace() && !"-‐–—()+.".contains(*c)).collect();
    let own = digits.strip_prefix("00").unwrap_or(&digits);
    let own = if own.len() > 11 { own.strip_prefix("86").unwrap_or(own) } else { own };
    let mobile =
        own.len() == 11 && own.bytes().all(|b| b.is_ascii_digit()) && own.starts_with('1') && !own.starts_with("10");
    mobile.then(|| own.to_owned())
}

/// The number as its owner knows it again: `138****8000`.
pub fn covered(phone: &str) -> String {
    match (phone.get(..3), phone.get(7..)) {
        (Some(first), Some(last)) => format!("{first}****{last}"),
        _ => "****".to_owned(),
    }
}

//! A code as it is typed in from paper.

use kit::secrets::{is_as_long_as_a_code, normal_code};
use kit::{Error, Result};

/// The code in what was typed.
///
/// # Errors
/// [`Error::Invalid`] on `code`: to count again where it has another length, else `unknown`.
pub fn of(typed: &str, unknown: &'static str) -> Result<String> {
    let wrong = if is_as_long_as_a_code(typed) { unknown } else { "code/length" };
    normal_code(typed).ok_or(Error::invalid("code", wrong))
}

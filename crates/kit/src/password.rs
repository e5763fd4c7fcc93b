//! Passwords: argon2id with 19 MiB, two passes, one lane; never more than two at once, so that guessing cannot fell the house.

mod common;

use crate::{Error, Result};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Fewer characters are refused, and what everybody guesses; there is no other rule.
pub const CHARACTERS_MIN: usize = 8;
const CHARACTERS_MAX: usize = 200;

const NOBODYS_PASSWORD: &[u8] = b"nobody has this password";

static AT_ONCE: Semaphore = Semaphore::const_new(2);

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within argon2's bounds.");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// A PHC string for a new password. `about` is what strangers would try first: the login, the name, the community.
///
/// # Errors
/// [`Error::Invalid`] when it is too short, absurdly long, or one that is guessed at once.
pub async fn hash(password: &str, about: &[&str]) -> Result<String> {
    let characters = password.chars().count();
    if !(CHARACTERS_MIN..=CHARACTERS_MAX).contains(&characters) {
        return Err(Error::invalid("password", "account/password-short"));
    }
    if common::is_common(password, about) {
        return Err(Error::invalid("password", "account/password-common"));
    }
    let password = password.to_owned();
    aside(move || argon2().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(Error::internal))
        .await
}

/// Whether the password is the one behind `phc`. Without an account it takes as long and says no.
///
/// # Errors
/// [`Error::Internal`] when `phc` is no PHC string.
pub async fn verify(password: &str, phc: Option<&str>) -> Result<bool> {
    let (password, phc) = (password.to_owned(), phc.map(str::to_owned));
    aside(move || Ok(matches(&password, phc.as_deref())? && phc.is_some())).await
}

/// Where there is no account, somebody's password is tried that nobody has: the work is the same.
fn matches(password: &str, phc: Option<&str>) -> Result<bool> {
    static NOBODY: LazyLock<String> = LazyLock::new(|| {
        let hash = argon2().hash_password(NOBODYS_PASSWORD);
        hash.expect("the parameters are fixed and the system gives random bytes.").to_string()
    });
    // Made on the first visit of anybody: made only for a name that is missing, it would tell that once.
    let nobody = LazyLock::force(&NOBODY);
    let parsed = PasswordHash::new(phc.unwrap_or(nobody)).map_err(Error::internal)?;
    Ok(argon2().verify_password(password.as_bytes(), &parsed).is_ok())
}

/// The work keeps its turn even when the visitor leaves before it is done, because it goes on all the same.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    done.await.map_err(Error::internal)?
}

#[cfg(test)]
mod tests;

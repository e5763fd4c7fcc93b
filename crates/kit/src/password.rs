//! Passwords: argon2id with 19 MiB, two passes, one lane; never more than two at once, so that guessing cannot fell the house.

use crate::{Error, Result};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Fewer characters are refused; there is no other rule.
pub const CHARACTERS_MIN: usize = 8;
const CHARACTERS_MAX: usize = 200;

static AT_ONCE: Semaphore = Semaphore::const_new(2);

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within argon2's bounds.");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// A PHC string for a new password.
///
/// # Errors
/// [`Error::Invalid`] when it is too short or absurdly long.
pub async fn hash(password: &str) -> Result<String> {
    let characters = password.chars().count();
    if !(CHARACTERS_MIN..=CHARACTERS_MAX).contains(&characters) {
        return Err(Error::invalid("password", "account/password-short"));
    }
    let password = password.to_owned();
    aside(move || argon2().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(Error::internal))
        .await
}

/// Whether the password is the one behind `phc`. Without an account it takes as long and says no.
pub async fn verify(password: &str, phc: Option<&str>) -> Result<bool> {
    static NOBODY: LazyLock<String> = LazyLock::new(|| {
        argon2().hash_password(b"nobody has this password").map(|hash| hash.to_string()).unwrap_or_default()
    });
    let (password, known) = (password.to_owned(), phc.is_some());
    let phc = phc.map(str::to_owned);
    aside(move || {
        let phc = phc.unwrap_or_else(|| NOBODY.clone());
        let parsed = PasswordHash::new(&phc).map_err(Error::internal)?;
        Ok(argon2().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_opens_and_no_other() {
        let phc = hash("石榴园的春天很长").await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("石榴园的春天很长", Some(&phc)).await.unwrap());
        assert!(!verify("石榴园的春天很短", Some(&phc)).await.unwrap());
        assert!(!verify("nobody has this password", None).await.unwrap());
        assert!(hash("short").await.is_err());
    }
}

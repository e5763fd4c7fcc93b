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

const NOBODYS_PASSWORD: &[u8] = b"nobody has this password";

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
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_opens_and_no_other() {
        let phc = hash("石榴园的春天很长").await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("石榴园的春天很长", Some(&phc)).await.unwrap());
        assert!(!verify("石榴园的春天很短", Some(&phc)).await.unwrap());
        // The salt is new each time.
        assert_ne!(hash("石榴园的春天很长").await.unwrap(), phc);
        assert!(matches!(verify("石榴园的春天很长", Some("plain words")).await, Err(Error::Internal(_))));
    }

    #[tokio::test]
    async fn eight_characters_are_enough_in_any_writing() {
        for short in ["", "1234567", "石榴园的春天长"] {
            match hash(short).await {
                Err(Error::Invalid(fields)) => {
                    assert_eq!((fields[0].field, fields[0].reason.0), ("password", "account/password-short"));
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(hash("石榴园的春天很长").await.is_ok());
    }

    #[tokio::test]
    async fn a_name_without_an_account_costs_the_same_work_and_opens_nothing() {
        let nobodys = std::str::from_utf8(NOBODYS_PASSWORD).unwrap();
        // That it matches shows that it was hashed; that nobody gets in shows that it does not help.
        assert!(matches(nobodys, None).unwrap());
        assert!(!matches("another password", None).unwrap());
        assert!(!verify(nobodys, None).await.unwrap());
    }

    #[tokio::test]
    async fn a_visitor_who_leaves_does_not_free_a_turn_before_the_work_is_done() {
        let (started, has_started) = tokio::sync::oneshot::channel();
        let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
        let (ended, has_ended) = std::sync::mpsc::channel::<()>();
        let visit = tokio::spawn(aside(move || {
            let _ = started.send(());
            let _ = may_go_on.recv();
            drop(ended);
            Ok(())
        }));
        has_started.await.unwrap();
        visit.abort();
        assert!(visit.await.unwrap_err().is_cancelled());
        // Other tests may take the second turn meanwhile, but nobody can have both.
        assert!(AT_ONCE.try_acquire_many(2).is_err());
        go_on.send(()).unwrap();
        assert!(has_ended.recv().is_err());
    }
}

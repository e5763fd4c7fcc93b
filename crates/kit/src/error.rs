//! The six ways in which a thing can fail.

use std::fmt;

/// A stem such as `requests/accept-not-holder`; the locale files say it in words under `no-requests-accept-not-holder`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reason(pub &'static str);

impl Reason {
    /// The key of the sentence in the locale files.
    pub fn key(&self) -> String {
        format!("no-{}", self.0.replace('/', "-"))
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// One field of a form that cannot be taken as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field as the form sends it.
    pub field: &'static str,
    pub reason: Reason,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not there, or the actor may not see it: both are 404 and look the same.
    #[error("not found")]
    NotFound,
    /// 403, with the reason that is told.
    #[error("denied: {0}")]
    Denied(Reason),
    /// 422: the same page again with everything kept.
    #[error("invalid: {0:?}")]
    Invalid(Vec<FieldError>),
    /// 409: somebody was faster, or a request key came back with other words.
    #[error("conflict: {0}")]
    Conflict(Reason),
    /// 409: the key of another call; which of its fields are other ones, as far as that is known.
    #[error("the same key with other words: {0:?}")]
    OtherBody(Vec<String>),
    /// 429, with the seconds after which to come back.
    #[error("too many, come back in {0} s")]
    TooMany(u32),
    /// 503: the database or the disk is away; nothing was written.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// 500, told as an incident number.
    #[error("internal: {0:#}")]
    Internal(anyhow::Error),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub fn invalid(field: &'static str, stem: &'static str) -> Self {
        Error::Invalid(vec![FieldError { field, reason: Reason(stem) }])
    }

    pub fn denied(stem: &'static str) -> Self {
        Error::Denied(Reason(stem))
    }

    pub fn conflict(stem: &'static str) -> Self {
        Error::Conflict(Reason(stem))
    }

    pub fn internal(why: impl fmt::Display) -> Self {
        Error::Internal(anyhow::anyhow!("{why}"))
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Error::Internal(error)
    }
}

/// Turns an absent row into [`Error::NotFound`].
pub trait OrNotFound<T> {
    fn or_not_found(self) -> Result<T>;
}

impl<T> OrNotFound<T> for Option<T> {
    fn or_not_found(self) -> Result<T> {
        self.ok_or(Error::NotFound)
    }
}

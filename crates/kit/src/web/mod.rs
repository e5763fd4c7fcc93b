//! The web door: from the socket to one call with a language, a session, a key; and back as a page or a problem.
//!
//! [`app::App`] is what every handler is given, [`call::Call`] is who calls and how, [`form::Form`] is what an unsafe call
//! brings, [`keys::once`] makes a repeated call one deed, [`answer::Fault`] turns an error into an answer.

pub mod answer;
pub mod app;
pub mod asked;
mod body;
pub mod call;
pub mod ceremony;
pub mod door;
pub mod form;
pub mod health;
#[cfg(any(test, feature = "testing"))]
pub mod heard;
pub mod json;
pub mod keys;
pub mod limits;
pub mod live;
pub mod log;
pub mod metrics;
mod patient;
pub mod sent;
pub mod serve;
pub mod session;
#[cfg(test)]
mod tests;
pub mod token;
pub mod watched;

pub use answer::{Answer, Fault, Told};
pub use app::{App, Config};
pub use asked::{Path, Query};
pub use call::Call;
pub use form::Form;

//! Who may hand something in: a program that shows the key of the house. A key is no office: what needs one stays closed.

use kit::web::App;
use kit::web::limits::Knock;
use kit::{Error, Result, secrets};
use std::net::IpAddr;

/// A program that may file requests and add words.
#[derive(Clone, Debug)]
pub struct Integration {
    /// Tells its posts from those of others.
    pub mark: [u8; 32],
}

/// Lets a program in by the `api_key` that it shows.
///
/// # Errors
/// [`Error::Denied`] when it is missing (empty) or unknown; [`Error::TooMany`] for who goes on guessing.
pub fn integration(app: &App, address: IpAddr, shown: &str) -> Result<Integration> {
    let known = app.config.open311_key.as_deref().filter(|key| !key.is_empty());
    if !known.is_some_and(|key| secrets::same(shown, key)) {
        app.limits.check(Knock::Code, &address.to_string())?;
        return Err(Error::denied("open311/key"));
    }
    Ok(Integration { mark: app.secrets.mac("open311-key", &[shown.as_bytes()]) })
}

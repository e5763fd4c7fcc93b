//! Who may hand something in: a program that shows the key of the house, or a token of its own that may write requests. Either
//! is no office here: what needs one stays closed.

use crate::scope::Scope;
use commons::place::TenantId;
use kit::web::App;
use kit::web::limits::Knock;
use kit::web::token::{Holder, Programs};
use kit::{Error, Result, secrets};
use std::net::IpAddr;

/// A program that may file requests and add words.
#[derive(Clone, Debug)]
pub struct Integration {
    /// Tells its posts from those of others.
    pub mark: [u8; 32],
    /// Where it may: everywhere with the key of the house, at home with a token.
    tenant: Option<TenantId>,
}

impl Integration {
    /// # Errors
    /// [`Error::Denied`] when its token is from elsewhere.
    pub fn may_in(&self, tenant: TenantId) -> Result<()> {
        let elsewhere = self.tenant.is_some_and(|home| home != tenant);
        if elsewhere { Err(Error::denied("open311/key")) } else { Ok(()) }
    }
}

/// Lets a program in by the `api_key` that it shows.
///
/// # Errors
/// [`Error::Denied`] when it is missing (empty) or unknown; [`Error::TooMany`] for who goes on guessing.
pub fn integration(app: &App, address: IpAddr, programs: &Programs, shown: &str) -> Result<Integration> {
    let known = app.config.open311_key.as_deref().filter(|key| !key.is_empty());
    if known.is_some_and(|key| secrets::same(shown, key)) {
        return Ok(Integration { mark: app.secrets.mac("open311-key", &[shown.as_bytes()]), tenant: None });
    }
    let token = programs.find(shown).filter(|token| token.has(Scope::RequestsWrite.name()));
    if let Some((token, Holder::Program { tenant, .. })) = token.map(|token| (token, token.holder)) {
        let mark = app.secrets.mac("open311-token", &[token.id.0.as_bytes()]);
        return Ok(Integration { mark, tenant: Some(tenant.into()) });
    }
    app.limits.check(Knock::Code, &address.to_string())?;
    Err(Error::denied("open311/key"))
}

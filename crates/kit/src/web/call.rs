//! One call at the door: who calls, in which language, since when known.

use super::answer::Fault;
use super::app::App;
use super::session::SessionInfo;
use super::token::{Holder, Token};
use crate::i18n::Lang;
use crate::time::Moment;
use crate::{Error, Result};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use std::net::IpAddr;
use subtle::ConstantTimeEq;

/// What the door knows of a call before the neighbourhood is asked.
#[derive(Clone, Debug)]
pub struct Call {
    pub now: Moment,
    pub lang: Lang,
    /// 长辈版: larger type and targets. Stays on once chosen.
    pub elder: bool,
    /// A random name for this browser; forms are bound to it.
    pub visitor: String,
    pub session: Option<SessionInfo>,
    /// A program that showed a bearer token; never together with a session.
    pub token: Option<Token>,
    /// Goes into every unsafe form.
    pub csrf: String,
    pub method: Method,
    pub path: String,
    /// Path and query, for links that come back here.
    pub here: String,
    /// The pattern of the route, e.g. `/say/requests/{code}`; what logs show.
    pub route: String,
    pub address: IpAddr,
    /// The kind of device, e.g. `phone/Chrome`.
    pub device: String,
    /// A JSON caller, who gets problem documents.
    pub api: bool,
}

impl Call {
    /// Who is known: an account, or a program that has none.
    pub fn holder(&self) -> Option<Holder> {
        let session = self.session.as_ref().map(|session| Holder::Account(session.account));
        session.or(self.token.as_ref().map(|token| token.holder))
    }

    /// # Errors
    /// [`Error::Denied`] when nobody is known.
    pub fn account(&self) -> Result<Holder> {
        self.holder().ok_or(Error::denied("account/sign-in-first"))
    }

    /// The account of somebody who is here in person, not by a token.
    ///
    /// # Errors
    /// [`Error::Denied`] when nobody is signed in.
    pub fn in_person(&self) -> Result<crate::Uuid> {
        self.session.as_ref().map(|session| session.account).ok_or(Error::denied("account/sign-in-first"))
    }

    /// Whether a token is the one that this caller's pages were given. Takes the same time for every wrong one.
    pub(super) fn proves(&self, token: Option<&str>) -> bool {
        token.unwrap_or_default().as_bytes().ct_eq(self.csrf.as_bytes()).into()
    }

    /// A fresh key for a form, so that sending it twice is one deed.
    pub fn fresh_key(&self, app: &App) -> String {
        hex::encode(app.ids.secret())
    }
}

impl FromRequestParts<App> for Call {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Fault> {
        parts.extensions.get::<Call>().cloned().ok_or_else(|| Fault(Error::internal("a route outside the door")))
    }
}

/// A browser takes a cookie named like this from an encrypted page of this very host only, so that a neighbouring site
/// cannot plant one.
fn cookie_name(name: &str, secure: bool) -> String {
    if secure { format!("__Host-{name}") } else { name.to_owned() }
}

/// The value of a cookie that [`set_cookie`] set.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str, secure: bool) -> Option<&'h str> {
    let name = cookie_name(name, secure);
    headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).find_map(|line| {
        line.split(';')
            .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value))
    })
}

/// A `Set-Cookie` line: for our own pages only, never read by scripts. `secure` where residents come by `https`.
pub fn set_cookie(name: &str, value: &str, days: i64, secure: bool) -> String {
    let (name, age) = (cookie_name(name, secure), days * 86_400);
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}")
}

//! Lines in the log for whoever guards the house: who came in, what was refused, what did not fit. The route says by which way; an
//! account is a number, and no line has a name, a login, an address or anything that was typed.

use super::answer::Told;
use super::call::Call;
use super::token::Holder;
use crate::Uuid;
use axum::http::StatusCode;

/// Somebody came in. The route says how: `/sign-in`, `/sign-in/passkey`, `/sign-in/letter` ...
pub fn came_in(call: &Call, account: Uuid) {
    tracing::info!(security = "came-in", route = call.route, account = %account, "watched");
}

/// An answer that a guard may want to see: no leave, too often, or something sent that did not fit (a wrong password among it).
pub(super) fn answered(call: &Call, status: StatusCode, told: Option<&Told>, sent: bool) {
    let security = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "refused",
        StatusCode::TOO_MANY_REQUESTS => "too-many",
        StatusCode::UNPROCESSABLE_ENTITY if sent => "did-not-fit",
        _ => return,
    };
    let account = match call.holder() {
        Some(Holder::Account(account)) => account.to_string(),
        Some(Holder::Program { person, .. }) => person.to_string(),
        None => "none".to_owned(),
    };
    let (route, reason) = (call.route.as_str(), told.map_or("", |told| told.reason.0));
    tracing::info!(security, route, status = status.as_u16(), reason, account, "watched");
}

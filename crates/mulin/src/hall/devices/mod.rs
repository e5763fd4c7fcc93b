//! My ways in: where I am signed in, since when; ending any of it; a new password; keys that devices keep; and who vouched when
//! I came back.
//!
//! Of a device its kind is kept and the days, no address and no place.

pub mod actions;
pub mod api;
pub mod openapi;
pub mod pages;
pub mod passkeys;
pub mod samples;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/me/devices", get(pages::show))
        .route("/me/devices/end", post(pages::end))
        .route("/me/devices/end-others", post(pages::end_others))
        .route("/me/devices/password", post(pages::password))
        .route("/me/devices/passkeys/remove", post(pages::remove_passkey))
        .merge(api::routes())
}

//! Following: somebody hears of a case, a building, a compound or a category without having said anything there.
//!
//! - With an account in the inbox (and by mail, if they said so there); without one by mail, once the address has said yes.
//! - At once, or once a day at six in the evening; never an empty letter, never the same day twice.
//! - Every letter ends with one click, without signing in, and then the address is gone.

pub mod actions;
pub mod api;
pub mod digest;
pub mod heard;
pub mod letter;
pub mod model;
pub mod openapi;
pub mod pages;
pub mod policy;
pub mod samples;
pub mod store;
#[cfg(test)]
mod tests;
pub mod token;

use axum::Router;
use axum::routing::{get, post};
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/say/follow", get(pages::show).post(pages::add))
        .route("/say/follow/end", post(pages::end))
        .route("/say/follow/confirm/{token}", get(pages::ask_confirm).post(pages::confirm))
        .route("/say/follow/stop/{token}", get(pages::ask_stop).post(pages::stop))
        .merge(api::routes())
}

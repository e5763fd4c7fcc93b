//! The desk of the hub: whoever walks in is served in under a minute, what is open stays on the list, and the month is counted from it.
//!
//! Talks between neighbours (邻里劝导) are begun here too; they are no mediation and are never called that. There is no table of
//! visitors: who came is kept only where somebody has to be answered, and only until that is done.

pub mod actions;
pub mod api;
mod looks;
pub mod openapi;
pub mod pages;
pub mod policy;
pub mod rooms;
pub mod samples;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    api::routes()
        .route("/help/hub/desk", get(pages::show))
        .route("/help/hub/desk/talks", get(rooms::talks))
        .route("/help/hub/desk/opinions", get(rooms::opinions))
        .route("/help/hub/desk/keys", get(rooms::keys))
        .route("/help/hub/desk/{deed}", post(pages::act))
        .route("/help/hub/slip", get(pages::slip))
}

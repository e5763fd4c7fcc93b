//! The office whose people come in by its own sign-in: who it is, set by whoever keeps the register.
//!
//! It opens nothing by itself: each of its people links themselves once, and what they may do stands in their mandates.

pub mod api;
pub mod pages;
pub mod samples;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/office/provider", get(pages::show).post(pages::set))
        .route("/office/provider/end", post(pages::end))
        .merge(api::routes())
}

//! The desk: what is in my hands, at my door, at my place, what is overdue first; what others offer me; filing for a caller.
//!
//! A view is its address. It can be kept, sent, taken along as a table, or read on the stairs.

pub mod api;
pub mod export;
pub mod pages;
pub mod query;
pub mod samples;
pub mod stairs;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    api::routes()
        .route("/office", get(pages::office))
        .route("/office/desk", get(pages::show))
        .route("/office/desk/stairs", get(stairs::show))
        .route("/office/desk/export", post(export::csv))
}

//! My data: what is kept about me, why, until when, who looked and who acted for me; corrected, taken along, erased or stopped
//! by one button each.
//!
//! What the register for votes says of an owner is not here: it knows no account, and the owners' committee answers for it.

pub mod actions;
pub mod api;
pub mod export;
pub mod openapi;
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
        .route("/me/data", get(pages::show))
        .route("/me/data/name", post(pages::name))
        .route("/me/data/withdraw", post(pages::withdraw))
        .route("/me/data/export.json", get(export::json))
        .route("/me/data/export.zip", get(export::zip))
        .route("/me/data/erase", get(pages::ask).post(pages::erase))
        .route("/me/data/erased", get(pages::erased))
        .merge(api::routes())
}

//! Standing in: who may do for me what I may do as a resident, until when, and what they did; for whom I do it; and doing it.
//!
//! Whoever is to stand in brings a code that the other gave them, so nobody is looked up by name. The office that keeps a
//! household takes the consent of those who are not here themselves.

pub mod actions;
pub mod api;
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
        .route("/me/standing", get(pages::show).post(pages::agree))
        .route("/me/standing/accept", post(pages::accept))
        .route("/me/standing/end", post(pages::end))
        .route("/me/standing/{id}/begin", post(pages::begin))
        .route("/me/standing/stop", post(pages::stop))
        .merge(api::routes())
}

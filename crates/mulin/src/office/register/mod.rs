//! The register for votes: units of a compound, their exclusive area, and their owners as they stand in the land register.
//!
//! The owners' committee keeps it, by hand or from a sheet; the community reads it. It is apart from accounts, and nobody's
//! telephone or identity number has a place in it.

pub mod actions;
pub mod api;
pub mod openapi;
pub mod pages;
pub mod policy;
pub mod samples;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/office/register", get(pages::show).post(pages::import))
        .route("/office/register/unit", post(pages::put))
        .route("/office/register/remove", post(pages::remove))
        .route("/office/register/template/{format}", get(pages::template))
        .route("/office/register/export/{format}", get(pages::export))
        .merge(api::routes())
}

//! Places: look at the tree, take it over from a sheet (tried first, then done), give it out again, print the signs whose
//! QR code opens 说一声 with the place filled in.

pub mod api;
pub mod pages;
pub mod samples;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    api::routes()
        .route("/office/places", get(pages::show).post(pages::import))
        .route("/office/places/signs", get(pages::signs))
        .route("/office/places/template/{format}", get(pages::template))
        .route("/office/places/export/{format}", get(pages::export))
}

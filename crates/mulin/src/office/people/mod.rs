//! People and mandates: who is trusted with what, where, since when and from where; given and ended here.

pub mod api;
pub mod pages;
pub mod samples;
pub mod store;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    api::routes()
        .route("/office/people", get(pages::show).post(pages::give))
        .route("/office/people/end", post(pages::end))
}

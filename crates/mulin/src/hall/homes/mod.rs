//! My homes: where I belong and what was seen for it, who belongs there too, who has looked, asking to belong to another
//! one, and moving out.

pub mod actions;
pub mod api;
pub mod openapi;
pub mod pages;
pub mod samples;
pub mod spot;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/me/homes", get(pages::show).post(pages::ask))
        .route("/me/homes/ask", get(pages::form))
        .route("/me/homes/take-back", post(pages::take_back))
        .route("/me/homes/end", post(pages::end))
        .merge(api::routes())
}

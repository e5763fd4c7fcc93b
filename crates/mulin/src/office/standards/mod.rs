//! Standards: how long a door may take, when it is open, and which years of the calendar are known. Everybody may read
//! them; a compound's are set by its committee or by the community, the community's and the calendar by the community.

pub mod actions;
pub mod api;
pub mod model;
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
        .route("/office/standards", get(pages::see).post(pages::set))
        .route("/office/standards/hours", post(pages::hours))
        .route("/office/standards/calendar", post(pages::calendar))
        .merge(api::routes())
}

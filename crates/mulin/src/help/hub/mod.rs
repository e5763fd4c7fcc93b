//! 红小楼: when it is open, who is there now, its posts with their duties (设岗定责), and what was done, a line each.

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
    api::routes()
        .route("/help/hub", get(pages::show))
        .route("/help/hub/entries", get(pages::entries))
        .route("/help/hub/wall", get(pages::wall))
        .route("/help/hub/{deed}", post(pages::act))
}

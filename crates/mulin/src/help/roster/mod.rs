//! The duty roster of a hub: shifts of a month, who can come by their own word, a plan that is fair by arithmetic, changes by
//! hand, swaps between two people, one claim for a duty that comes again, and a calendar for one's own telephone.

pub mod actions;
pub mod api;
pub mod feed;
pub mod openapi;
pub mod pages;
pub mod planning;
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
        .route("/help/roster", get(pages::show))
        .route("/help/roster/mine", get(pages::mine))
        .route("/help/roster/shift", get(pages::shift))
        .route("/help/roster/feed", post(pages::feed))
        .route("/help/roster/plan", post(pages::plan))
        .route("/help/roster/feed/{token}", get(feed::show))
        .route("/help/roster/{deed}", post(pages::act))
}

//! The desk: what waits for my offices, what is overdue first; what others offer me; filing for a caller.

pub mod pages;
pub mod samples;

use axum::Router;
use axum::routing::get;
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    Router::new().route("/office", get(pages::office)).route("/office/desk", get(pages::show))
}

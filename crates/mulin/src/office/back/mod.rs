//! Helping somebody back in who has lost their password: two who know them say so, each in person and under another mandate;
//! then a paper with a code is printed. Whose word counts reaches every place where that person holds anything.

pub mod actions;
pub mod api;
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
        .route("/office/back", get(pages::show).post(pages::open))
        .route("/office/back/confirm", post(pages::confirm))
        .route("/office/back/stop", post(pages::stop))
        .route("/office/back/paper", get(pages::paper))
        .merge(api::routes())
}

//! Reply templates: an office writes once what it says again and again; whoever holds a case picks one, and the number, the
//! place and the limit are filled in.
//!
//! The community keeps its own for everybody; the offices of a compound keep theirs. Nothing is sent by itself: what is picked
//! stands in the form and can be changed before it is said.

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
    api::routes()
        .route("/office/templates", get(pages::show).post(pages::save))
        .route("/office/templates/{deed}", post(pages::act))
}

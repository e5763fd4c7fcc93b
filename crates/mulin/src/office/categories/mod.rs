//! The community's own words for what may be said: categories, their first door, and what each asks.
//!
//! - Staff of the community add, rename, reorder and retire categories, an owners' committee those of its compound alone;
//!   what is retired stays with the cases that have it.
//! - Each category may ask a few things of its own. The kind of a question stays, because old answers were given to it.
//! - Everything counts from the next form on, without a restart.

pub mod actions;
pub mod api;
pub mod model;
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
        .route("/office/categories", get(pages::list).post(pages::add))
        .route("/office/categories/{slug}", get(pages::one).post(pages::change))
        .route("/office/categories/{slug}/{deed}", post(pages::act))
}

//! The sheet for the staircase door: what was said in a building or a compound in a week, what was settled, what is late
//! and at which door, what waits for an answer, and how to say something. One page of A4, for those without a phone.
//! No names of residents and no homes; the captain's name stands there because people have to find them.

pub mod api;
pub mod pages;
pub mod samples;
pub mod store;
#[cfg(test)]
mod tests;
pub mod week;

use axum::Router;
use axum::routing::get;
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    api::routes().route("/say/sheet", get(pages::show))
}

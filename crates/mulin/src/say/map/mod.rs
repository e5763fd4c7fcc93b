//! The map of what was said: the ground of a compound with a number on each house where something is open or was closed
//! lately, and the same as a list. Drawn by the server; nobody is more exactly on it than their building.

pub mod api;
pub mod pages;
pub mod samples;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    api::routes().route("/say/map", get(pages::show))
}

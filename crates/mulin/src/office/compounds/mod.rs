//! A new compound, in the browser, without a restart: its buildings by a pattern or a sheet, its property company, its captains
//! by name. Afterwards there are signs to print, letters to hand out, and 说一声 works.
//!
//! Nobody gets a password: each captain gets a letter with a code that is good once.

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
        .route("/office/compounds/new", get(pages::ask).post(pages::make))
        .route("/office/compounds/{code}", get(pages::made))
        .route("/office/compounds/{code}/buildings", post(pages::raise))
        .route("/office/compounds/{code}/letters", get(pages::letters))
}

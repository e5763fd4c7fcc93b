//! 办得怎么样: how what was said went, in numbers that anybody can read, check and take home.
//!
//! - For a compound, a month or any days, by category and by service unit: what was said, closed, answered in time, solved, and
//!   how content people were, with numerator and denominator.
//! - For a community or a subdistrict the same, counted by compound, in the order of the places and never by rate.
//! - As a page, on A4, as CSV and for programs; always the same numbers.
//! - A community's staff set how the rates are worked out; the settings are printed with them.
//!
//! There is no way to ask for a person: such an address does not exist.

pub mod api;
pub mod count;
pub mod model;
pub mod openapi;
pub mod pages;
pub mod samples;
pub mod settings;
#[cfg(test)]
mod tests;
pub mod view;

use axum::Router;
use axum::routing::get;
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/say/figures", get(pages::show))
        .route("/say/figures/paper", get(pages::paper))
        .route("/say/figures/sheet.csv", get(pages::sheet))
        .route("/say/figures/around", get(pages::community))
        .route("/say/figures/settings/{code}", get(settings::show).post(settings::set))
        .route("/say/figures/{code}", get(pages::around))
        .merge(api::routes())
}

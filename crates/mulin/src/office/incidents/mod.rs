//! Incidents with people's data: written down by whoever keeps the register, with who was told when, and a table to take along.
//!
//! Names of those concerned stand in no field: how many and which kind of people is what the authority asks.

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
        .route("/office/incidents", get(pages::show).post(pages::add))
        .route("/office/incidents/step", post(pages::step))
        .route("/office/incidents/table.csv", get(pages::table))
        .merge(api::routes())
}

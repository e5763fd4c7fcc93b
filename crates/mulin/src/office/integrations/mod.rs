//! Programs that work with us: each is named, holds one office at one place by contract, and shows a token.
//!
//! The community's keepers of the register let them in and send them away; what they do stands in the book under their name.

pub mod actions;
pub mod api;
pub mod openapi;
pub mod pages;
pub mod policy;
pub mod samples;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use commons::people::Office;
use kit::web::App;

/// What a program can be trusted with. Offices that are elected, keep the register, sit above it or come with a home are for
/// people.
pub const OFFICES: &[Office] = &[Office::Property, Office::Guard, Office::Hub, Office::GridWorker, Office::Partner];

/// The routes of this folder.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/office/integrations", get(pages::show).post(pages::make))
        .route("/office/integrations/end", post(pages::end))
        .merge(api::routes())
}

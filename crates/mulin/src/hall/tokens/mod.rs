//! My tokens: with one of these a program may do a part of what I may do, until a day that I choose.
//!
//! The token is shown once, when it is made; ending it works at once. A program cannot make tokens.

pub mod actions;
pub mod api;
pub mod openapi;
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
        .route("/me/tokens", get(pages::show).post(pages::make))
        .route("/me/tokens/end", post(pages::end))
        .merge(api::routes())
}

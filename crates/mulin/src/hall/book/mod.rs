//! The head of the book: how many entries a community's book has, and one number that covers them all. Whoever writes it down
//! or hangs it up can tell later, with anybody's help or none, whether what stood in the book then still stands there.
//!
//! The entries themselves are not told here: they say who did what, and are read where the thing is that they are about.

pub mod api;
pub mod pages;
pub mod samples;
pub mod shown;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    api::routes().route("/about/book", get(pages::show))
}

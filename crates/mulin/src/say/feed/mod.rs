//! What is said, for those who read along with a program of their own: RSS of a compound, a building, a category, or of
//! the steps of one case. Only what everybody may read, and nobody has to say who they are.

pub mod pages;
pub mod rss;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    Router::new().route("/say/feed", get(pages::show))
}

//! A community leaves the house: who runs the machine writes its export, takes it home, and deletes what is in it.
//!
//! Asked twice on purpose: for the community's name, and for the number in the name of the file, which nobody knows who has not
//! got the file.

pub mod pages;
pub mod policy;
pub mod samples;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/office/farewell", get(pages::show))
        .route("/office/farewell/export", get(pages::take).post(pages::write))
        .route("/office/farewell/delete", post(pages::delete))
}

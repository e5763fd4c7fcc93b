//! Households as their captain, their grid worker and the community keep them: who belongs to a home and what was seen for
//! it, who asks to, letters to hand over, and who has moved out.
//!
//! Which kind of paper was seen is recorded, never the paper. Every look at a household is written down, and its members read it.

pub mod actions;
pub mod api;
pub mod openapi;
pub mod pages;
pub mod samples;
pub mod standing;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/office/homes", get(pages::list).post(pages::add))
        .route("/office/homes/one", get(pages::one))
        .route("/office/homes/letters", get(pages::letters).post(pages::write_letters))
        .route("/office/homes/decide", post(pages::decide))
        .route("/office/homes/verify", post(pages::verify))
        .route("/office/homes/letter", post(pages::letter))
        .route("/office/homes/end", post(pages::end))
        .route("/office/homes/standing", get(standing::show).post(standing::agree))
        .route("/office/homes/standing/end", post(standing::end))
        .route("/office/homes/standing/done", get(standing::done))
        .merge(api::routes())
}

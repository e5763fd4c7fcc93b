//! People and mandates: who is trusted with what, where, since when and from where; given and ended here.

pub mod api;
pub mod pages;
pub mod policy;
pub mod samples;
pub mod seats;
pub mod seats_api;
pub mod store;
pub mod terms;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    api::routes()
        .route("/office/people", get(pages::show).post(pages::give))
        .route("/office/people/end", post(pages::end))
        .route("/office/people/mine", get(seats::mine))
        .route("/office/people/seat", get(seats::one))
        .route("/office/people/deputy", post(seats::deputy))
        .route("/office/people/away", post(seats::away))
        .route("/office/people/back", post(seats::back))
        .route("/office/people/hand-over", post(seats::hand_over))
        .route("/office/people/terms", get(terms::show))
        .route("/office/people/terms/{token}", get(terms::feed))
        .merge(seats_api::routes())
}

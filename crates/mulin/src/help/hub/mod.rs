//! 红小楼: when it is open, who is there now, its posts with their duties (设岗定责), what was done, a line each; the day that its team
//! writes up once, and the month that is counted from it.

pub mod actions;
pub mod api;
pub mod day;
pub mod desk;
pub mod month;
pub mod openapi;
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
    api::routes()
        .merge(desk::routes())
        .route("/help/hub/day", get(day::show))
        .route("/help/hub/month", get(month::show))
        .route("/help/hub/month/sheet.csv", get(month::sheet))
        .route("/help/hub", get(pages::show))
        .route("/help/hub/entries", get(pages::entries))
        .route("/help/hub/wall", get(pages::wall))
        .route("/help/hub/{deed}", post(pages::act))
}

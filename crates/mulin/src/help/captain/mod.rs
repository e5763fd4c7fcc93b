//! 有事找楼栋长: everybody finds who answers for their building in one tap, calls where a number is published, and writes in
//! private. A captain sees their building as doors, their team by duty, and prints a notice. Every building has a board.
//!
//! There is nothing on a household here but its door number, and whether something is open behind it.

pub mod actions;
pub mod api;
pub mod board;
pub mod building;
pub mod openapi;
pub mod pages;
pub mod policy;
pub mod samples;
pub mod shown;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    api::routes()
        .route("/help/captain", get(pages::show))
        .route("/help/captain/join", post(pages::join))
        .route("/help/captain/leave", post(pages::leave))
        .route("/help/captain/card", post(board::card))
        .route("/help/captain/board", get(board::show).post(board::save))
        .route("/help/captain/building", get(building::show))
        .route("/help/captain/notice", get(building::notice))
}

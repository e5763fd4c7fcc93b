//! 有话大家说: say what is wrong, see who has it, answer whether it was put right.
//!
//! - Anybody files with a place and some words; photos, a category and a way to be reached are welcome, never needed.
//! - The first door by category gets it; whoever holds it takes it, hands it over, or tells what came of it.
//! - The one who said it judges, with an account or with the pickup code of the slip; 没解决 brings it back.
//! - At any time the one who said it can move it up a door, add to it, withdraw it, or erase the words.
//! - Staff file for a caller; the record says who typed. Staff never write a judgement.
//! - What tells strangers who somebody is or where they live is named before it is public, and covered at any time after.

pub mod actions;
pub mod answer;
pub mod api;
pub mod bulk;
pub mod climbing;
pub mod hide;
pub mod import;
pub mod intake;
pub mod list;
pub mod looks;
pub mod mail;
pub mod model;
pub mod open311;
pub mod openapi;
pub mod over;
pub mod pages;
pub mod pausing;
pub mod personal;
pub mod point;
pub mod policy;
pub mod replies;
pub mod samples;
pub mod samples_second;
pub mod second;
pub mod similar;
pub mod slip;
#[cfg(test)]
mod tests;
pub mod timeline;
pub mod together;
pub mod view;
pub mod waiting;

use axum::Router;
use axum::routing::{get, post};
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/say/requests", get(list::show).post(pages::file))
        .route("/say/requests/new", get(pages::new))
        .route("/say/requests/similar", get(similar::fragment))
        .route("/say/requests/suggest", get(intake::suggest))
        .route("/say/requests/ground/{code}", get(point::picture))
        .route("/say/requests/open", get(slip::ask).post(slip::open))
        .route("/say/requests/photos/{tenant}/{photo}/{size}", get(pages::photo))
        .route("/say/requests/slip/{pickup}", get(slip::show))
        .route("/say/requests/slip/{pickup}/photos/{photo}/{size}", get(slip::photo))
        .route("/say/requests/slip/{pickup}/hide", get(hide::show_slip).post(hide::act_slip))
        .route("/say/requests/slip/{pickup}/cover/{photo}", get(hide::cover_slip).post(hide::paint_slip))
        .route("/say/requests/slip/{pickup}/{deed}", post(slip::act))
        .route("/say/requests/hand-over", get(bulk::ask).post(bulk::send))
        .route("/api/v1/requests/hand-over", get(bulk::api_ask).post(bulk::api))
        .route("/say/requests/answer/{token}", get(answer::show).post(answer::act))
        .route("/say/requests/{code}", get(pages::show))
        .route("/say/requests/{code}/live", get(pages::live))
        .route("/say/requests/{code}/hotline", get(pages::hotline))
        .route("/say/requests/{code}/contact", post(pages::contact))
        .route("/say/requests/{code}/hide", get(hide::show).post(hide::act))
        .route("/say/requests/{code}/cover/{photo}", get(hide::cover).post(hide::paint))
        .route("/say/requests/{code}/{deed}", post(pages::act))
        .route("/api/v1/requests/similar", get(similar::api))
        .route("/hooks/mail", post(mail::hook))
        .merge(api::routes())
        .merge(open311::routes())
}

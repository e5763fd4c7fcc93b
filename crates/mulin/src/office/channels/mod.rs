//! Ways to be told, of a place: robots of group chats, programs (webhooks), and the mailboxes whose letters become requests.
//!
//! - The community's staff keep those of all its places, committee and property company those of their compound.
//! - An address and a secret go in and are never shown again. What a line says can be looked at before it is sent.
//! - What went and what did not is shown, so that a deaf robot is noticed.

pub mod actions;
pub mod api;
pub mod model;
pub mod openapi;
pub mod pages;
pub mod policy;
pub mod samples;
#[cfg(test)]
mod tests;
pub mod why;

use axum::Router;
use axum::routing::{get, post};
use kit::web::App;

/// The routes of this folder.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/office/channels", get(pages::show).post(pages::add))
        .route("/office/channels/mailbox", post(pages::add_mailbox))
        .route("/office/channels/mailbox/drop", post(pages::drop_mailbox))
        .route("/office/channels/{id}/{deed}", post(pages::act))
        .merge(api::routes())
}

//! The list: a feature is in the house when its line is here.

use crate::{assets, hall, office, say};
use axum::Router;
use axum::routing::get;
use kit::web::{App, door, health};

/// All addresses of the house behind its door.
pub fn routes(app: &App) -> Router {
    let pages = Router::new()
        .merge(hall::routes())
        .merge(say::requests::routes())
        .merge(office::desk::routes())
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics));
    door::guard(app, pages).route("/assets/{name}", get(assets::serve)).with_state(app.clone())
}

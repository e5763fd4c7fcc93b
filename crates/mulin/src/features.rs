//! The list: a feature is in the house when its line is here.

use crate::layout::gallery::{self, PageSample};
use crate::layout::visit::Visit;
use crate::{assets, hall, help, office, openapi, say};
use axum::Router;
use axum::routing::get;
use kit::web::Path;
use kit::web::{App, door, health};

/// The samples of every feature's pages.
pub const SAMPLES: &[&[PageSample]] = &[
    hall::samples::SAMPLES,
    hall::book::samples::SAMPLES,
    hall::data::samples::SAMPLES,
    hall::devices::samples::SAMPLES,
    hall::homes::samples::SAMPLES,
    hall::standing::samples::SAMPLES,
    office::back::samples::SAMPLES,
    hall::tokens::samples::SAMPLES,
    say::requests::samples::SAMPLES,
    office::categories::samples::SAMPLES,
    say::sheet::samples::SAMPLES,
    say::figures::samples::SAMPLES,
    say::requests::samples_second::SAMPLES,
    say::map::samples::SAMPLES,
    say::follow::samples::SAMPLES,
    office::desk::samples::SAMPLES,
    office::templates::samples::SAMPLES,
    office::compounds::samples::SAMPLES,
    office::places::samples::SAMPLES,
    office::homes::samples::SAMPLES,
    office::people::samples::SAMPLES,
    office::register::samples::SAMPLES,
    office::channels::samples::SAMPLES,
    office::incidents::samples::SAMPLES,
    office::integrations::samples::SAMPLES,
    office::provider::samples::SAMPLES,
    office::farewell::samples::SAMPLES,
    office::standards::samples::SAMPLES,
    help::captain::samples::SAMPLES,
    help::hub::samples::SAMPLES,
    help::hub::desk::samples::SAMPLES,
    help::roster::samples::SAMPLES,
];

/// All addresses of the house behind its door.
pub fn routes(app: &App) -> Router {
    let pages = Router::new()
        .merge(hall::routes())
        .merge(say::requests::routes())
        .merge(office::categories::routes())
        .merge(say::feed::routes())
        .merge(say::follow::routes())
        .merge(say::map::routes())
        .merge(say::sheet::routes())
        .merge(say::figures::routes())
        .merge(office::desk::routes())
        .merge(office::templates::routes())
        .merge(office::compounds::routes())
        .merge(office::places::routes())
        .merge(office::back::routes())
        .merge(office::homes::routes())
        .merge(office::people::routes())
        .merge(office::register::routes())
        .merge(office::channels::routes())
        .merge(office::incidents::routes())
        .merge(office::integrations::routes())
        .merge(office::provider::routes())
        .merge(office::farewell::routes())
        .merge(office::standards::routes())
        .merge(help::captain::routes())
        .merge(help::hub::routes())
        .merge(help::roster::routes())
        .route("/api/v1/openapi.json", get(openapi::serve))
        .route("/gallery", get(async |visit: Visit| gallery::index(visit, SAMPLES).await))
        .route("/gallery/{id}", get(async |visit: Visit, id: Path<String>| gallery::one(visit, id, SAMPLES).await))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics));
    door::guard(app, pages).route("/assets/{name}", get(assets::serve)).with_state(app.clone())
}

//! The JSON face: how many public requests there are at each place of a compound, and how many of them are late.

use super::pages::CLOSED_DAYS;
use crate::layout::Visit;
use crate::layout::scope::{Scope, ScopeQuery};
use crate::openapi::parts::{self, Operation, list, maybe, object, one_of, reference, text, whole};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use commons::case::store::{self, MapFilter, PlaceCount};
use commons::place::{PlaceKind, store as places};
use kit::Error;
use kit::time::Moment;
use kit::web::answer::Answer;
use kit::web::{App, Query};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/map", get(counts))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    compound: String,
    #[serde(default)]
    category: String,
    show: Option<String>,
}

async fn counts(visit: Visit, Query(which): Query<Which>) -> Answer {
    let (db, now) = (&visit.app.db, visit.call.now);
    let show = which.show.as_deref();
    if !matches!(show, None | Some("open" | "closed")) {
        return Err(Error::invalid("show", "map/show").into());
    }
    let compound = places::compound(db, &which.compound).await?.ok_or(Error::NotFound)?;
    let narrowed = ScopeQuery { category: which.category, ..ScopeQuery::default() };
    let scope = Scope::within(db, compound.clone(), &narrowed).await?;
    let filter = MapFilter {
        tenant: scope.tenant,
        compound: compound.id,
        category: scope.filter().category,
        open: show != Some("closed"),
        closed_since: (show != Some("open")).then_some(now - Moment::days(CLOSED_DAYS)),
        now,
    };
    let counts = store::counts_by_place(db, &filter).await?;
    let place = |one: &PlaceCount| {
        let (place, ground) = (&one.place, &one.place.ground);
        json!({ "path": place.path, "kind": place.kind, "label": place.label, "label_en": place.label_en,
            "requests": one.cases, "late": one.late, "lat_e7": ground.lat_e7, "lon_e7": ground.lon_e7,
            "x_mm": ground.x_mm, "y_mm": ground.y_mm })
    };
    Ok(Json(json!({ "compound": compound.path, "places": counts.iter().map(place).collect::<Vec<_>>() }))
        .into_response())
}

/// The call in OpenAPI.
pub fn paths() -> Value {
    json!({ "/api/v1/map": { "get": Operation::new("getMap", "requests", "Public requests of a compound counted by place")
        .anybody("requests:read")
        .needs("compound", "The compound's code, e.g. shiliu")
        .query("category", "A category's slug")
        .query_of("show", one_of(&["open", "closed"]), "Open ones, those closed in the last 30 days, or both")
        .may(&[404, 422])
        .gives(200, object(&[("compound", text()), ("places", list(reference("PlaceCount")))]))
        .done() } })
}

/// The shapes of this folder.
pub fn schemas() -> Value {
    let kinds: Vec<&str> = PlaceKind::ALL.iter().map(|kind| kind.name()).collect();
    json!({ "PlaceCount": object(&[
        ("path", text()),
        ("kind", one_of(&kinds)),
        ("label", text()),
        ("label_en", text()),
        ("requests", whole()),
        ("late", parts::said("Of them", whole())),
        ("lat_e7", maybe(whole())),
        ("lon_e7", maybe(whole())),
        ("x_mm", maybe(whole())),
        ("y_mm", maybe(whole())),
    ]) })
}

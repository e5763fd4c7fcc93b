//! The JSON face: the tree, level by level, and its sheet, out and in.

use super::pages::{self, mine};
use crate::layout::Visit;
use crate::layout::json::{Files, behind, cursor_bad, limit, paged, told};
use crate::openapi::parts::{self, Operation, id, list, maybe, object, one_of, page_of, reference, text, truth, whole};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use commons::place::sheet::{CellError, Plan};
use commons::place::{Place, PlaceKind, store};
use commons::sheet::Format;
use kit::web::answer::Answer;
use kit::web::{App, Query, keys};
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/places", get(children))
        .route("/api/v1/places/import", post(import))
        .route("/api/v1/places/template/{format}", get(pages::template))
        .route("/api/v1/places/export/{format}", get(pages::export))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    /// The path of the place whose children are wanted; the community's own without one.
    #[serde(default)]
    at: String,
    after: Option<String>,
    limit: Option<i64>,
}

fn place_json(place: &Place) -> Value {
    json!({ "id": place.id, "path": place.path, "kind": place.kind, "name": place.name, "name_en": place.name_en,
        "label": place.label, "label_en": place.label_en, "facility": place.facility_kind, "floor": place.floor,
        "area": place.area, "lat_e7": place.ground.lat_e7, "lon_e7": place.ground.lon_e7,
        "x_mm": place.ground.x_mm, "y_mm": place.ground.y_mm })
}

/// Kind, order and path, as a list of places is sorted.
type Key = (PlaceKindName, i64, String);
type PlaceKindName = String;

fn key(place: &Place) -> Key {
    (place.kind.name().to_owned(), place.sort, place.path.clone())
}

fn cursor(text: &str) -> Result<Key> {
    let mut parts = text.splitn(3, '~');
    let mut next = || parts.next().ok_or_else(|| cursor_bad("after"));
    Ok((next()?.to_owned(), next()?.parse().map_err(|_| cursor_bad("after"))?, next()?.to_owned()))
}

async fn children(visit: Visit, Query(which): Query<Which>) -> Answer {
    let (tenant, _) = mine(&visit)?;
    let db = &visit.app.db;
    let here = match which.at.as_str() {
        "" => store::root(db, tenant).await?,
        path => store::by_path(db, tenant, path).await?,
    };
    let here = here.ok_or(Error::NotFound)?;
    let after = which.after.as_deref().map(cursor).transpose()?;
    let all = store::below(db, tenant, here.id).await?;
    let (shown, next) = behind(all, key, after.as_ref(), limit(which.limit)?);
    let next = next.map(|(kind, sort, path)| format!("{kind}~{sort}~{path}"));
    let body = json!({ "at": place_json(&here), "places": shown.iter().map(place_json).collect::<Vec<_>>() });
    Ok(paged(&visit.call, body, "after", next))
}

/// What a sheet would do, or did.
pub fn plan_json(plan: &Plan, done: bool) -> Value {
    let error = |error: &CellError| json!({ "row": error.row, "column": error.column, "reason": error.reason.0, "value": error.value });
    let compound = |(code, name): &(String, String)| json!({ "code": code, "name": name });
    json!({ "done": done, "added": plan.added, "changed": plan.changed, "unchanged": plan.unchanged,
        "compounds": plan.compounds.iter().map(compound).collect::<Vec<_>>(),
        "faults": plan.errors.iter().map(error).collect::<Vec<_>>(), "more_faults": plan.more_errors })
}

/// Tries a sheet, or with `really=1` takes it over. With one fault in it nothing is written.
async fn import(visit: Visit, Files(form): Files) -> Answer {
    let (tenant, may_import) = mine(&visit)?;
    if !may_import {
        return Err(Error::denied("places/not-keeper").into());
    }
    if let Some(kept) = keys::answered(&visit.app, tenant.0, &form.key).await? {
        return told(StatusCode::OK, &kept);
    }
    let plan = pages::planned(&visit, tenant, &form).await?;
    if form.text("really") != "1" || !plan.errors.is_empty() {
        return told(StatusCode::OK, &plan_json(&plan, false).to_string());
    }
    told(StatusCode::OK, &pages::take_over(&visit, tenant, &form, &plan).await?)
}

/// The calls in OpenAPI.
pub fn paths() -> Value {
    let new = |id: &str, summary: &str| Operation::new(id, "places", summary);
    let kinds = [Format::Csv.mime(), Format::Xlsx.mime()].map(|mime| mime.split(';').next().unwrap_or_default());
    let format = |operation: Operation| {
        operation
            .known("office:read")
            .path_of("format", &["csv", "xlsx"], "The kind of sheet")
            .gives_file(&kinds)
            .done()
    };
    json!({
        "/api/v1/places": { "get": new("listPlaces", "What lies directly below a place")
            .known("office:read")
            .query("at", "The path of a place, e.g. shiliu/3; the community without it")
            .pages("after")
            .gives_pages(with_at(page_of("places", reference("Place"))))
            .may(&[404])
            .done() },
        "/api/v1/places/import": { "post": new("importPlaces", "Tries a sheet, or takes it over; with one fault in it nothing is written")
            .known("office:write")
            .files(json!({ "file": parts::said("CSV or XLSX", json!({ "type": "string", "contentMediaType": "application/octet-stream" })),
                "really": parts::said("1 to take it over; without it nothing is written", text()) }))
            .gives(200, reference("SheetPlan"))
            .done() },
        "/api/v1/places/template/{format}": { "get": format(new("placesTemplate", "An empty sheet with every column")) },
        "/api/v1/places/export/{format}": { "get": format(new("exportPlaces", "The whole tree as a sheet that can be imported again")) }
    })
}

fn with_at(mut page: Value) -> Value {
    page["properties"]["at"] = reference("Place");
    page
}

/// The shapes of this folder.
pub fn schemas() -> Value {
    let kinds: Vec<&str> = PlaceKind::ALL.iter().map(|kind| kind.name()).collect();
    let fault = object(&[("row", whole()), ("column", text()), ("reason", text()), ("value", text())]);
    json!({
        "Place": object(&[
            ("id", id()),
            ("path", text()),
            ("kind", one_of(&kinds)),
            ("name", text()),
            ("name_en", text()),
            ("label", text()),
            ("label_en", text()),
            ("facility", maybe(text())),
            ("floor", maybe(whole())),
            ("area", parts::said("In 0.01 m²", maybe(whole()))),
            ("lat_e7", maybe(whole())),
            ("lon_e7", maybe(whole())),
            ("x_mm", maybe(whole())),
            ("y_mm", maybe(whole())),
        ]),
        "SheetPlan": object(&[
            ("done", truth()),
            ("added", whole()),
            ("changed", whole()),
            ("unchanged", whole()),
            ("compounds", list(object(&[("code", text()), ("name", text())]))),
            ("faults", list(fault)),
            ("more_faults", parts::said("Further faults that are not listed", whole())),
        ])
    })
}

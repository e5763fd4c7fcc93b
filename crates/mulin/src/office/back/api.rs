//! The JSON face, for those who are here in person. The paper is printed from its page.

use super::actions;
use crate::layout::Visit;
use crate::layout::json::{Nothing, told};
use crate::layout::show::rfc3339;
use crate::openapi::parts::{Operation, id, list as list_of, maybe, moment, nothing, object, text};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::people::back::WayBack;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/ways-back", get(list).post(open))
        .route("/api/v1/ways-back/{id}/confirm", post(confirm))
        .route("/api/v1/ways-back/{id}/stop", post(stop))
}

async fn list(visit: Visit) -> Answer {
    let way = |one: &WayBack| {
        json!({ "id": one.id, "name": one.name, "first": one.first.office,
            "second": one.second.as_ref().map(|second| second.office), "until": rfc3339(one.ends) })
    };
    let ways: Vec<Value> = actions::waiting(&visit).await?.iter().map(way).collect();
    Ok(Json(json!({ "ways": ways })).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Of {
    mandate: String,
}

async fn open(visit: Visit, call: JsonCall<Of>) -> Answer {
    let id = actions::open(&visit, &call.body.mandate, &call.key).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))).into_response())
}

async fn confirm(visit: Visit, Path(id): Path<String>, call: JsonCall<Nothing>) -> Answer {
    actions::confirm(&visit, &id, &call.key).await?;
    told(StatusCode::OK, "{}")
}

async fn stop(visit: Visit, Path(id): Path<String>, call: JsonCall<Nothing>) -> Answer {
    actions::stop(&visit, &id, &call.key).await?;
    told(StatusCode::OK, "{}")
}

/// The calls in OpenAPI.
pub fn paths() -> Value {
    let new = |name: &str, summary: &str| Operation::new(name, "people", summary).in_person();
    let way =
        object(&[("id", id()), ("name", text()), ("first", text()), ("second", maybe(text())), ("until", moment())]);
    json!({
        "/api/v1/ways-back": {
            "get": new("listWaysBack", "Who waits for a second word, or for a paper").gives(200, object(&[("ways", list_of(way))])).done(),
            "post": new("openWayBack", "The first word that somebody stands before me who has lost their password")
                .body(object(&[("mandate", text())])).may(&[404]).gives(201, object(&[("id", id())])).done() },
        "/api/v1/ways-back/{id}/confirm": { "post": new("confirmWayBack", "The second word, of another person")
            .path("id", "The way back").body(nothing()).gives(200, nothing()).done() },
        "/api/v1/ways-back/{id}/stop": { "post": new("stopWayBack", "Nobody comes back this way")
            .path("id", "The way back").body(nothing()).gives(200, nothing()).done() }
    })
}

//! The JSON face of incidents, and its description.

use super::pages::{keep, note, read, write};
use crate::layout::Visit;
use crate::layout::json::{Nothing, told};
use crate::layout::show::rfc3339;
use crate::layout::typed::Body;
use crate::openapi::parts::{Operation, id, list, maybe, moment, nothing, object, said, text, text_to};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::incident::Incident;
use commons::incident::store;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/incidents", get(all).post(add))
        .route("/api/v1/incidents/{id}/people", post(people))
        .route("/api/v1/incidents/{id}/authority", post(authority))
        .route("/api/v1/incidents/{id}/closed", post(closed))
}

pub fn paths() -> Value {
    let words = |name: &'static str| (name, text_to(2_000));
    let fields = ["what", "kinds", "affected", "harm", "measures"];
    let new = object(
        &std::iter::once(("found", said("The day, e.g. 2026-11-24", text())))
            .chain(fields.map(words))
            .collect::<Vec<_>>(),
    );
    let ends = ["told_people", "told_authority", "closed"].map(|name| (name, maybe(moment())));
    let kept: Vec<_> = [("id", id()), ("found", moment())].into_iter().chain(fields.map(words)).chain(ends).collect();
    let step = |name: &str, summary: &str| {
        let step = Operation::new(name, "office", summary).known("office:write").path("id", "The incident");
        json!({ "post": step.body(nothing()).gives(200, nothing()).done() })
    };
    json!({
        "/api/v1/incidents": {
            "get": Operation::new("listIncidents", "office", "What went wrong with people's data").known("office:read")
                .gives(200, object(&[("incidents", list(object(&kept)))])).done(),
            "post": Operation::new("writeIncident", "office", "Writes an incident down").known("office:write").body(new)
                .gives(201, object(&[("id", id())])).done() },
        "/api/v1/incidents/{id}/people": step("peopleTold", "Those concerned were told"),
        "/api/v1/incidents/{id}/authority": step("authorityTold", "The authority was told"),
        "/api/v1/incidents/{id}/closed": step("closeIncident", "It is over")
    })
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct New {
    found: String,
    what: String,
    kinds: String,
    affected: String,
    harm: String,
    measures: String,
}

async fn all(visit: Visit) -> Answer {
    let (tenant, _) = keep(&visit.actor)?;
    let one = |one: &Incident| {
        let said = &one.said;
        json!({ "id": one.id, "found": rfc3339(said.found), "what": said.what, "kinds": said.kinds,
            "affected": said.affected, "harm": said.harm, "measures": said.measures,
            "told_people": one.told_people.map(rfc3339), "told_authority": one.told_authority.map(rfc3339),
            "closed": one.closed.map(rfc3339) })
    };
    let all: Vec<Value> = store::all(&visit.app.db, tenant).await?.iter().map(one).collect();
    Ok(Json(json!({ "incidents": all })).into_response())
}

async fn add(visit: Visit, call: JsonCall<New>) -> Answer {
    keep(&visit.actor)?;
    let body = Body::of(&call.body);
    let new = read(&|name: &str| body.text(name), visit.call.now)?;
    let id = write(&visit, &new, &call.key).await?;
    told(StatusCode::CREATED, &json!({ "id": id }).to_string())
}

async fn people(visit: Visit, Path(id): Path<String>, call: JsonCall<Nothing>) -> Answer {
    note(&visit, &id, "people", &call.key).await?;
    told(StatusCode::OK, "{}")
}

async fn authority(visit: Visit, Path(id): Path<String>, call: JsonCall<Nothing>) -> Answer {
    note(&visit, &id, "authority", &call.key).await?;
    told(StatusCode::OK, "{}")
}

async fn closed(visit: Visit, Path(id): Path<String>, call: JsonCall<Nothing>) -> Answer {
    note(&visit, &id, "closed", &call.key).await?;
    told(StatusCode::OK, "{}")
}

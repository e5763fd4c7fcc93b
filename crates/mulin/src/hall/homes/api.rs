//! The JSON face of the same.

use super::actions;
use crate::layout::Visit;
use crate::layout::json::{Nothing, told};
use crate::layout::show::rfc3339;
use crate::layout::typed::Body;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::people::household::store;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/me/homes", get(list).post(ask))
        .route("/api/v1/me/homes/joinings/{id}/take-back", post(take_back))
        .route("/api/v1/me/homes/members/{id}/end", post(end))
}

async fn list(visit: Visit) -> Answer {
    visit.call.account()?;
    let (mut members, mut joinings) = (Vec::new(), Vec::new());
    for person in &visit.actor.persons {
        for one in store::of_person(&visit.app.db, person.tenant, person.id).await? {
            members.push(json!({ "id": one.mandate, "name": one.name, "as": one.office, "home": one.path,
                "share": one.share.map(|share| share.to_string()), "proof": one.proof.map(|proof| proof.name()),
                "verified_by": one.verified_office, "verified": one.verified.map(rfc3339),
                "since": rfc3339(one.starts), "ended": one.ended.map(rfc3339), "enters": one.enters }));
        }
        for one in store::joinings_of(&visit.app.db, person.tenant, person.id).await? {
            joinings.push(json!({ "id": one.id, "name": one.name, "home": one.path, "as": one.office,
                "asked": rfc3339(one.asked), "decision": one.decision.map(|decision| decision.name()) }));
        }
    }
    let told: Value = json!({ "members": members, "joinings": joinings });
    Ok(Json(told).into_response())
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Asking {
    /// The path of the building, e.g. `shiliu/3`.
    building: String,
    entrance: Option<String>,
    room: String,
    #[serde(rename = "as")]
    office: String,
}

async fn ask(visit: Visit, call: JsonCall<Asking>) -> Answer {
    visit.call.account()?;
    let body = Body::of(&call.body);
    let id = actions::ask(&visit, &|name| body.text(name), &call.key).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))).into_response())
}

async fn take_back(visit: Visit, Path(id): Path<String>, call: JsonCall<Nothing>) -> Answer {
    actions::take_back(&visit, &id, &call.key).await?;
    told(StatusCode::OK, "{}")
}

async fn end(visit: Visit, Path(id): Path<String>, call: JsonCall<Nothing>) -> Answer {
    actions::end(&visit, &id, &call.key).await?;
    told(StatusCode::OK, "{}")
}

//! The JSON face, for the one who is here in person. A password is changed on the page alone.

use super::actions;
use crate::layout::Visit;
use crate::layout::json::{Nothing, told};
use crate::layout::show::rfc3339;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path, session};
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/me/devices", get(list))
        .route("/api/v1/me/devices/{id}/end", post(end))
        .route("/api/v1/me/devices/end-others", post(end_others))
}

async fn list(visit: Visit) -> Answer {
    let account = visit.call.in_person()?;
    let own = visit.call.session.as_ref();
    let all = session::mine(&visit.app.db, account, visit.call.now).await?;
    let device = |one: &session::Listed| {
        json!({ "id": one.name, "kind": one.label, "since": rfc3339(one.starts), "seen": rfc3339(one.seen),
            "current": own.is_some_and(|own| one.is(own)) })
    };
    let devices: Vec<Value> = all.iter().map(device).collect();
    Ok(Json(json!({ "devices": devices })).into_response())
}

async fn end(visit: Visit, Path(id): Path<String>, call: JsonCall<Nothing>) -> Answer {
    actions::end(&visit, &id, &call.key).await?;
    told(StatusCode::OK, "{}")
}

async fn end_others(visit: Visit, call: JsonCall<Nothing>) -> Answer {
    actions::end_others(&visit, &call.key).await?;
    told(StatusCode::OK, "{}")
}

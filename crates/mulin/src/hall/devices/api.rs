//! The JSON face, for the one who is here in person. A password is changed on the page alone.

use super::{actions, passkeys};
use crate::layout::Visit;
use crate::layout::json::{Nothing, told};
use crate::layout::show::rfc3339;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use kit::passkey::store::Listed;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path, session};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/me/devices", get(list))
        .route("/api/v1/me/devices/{id}/end", post(end))
        .route("/api/v1/me/devices/end-others", post(end_others))
        .route("/api/v1/me/passkeys", get(list_passkeys).post(add_passkey))
        .route("/api/v1/me/passkeys/begin", post(begin_passkey))
        .route("/api/v1/me/passkeys/{id}/remove", post(remove_passkey))
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

async fn list_passkeys(visit: Visit) -> Answer {
    let key = |one: &Listed| json!({ "id": one.id, "name": one.name, "since": rfc3339(one.since), "used": one.used.map(rfc3339) });
    let keys: Vec<Value> = passkeys::mine(&visit).await?.iter().map(key).collect();
    Ok(Json(json!({ "passkeys": keys })).into_response())
}

/// The password that the account has now.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Old {
    password: Option<String>,
}

async fn begin_passkey(visit: Visit, call: JsonCall<Old>) -> Answer {
    let old = call.body.password.as_deref().unwrap_or_default().trim();
    Ok(Json(passkeys::begin(&visit, old, &call.key).await?).into_response())
}

async fn add_passkey(visit: Visit, call: JsonCall<passkeys::Made>) -> Answer {
    let told = passkeys::add(&visit, &call.body, &call.key).await?;
    Ok((StatusCode::CREATED, Json(told)).into_response())
}

async fn remove_passkey(visit: Visit, Path(id): Path<String>, call: JsonCall<Nothing>) -> Answer {
    passkeys::remove(&visit, &id, &call.key).await?;
    told(StatusCode::OK, "{}")
}

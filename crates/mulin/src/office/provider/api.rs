//! The JSON face of the office's sign-in, and its description. The secret is never told.

use super::pages::{back, keep, put, stop};
use crate::layout::Visit;
use crate::layout::json::{Nothing, told};
use crate::layout::show::rfc3339;
use crate::layout::typed::Body;
use crate::openapi::parts::{Operation, maybe, moment, nothing, object, said, text, text_to, truth};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::people::provider::store;
use kit::web::App;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/provider", get(read).post(set)).route("/api/v1/provider/end", post(end))
}

pub fn paths() -> Value {
    let new = |name: &str, summary: &str| Operation::new(name, "office", summary);
    let shown = object(&[
        ("name", text()),
        ("issuer", text()),
        ("client", text()),
        ("has_secret", truth()),
        ("changed", moment()),
    ]);
    let typed = object(&[
        ("name", text_to(40)),
        ("issuer", said("As the office writes it, https and without an end", text_to(300))),
        ("client", text_to(200)),
        ("secret?", said("Left out, the one that is there stays", maybe(text_to(500)))),
    ]);
    json!({
        "/api/v1/provider": {
            "get": new("getProvider", "The office whose people come in by its own sign-in").known("office:read")
                .gives(200, object(&[("provider", maybe(shown)), ("back", text())])).done(),
            "post": new("setProvider", "Sets it; with another issuer all links are void").known("office:write").body(typed)
                .gives(200, nothing()).done() },
        "/api/v1/provider/end": { "post": new("endProvider", "Nobody comes in that way any more").known("office:write")
            .body(nothing()).gives(200, nothing()).done() }
    })
}

async fn read(visit: Visit) -> Answer {
    let (tenant, _) = keep(&visit.actor)?;
    let set = store::of(&visit.app.db, &visit.app.secrets, tenant).await?;
    let set = set.map(|set| {
        json!({ "name": set.name, "issuer": set.issuer, "client": set.client, "has_secret": set.secret.is_some(),
            "changed": rfc3339(set.changed) })
    });
    Ok(Json(json!({ "provider": set, "back": back(&visit.app) })).into_response())
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct New {
    name: String,
    issuer: String,
    client: String,
    secret: Option<String>,
}

async fn set(visit: Visit, call: JsonCall<New>) -> Answer {
    let body = Body::of(&call.body);
    put(&visit, &|name: &str| body.text(name), &call.key).await?;
    told(StatusCode::OK, "{}")
}

async fn end(visit: Visit, call: JsonCall<Nothing>) -> Answer {
    stop(&visit, &call.key).await?;
    told(StatusCode::OK, "{}")
}

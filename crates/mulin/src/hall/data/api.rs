//! The JSON face, for the one who is here in person: no token reads all of somebody or erases them.

use super::{actions, export};
use crate::layout::Visit;
use crate::layout::json::told;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use kit::web::App;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use serde::Deserialize;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/me/data", get(read))
        .route("/api/v1/me/data/name", post(name))
        .route("/api/v1/me/data/withdraw", post(withdraw))
        .route("/api/v1/me/data/erase", post(erase))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Name {
    name: String,
    #[serde(default)]
    name_en: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Withdrawn {
    consent: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Erased {
    sure: bool,
    #[serde(default)]
    words: bool,
}

async fn read(visit: Visit) -> Answer {
    Ok(Json(export::document(&visit).await?).into_response())
}

async fn name(visit: Visit, call: JsonCall<Name>) -> Answer {
    actions::rename(&visit, call.body.name.trim(), call.body.name_en.trim(), &call.key).await?;
    told(StatusCode::OK, "{}")
}

async fn withdraw(visit: Visit, call: JsonCall<Withdrawn>) -> Answer {
    actions::withdraw(&visit, &call.body.consent, &call.key).await?;
    told(StatusCode::OK, "{}")
}

async fn erase(visit: Visit, call: JsonCall<Erased>) -> Answer {
    actions::erase(&visit, call.body.sure, call.body.words, &call.key).await?;
    told(StatusCode::OK, "{}")
}

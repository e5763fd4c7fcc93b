//! The JSON face of the same, for those who keep the register and are here in person.

use super::{actions, policy};
use crate::layout::Visit;
use crate::layout::json::Nothing;
use crate::scope::{self, Typed};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use kit::Error;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::token::{self, TokenId};
use kit::web::{App, Path, keys};
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/integrations", get(list).post(make)).route("/api/v1/integrations/{id}/end", post(end))
}

async fn list(visit: Visit) -> Answer {
    visit.call.in_person()?;
    let (tenant, _) = policy::keep(&visit.actor)?;
    let mut all = Vec::new();
    for token in token::programs(&visit.app.db, tenant.0).await? {
        let (_, mandates) = actions::find(&visit.app, tenant, token.id).await?;
        let mut told = scope::shown(&token, visit.call.now);
        if let Some(mandate) = mandates.first() {
            told["office"] = mandate.office.name().into();
            told["place"] = mandate.place_label.as_str().into();
        }
        all.push(told);
    }
    Ok(Json(json!({ "tokens": all })).into_response())
}

async fn make(visit: Visit, call: JsonCall<Typed>) -> Answer {
    visit.call.in_person()?;
    let (tenant, office) = policy::keep(&visit.actor)?;
    let new = &actions::check(&visit.app, tenant, &call.body).await?;
    let told = keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            let (id, text) = actions::make(tx, tenant, new).await?;
            Ok(json!({ "id": id, "token": text }).to_string())
        })
    })
    .await?;
    let told: Value = serde_json::from_str(&told).map_err(Error::internal)?;
    Ok((StatusCode::CREATED, Json(told)).into_response())
}

async fn end(visit: Visit, Path(id): Path<TokenId>, call: JsonCall<Nothing>) -> Answer {
    visit.call.in_person()?;
    let (tenant, office) = policy::keep(&visit.actor)?;
    let mandates = &actions::find(&visit.app, tenant, id).await?.1;
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            actions::end(tx, tenant, id, mandates).await?;
            Ok(String::new())
        })
    })
    .await?;
    Ok(Json(json!({ "id": id })).into_response())
}

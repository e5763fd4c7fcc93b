//! The JSON face: what a token is, and the tokens of somebody who is here in person.

use super::actions;
use crate::layout::Visit;
use crate::layout::json::Nothing;
use crate::scope::{self, Typed};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use kit::web::answer::Answer;
use kit::web::form::Problems;
use kit::web::json::JsonCall;
use kit::web::token::{self, TokenId};
use kit::web::{App, Call, Path, keys};
use kit::{Error, Result};
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/token", get(what))
        .route("/api/v1/tokens", get(list).post(make))
        .route("/api/v1/tokens/{id}/end", post(end))
}

/// What the token of this call is. Needs no scope: whoever holds it may know.
async fn what(call: Call) -> Answer {
    let token = call.token.as_ref().ok_or(Error::denied("token/unknown"))?;
    Ok(Json(scope::shown(token, call.now)).into_response())
}

async fn list(visit: Visit) -> Answer {
    let mine = token::mine(&visit.app.db, visit.call.in_person()?).await?;
    let mine: Vec<Value> = mine.iter().map(|token| scope::shown(token, visit.call.now)).collect();
    Ok(Json(json!({ "tokens": mine })).into_response())
}

async fn make(visit: Visit, call: JsonCall<Typed>) -> Answer {
    let account = visit.call.in_person()?;
    let tenant = actions::tenant(&visit.actor)?;
    let mut problems = Problems::default();
    let new = &call.body;
    let scopes = &new.check(&mut problems);
    problems.none()?;
    let mine = token::mine(&visit.app.db, account).await?;
    if keys::answered(&visit.app, tenant, &call.key).await?.is_none() {
        actions::may_make(&mine, visit.call.now)?;
    }
    let told = keys::once(&visit.app, &visit.context(tenant.into(), None), tenant, &call.key, &|tx| {
        Box::pin(async move {
            let told = (new.name.as_str(), scopes.as_slice(), new.days);
            let (id, text) = actions::make(tx, (tenant, account), told).await?;
            Ok(json!({ "id": id, "token": text }).to_string())
        })
    })
    .await?;
    Ok((StatusCode::CREATED, Json(parsed(&told)?)).into_response())
}

async fn end(visit: Visit, Path(id): Path<TokenId>, call: JsonCall<Nothing>) -> Answer {
    let account = visit.call.in_person()?;
    let tenant = actions::tenant(&visit.actor)?;
    if !token::mine(&visit.app.db, account).await?.iter().any(|token| token.id == id) {
        return Err(Error::NotFound.into());
    }
    keys::once(&visit.app, &visit.context(tenant.into(), None), tenant, &call.key, &|tx| {
        Box::pin(async move {
            actions::end(tx, tenant, id).await?;
            Ok(String::new())
        })
    })
    .await?;
    Ok(Json(json!({ "id": id })).into_response())
}

fn parsed(told: &str) -> Result<Value> {
    serde_json::from_str(told).map_err(Error::internal)
}

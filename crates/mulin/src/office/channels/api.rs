//! The JSON face: the channels that the caller keeps, a new one, and the language of one. Nothing secret comes back.

use super::actions::{self, Deed};
use super::model::{Typed, language};
use super::{policy, why};
use crate::layout::Visit;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::notice::channel::{Channel, ChannelId, store as channels};
use kit::i18n::Lang;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path, keys};
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/channels", get(list).post(add))
        .route("/api/v1/channels/{id}/language", post(set_language))
}

fn shown(channel: &Channel, lang: Lang) -> Value {
    let (from, to) = channel.quiet.shown();
    json!({
        "id": channel.id, "place": channel.place, "name": channel.name, "kind": channel.kind,
        "lang": channel.lang.code(), "events": channel.events, "categories": channel.categories,
        "from": from, "to": to, "paused": channel.paused.is_some(), "failing": channel.failing.is_some(),
        "error": channel.error.as_ref().map(|error| why::sentence(lang, error)),
    })
}

async fn list(visit: Visit) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    let all = channels::all(&visit.app.db, &visit.app.secrets, tenant).await?;
    let mine = all.iter().filter(|channel| policy::keep(&visit.actor, tenant, channel.place).is_ok());
    let mine: Vec<Value> = mine.map(|channel| shown(channel, visit.call.lang)).collect();
    Ok(Json(json!({ "channels": mine })).into_response())
}

async fn add(visit: Visit, call: JsonCall<Typed>) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    let (app, actor) = (&visit.app, &visit.actor);
    let new = &call.body.check(&app.outgoing)?;
    let office = policy::keep(actor, tenant, new.place)?;
    let told = keys::once(app, &visit.context(tenant, Some(office)), tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            let id = actions::add(tx, &app.secrets, actor, tenant, new).await?;
            Ok(json!({ "id": id, "lang": new.lang.code() }).to_string())
        })
    })
    .await?;
    Ok((StatusCode::CREATED, Json(parsed(&told)?)).into_response())
}

/// `zh-CN` (or `zh`) and `en`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Language {
    lang: String,
}

async fn set_language(visit: Visit, Path(id): Path<ChannelId>, call: JsonCall<Language>) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    let lang = language(Some(&call.body.lang)).ok_or(Error::invalid("lang", "channels/lang"))?;
    let (app, actor) = (&visit.app, &visit.actor);
    let channel = &channels::find(&app.db, &app.secrets, tenant, id).await?.ok_or(Error::NotFound)?;
    let office = policy::keep(actor, tenant, channel.place)?;
    let told = keys::once(app, &visit.context(tenant, Some(office)), tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            actions::act(tx, &app.secrets, actor, channel, (Deed::Speak(lang), "", "")).await?;
            Ok(json!({ "id": id, "lang": lang.code() }).to_string())
        })
    })
    .await?;
    Ok(Json(parsed(&told)?).into_response())
}

fn parsed(told: &str) -> Result<Value> {
    serde_json::from_str(told).map_err(Error::internal)
}

/// The calls in OpenAPI.
pub fn paths() -> Value {
    let problem = json!({ "description": "A problem document (RFC 9457) with the stem of the reason",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } });
    let key = json!({ "name": "Idempotency-Key", "in": "header", "required": true, "schema": { "type": "string" },
        "description": "Made by the caller; the same key with the same body gets the same answer" });
    let done = |status: &str| {
        json!({ status: { "description": "Done", "content": { "application/json": { "schema": { "type": "object" } } } },
            "403": problem, "404": problem, "422": problem })
    };
    let body = |required: Value, properties: Value| {
        json!({ "required": true, "content": { "application/json": { "schema": {
            "type": "object", "required": required, "additionalProperties": false, "properties": properties } } } })
    };
    let (text, texts) = (json!({ "type": "string" }), json!({ "type": "array", "items": { "type": "string" } }));
    let lang = json!({ "type": "string", "enum": ["zh-CN", "en"] });
    json!({
        "/api/v1/channels": {
            "get": { "operationId": "listChannels", "summary": "The group chats that the caller keeps, without addresses",
                "responses": done("200") },
            "post": { "operationId": "addChannel", "summary": "Adds the robot of a group chat", "parameters": [key],
                "requestBody": body(json!(["name", "place", "kind", "address", "events", "from", "to"]), json!({
                    "name": text, "place": text, "kind": { "type": "string", "enum": ["wecom", "dingtalk", "feishu"] },
                    "address": text, "secret": text, "events": texts, "categories": texts, "from": text, "to": text,
                    "lang": lang })),
                "responses": done("201") }
        },
        "/api/v1/channels/{id}/language": {
            "post": { "operationId": "setChannelLanguage", "summary": "Sets the language of a group chat's lines",
                "parameters": [key, { "name": "id", "in": "path", "required": true, "schema": text }],
                "requestBody": body(json!(["lang"]), json!({ "lang": lang })), "responses": done("200") }
        }
    })
}

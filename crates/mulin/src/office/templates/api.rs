//! The JSON face of the reply templates.

use super::pages::{New, TEXT_CHARACTERS_MAX, TITLE_CHARACTERS_MAX, does, keep, tenant_of};
use crate::layout::Visit;
use crate::layout::json::{Nothing, told};
use crate::openapi::parts::{self, Operation, id, list, object, one_of, reference, text, text_to, truth};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::case::replies::{self, Reply, ReplyId, USES};
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path};
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/templates", get(all).post(add))
        .route("/api/v1/templates/{id}", post(change))
        .route("/api/v1/templates/{id}/{deed}", post(act))
}

fn reply_json(reply: &Reply) -> Value {
    json!({ "id": reply.id, "place": reply.place, "outcome": reply.outcome, "title": reply.title, "text": reply.text,
        "retired": reply.retired.is_some() })
}

async fn all(visit: Visit) -> Answer {
    let tenant = tenant_of(&visit)?;
    let all = replies::all(&visit.app.db, tenant).await?;
    Ok(Json(json!({ "templates": all.iter().map(reply_json).collect::<Vec<_>>() })).into_response())
}

/// A new template.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewTemplate {
    /// The id of the compound, or of the community itself.
    place: String,
    #[serde(default)]
    outcome: String,
    title: String,
    text: String,
}

async fn add(visit: Visit, call: JsonCall<NewTemplate>) -> Answer {
    let tenant = tenant_of(&visit)?;
    let NewTemplate { place, outcome, title, text } = call.body;
    let new = New::read("", &place, &outcome, title.trim(), text.trim())?;
    let id = keep(&visit, tenant, &new, &call.key).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))).into_response())
}

/// Other words for one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    #[serde(default)]
    outcome: String,
    title: String,
    text: String,
}

async fn change(visit: Visit, Path(id): Path<ReplyId>, call: JsonCall<Change>) -> Answer {
    let tenant = tenant_of(&visit)?;
    let Change { outcome, title, text } = call.body;
    let new = New::read(&id.to_string(), "", &outcome, title.trim(), text.trim())?;
    keep(&visit, tenant, &new, &call.key).await?;
    told(StatusCode::OK, &one(&visit, id).await?.to_string())
}

async fn act(visit: Visit, Path((id, deed)): Path<(ReplyId, String)>, call: JsonCall<Nothing>) -> Answer {
    let tenant = tenant_of(&visit)?;
    does(&visit, tenant, (id, &deed), &call.key).await?;
    told(StatusCode::OK, &one(&visit, id).await?.to_string())
}

async fn one(visit: &Visit, id: ReplyId) -> Result<Value> {
    let all = replies::all(&visit.app.db, tenant_of(visit)?).await?;
    all.iter().find(|reply| reply.id == id).map(reply_json).ok_or(Error::NotFound)
}

/// The calls in OpenAPI.
pub fn paths() -> Value {
    let new = |id: &str, summary: &str| Operation::new(id, "templates", summary);
    let outcome = || ("outcome?", parts::said("What it is for; nothing for any use", one_of(USES)));
    let (title, words) = (|| text_to(TITLE_CHARACTERS_MAX), || text_to(TEXT_CHARACTERS_MAX));
    let place = parts::said("The id of a compound, or of the community itself", text());
    json!({
        "/api/v1/templates": {
            "get": new("listTemplates", "Reply templates, retired ones too")
                .known("office:read")
                .gives(200, object(&[("templates", list(reference("Template")))]))
                .done(),
            "post": new("addTemplate", "Writes a reply template")
                .known("office:write")
                .body(object(&[("place", place), outcome(), ("title", title()), ("text", words())]))
                .gives(201, object(&[("id", id())]))
                .done()
        },
        "/api/v1/templates/{id}": {
            "post": new("changeTemplate", "Other words, another use")
                .known("office:write")
                .path("id", "The template's id")
                .body(object(&[outcome(), ("title", title()), ("text", words())]))
                .gives(200, reference("Template"))
                .done()
        },
        "/api/v1/templates/{id}/{deed}": {
            "post": new("actOnTemplate", "Retires it, restores it, or moves it up")
                .known("office:write")
                .path("id", "The template's id")
                .path_of("deed", &["retire", "restore", "up"], "What is done")
                .body(parts::nothing())
                .gives(200, reference("Template"))
                .done()
        }
    })
}

/// The shapes of this folder.
pub fn schemas() -> Value {
    json!({ "Template": object(&[
        ("id", id()),
        ("place", id()),
        ("outcome", one_of(USES)),
        ("title", text()),
        ("text", text()),
        ("retired", truth()),
    ]) })
}

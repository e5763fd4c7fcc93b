//! The JSON face: one's own subscriptions. Following by mail alone is for people, not for programs.

use super::actions::{self, Wish};
use super::model::{Pace, SubscriptionId, What, Who};
use super::{policy, store};
use crate::layout::Visit;
use crate::layout::json::Nothing;
use crate::layout::scope::{Scope, ScopeQuery};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use kit::web::Path;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, keys};
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/subscriptions", get(list).post(add)).route("/api/v1/subscriptions/{id}/end", post(end))
}

async fn list(visit: Visit) -> Answer {
    visit.call.account()?;
    let mut items: Vec<Value> = Vec::new();
    for person in &visit.actor.persons {
        let hash = Who::Person(person.id).hash(&visit.app.secrets);
        for one in store::mine(&visit.app.db, person.tenant, &hash).await? {
            items.push(json!({
                "id": one.id, "what": one.what, "pace": one.pace, "place": one.place.0, "category": one.category.0,
                "case": one.code,
            }));
        }
    }
    Ok(Json(json!({ "subscriptions": items })).into_response())
}

/// What to follow: a case, or a compound with what narrows it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSubscription {
    #[serde(default)]
    compound: String,
    #[serde(default)]
    building: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    case: String,
    pace: String,
}

async fn add(visit: Visit, call: JsonCall<NewSubscription>) -> Answer {
    visit.call.account()?;
    let new = call.body;
    let pace = Pace::parse(&new.pace).ok_or(Error::invalid("pace", "follow/pace"))?;
    let query = ScopeQuery { compound: new.compound, building: new.building, category: new.category, case: new.case };
    let scope = Scope::of(&visit.app.db, &query).await?;
    let person = policy::person(&visit.actor, scope.tenant).ok_or(Error::NotFound)?;
    let label = scope.label(&visit.view("follow-title"));
    let wish = &Wish { what: What::of(&scope), label, who: Who::Person(person), pace, lang: visit.call.lang };
    let app = &visit.app;
    let told = keys::once(app, &visit.context(scope.tenant, None), scope.tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            actions::add(tx, app, wish).await?;
            Ok(json!({ "what": wish.what.name, "pace": wish.pace }).to_string())
        })
    })
    .await?;
    let told: Value = serde_json::from_str(&told).map_err(Error::internal)?;
    Ok((StatusCode::CREATED, Json(told)).into_response())
}

async fn end(visit: Visit, Path(id): Path<SubscriptionId>, call: JsonCall<Nothing>) -> Answer {
    visit.call.account()?;
    let own = own(&visit, id).await?;
    let actor = &visit.actor;
    keys::once(&visit.app, &visit.context(own.0, None), own.0.0, &call.key, &|tx| {
        Box::pin(async move {
            policy::end(actor, &actions::own(tx, own).await?)?;
            actions::end(tx, own).await?;
            Ok(String::new())
        })
    })
    .await?;
    Ok(Json(json!({})).into_response())
}

/// In which of the caller's communities the subscription is. One that has ended may be ended again with the same key.
async fn own(visit: &Visit, id: SubscriptionId) -> Result<(commons::place::TenantId, SubscriptionId)> {
    for person in &visit.actor.persons {
        if store::look(&visit.app.db, person.tenant, id).await?.is_some() {
            return Ok((person.tenant, id));
        }
    }
    let first = visit.actor.persons.first().ok_or(Error::NotFound)?;
    Ok((first.tenant, id))
}

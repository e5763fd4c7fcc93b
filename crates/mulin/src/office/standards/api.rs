//! `GET /api/v1/standards?compound=shiliu`: the limits that hold there, for programs.

use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use commons::case::standards::{ClockKind, store};
use commons::case::{Door, store as cases};
use commons::place;
use kit::web::App;
use kit::web::Query;
use kit::web::answer::Answer;
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/standards", get(show))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Which {
    compound: String,
}

async fn show(State(app): State<App>, Query(which): Query<Which>) -> Answer {
    let (tenant, compound) = place::store::by_code(&app.db, &which.compound).await?.ok_or(Error::NotFound)?;
    let set = store::around(&app.db, tenant, compound).await?;
    let calendar = store::calendar_now(&app.db, tenant).await?;
    let mut standards = Vec::new();
    for category in cases::categories(&app.db, tenant).await? {
        if !category.offered_in(Some(compound)) {
            continue;
        }
        for door in Door::ALL {
            for clock in ClockKind::ALL {
                let found = set.effective(&category.slug, *door, *clock)?;
                standards.push(json!({ "category": category.slug, "door": door, "clock": clock,
                    "amount": found.amount, "unit": found.unit, "origin": found.origin, "source": found.source }));
            }
        }
    }
    let hours: Result<Vec<Value>> = Door::ALL
        .iter()
        .map(|door| {
            let (hours, origin) = set.hours(*door)?;
            Ok(json!({ "door": door, "hours": hours, "origin": origin }))
        })
        .collect();
    let years: Vec<Value> =
        calendar.notices().map(|(year, notice)| json!({ "year": year, "source": notice.source })).collect();
    Ok(Json(json!({ "standards": standards, "office_hours": hours?, "calendar": years })).into_response())
}

/// The call in OpenAPI.
pub fn path() -> Value {
    json!({ "get": {
        "operationId": "listStandards",
        "summary": "The limits, office hours and known calendar years that hold in a compound, and where each comes from",
        "parameters": [{ "name": "compound", "in": "query", "required": true, "schema": { "type": "string" },
            "description": "The compound's code, e.g. shiliu" }],
        "responses": {
            "200": { "description": "standards, office_hours, calendar", "content": { "application/json": {
                "schema": { "type": "object" } } } },
            "404": { "description": "There is no such compound" }
        }
    } })
}

//! The JSON face: the numbers of the pages, whole, with their fractions; and how they are worked out, for those who set it.

use super::count::{self, Named};
use super::model::Asked;
use super::settings;
use crate::layout::Visit;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use commons::figures::{Counts, Rate, Settings, Span, Took, Unit, store};
use commons::place::store as places;
use kit::Error;
use kit::web::App;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/figures", get(compound))
        .route("/api/v1/figures/{code}", get(around))
        .route("/api/v1/figures/{code}/settings", get(settings).post(set))
}

fn rate(rate: Rate) -> Value {
    json!({ "part": rate.part, "whole": rate.whole, "percent": rate.percent() })
}

/// Counts and rates in one object.
pub fn counts_json(counts: &Counts, settings: &Settings) -> Value {
    let mut told = json!(counts);
    told["response"] = rate(counts.response());
    told["solving"] = rate(counts.solving());
    told["satisfaction"] = rate(counts.satisfaction(settings));
    told["plainly_good"] = rate(counts.plainly_good());
    told["coverage"] = rate(counts.coverage());
    told["composite"] = rate(counts.composite(settings));
    told
}

fn settings_json(settings: &Settings) -> Value {
    let [response, solving, satisfaction] = settings.weights;
    json!({ "fair_hundredths": settings.fair, "month_day": settings.month_day, "few": settings.few,
        "weights": { "response": response, "solving": solving, "satisfaction": satisfaction } })
}

fn took_json(took: Option<Took>) -> Value {
    took.map_or(Value::Null, |took| json!({ "count": took.count, "median_ms": took.median, "p90_ms": took.p90 }))
}

fn months_json(months: &[(Span, Counts)], settings: &Settings) -> Vec<Value> {
    let month = |(span, counts): &(Span, Counts)| {
        let mut told = counts_json(counts, settings);
        told["month"] = json!(span.called().strftime("%Y-%m").to_string());
        told["since"] = json!(span.first.to_string());
        told["until"] = json!(span.after.to_string());
        told
    };
    months.iter().map(month).collect()
}

fn named<K>(all: &[Named<K>], settings: &Settings, key: impl Fn(&K) -> (&'static str, String)) -> Vec<Value> {
    let one = |one: &Named<K>| {
        let mut told = counts_json(&one.counts, settings);
        let (field, key) = key(&one.key);
        told[field] = json!(key);
        if matches!(field, "organisation" | "office") {
            // Things are said in places, not to units.
            told["said"] = Value::Null;
        }
        told["name"] = json!(one.name);
        told["name_en"] = json!(one.name_en);
        told
    };
    all.iter().map(one).collect()
}

async fn compound(State(app): State<App>, Query(query): Query<HashMap<String, String>>) -> Answer {
    let asked = Asked::read(&query)?;
    let place = places::compound(&app.db, &asked.compound).await?.ok_or(Error::NotFound)?;
    let figures = count::compound(&app.db, app.clock.now(), &place, &asked).await?;
    let settings = &figures.settings;
    let unit = |unit: &Unit| match unit {
        Unit::Organisation(id) => ("organisation", id.to_string()),
        Unit::Office(office) => ("office", office.name().to_owned()),
    };
    Ok(Json(json!({
        "compound": place.path,
        "category": Some(&asked.category).filter(|slug| !slug.is_empty()),
        "since": figures.span.first.to_string(),
        "until": figures.span.after.to_string(),
        "settings": settings_json(settings),
        "total": counts_json(&figures.total, settings),
        "took": took_json(figures.took),
        "months": months_json(&figures.months, settings),
        "categories": named(&figures.categories, settings, |slug| ("slug", slug.clone())),
        "units": named(&figures.units, settings, unit),
    }))
    .into_response())
}

async fn around(
    State(app): State<App>,
    Path(code): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let around = count::around(&app.db, app.clock.now(), &code, &Asked::read(&query)?).await?;
    let settings = &around.settings;
    Ok(Json(json!({
        "code": around.tenant.code,
        "since": around.span.first.to_string(),
        "until": around.span.after.to_string(),
        "settings": settings_json(settings),
        "total": counts_json(&around.total, settings),
        "took": took_json(around.took),
        "months": months_json(&around.months, settings),
        "parts": named(&around.parts, settings, |code| ("code", code.clone())),
    }))
    .into_response())
}

async fn settings(visit: Visit, Path(code): Path<String>) -> Answer {
    let tenant = settings::tenant(&visit, &code).await?;
    let found = store::settings(&visit.app.db, tenant.id).await?;
    Ok(Json(settings_json(&found)).into_response())
}

/// How rates are worked out: hundredths, a day of the month, a number of call-backs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSettings {
    fair_hundredths: i64,
    weights: Weights,
    month_day: i64,
    few: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    response: i64,
    solving: i64,
    satisfaction: i64,
}

async fn set(visit: Visit, Path(code): Path<String>, call: JsonCall<NewSettings>) -> Answer {
    let tenant = settings::tenant(&visit, &code).await?;
    let NewSettings { fair_hundredths: fair, weights: w, month_day, few } = call.body;
    let weights = [w.response, w.solving, w.satisfaction];
    let settings = Settings { fair, weights, month_day, few }.checked()?;
    settings::set_once(&visit, &tenant, &settings, &call.key).await?;
    Ok(Json(settings_json(&settings)).into_response())
}

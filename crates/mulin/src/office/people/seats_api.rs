//! The JSON face of seats and their terms.

use super::seats::{self, find};
use super::terms;
use crate::layout::Visit;
use crate::layout::json::{Nothing, told};
use crate::layout::show::rfc3339;
use crate::layout::typed::Body;
use crate::openapi::parts::{
    Operation, id, list as list_of, maybe, moment, nothing, object, one_of, reference, said, text, text_to,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::people::store::seat::{self, Seat};
use commons::people::{MandateId, Office, Source};
use kit::Error;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path, keys};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/people/mine", get(mine))
        .route("/api/v1/people/terms", get(ending))
        .route("/api/v1/people/{id}", get(one))
        .route("/api/v1/people/{id}/deputy", post(deputy))
        .route("/api/v1/people/{id}/away", post(away))
        .route("/api/v1/people/{id}/back", post(back))
        .route("/api/v1/people/{id}/hand-over", post(hand_over))
}

fn seat_json(visit: &Visit, seat: &Seat) -> Value {
    let away = seat.leave(visit.call.now);
    json!({ "id": seat.id, "office": seat.office, "place": seat.label, "name": seat.name, "source": seat.source,
        "starts": rfc3339(seat.starts), "ends": seat.ends.map(rfc3339), "deputy": seat.deputy_name,
        "away_from": away.map(|away| rfc3339(away.0)), "away_until": away.map(|away| rfc3339(away.1)) })
}

async fn mine(visit: Visit) -> Answer {
    let all = seats::my_seats(&visit).await?;
    let all: Vec<Value> = all.iter().map(|one| seat_json(&visit, one)).collect();
    Ok(Json(json!({ "seats": all })).into_response())
}

async fn ending(visit: Visit, headers: HeaderMap) -> Answer {
    visit.call.in_person()?;
    let (tenant, all) = terms::ending(&visit).await?;
    let all: Vec<Value> = all.iter().map(|one| seat_json(&visit, one)).collect();
    let base = crate::layout::link::base(&visit.app, &headers);
    let calendar = format!("{base}{}", terms::address(&visit, tenant)?);
    Ok(Json(json!({ "seats": all, "calendar": calendar })).into_response())
}

async fn one(visit: Visit, Path(id): Path<String>) -> Answer {
    let (found, _) = find(&visit, &id).await?;
    let candidates = seats::candidates(&visit, &found).await?;
    let candidates: Vec<Value> =
        candidates.iter().map(|one| json!({ "id": one.person, "name": one.name, "place": one.label })).collect();
    Ok(Json(json!({ "seat": seat_json(&visit, &found), "candidates": candidates })).into_response())
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct To {
    to: Option<String>,
}

async fn deputy(visit: Visit, Path(id): Path<String>, call: JsonCall<To>) -> Answer {
    seats::deputy_once(&visit, &id, call.body.to.as_deref().unwrap_or_default(), &call.key).await?;
    told(StatusCode::OK, "{}")
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Days {
    from: String,
    until: String,
}

async fn away(visit: Visit, Path(id): Path<String>, call: JsonCall<Days>) -> Answer {
    let body = Body::of(&call.body);
    seats::away_once(&visit, &id, &|name| body.text(name), &call.key).await?;
    told(StatusCode::OK, "{}")
}

async fn back(visit: Visit, Path(id): Path<String>, call: JsonCall<Nothing>) -> Answer {
    seats::back_once(&visit, &id, &call.key).await?;
    told(StatusCode::OK, "{}")
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Successor {
    to: Option<String>,
    name: Option<String>,
    years: Option<i64>,
}

async fn hand_over(visit: Visit, Path(id): Path<MandateId>, call: JsonCall<Successor>) -> Answer {
    visit.call.in_person()?;
    let tenant = super::pages::keeper(&visit)?;
    let body = Body::of(&call.body);
    let kept = match seat::find(&visit.app.db, tenant, id, visit.call.now).await? {
        Some(seat) => seats::hand_over_once(&visit, &seat, &|name| body.text(name), &call.key).await?,
        None => keys::answered(&visit.app, tenant.0, &call.key).await?.ok_or(Error::NotFound)?,
    };
    told(StatusCode::CREATED, &kept)
}

/// The calls in OpenAPI.
pub fn paths() -> Value {
    let new = |name: &str, summary: &str| Operation::new(name, "people", summary);
    let read = |name: &str, summary: &str| new(name, summary).known("office:read");
    let write = |name: &str, summary: &str| new(name, summary).known("office:write").path("id", "The mandate's id");
    let candidate = object(&[("id", id()), ("name", text()), ("place", text())]);
    let done = || nothing();
    let to = object(&[("to?", said("A person among the candidates; nobody without one", maybe(text_to(60))))]);
    let days = object(&[("from", said("2026-12-01", text())), ("until", said("The last day away", text()))]);
    let successor = object(&[
        ("to?", said("A person among the candidates", maybe(text_to(60)))),
        ("name?", said("Or somebody new, who gets a letter", maybe(text_to(60)))),
        ("years?", maybe(json!({ "type": "integer", "minimum": 1, "maximum": 10 }))),
    ]);
    json!({
        "/api/v1/people/mine": { "get": read("listMySeats", "The offices I hold or stand in for")
            .gives(200, object(&[("seats", list_of(reference("Seat")))])).done() },
        "/api/v1/people/terms": { "get": new("listTerms", "Terms that have ended of late or will end, and the address of their calendar")
            .in_person().gives(200, object(&[("seats", list_of(reference("Seat"))), ("calendar", text())])).done() },
        "/api/v1/people/{id}": { "get": read("getSeat", "A seat, and who could stand in for its holder or follow")
            .path("id", "The mandate's id")
            .gives(200, object(&[("seat", reference("Seat")), ("candidates", list_of(candidate))])).done() },
        "/api/v1/people/{id}/deputy": { "post": write("nameDeputy", "Names who stands in while the holder is away")
            .body(to).gives(200, done()).done() },
        "/api/v1/people/{id}/away": { "post": write("goAway", "The holder is away; meanwhile the deputy carries the office")
            .body(days).gives(200, done()).done() },
        "/api/v1/people/{id}/back": { "post": write("comeBack", "The holder is back, or does not go")
            .body(nothing()).gives(200, done()).done() },
        "/api/v1/people/{id}/hand-over": { "post": new("handSeatOver", "A successor takes the seat; its cases stay with it")
            .in_person().path("id", "The mandate's id").body(successor)
            .gives(201, object(&[("id", id()), ("letter", maybe(text()))])).done() }
    })
}

/// The shapes of this file.
pub fn schemas() -> Value {
    let offices: Vec<&str> = Office::ALL.iter().map(|office| office.name()).collect();
    let sources: Vec<&str> = Source::ALL.iter().map(|source| source.name()).collect();
    json!({ "Seat": object(&[
        ("id", id()),
        ("office", one_of(&offices)),
        ("place", text()),
        ("name", text()),
        ("source", one_of(&sources)),
        ("starts", moment()),
        ("ends", maybe(moment())),
        ("deputy", maybe(text())),
        ("away_from", maybe(moment())),
        ("away_until", maybe(moment())),
    ]) })
}

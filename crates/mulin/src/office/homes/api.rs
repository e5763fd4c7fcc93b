//! The JSON face of the same.

use super::{actions, pages};
use crate::layout::Visit;
use crate::layout::json::{Nothing, told};
use crate::layout::show::rfc3339;
use crate::layout::typed::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::people::household::{Joining, Member, store};
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path, Query, keys};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/homes", get(list))
        .route("/api/v1/homes/one", get(one))
        .route("/api/v1/homes/letters", get(letters).post(write_letters))
        .route("/api/v1/homes/members", post(add))
        .route("/api/v1/homes/members/{id}/verify", post(verify))
        .route("/api/v1/homes/members/{id}/letter", post(letter))
        .route("/api/v1/homes/members/{id}/end", post(end))
        .route("/api/v1/homes/joinings/{id}", post(decide))
        .merge(super::standing::routes())
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Within {
    #[serde(default)]
    within: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct At {
    at: String,
}

pub fn joining_json(joining: &Joining) -> Value {
    json!({ "id": joining.id, "name": joining.name, "home": joining.path, "as": joining.office,
        "asked": rfc3339(joining.asked), "decision": joining.decision.map(|decision| decision.name()) })
}

pub fn member_json(member: &Member) -> Value {
    json!({ "id": member.mandate, "name": member.name, "as": member.office, "home": member.path,
        "share": member.share.map(|share| share.to_string()), "proof": member.proof.map(|proof| proof.name()),
        "verified_by": member.verified_office, "verified": member.verified.map(rfc3339), "since": rfc3339(member.starts),
        "ended": member.ended.map(rfc3339), "enters": member.enters })
}

async fn list(visit: Visit, Query(query): Query<Within>) -> Answer {
    let (_, found) = pages::chosen(&visit, &query.within).await?;
    let (mut homes, mut joinings) = (Vec::new(), Vec::new());
    if let Some(ground) = &found {
        let now = visit.call.now;
        joinings =
            store::joinings_in(&visit.app.db, ground.tenant, ground.id).await?.iter().map(joining_json).collect();
        let rows = store::homes_in(&visit.app.db, ground.tenant, ground.id, now).await?;
        let home = |home: &store::HomeLine| json!({ "at": home.path, "label": home.label, "members": home.members, "waiting": home.waiting });
        homes = rows.iter().map(home).collect();
    }
    let within = found.map(|place| place.path);
    Ok(Json(json!({ "within": within, "homes": homes, "joinings": joinings })).into_response())
}

async fn one(visit: Visit, Query(query): Query<At>) -> Answer {
    let (home, office) = actions::home(&visit, &query.at).await?;
    actions::looked(&visit, &home, office).await?;
    let db = &visit.app.db;
    let members = store::members(db, home.tenant, home.id, visit.call.now).await?;
    let joinings = store::joinings_at(db, home.tenant, home.id).await?;
    let members: Vec<Value> = members.iter().map(member_json).collect();
    let joinings: Vec<Value> = joinings.iter().map(joining_json).collect();
    Ok(Json(json!({ "at": home.path, "label": home.label, "members": members, "joinings": joinings })).into_response())
}

async fn letters(visit: Visit, Query(query): Query<At>, headers: HeaderMap) -> Answer {
    visit.call.in_person()?;
    let (home, _) = actions::home_or_building(&visit, &query.at).await?;
    let v = visit.view("letters-title");
    let waiting = pages::waiting(&visit, &home, &headers, &v).await?;
    let letter = |one: &pages::Letter| json!({ "name": one.name, "code": one.code.replace('-', ""), "link": one.link });
    let letters: Vec<Value> = waiting.iter().map(letter).collect();
    Ok(Json(json!({ "letters": letters })).into_response())
}

async fn write_letters(visit: Visit, call: JsonCall<At>) -> Answer {
    visit.call.in_person()?;
    let (building, office) = actions::home_or_building(&visit, &call.body.at).await?;
    told(StatusCode::CREATED, &actions::letters(&visit, (&building, office), &call.key).await?)
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct NewMember {
    at: String,
    name: String,
    /// `owner`, `tenant` or `family`.
    #[serde(rename = "as")]
    office: String,
    proof: String,
    share: Option<String>,
}

async fn add(visit: Visit, call: JsonCall<NewMember>) -> Answer {
    visit.call.in_person()?;
    let (home, office) = actions::home(&visit, &call.body.at).await?;
    if let Some(kept) = keys::answered(&visit.app, home.tenant.0, &call.key).await? {
        return told(StatusCode::CREATED, &kept);
    }
    let body = Body::of(&call.body);
    let new = actions::read_new(&|name| body.text(if name == "office" { "as" } else { name }))?;
    told(StatusCode::CREATED, &actions::add(&visit, (&home, office), &new, &call.key).await?)
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct SeenBody {
    proof: String,
    share: Option<String>,
}

async fn verify(visit: Visit, Path(id): Path<String>, call: JsonCall<SeenBody>) -> Answer {
    let (home, office, member) = actions::member(&visit, &id).await?;
    let body = Body::of(&call.body);
    actions::verify(&visit, (&home, office, &member), &|name| body.text(name), &call.key).await?;
    told(StatusCode::OK, "{}")
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    /// `yes` or `no`.
    answer: String,
    proof: Option<String>,
    share: Option<String>,
}

async fn decide(visit: Visit, Path(id): Path<String>, call: JsonCall<AnswerBody>) -> Answer {
    let (home, office, joining) = actions::joining(&visit, &id).await?;
    let body = Body::of(&call.body);
    actions::decide(&visit, (&home, office, &joining), &|name| body.text(name), &call.key).await?;
    told(StatusCode::OK, "{}")
}

async fn letter(visit: Visit, Path(id): Path<String>, call: JsonCall<Nothing>) -> Answer {
    visit.call.in_person()?;
    let (home, office, member) = actions::member(&visit, &id).await?;
    told(StatusCode::CREATED, &actions::letter(&visit, (&home, office, &member), &call.key).await?)
}

async fn end(visit: Visit, Path(id): Path<String>, call: JsonCall<Nothing>) -> Answer {
    let (home, _, member) = actions::member(&visit, &id).await?;
    actions::end(&visit, (&home, &member), &call.key).await?;
    told(StatusCode::OK, "{}")
}

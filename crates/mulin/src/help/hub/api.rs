//! The JSON face of the hub.

use super::actions::{self, Deed};
use super::pages::{At, month_of, span};
use super::policy;
use crate::layout::Visit;
use crate::layout::json::told;
use crate::layout::show::rfc3339;
use crate::layout::typed::Body;
use crate::near::compound;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::calendar::Zone;
use commons::duty::{self, clock, store};
use kit::Error;
use kit::time::Moment;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path, Query, keys};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const ENTRIES_MAX: i64 = 500;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/hub", get(show))
        .route("/api/v1/hub/entries", get(entries))
        .route("/api/v1/hub/day", get(super::day::api))
        .route("/api/v1/hub/month", get(super::month::api))
        .route("/api/v1/hub/{deed}", post(act))
}

async fn show(visit: Visit, Query(at): Query<At>) -> Answer {
    let (place, db) = (compound(&visit, &at.compound).await?, &visit.app.db);
    let civil = Zone::china().civil(visit.call.now);
    let since = visit.call.now - Moment::days(super::pages::ANSWERED_DAYS);
    let at = (place.tenant, place.id);
    let (hours, answered) = store::hours_and_answers(db, at, civil.date(), since).await?;
    let posts = store::posts(db, place.tenant, place.id).await?;
    let minute = duty::minute_of(civil.time());
    let there = store::on_now(db, place.tenant, place.id, civil.date(), minute).await?;
    let me = visit.actor.person_in(place.tenant);
    let answered: Vec<Value> = answered
        .iter()
        .map(|one| {
            json!({ "topic": one.topic, "opinions": one.opinions, "said": one.said, "came": one.came,
                "answered": rfc3339(one.at) })
        })
        .collect();
    let next = hours.opens_from(civil.date(), minute).map(|(day, minute)| format!("{day}T{}", clock(minute)));
    let week: Vec<String> = hours.week.iter().map(duty::Spans::text).collect();
    let exceptions: Vec<Value> = hours
        .exceptions
        .iter()
        .map(|one| json!({ "day": one.day.to_string(), "spans": one.spans.text(), "why": one.why }))
        .collect();
    let keeps = policy::keep(&visit.actor, &place).is_ok();
    let posts: Vec<Value> = posts
        .iter()
        .map(|post| {
            json!({ "id": post.id, "name": post.name, "duties": post.duties, "desk": post.desk,
                "holder": post.named_to(me, keeps).map(|name| &name.0),
                "taken": post.holder.is_some(), "mine": post.is_of(me),
                "confirmed": post.confirmed.is_some(),
                "away_from": post.leave.map(|leave| rfc3339(leave.from)),
                "away_until": post.leave.map(|leave| rfc3339(leave.until)),
                "stands_in": post.deputy_name.as_ref().map(|name| &name.0) })
        })
        .collect();
    let there: Vec<Value> = there
        .iter()
        .map(|one| json!({ "name": one.name.as_ref().map(|name| &name.0), "skill": one.skill, "until": clock(one.ends) }))
        .collect();
    Ok(Json(json!({
        "compound": place.path,
        "open": hours.on(civil.date()).0.open_until(minute).is_some(),
        "week": week, "exceptions": exceptions, "posts": posts, "on_duty": there, "opens_next": next, "opinions": answered,
    }))
    .into_response())
}

async fn entries(visit: Visit, Query(at): Query<At>) -> Answer {
    let place = compound(&visit, &at.compound).await?;
    policy::read_entries(&visit.actor, &place)?;
    let month = month_of(&at.month, visit.call.now).map_err(|_| Error::invalid("month", "hub/month"))?;
    let all = store::entries(&visit.app.db, place.tenant, place.id, span(month)?, ENTRIES_MAX).await?;
    let me = visit.actor.person_in(place.tenant);
    let all: Vec<Value> = all
        .iter()
        .map(|entry| {
            json!({ "id": entry.id, "post": entry.post, "post_name": entry.post_name, "name": entry.name,
                "at": rfc3339(entry.at), "text": entry.text, "mine": Some(entry.person) == me })
        })
        .collect();
    Ok(Json(json!({ "compound": place.path, "month": month.name(), "entries": all })).into_response())
}

/// What a deed may need; each says which.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
struct Typed {
    compound: String,
    id: String,
    d1: String,
    d2: String,
    d3: String,
    d4: String,
    d5: String,
    d6: String,
    d7: String,
    day: String,
    spans: String,
    why: String,
    name: String,
    duties: String,
    desk: bool,
    text: String,
    from: String,
    until: String,
    note: String,
}

async fn act(visit: Visit, Path(name): Path<String>, call: JsonCall<Typed>) -> Answer {
    let place = &compound(&visit, &call.body.compound).await?;
    let typed = Body::of(&call.body);
    let deed = &Deed::read(&name, |field| typed.text(field), visit.call.now)?;
    let (actor, office) = (&visit.actor, actions::may(&visit.actor, place, deed)?);
    let context = visit.context(place.tenant, Some(office));
    let kept = keys::once(&visit.app, &context, place.tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            actions::act(tx, actor, place, deed).await?;
            Ok(json!({ "compound": place.path }).to_string())
        })
    })
    .await?;
    told(StatusCode::OK, &kept)
}

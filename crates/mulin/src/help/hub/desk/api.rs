//! The JSON face of the desk.

use super::actions::{self, Deed};
use super::{looks, pages, policy};
use crate::help::hub::pages::At;
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
use commons::desk::{RoomKey, Talk, Topic, WalkIn, store};
use kit::secrets::spaced;
use kit::time::Moment;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path, Query, keys as once};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const ENDED_DAYS: i64 = 30;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/hub/desk", get(show))
        .route("/api/v1/hub/desk/talks", get(talks))
        .route("/api/v1/hub/desk/opinions", get(opinions))
        .route("/api/v1/hub/desk/keys", get(keys))
        .route("/api/v1/hub/desk/{deed}", post(act))
        .route("/api/v1/hub/slip", get(slip))
}

async fn show(visit: Visit, Query(at): Query<At>) -> Answer {
    let (place, now) = (compound(&visit, &at.compound).await?, visit.call.now);
    let (db, secrets) = (&visit.app.db, &visit.app.secrets);
    let chair = actions::chair(db, &visit.actor, &place, now).await?;
    let all = store::list(db, secrets, (place.tenant, place.id), Zone::china().date(now)).await?;
    looks::at_lines(&visit, (&place, chair.office), &all).await?;
    let aside = store::aside(db, place.tenant, place.id, now).await?;
    let me = visit.actor.person_in(place.tenant);
    let one = |one: &WalkIn| {
        let mine = me.is_some() && one.takes == me;
        json!({ "id": one.id, "day": one.day.to_string(), "number": one.number, "at": rfc3339(one.at), "became": one.became,
            "about": one.about, "who": if looks::knows(one, me) { one.who.line() } else { String::new() },
            "taken": one.takes.is_some(), "mine": mine, "done": one.done.map(rfc3339), "line": one.line,
            "request": Some(&one.code).filter(|code| !code.is_empty()), "talk": one.talk.filter(|_| chair.talks) })
    };
    let lines: Vec<Value> = all.iter().map(one).collect();
    Ok(Json(json!({ "compound": place.path, "lines": lines, "overdue_keys": aside.overdue, "keys_out": aside.keys_out,
        "talks_open": aside.talks_open, "unsorted_opinions": aside.unsorted }))
    .into_response())
}

async fn talks(visit: Visit, Query(at): Query<At>) -> Answer {
    let (place, now) = (compound(&visit, &at.compound).await?, visit.call.now);
    let (db, secrets) = (&visit.app.db, &visit.app.secrets);
    let chair = policy::reads_talks(&visit.actor, actions::chair(db, &visit.actor, &place, now).await)?;
    let since = now - Moment::days(ENDED_DAYS);
    let one = |talk: &Talk| {
        json!({ "id": talk.id, "state": talk.state, "about": talk.about, "asked": rfc3339(talk.asked),
            "meets": talk.meets.map(rfc3339), "where": talk.meets_where, "one_side": talk.parties.asked,
            "other_side": talk.parties.other, "held": talk.held.map(rfc3339), "ended": talk.ended.map(rfc3339),
            "passed_to": talk.passed_to })
    };
    let all = store::talks(db, secrets, (place.tenant, place.id), since).await?;
    looks::at_talks(&visit, (&place, chair.office), &all).await?;
    let all: Vec<Value> = all.iter().map(one).collect();
    Ok(Json(json!({ "compound": place.path, "talks": all })).into_response())
}

async fn opinions(visit: Visit, Query(at): Query<At>) -> Answer {
    let (place, db) = (compound(&visit, &at.compound).await?, &visit.app.db);
    actions::chair(db, &visit.actor, &place, visit.call.now).await?;
    let one = |topic: &Topic| {
        json!({ "id": topic.id, "name": topic.name, "opinions": topic.opinions, "said": topic.said, "came": topic.came,
            "answered": topic.answered.map(rfc3339) })
    };
    let topics: Vec<Value> = store::topics(db, place.tenant, place.id).await?.iter().map(one).collect();
    let all = store::opinions(db, place.tenant, place.id).await?;
    let all: Vec<Value> = all
        .iter()
        .map(|one| json!({ "id": one.id, "topic": one.topic, "text": one.text, "at": rfc3339(one.at) }))
        .collect();
    Ok(Json(json!({ "compound": place.path, "topics": topics, "opinions": all })).into_response())
}

async fn keys(visit: Visit, Query(at): Query<At>) -> Answer {
    let (place, now) = (compound(&visit, &at.compound).await?, visit.call.now);
    let (db, secrets) = (&visit.app.db, &visit.app.secrets);
    let chair = actions::chair(db, &visit.actor, &place, now).await?;
    let one = |key: &RoomKey| {
        let loan = key.loan.as_ref().map(|loan| {
            json!({ "id": loan.id, "who": loan.who.line(), "given": rfc3339(loan.given), "due": rfc3339(loan.due),
                "overdue": loan.due < now })
        });
        json!({ "id": key.id, "name": key.name, "loan": loan })
    };
    let all = store::keys(db, secrets, place.tenant, place.id).await?;
    looks::at_keys(&visit, (&place, chair.office), &all).await?;
    let all: Vec<Value> = all.iter().map(one).collect();
    Ok(Json(json!({ "compound": place.path, "keys": all })).into_response())
}

async fn slip(visit: Visit, Query(query): Query<pages::SlipQuery>) -> Answer {
    let (one, place) = pages::found(&visit, &query.code).await?;
    Ok(Json(json!({ "compound": place.path, "day": one.day.to_string(), "number": one.number, "became": one.became,
        "taken": one.takes.is_some(), "done": one.done.map(rfc3339), "line": one.line,
        "request": Some(one.code).filter(|code| !code.is_empty()) }))
    .into_response())
}

/// What a deed may need; each says which.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
struct Typed {
    compound: String,
    id: String,
    about: String,
    became: String,
    name: String,
    door: String,
    phone: String,
    line: String,
    when: String,
    #[serde(rename = "where")]
    place: String,
    both: bool,
    other: String,
    how: String,
    to: String,
    topic: String,
    said: String,
    came: String,
    /// What becomes of what would tell strangers who somebody is: `mask` or `as-is`.
    personal: String,
    until: String,
}

async fn act(visit: Visit, Path(name): Path<String>, call: JsonCall<Typed>) -> Answer {
    let place = &compound(&visit, &call.body.compound).await?;
    let typed = Body::of(&call.body);
    let deed = &Deed::read(&name, |field| typed.text(field), visit.call.now)?;
    let chair = actions::chair(&visit.app.db, &visit.actor, place, visit.call.now).await?;
    let context = visit.context(place.tenant, Some(chair.office));
    let who = (&visit.actor, &visit.app.secrets);
    let kept = once::once(&visit.app, &context, place.tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            let left = actions::act(tx, who, place, deed).await?;
            let one = left.walk_in;
            Ok(json!({ "compound": place.path, "id": one.map(|one| one.0), "number": one.map(|one| one.1),
                "code": one.map(|one| spaced(&actions::code(who.1, one.0))) })
            .to_string())
        })
    })
    .await?;
    told(StatusCode::OK, &kept)
}

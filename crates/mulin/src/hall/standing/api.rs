//! The JSON face, for the one who is here in person.

use super::actions;
use crate::layout::Visit;
use crate::layout::json::{Nothing, told};
use crate::layout::show::rfc3339;
use crate::standing::shown;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::kept::store as kept;
use commons::people::standing::store;
use kit::web::answer::{Answer, Fault};
use kit::web::json::JsonCall;
use kit::web::{App, Path};
use serde::Deserialize;
use serde_json::json;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/me/standing", get(list).post(agree))
        .route("/api/v1/me/standing/accept", post(accept))
        .route("/api/v1/me/standing/{id}/end", post(end))
        .route("/api/v1/me/standing/{id}/begin", post(begin))
        .route("/api/v1/me/standing/stop", post(stop))
}

async fn list(visit: Visit) -> Answer {
    visit.call.in_person()?;
    let (db, now) = (&visit.app.db, visit.call.now);
    let (mut for_me, mut by_me, mut acts) = (Vec::new(), Vec::new(), Vec::new());
    let acting = visit.actor.substitute.as_ref().map(|one| one.id);
    // In another's part there is nothing to tell but that.
    let persons = if acting.is_some() { &[][..] } else { &visit.actor.persons[..] };
    for person in persons {
        for one in store::of_person(db, person.tenant, person.id, now).await? {
            if one.principal == person.id { &mut for_me } else { &mut by_me }.push(shown(&one, now));
        }
        for act in kept::done_for(db, person.tenant, person.id).await? {
            acts.push(json!({ "at": rfc3339(act.at), "by": act.name, "stem": act.stem, "about": act.about }));
        }
    }
    Ok(Json(json!({ "acting": acting, "for_me": for_me, "by_me": by_me, "done_for_me": acts })).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Agreeing {
    days: i64,
}

async fn agree(visit: Visit, call: JsonCall<Agreeing>) -> Answer {
    let days = crate::standing::read_days(&call.body.days.to_string())?;
    told(StatusCode::CREATED, &actions::agree(&visit, days, &call.key).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bringing {
    code: String,
}

async fn accept(visit: Visit, call: JsonCall<Bringing>) -> Answer {
    told(StatusCode::CREATED, &actions::accept(&visit, &call.body.code, &call.key).await?)
}

async fn end(visit: Visit, Path(id): Path<String>, call: JsonCall<Nothing>) -> Answer {
    actions::end(&visit, &id, &call.key).await?;
    told(StatusCode::OK, "{}")
}

async fn begin(visit: Visit, Path(id): Path<String>, call: std::result::Result<JsonCall<Nothing>, Fault>) -> Answer {
    if actions::plays(&visit, Some(&id)) != Some(true) {
        actions::begin(&visit, &id, &call?.key).await?;
    }
    told(StatusCode::OK, "{}")
}

async fn stop(visit: Visit, call: std::result::Result<JsonCall<Nothing>, Fault>) -> Answer {
    visit.call.in_person()?;
    if actions::plays(&visit, None) != Some(true) {
        actions::stop(&visit, &call?.key).await?;
    }
    told(StatusCode::OK, "{}")
}

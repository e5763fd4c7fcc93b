//! The JSON face of the roster.

use super::actions::{self, Deed, Here};
use super::pages::{At, made_feed, month_of};
use super::{planning, policy};
use crate::layout::Visit;
use crate::layout::json::told;
use crate::layout::show::rfc3339;
use crate::layout::typed::Body;
use crate::near::compound;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::duty::{Duty, Mine, Shift, clock, store};
use kit::Error;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path, Query, keys};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/roster", get(show))
        .route("/api/v1/roster/mine", get(mine))
        .route("/api/v1/roster/plan", post(plan))
        .route("/api/v1/roster/feed", post(feed))
        .route("/api/v1/roster/{deed}", post(act))
}

fn shift_json(shift: &Shift) -> Value {
    json!({ "id": shift.id, "day": shift.day.to_string(), "starts": clock(shift.starts), "ends": clock(shift.ends),
        "skill": shift.skill, "need": shift.need })
}

async fn show(visit: Visit, Query(at): Query<At>) -> Answer {
    let (place, db) = (compound(&visit, &at.compound).await?, &visit.app.db);
    let month = month_of(&at.month, visit.call.now).map_err(|_| Error::invalid("month", "roster/month"))?;
    let span = (month.first(), month.last());
    let shifts = store::shifts(db, place.tenant, place.id, span).await?;
    let duties = store::duties(db, place.tenant, place.id, span).await?;
    let (state, hours) = store::month(db, (place.tenant, place.id), month).await?;
    let keeps = policy::keep(&visit.actor, &place).is_ok();
    let published = state.as_ref().is_some_and(|state| state.published.is_some());
    let duties = actions::visible(duties, published, keeps);
    let reads = policy::Reads::of(&visit.actor, &place, &duties, actions::today(visit.call.now));
    let gaps = state.as_ref().map(|state| state.gaps.as_slice()).unwrap_or_default();
    let person = |duty: &&Duty| json!({ "person": keeps.then_some(duty.person), "name": reads.name(duty).then_some(&duty.name), "how": duty.how });
    let shown = |shift: &Shift| {
        let mut told = shift_json(shift);
        let here = duties.iter().filter(|duty| duty.shift == shift.id);
        told["people"] = here.collect::<Vec<_>>().iter().map(person).collect();
        let gap = gaps.iter().find(|gap| gap.shift == shift.id).filter(|_| keeps);
        let out = gap.map(|gap| gap.out.iter().map(|(out, n)| json!({ "why": out, "people": n })).collect::<Vec<_>>());
        told["out"] = json!(out.unwrap_or_default());
        told["closed"] = json!(hours.closed(shift.day).map(Option::unwrap_or_default));
        told
    };
    let shifts: Vec<Value> = shifts.iter().map(shown).collect();
    Ok(Json(json!({
        "compound": place.path, "month": month.name(), "shifts": shifts,
        "planned": state.as_ref().map(|state| rfc3339(state.planned)),
        "published": state.as_ref().and_then(|state| state.published).map(rfc3339),
        "exact": state.as_ref().is_some_and(|state| state.best(&duties)),
    }))
    .into_response())
}

async fn mine(visit: Visit, Query(at): Query<At>) -> Answer {
    let (place, db) = (compound(&visit, &at.compound).await?, &visit.app.db);
    policy::come(&visit.actor, &place)?;
    let me = visit.actor.person_in(place.tenant).ok_or(Error::denied("account/sign-in-first"))?;
    let today = actions::today(visit.call.now);
    let part = store::part(db, place.tenant, place.id, me, today).await?;
    let duties = store::mine(db, place.tenant, me, today).await?;
    let swaps = store::swaps(db, place.tenant, place.id, me).await?;
    let ready = part.ready.map(|one| {
        let weekdays: Vec<i64> = (1..=7).filter(|n| one.weekdays >> (n - 1) & 1 == 1).collect();
        json!({ "weekdays": weekdays, "skills": one.skills, "month_max": one.month_max, "rest_days": one.rest_days,
            "named": one.named })
    });
    let here = |one: &&Mine| one.shift.place == place.id;
    let duties: Vec<Value> = duties.iter().filter(here).map(|one| shift_json(&one.shift)).collect();
    let swaps: Vec<Value> = swaps
        .iter()
        .map(|one| {
            json!({ "id": one.id, "shift": one.shift, "asked_by": one.asked_by_name, "asked": one.asked_name,
                "answer": one.asked == me })
        })
        .collect();
    let claims: Vec<Value> = part
        .claims
        .iter()
        .map(|one| {
            json!({ "id": one.id, "weekday": one.weekday, "starts": clock(one.starts), "until": one.until.to_string() })
        })
        .collect();
    let all = json!({ "compound": place.path, "ready": ready, "duties": duties, "swaps": swaps, "claims": claims });
    Ok(Json(all).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    #[serde(default)]
    compound: String,
    month: String,
}

async fn plan(visit: Visit, call: JsonCall<Which>) -> Answer {
    let place = compound(&visit, &call.body.compound).await?;
    let month = commons::duty::Month::parse(&call.body.month).ok_or(Error::invalid("month", "roster/month"))?;
    told(StatusCode::OK, &planning::plan(&visit, &place, month, &call.key).await?)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Where {
    compound: String,
}

async fn feed(visit: Visit, call: JsonCall<Where>) -> Answer {
    let place = compound(&visit, &call.body.compound).await?;
    let token = made_feed(&visit, &place, &call.key).await?;
    Ok(Json(json!({ "path": format!("/help/roster/feed/{token}.ics") })).into_response())
}

/// What a deed may need; each says which.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
struct Typed {
    compound: String,
    month: String,
    weekdays: Vec<i64>,
    skills: Vec<String>,
    month_max: Option<i64>,
    rest_days: Option<i64>,
    named: bool,
    starts: String,
    ends: String,
    skill: String,
    need: Option<i64>,
    shift: String,
    person: String,
    weekday: Option<i64>,
    until: String,
    claim: String,
    swap: String,
    yes: bool,
}

async fn act(visit: Visit, Path(name): Path<String>, call: JsonCall<Typed>) -> Answer {
    let place = &compound(&visit, &call.body.compound).await?;
    let typed = Body::of(&call.body);
    let deed = &Deed::read(&name, |field| typed.text(field))?;
    // Making the roster is office work, whatever a token may do for its owner.
    if deed.page().is_empty() && visit.call.token.as_ref().is_some_and(|token| !token.has("office:write")) {
        return Err(Error::denied("token/needs-office-write").into());
    }
    let here = Here { actor: &visit.actor, compound: place, today: actions::today(visit.call.now) };
    let context = visit.context(place.tenant, Some(actions::may(&visit.actor, place, deed)?));
    let kept = keys::once(&visit.app, &context, place.tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            actions::act(tx, here, deed).await?;
            Ok(json!({ "compound": place.path }).to_string())
        })
    })
    .await?;
    told(StatusCode::OK, &kept)
}

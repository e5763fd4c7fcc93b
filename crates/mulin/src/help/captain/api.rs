//! The JSON face: who answers for a building, its teams, doors and board.

use super::actions::{self, NewCard};
use super::pages::At;
use super::policy;
use crate::layout::Visit;
use crate::layout::json::told;
use crate::layout::show::rfc3339;
use crate::layout::typed::Body;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::people::Office;
use commons::place::store as places;
use commons::seat::{self, Missing, ON_BOARD, Seat, TeamDuty, store};
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Query, keys};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/captains", get(show))
        .route("/api/v1/captains/building", get(building))
        .route("/api/v1/captains/board", get(board).post(save_board))
        .route("/api/v1/captains/card", post(card))
        .route("/api/v1/captains/join", post(join))
        .route("/api/v1/captains/leave", post(leave))
}

fn seat_json(seat: &Seat) -> Value {
    json!({ "office": seat.office, "name": seat.name, "name_en": seat.name_en, "phone": seat.phone,
        "duties": seat.duties, "since": rfc3339(seat.starts), "until": seat.ends.map(rfc3339),
        "stands_in_for": seat.stands_in.as_ref().map(|one| &one.for_name),
        "stands_in_until": seat.stands_in.as_ref().map(|one| rfc3339(one.until)) })
}

async fn show(visit: Visit, Query(query): Query<At>) -> Answer {
    let db = &visit.app.db;
    let at = actions::building(db, &query.at).await?;
    let seats = store::around(db, &visit.app.secrets, &at, visit.call.now).await?;
    let members = store::members(db, at.tenant, at.id).await?;
    let me = visit.actor.person_in(at.tenant);
    let team = |duty: &TeamDuty| {
        let within = members.iter().filter(|member| member.duty == *duty);
        json!({ "duty": duty, "people": within.clone().count(),
            "mine": me.is_some() && within.clone().any(|member| Some(member.person) == me) })
    };
    let teams: Vec<Value> = TeamDuty::ALL.iter().map(team).collect();
    let seats: Vec<Value> = seats.iter().map(seat_json).collect();
    Ok(Json(json!({ "at": at.path, "label": at.label, "label_en": at.label_en, "seats": seats, "teams": teams }))
        .into_response())
}

async fn building(visit: Visit, Query(query): Query<At>) -> Answer {
    let db = &visit.app.db;
    let at = actions::building(db, &query.at).await?;
    policy::see_doors(&visit.actor, &at)?;
    let leads = visit.actor.holds(Office::Captain, at.id).then_some(Office::Captain);
    let doors = store::doors(db, at.tenant, at.id, leads).await?;
    let members = store::members(db, at.tenant, at.id).await?;
    let doors: Vec<Value> =
        doors.iter().map(|door| json!({ "entrance": door.entrance, "door": door.name, "open": door.open })).collect();
    let member = |one: &seat::Member| json!({ "duty": one.duty, "name": one.name, "name_en": one.name_en });
    let members: Vec<Value> = members.iter().map(member).collect();
    Ok(Json(json!({ "at": at.path, "doors": doors, "members": members })).into_response())
}

async fn board(visit: Visit, Query(query): Query<At>) -> Answer {
    let db = &visit.app.db;
    let at = actions::building(db, &query.at).await?;
    let seats = store::around(db, &visit.app.secrets, &at, visit.call.now).await?;
    let words = store::words(db, at.tenant, at.grid).await?;
    let grid = match at.grid {
        Some(grid) => places::find(db, at.tenant, grid).await?,
        None => None,
    };
    let lacks = |missing: &Missing| match missing {
        Missing::Grid => "grid".to_owned(),
        Missing::Area => "area".to_owned(),
        Missing::Supervision => "supervision".to_owned(),
        Missing::Empty(office) => format!("{office}:person"),
        Missing::Phone(office) => format!("{office}:phone"),
        Missing::Duties(office) => format!("{office}:duties"),
    };
    let missing: Vec<String> = seat::missing(&at, &seats, &words).iter().map(lacks).collect();
    let on_board = seats.iter().filter(|seat| ON_BOARD.contains(&seat.office));
    let seats: Vec<Value> = on_board.map(seat_json).collect();
    Ok(Json(json!({ "at": at.path, "grid": grid.map(|grid| grid.name), "area": words.area,
        "supervision": words.supervision, "seats": seats, "missing": missing }))
    .into_response())
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Words {
    at: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    supervision: String,
}

async fn save_board(visit: Visit, call: JsonCall<Words>) -> Answer {
    let building = &actions::building(&visit.app.db, &call.body.at).await?;
    let office = policy::keeper(&visit.actor, building.tenant)?;
    let typed = Body::of(&call.body);
    let (words, actor) = (&actions::check_board(|name| typed.text(name))?, &visit.actor);
    let context = visit.context(building.tenant, Some(office));
    let kept = keys::once(&visit.app, &context, building.tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            actions::board(tx, actor, building, words).await?;
            Ok(json!({ "at": building.path }).to_string())
        })
    })
    .await?;
    told(StatusCode::OK, &kept)
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Card {
    at: String,
    office: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    duties: String,
}

async fn card(visit: Visit, call: JsonCall<Card>) -> Answer {
    let building = &actions::building(&visit.app.db, &call.body.at).await?;
    let typed = Body::of(&call.body);
    let new = &NewCard::check(|name| typed.text(name))?;
    let seat = actions::seat_of(&visit.app.db, building, new.office).await?;
    let (_, office) = policy::card(&visit.actor, building.tenant, new.office, seat)?;
    let (who, context) = ((&visit.actor, &visit.app.secrets), visit.context(building.tenant, Some(office)));
    let kept = keys::once(&visit.app, &context, building.tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            actions::card(tx, who, building, seat, new).await?;
            Ok(json!({ "at": building.path }).to_string())
        })
    })
    .await?;
    told(StatusCode::OK, &kept)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Team {
    at: String,
    duty: String,
}

async fn join(visit: Visit, call: JsonCall<Team>) -> Answer {
    team(&visit, &call, true).await
}

async fn leave(visit: Visit, call: JsonCall<Team>) -> Answer {
    team(&visit, &call, false).await
}

async fn team(visit: &Visit, call: &JsonCall<Team>, joins: bool) -> Answer {
    visit.call.account()?;
    let building = &actions::building(&visit.app.db, &call.body.at).await?;
    let (duty, actor) = (actions::duty(&call.body.duty)?, &visit.actor);
    let context = visit.context(building.tenant, policy::join(actor, building).unwrap_or(None));
    let kept = keys::once(&visit.app, &context, building.tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            match joins {
                true => actions::join(tx, actor, building, duty).await?,
                false => actions::leave(tx, actor, building, duty).await?,
            }
            Ok(json!({ "at": building.path }).to_string())
        })
    })
    .await?;
    told(StatusCode::OK, &kept)
}

//! The JSON face: the sheet's four lists, with as many lines as anybody wants to print.

use super::pages::{Part, SheetQuery, scope};
use super::store::{self, Found, List};
use super::week::Week;
use crate::layout::Visit;
use crate::layout::show::rfc3339;
use crate::openapi::parts::{self, Operation, day, list, maybe, moment, object, one_of, reference, text, truth, whole};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use commons::calendar::Zone;
use commons::case::{Door, State};
use commons::people::{Office, store as people};
use kit::Error;
use kit::web::answer::Answer;
use kit::web::{App, Query};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Lines of a part at most; how many there are in all stands beside them.
const LINES_MAX: i64 = 50;

pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/sheet", get(show))
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Which {
    compound: String,
    building: String,
    week: String,
}

async fn show(visit: Visit, Query(which): Query<Which>) -> Answer {
    let (db, now, zone) = (&visit.app.db, visit.call.now, Zone::china());
    let week = match which.week.as_str() {
        "" => Week::of(&zone, now),
        text => Week::parse(text).ok_or(Error::invalid("week", "sheet/week"))?,
    };
    let span = week.span(&zone)?;
    let query = SheetQuery { compound: which.compound, building: which.building, ..SheetQuery::default() };
    let scope = scope(&visit, &query).await?;
    let compound = scope.compound.as_ref().ok_or(Error::NotFound)?;
    let building = scope.building.as_ref();
    let at = (scope.tenant, compound.id, building.map(|place| place.id));
    let lists = store::lists(db, at, span, now, LINES_MAX).await?;
    let captains = match building {
        Some(place) => people::names_at(db, scope.tenant, place.id, Office::Captain, now).await?,
        None => Vec::new(),
    };
    let part = |part: &Part| (part.name().to_owned(), list_json(&lists[*part as usize]));
    let parts: Map<String, Value> = Part::ALL.iter().map(part).collect();
    let captain = |(name, name_en): &(String, String)| json!({ "name": name, "name_en": name_en });
    let captains: Vec<Value> = captains.iter().map(captain).collect();
    Ok(Json(json!({
        "at": building.unwrap_or(compound).path,
        "week": week.name(),
        "since": zone.date(span.0).to_string(),
        "until": zone.date(span.1).to_string(),
        "captains": captains,
        "parts": parts,
    }))
    .into_response())
}

fn list_json(list: &List) -> Value {
    json!({ "all": list.all, "requests": list.found.iter().map(found_json).collect::<Vec<_>>() })
}

fn found_json(found: &Found) -> Value {
    json!({ "code": found.code, "words": found.words, "category": found.category.0, "category_en": found.category.1,
        "place": found.place.0, "place_en": found.place.1, "door": found.door, "state": found.state,
        "holder": { "office": found.office, "place": found.holder.0 }, "solved": found.solved,
        "said": rfc3339(found.said), "due": found.due.map(rfc3339) })
}

/// The call in OpenAPI.
pub fn paths() -> Value {
    json!({ "/api/v1/sheet": { "get": Operation::new("weeklySheet", "requests",
        "A week in a compound or a building: what was said, settled, is late, and waits for an answer")
        .anybody("requests:read")
        .query("compound", "The compound's code; without it and without a building the caller's own building, or the first compound")
        .query("building", "A building's path, e.g. shiliu/3")
        .query("week", "2026-W47; this week without it")
        .may(&[404, 422])
        .gives(200, reference("Sheet"))
        .done() } })
}

/// The shapes of this folder.
pub fn schemas() -> Value {
    let names = |all: Vec<&'static str>| one_of(&all);
    let line = object(&[
        ("code", text()),
        ("words", text()),
        ("category", text()),
        ("category_en", text()),
        ("place", text()),
        ("place_en", text()),
        ("door", names(Door::ALL.iter().map(|one| one.name()).collect())),
        ("state", names(State::ALL.iter().map(|one| one.name()).collect())),
        ("holder", object(&[("office", names(Office::ALL.iter().map(|one| one.name()).collect())), ("place", text())])),
        ("solved", maybe(truth())),
        ("said", moment()),
        ("due", maybe(moment())),
    ]);
    let part = || {
        object(&[
            ("all", parts::said("How many there are", whole())),
            ("requests", parts::said("At most 50 of them", list(line.clone()))),
        ])
    };
    let lists: Vec<(&str, Value)> = Part::ALL.iter().map(|one| (one.name(), part())).collect();
    json!({ "Sheet": object(&[
        ("at", text()),
        ("week", text()),
        ("since", day()),
        ("until", parts::said("The day after the last", day())),
        ("captains", list(object(&[("name", text()), ("name_en", text())]))),
        ("parts", object(&lists)),
    ]) })
}

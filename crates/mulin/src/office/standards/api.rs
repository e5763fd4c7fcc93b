//! The JSON face: the limits that hold in a compound, for everybody; what a community has set, and setting it, for those
//! who do.

use super::actions::Wish;
use super::pages::{Around, May, once};
use super::{model, policy};
use crate::layout::Visit;
use crate::layout::typed::Body;
use crate::openapi::parts::{self, Operation, list, maybe, object, one_of, reference, text, whole};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::case::standards::{ClockKind, Origin, Unit, store};
use commons::case::{Door, store as cases};
use commons::place::{self, PlaceId, PlaceKind, TenantId};
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Query};
use kit::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/standards", get(show).post(set))
        .route("/api/v1/standards/hours", post(hours))
        .route("/api/v1/standards/calendar", post(calendar))
}

/// A compound, or nothing for those who serve: then the community's own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Which {
    compound: Option<String>,
    #[serde(default)]
    of: String,
}

async fn show(visit: Visit, Query(which): Query<Which>) -> Answer {
    let told = match &which.compound {
        Some(code) => {
            let (tenant, compound) = place::store::by_code(&visit.app.db, code).await?.ok_or(Error::NotFound)?;
            told(&visit.app, tenant, (compound, false)).await?
        }
        None => {
            let around = Around::of(&visit, &which.of).await?;
            told(&visit.app, around.tenant, (around.root.id, true)).await?
        }
    };
    Ok(Json(told).into_response())
}

/// What holds at a place. `community`: at the community's own, where what it set itself is the community's.
async fn told(app: &App, tenant: TenantId, (place, community): (PlaceId, bool)) -> Result<Value> {
    let (set, calendar) = store::around(&app.db, tenant, place).await?;
    let origin = |found: Origin| match (found, community) {
        (Origin::CompoundCategory, true) => Origin::CommunityCategory,
        (Origin::Compound, true) => Origin::Community,
        (other, _) => other,
    };
    let mut standards = Vec::new();
    for category in cases::categories(&app.db, tenant).await? {
        if !community && !category.offered_in(Some(place)) {
            continue;
        }
        for door in Door::ALL {
            for clock in ClockKind::ALL {
                let found = set.effective(&category.slug, *door, *clock)?;
                standards.push(json!({ "category": category.slug, "door": door, "clock": clock,
                    "amount": found.amount, "unit": found.unit, "origin": origin(found.origin), "source": found.source }));
            }
        }
    }
    let hours: Result<Vec<Value>> = Door::ALL
        .iter()
        .map(|door| {
            let (hours, found) = set.hours(*door)?;
            Ok(json!({ "door": door, "hours": hours, "origin": origin(found) }))
        })
        .collect();
    let years: Vec<Value> =
        calendar.notices().map(|(year, notice)| json!({ "year": year, "source": notice.source })).collect();
    Ok(json!({ "standards": standards, "office_hours": hours?, "calendar": years }))
}

/// A limit set or taken back, at a compound or, without one, at the community's own place.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Limit {
    compound: Option<String>,
    of: Option<String>,
    /// `set` or `drop`.
    what: What,
    category: Option<String>,
    door: String,
    clock: String,
    amount: Option<i64>,
    unit: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum What {
    Set,
    Drop,
}

async fn set(visit: Visit, call: JsonCall<Limit>) -> Answer {
    let read = |body: &Body| model::Change::read(&|name| body.text(name)).map(Wish::Change);
    act(&visit, &call, policy::set, read).await
}

/// Office hours of a door; without any, those of the next farther place hold.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Hours {
    compound: Option<String>,
    of: Option<String>,
    door: String,
    hours: Option<String>,
}

async fn hours(visit: Visit, call: JsonCall<Hours>) -> Answer {
    let read = |body: &Body| model::hours(&|name| body.text(name)).map(|(door, hours)| Wish::Hours(door, hours));
    act(&visit, &call, policy::set, read).await
}

/// A year that was published, as the text of its file.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Year {
    of: Option<String>,
    year: String,
}

async fn calendar(visit: Visit, call: JsonCall<Year>) -> Answer {
    let read = |body: &Body| model::year(&body.text("year")).map(|(year, text)| Wish::Year(year, text));
    act(&visit, &call, policy::load, read).await
}

async fn act<T: Serialize>(
    visit: &Visit,
    call: &JsonCall<T>,
    may: May,
    read: impl Fn(&Body) -> Result<Wish>,
) -> Answer {
    let body = Body::of(&call.body);
    let around = Around::of(visit, &body.text("of")).await?;
    let place = around.find(&body.text("compound"))?;
    let office = may(&visit.actor, place)?;
    once(visit, place, office, &read(&body)?, &call.key).await?;
    let community = place.kind == PlaceKind::Community;
    Ok(Json(told(&visit.app, around.tenant, (place.id, community)).await?).into_response())
}

/// The calls in OpenAPI.
pub fn paths() -> Value {
    let new = |id: &str, summary: &str| Operation::new(id, "standards", summary);
    let at = || ("compound?", parts::said("A compound's code; the community's own place without one", maybe(text())));
    let of = || ("of?", parts::said("The community's id, for those who serve in several", maybe(text())));
    let (door, clock) = (|| one_of(&names(Door::ALL)), || one_of(&names(ClockKind::ALL)));
    let limit = object(&[
        at(),
        of(),
        ("what", one_of(&["set", "drop"])),
        ("category?", parts::said("Without one for everything", maybe(text()))),
        ("door", door()),
        ("clock", clock()),
        ("amount?", maybe(whole())),
        ("unit?", maybe(one_of(&names(Unit::ALL)))),
    ]);
    let hours = object(&[
        at(),
        of(),
        ("door", door()),
        ("hours?", parts::said("9:00-11:30,14:00-17:30; none takes them back", maybe(text()))),
    ]);
    let year = object(&[of(), ("year", parts::said("The text of a year's file", text()))]);
    let deed = |id: &str, summary: &str, body: Value| {
        new(id, summary).known("office:write").body(body).may(&[404]).gives(200, reference("Standards")).done()
    };
    json!({
        "/api/v1/standards": {
            "get": new("listStandards", "The limits, office hours and known calendar years that hold, and where each comes from")
                .anybody("requests:read")
                .about("Of a compound for everybody; without one the community's own, for those who serve there.")
                .query("compound", "The compound's code, e.g. shiliu")
                .query("of", "The community's id, for those who serve in several")
                .may(&[404])
                .gives(200, reference("Standards"))
                .done(),
            "post": deed("setStandard", "Sets a limit for clocks that start from now on, or takes it back", limit)
        },
        "/api/v1/standards/hours": { "post": deed("setOfficeHours", "Sets a door's office hours, or takes them back", hours) },
        "/api/v1/standards/calendar": { "post": deed("loadYear", "Loads a published year of the work calendar", year) }
    })
}

fn names<T: ToString>(all: &[T]) -> Vec<String> {
    all.iter().map(T::to_string).collect()
}

/// The shapes of this folder.
pub fn schemas() -> Value {
    let origin = || one_of(&names(Origin::ALL));
    let standard = object(&[
        ("category", text()),
        ("door", one_of(&names(Door::ALL))),
        ("clock", one_of(&names(ClockKind::ALL))),
        ("amount", whole()),
        ("unit", one_of(&names(Unit::ALL))),
        ("origin", origin()),
        ("source", maybe(text())),
    ]);
    let hours = object(&[("door", one_of(&names(Door::ALL))), ("hours", text()), ("origin", origin())]);
    json!({ "Standards": object(&[
        ("standards", list(standard)),
        ("office_hours", list(hours)),
        ("calendar", list(object(&[("year", whole()), ("source", text())]))),
    ]) })
}

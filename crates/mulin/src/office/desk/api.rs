//! The JSON face: a view of the desk, what was offered, how much lies where, and a building from the stairs.

use super::export::taken;
use super::query::DeskQuery;
use crate::layout::Visit;
use crate::layout::json::{case_json, cursor_bad, limit, paged};
use crate::openapi::parts::{
    self, Operation, list as many, maybe, object, one_of, page_of, reference, text, truth, whole,
};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::case::State;
use commons::case::store::desk::{self, Behind, DeskFilter, OfferedCase, OnStairs, Scope};
use commons::people::Office;
use kit::time::Moment;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Query};
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/desk", get(list))
        .route("/api/v1/desk/export", post(export))
        .route("/api/v1/desk/offers", get(offers))
        .route("/api/v1/desk/counts", get(counts))
        .route("/api/v1/desk/stairs", get(stairs))
}

/// A view of the desk, as its page's address names it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Which {
    scope: Option<String>,
    show: Option<String>,
    category: String,
    at: String,
    q: String,
    of: String,
    after: Option<String>,
    limit: Option<i64>,
}

impl Which {
    fn query(&self) -> Result<DeskQuery> {
        if self.scope.as_deref().is_some_and(|scope| Scope::parse(scope).is_none()) {
            return Err(Error::invalid("scope", "desk/scope"));
        }
        if self.show.as_deref().is_some_and(|show| show != "overdue" && State::parse(show).is_none()) {
            return Err(Error::invalid("show", "desk/show"));
        }
        Ok(DeskQuery {
            scope: self.scope.clone().unwrap_or_default(),
            show: self.show.clone().unwrap_or_default(),
            category: self.category.clone(),
            at: self.at.clone(),
            q: self.q.clone(),
            of: self.of.clone(),
            from: 0,
        })
    }
}

/// Due time, when it was said, which it was: `1795485600000_1795485600000_<id>`.
fn cursor(text: &str) -> Result<Behind> {
    let read = || {
        let mut parts = text.splitn(3, '_');
        let late = parts.next()?.parse().ok()?;
        Some(Behind { late, said: Moment(parts.next()?.parse().ok()?), id: parts.next()?.parse().ok()? })
    };
    read().ok_or_else(|| cursor_bad("after"))
}

async fn list(visit: Visit, Query(which): Query<Which>) -> Answer {
    let (query, wanted, now) = (which.query()?, limit(which.limit)?, visit.call.now);
    let desk = query.desk(&visit).await?;
    let behind = which.after.as_deref().map(cursor).transpose()?;
    let filter = DeskFilter { behind, ..query.filter(&visit, &desk).await? };
    let mut rows = desk::list(&visit.app.db, &desk, query.scope(), &filter, now, wanted + 1).await?;
    let more = rows.len() as i64 > wanted;
    rows.truncate(wanted as usize);
    let next = rows.last().filter(|_| more).map(|row| {
        let Behind { late, said, id } = Behind::of(&row.case);
        format!("{late}_{}_{id}", said.0)
    });
    let items: Vec<Value> = rows.iter().map(|row| case_json(row, now)).collect();
    Ok(paged(&visit.call, json!({ "requests": items }), "after", next))
}

/// `POST /api/v1/desk/export`: the view as a table; that it was taken along is written down.
async fn export(visit: Visit, call: JsonCall<Which>) -> Answer {
    if call.body.after.is_some() || call.body.limit.is_some() {
        return Err(Error::invalid("body", "form/json-bad").into());
    }
    taken(&visit, &call.body.query()?, &call.key).await
}

/// The community, for those who serve in several.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Of {
    of: String,
}

async fn offers(visit: Visit, Query(which): Query<Of>) -> Answer {
    let desk = DeskQuery { of: which.of, ..DeskQuery::default() }.desk(&visit).await?;
    let offered = desk::offered(&visit.app.db, &desk, visit.call.now).await?;
    let offer = |one: &OfferedCase| {
        json!({ "request": case_json(&one.row, visit.call.now), "reason": one.reason,
            "from": { "office": one.from_office, "place": one.from_label } })
    };
    Ok(Json(json!({ "offers": offered.iter().map(offer).collect::<Vec<_>>() })).into_response())
}

async fn counts(visit: Visit, Query(which): Query<Which>) -> Answer {
    if which.after.is_some() || which.limit.is_some() {
        return Err(Error::denied("house/query").into());
    }
    let query = which.query()?;
    let desk = query.desk(&visit).await?;
    let filter = query.filter(&visit, &desk).await?;
    let (db, now) = (&visit.app.db, visit.call.now);
    let counts = desk::counts(db, &desk, query.scope(), &filter, now).await?;
    let choices = desk::choices(db, &desk).await?;
    let choice = |one: &desk::Choice| json!({ "code": one.code, "name": one.name, "name_en": one.name_en });
    let of = |place: bool| choices.iter().filter(|one| one.is_place == place).map(choice).collect::<Vec<_>>();
    Ok(Json(json!({ "hand": counts.hand, "door": counts.door, "place": counts.place, "overdue": counts.overdue,
        "categories": of(false), "places": of(true) }))
    .into_response())
}

/// A building by its path.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Building {
    at: String,
    #[serde(default)]
    of: String,
}

async fn stairs(visit: Visit, Query(which): Query<Building>) -> Answer {
    let desk = DeskQuery { of: which.of, ..DeskQuery::default() }.desk(&visit).await?;
    let found = desk::on_stairs(&visit.app.db, &desk, &which.at).await?;
    let step = |one: &OnStairs| {
        let case = &one.row.case;
        json!({
            "request": case_json(&one.row, visit.call.now),
            "entrance": one.entrance.as_ref().map(|(name, _)| name),
            "home": one.home.as_ref().map(|(name, _)| name),
            "floor": one.home.as_ref().and_then(|(_, floor)| *floor),
            "held": desk.has_seat(case.holder.office, case.holder.place),
        })
    };
    Ok(Json(json!({ "at": which.at, "steps": found.iter().map(step).collect::<Vec<_>>() })).into_response())
}

/// The calls in OpenAPI.
pub fn paths() -> Value {
    let new = |id: &str, summary: &str| Operation::new(id, "desk", summary).known("office:read");
    let of =
        |operation: Operation| operation.query("of", "The community's id, for those who serve in several").may(&[404]);
    let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.name()).collect();
    let shows: Vec<&str> = std::iter::once("overdue").chain(State::ALL.iter().map(|state| state.name())).collect();
    let view = |operation: Operation| {
        of(operation)
            .query_of(
                "scope",
                one_of(&scopes),
                "What this person has taken, what waits for their offices (usual), or what goes on at their places",
            )
            .query_of("show", one_of(&shows), "overdue, or a state; without it what is to be done")
            .query("category", "A category's slug")
            .query("at", "The path of a compound or a building")
            .query("q", "Words to look for")
            .may(&[422])
    };
    let choices = || many(object(&[("code", text()), ("name", text()), ("name_en", text())]));
    let up_to = |about: &str| parts::said(about, whole());
    let counts = object(&[
        ("hand", up_to("Taken by this person; each counted up to 1000")),
        ("door", whole()),
        ("place", whole()),
        ("overdue", up_to("In the scope that was asked for")),
        ("categories", choices()),
        ("places", choices()),
    ]);
    let table = object(&[
        ("scope?", one_of(&scopes)),
        ("show?", one_of(&shows)),
        ("category?", text()),
        ("at?", text()),
        ("q?", text()),
        ("of?", text()),
    ]);
    json!({
        "/api/v1/desk": { "get": view(new("listDesk", "A view of the desk, what is due first on top"))
            .pages("after")
            .gives_pages(page_of("requests", reference("Request")))
            .done() },
        "/api/v1/desk/export": { "post": Operation::new("exportDesk", "desk", "A view as a table, at most 20000 lines; that it was taken along is written down")
            .known("office:read")
            .body(table)
            .may(&[404])
            .gives_file(&["text/csv"])
            .done() },
        "/api/v1/desk/offers": { "get": of(new("listOffers", "What was offered to the caller's offices and waits for an answer, at most 100"))
            .gives(200, object(&[("offers", many(reference("Offered")))]))
            .done() },
        "/api/v1/desk/counts": { "get": view(new("countDesk", "How much lies where, and what a view can be narrowed to"))
            .gives(200, counts)
            .done() },
        "/api/v1/desk/stairs": { "get": of(new("listStairs", "What is open in a building, by entrance and floor, at most 200; homes only where the caller holds the request"))
            .needs("at", "The building's path, e.g. shiliu/3")
            .gives(200, object(&[("at", text()), ("steps", many(reference("Step")))]))
            .done() }
    })
}

/// The shapes of this folder.
pub fn schemas() -> Value {
    let offices: Vec<&str> = Office::ALL.iter().map(|office| office.name()).collect();
    json!({
        "Offered": object(&[
            ("request", reference("Request")),
            ("reason", text()),
            ("from", object(&[("office", one_of(&offices)), ("place", text())])),
        ]),
        "Step": object(&[
            ("request", reference("Request")),
            ("entrance", maybe(text())),
            ("home", maybe(text())),
            ("floor", maybe(whole())),
            ("held", truth()),
        ])
    })
}

//! The page of incidents, and their table.

use crate::layout::typed::of_form;
use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use axum::http::header;
use axum::response::IntoResponse;
use commons::calendar::Zone;
use commons::incident::store::{self, Step};
use commons::incident::{Incident, IncidentId, NewIncident};
use commons::people::{Actor, Office};
use commons::place::TenantId;
use commons::sheet::{self, Format};
use kit::book::Activity;
use kit::time::Moment;
use kit::web::Form;
use kit::web::answer::{Answer, see_other};
use kit::web::form::Problems;
use kit::web::keys::{self, RequestKey};
use kit::{Error, Result};
use serde_json::json;

const HERE: &str = "/office/incidents";
const CHARACTERS_MAX: usize = 2_000;
/// The fields that are words, in the order of the form.
pub const WORDS: [&str; 5] = ["what", "kinds", "affected", "harm", "measures"];

/// An incident as it reads.
pub struct Line {
    pub id: String,
    pub found: String,
    pub words: [String; 5],
    pub told_people: Option<String>,
    pub told_authority: Option<String>,
    pub closed: Option<String>,
}

/// `GET /office/incidents`.
#[derive(Template)]
#[template(path = "office/incidents/templates/incidents.html")]
pub struct IncidentsPage {
    pub v: View,
    pub wrong: Wrong,
    pub lines: Vec<Line>,
    pub found: String,
    /// What was typed, in the order of [`WORDS`].
    pub typed: [String; 5],
}

/// Whoever keeps the register of a community answers for its data.
pub fn keep(actor: &Actor) -> Result<(TenantId, Office)> {
    let keeps = actor.mandates.iter().find(|mandate| Office::KEEPING.contains(&mandate.office));
    keeps.map(|mandate| (mandate.tenant, mandate.office)).ok_or(Error::denied("people/not-keeper"))
}

/// # Errors
/// [`Error::Invalid`] with every field that has to change.
pub fn read(text: &dyn Fn(&str) -> String, now: Moment) -> Result<NewIncident> {
    let mut problems = Problems::default();
    let day = text("found").parse::<jiff::civil::Date>().ok();
    let found = day.and_then(|day| Zone::china().moment(day.at(0, 0, 0, 0)).ok());
    problems.when(found.is_none_or(|found| found > now), "found", "incidents/found");
    for name in WORDS {
        let words = text(name);
        let fits = (1..=CHARACTERS_MAX).contains(&words.chars().count());
        problems.when(!fits, name, "incidents/words");
    }
    problems.none()?;
    Ok(NewIncident {
        found: found.unwrap_or(now),
        what: text("what"),
        kinds: text("kinds"),
        affected: text("affected"),
        harm: text("harm"),
        measures: text("measures"),
    })
}

/// Writes an incident down, once; gives its id.
pub async fn write(visit: &Visit, new: &NewIncident, key: &RequestKey) -> Result<String> {
    let (tenant, office) = keep(&visit.actor)?;
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            let id = store::add(tx, tenant, new).await?;
            tx.record(Activity::of(tenant, "incidents/written", "incident", id)).await?;
            Ok(id.to_string())
        })
    })
    .await
}

/// Notes a step, once.
pub async fn note(visit: &Visit, id: &str, name: &str, key: &RequestKey) -> Result<()> {
    let (tenant, office) = keep(&visit.actor)?;
    let id: IncidentId = id.parse().map_err(|_| Error::NotFound)?;
    let step = Step::parse(name).ok_or(Error::NotFound)?;
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            if store::step(tx, tenant, id, step).await? {
                let facts = json!({ "step": name });
                tx.record(Activity::of(tenant, "incidents/step", "incident", id).with(facts)).await?;
            }
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

pub fn line(v: &View, one: &Incident, now: Moment) -> Line {
    let said = &one.said;
    let day = |at: Option<Moment>| at.map(|at| v.day(at, now));
    Line {
        id: one.id.to_string(),
        found: v.day(said.found, now),
        words: [&said.what, &said.kinds, &said.affected, &said.harm, &said.measures].map(Clone::clone),
        told_people: day(one.told_people),
        told_authority: day(one.told_authority),
        closed: day(one.closed),
    }
}

async fn incidents_page(visit: &Visit, form: Option<&Form>, wrong: Wrong) -> Result<IncidentsPage> {
    let (tenant, _) = keep(&visit.actor)?;
    let v = visit.view("incidents-title");
    let all = store::all(&visit.app.db, tenant).await?;
    let typed = |name: &str| form.map(|form| form.text(name).to_owned()).unwrap_or_default();
    let lines = all.iter().map(|one| line(&v, one, visit.call.now)).collect();
    Ok(IncidentsPage { wrong, lines, found: typed("found"), typed: WORDS.map(typed), v })
}

pub async fn show(visit: Visit) -> Answer {
    page(&incidents_page(&visit, None, Wrong::default()).await?)
}

/// `POST /office/incidents`.
pub async fn add(visit: Visit, form: Form) -> Answer {
    keep(&visit.actor)?;
    let written = match read(&of_form(&form), visit.call.now) {
        Ok(new) => write(&visit, &new, &form.key).await,
        Err(error) => Err(error),
    };
    match written {
        Ok(_) => Ok(see_other(HERE)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&incidents_page(&visit, Some(&form), wrong).await?)
        }
    }
}

/// `POST /office/incidents/step`.
pub async fn step(visit: Visit, form: Form) -> Answer {
    note(&visit, form.text("incident"), form.text("step"), &form.key).await?;
    Ok(see_other(HERE))
}

/// `GET /office/incidents/table.csv`.
pub async fn table(visit: Visit) -> Answer {
    let (tenant, _) = keep(&visit.actor)?;
    let v = visit.view("incidents-title");
    let all = store::all(&visit.app.db, tenant).await?;
    let names = ["found"].into_iter().chain(WORDS).chain(["people", "authority", "closed"]);
    let head: Vec<String> = names.map(|name| v.t(&format!("incidents-{name}")).to_string()).collect();
    let row = |one: &Incident| {
        let line = line(&v, one, Moment(0));
        let end = [line.told_people, line.told_authority, line.closed].map(Option::unwrap_or_default);
        std::iter::once(line.found).chain(line.words).chain(end).collect::<Vec<String>>()
    };
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(all.iter().map(row)).collect();
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"incidents.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, sheet::write(&rows, Format::Csv)?).into_response())
}

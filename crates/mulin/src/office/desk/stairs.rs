//! The desk on the stairs: one building, what is open by entrance and floor, three large buttons each.
//!
//! Small enough for a weak network, and it says how old it is. Each button's form carries a key of its own, so pressing again
//! after the network was gone counts once. Phone numbers are never on it.

use super::query::DeskQuery;
use crate::layout::line::Line;
use crate::layout::{View, Visit, page};
use askama::Template;
use commons::case::State;
use commons::case::store::desk::{self, OnStairs};
use kit::web::Query;
use kit::web::answer::Answer;

/// A case on the stairs.
pub struct Step {
    pub line: Line,
    pub home: String,
    /// May be dealt with by the one who looks.
    pub held: bool,
    pub waits: bool,
}

/// An entrance and floor with what is open there.
pub struct Landing {
    pub title: String,
    pub steps: Vec<Step>,
}

/// `GET /office/desk/stairs`.
#[derive(Template)]
#[template(path = "office/desk/templates/stairs.html")]
pub struct StairsPage {
    pub v: View,
    /// Path, name, whether it is the one shown.
    pub buildings: Vec<(String, String, bool)>,
    pub landings: Vec<Landing>,
    pub at: String,
    /// Where the buttons lead back to.
    pub back: String,
    pub shown_at: String,
}

pub async fn show(visit: Visit, Query(query): Query<DeskQuery>) -> Answer {
    let desk = query.desk(&visit).await?;
    let (db, now, v) = (&visit.app.db, visit.call.now, visit.view("stairs-title"));
    let places = desk::choices(db, &desk).await?;
    // A building's path has two steps: the compound's code and its own.
    let buildings: Vec<_> = places.iter().filter(|place| place.is_place && place.code.contains('/')).collect();
    let mine = visit.actor.in_tenant(desk.tenant).find(|mandate| mandate.building == Some(mandate.place));
    let own = mine.and_then(|mandate| buildings.iter().find(|one| one.name == mandate.place_label));
    let at = match query.at.as_str() {
        "" => own.or(buildings.first()).map(|one| one.code.clone()).unwrap_or_default(),
        at => at.to_owned(),
    };
    let found = desk::on_stairs(db, &desk, &at).await?;
    let mut landings: Vec<Landing> = Vec::new();
    for one in &found {
        let (title, step) = (title(&v, one), step(&v, &desk, one, now));
        match landings.last_mut().filter(|landing| landing.title == title) {
            Some(landing) => landing.steps.push(step),
            None => landings.push(Landing { title, steps: vec![step] }),
        }
    }
    let back = DeskQuery { at: at.clone(), of: query.of.clone(), ..DeskQuery::default() };
    page(&StairsPage {
        buildings: buildings
            .iter()
            .map(|one| (one.code.clone(), v.pick(&one.name, &one.name_en).to_owned(), one.code == at))
            .collect(),
        landings,
        at,
        back: back.with("show", "").replacen("/office/desk", "/office/desk/stairs", 1),
        shown_at: v.moment(now, now),
        v,
    })
}

fn title(v: &View, one: &OnStairs) -> String {
    let entrance = one.entrance.as_ref().map(|(zh, en)| v.pick(zh, en).to_owned());
    let floor = one.home.as_ref().and_then(|(_, floor)| *floor).map(|floor| v.a("stairs-floor", "n", floor));
    match (entrance, floor) {
        (Some(entrance), Some(floor)) => format!("{entrance} · {floor}"),
        (Some(entrance), None) => entrance,
        _ => v.t("stairs-whole").to_string(),
    }
}

fn step(v: &View, desk: &desk::Desk, one: &OnStairs, now: kit::time::Moment) -> Step {
    let case = &one.row.case;
    Step {
        line: Line::of(v, &one.row, now),
        home: one.home.as_ref().map(|(name, _)| name.clone()).unwrap_or_default(),
        held: desk.has_seat(case.holder.office, case.holder.place),
        waits: case.state == State::Said,
    }
}

//! The page of a building's captain, for whoever needs one.

use super::shown::{self, SeatShown, TeamShown};
use super::{actions, policy};
use crate::layout::line::encoded;
use crate::layout::{View, Visit, page};
use askama::Template;
use commons::people::{Actor, Office};
use commons::place::{Place, PlaceKind, store as places};
use commons::seat::store;
use kit::web::answer::{Answer, see_other};
use kit::web::{Form, Query, keys};
use kit::{Error, Result};
use serde::Deserialize;

/// Which building is meant.
#[derive(Debug, Default, Deserialize)]
pub struct At {
    /// The path of a place in it, e.g. `shiliu/3`; one's own when nothing is said, `all` for a choice.
    #[serde(default)]
    pub at: String,
}

/// `GET /help/captain`.
#[derive(Template)]
#[template(path = "help/captain/templates/captain.html")]
pub struct CaptainPage {
    pub v: View,
    pub at: String,
    pub place: String,
    pub captains: Vec<SeatShown>,
    /// Who answers besides, nearest first.
    pub others: Vec<SeatShown>,
    pub teams: Vec<TeamShown>,
    pub may_join: bool,
    /// Whether this is who looks after the building.
    pub looks_after: bool,
}

/// The same while no building is chosen.
#[derive(Template)]
#[template(path = "help/captain/templates/where.html")]
pub struct WherePage {
    pub v: View,
    /// Address and name.
    pub choices: Vec<(String, String)>,
}

pub async fn show(visit: Visit, Query(query): Query<At>) -> Answer {
    let db = &visit.app.db;
    let place = match (query.at.as_str(), own_building(&visit.actor)) {
        ("all", _) | ("", None) => return choose(&visit, &places::compounds(db).await?),
        ("", Some((tenant, building))) => places::find(db, tenant, building).await?,
        (at, _) => places::by_whole_path(db, at).await?,
    };
    let place = place.ok_or(Error::NotFound)?;
    if place.building.is_none() {
        let compound = place.compound.ok_or(Error::NotFound)?;
        return choose(&visit, &places::in_compound(db, place.tenant, compound, PlaceKind::Building).await?);
    }
    page(&captain_page(&visit, &place).await?)
}

/// One's home comes before the building one leads.
fn own_building(actor: &Actor) -> Option<(commons::place::TenantId, commons::place::PlaceId)> {
    let lives = actor.homes().find_map(|mandate| Some((mandate.tenant, mandate.building?)));
    lives.or_else(|| actor.mandates.iter().find_map(|mandate| Some((mandate.tenant, mandate.building?))))
}

fn choose(visit: &Visit, all: &[Place]) -> Answer {
    let v = visit.view("captain-title");
    let choice = |place: &Place| {
        (format!("/help/captain?at={}", encoded(&place.path)), v.pick(&place.name, &place.name_en).to_owned())
    };
    page(&WherePage { choices: all.iter().map(choice).collect(), v })
}

async fn captain_page(visit: &Visit, place: &Place) -> Result<CaptainPage> {
    let (db, now, v) = (&visit.app.db, visit.call.now, visit.view("captain-title"));
    let building = place.building.unwrap_or(place.id);
    let seats = store::around(db, &visit.app.secrets, place, now).await?;
    let members = store::members(db, place.tenant, building).await?;
    let looks_after = policy::see_doors(&visit.actor, place).is_ok();
    let (captains, others): (Vec<_>, Vec<_>) = seats.iter().partition(|seat| seat.office == Office::Captain);
    Ok(CaptainPage {
        at: place.path.clone(),
        place: v.pick(&place.label, &place.label_en).to_owned(),
        captains: captains.into_iter().map(|seat| SeatShown::of(&v, seat, now)).collect(),
        others: others.into_iter().map(|seat| SeatShown::of(&v, seat, now)).collect(),
        teams: shown::teams(&v, &members, visit.actor.person_in(place.tenant), false),
        may_join: policy::join(&visit.actor, place).is_ok(),
        looks_after,
        v,
    })
}

/// `POST /help/captain/join`.
pub async fn join(visit: Visit, form: Form) -> Answer {
    team(&visit, &form, true).await
}

/// `POST /help/captain/leave`.
pub async fn leave(visit: Visit, form: Form) -> Answer {
    team(&visit, &form, false).await
}

async fn team(visit: &Visit, form: &Form, joins: bool) -> Answer {
    let building = &actions::building(&visit.app.db, form.text("at")).await?;
    let duty = actions::duty(form.text("duty"))?;
    let context = visit.context(building.tenant, policy::join(&visit.actor, building).unwrap_or(None));
    let actor = &visit.actor;
    let to = keys::once(&visit.app, &context, building.tenant.0, &form.key, &|tx| {
        Box::pin(async move {
            match joins {
                true => actions::join(tx, actor, building, duty).await?,
                false => actions::leave(tx, actor, building, duty).await?,
            }
            Ok(format!("/help/captain?at={}#teams", encoded(&building.path)))
        })
    })
    .await?;
    Ok(see_other(&to))
}

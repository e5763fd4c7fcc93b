//! A building as its captain sees it: doors, team, own card; and a notice for the staircase door.

use super::pages::At;
use super::shown::{self, TeamShown};
use super::{actions, policy};
use crate::layout::line::encoded;
use crate::layout::parts::qr;
use crate::layout::{View, Visit, Wrong, link, page, show};
use askama::Template;
use axum::http::HeaderMap;
use commons::people::Office;
use commons::people::store::seat;
use commons::place::Place;
use commons::seat::store;
use kit::Error;
use kit::web::Query;
use kit::web::answer::Answer;
use serde::Deserialize;

pub const TITLE_CHARACTERS_MAX: usize = 40;
pub const TEXT_CHARACTERS_MAX: usize = 600;

/// The doors behind one entrance.
pub struct Entrance {
    pub name: String,
    /// Door number, and how many matters are open there.
    pub doors: Vec<(String, i64)>,
}

/// The card of a seat while it is changed.
pub struct CardShown {
    pub office: &'static str,
    pub title: String,
    pub phone: String,
    pub duties: String,
    /// Whether the number may be changed by the one who looks.
    pub number: bool,
    /// Whether it is the card of somebody who stands in.
    pub deputy: bool,
}

/// `GET /help/captain/building`.
#[derive(Template)]
#[template(path = "help/captain/templates/building.html")]
pub struct BuildingPage {
    pub v: View,
    pub wrong: Wrong,
    pub at: String,
    pub place: String,
    pub open: i64,
    pub entrances: Vec<Entrance>,
    pub teams: Vec<TeamShown>,
    pub cards: Vec<CardShown>,
}

pub async fn show(visit: Visit, Query(query): Query<At>) -> Answer {
    page(&building_page(&visit, &query.at, Wrong::default()).await?)
}

/// Whether it is the captain who asks, while somebody stands in for them.
async fn on_leave(visit: &Visit, building: &Place) -> kit::Result<bool> {
    let Some(me) = visit.actor.person_in(building.tenant) else { return Ok(false) };
    let now = visit.call.now;
    let seats = seat::of_person(&visit.app.db, building.tenant, me, now).await?;
    let mine = |seat: &&seat::Seat| seat.person == me && seat.office == Office::Captain && seat.place == building.id;
    Ok(seats.iter().find(mine).is_some_and(|seat| seat.is_away(now)))
}

pub async fn building_page(visit: &Visit, at: &str, wrong: Wrong) -> kit::Result<BuildingPage> {
    let db = &visit.app.db;
    let building = actions::building(db, at).await?;
    if let Err(denied) = policy::see_doors(&visit.actor, &building) {
        return Err(if on_leave(visit, &building).await? { Error::denied("captains/on-leave") } else { denied });
    }
    let (v, tenant, now) = (visit.view("captain-building-title"), building.tenant, visit.call.now);
    let leads = visit.actor.holds(Office::Captain, building.id).then_some(Office::Captain);
    let mut entrances: Vec<Entrance> = Vec::new();
    for door in store::doors(db, tenant, building.id, leads).await? {
        let name = v.pick(&door.entrance, &door.entrance_en).to_owned();
        match entrances.last_mut().filter(|entrance| entrance.name == name) {
            Some(entrance) => entrance.doors.push((door.name, door.open)),
            None => entrances.push(Entrance { name, doors: vec![(door.name, door.open)] }),
        }
    }
    let members = store::members(db, tenant, building.id).await?;
    let seats = store::around(db, &visit.app.secrets, &building, now).await?;
    let me = visit.actor.person_in(tenant);
    let mine = seats.iter().filter(|seat| Some(seat.person) == me).map(|seat| CardShown {
        office: seat.office.name(),
        title: v.office(seat.office).to_string(),
        phone: seat.phone.clone().unwrap_or_default(),
        duties: seat.duties.clone(),
        number: true,
        deputy: seat.stands_in.is_some(),
    });
    Ok(BuildingPage {
        wrong,
        at: building.path.clone(),
        place: v.pick(&building.label, &building.label_en).to_owned(),
        open: entrances.iter().flat_map(|entrance| &entrance.doors).map(|door| door.1).sum(),
        entrances,
        teams: shown::teams(&v, &members, me, true),
        cards: mine.collect(),
        v,
    })
}

/// What stands on a notice.
#[derive(Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    pub at: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub text: String,
}

/// `GET /help/captain/notice`: typed, seen, printed; kept nowhere.
#[derive(Template)]
#[template(path = "help/captain/templates/notice.html")]
pub struct NoticePage {
    pub v: View,
    pub at: String,
    pub place: String,
    pub title: String,
    pub text: String,
    pub signed: String,
    pub day: String,
    pub qr: String,
}

pub async fn notice(visit: Visit, Query(typed): Query<Typed>, headers: HeaderMap) -> Answer {
    let building = actions::building(&visit.app.db, &typed.at).await?;
    let office = policy::print_notice(&visit.actor, &building)?;
    let (v, now) = (visit.view("captain-notice-title"), visit.call.now);
    let say = format!("{}/help/captain?at={}", link::base(&visit.app, &headers), encoded(&building.path));
    let cut = |text: &str, most: usize| kit::text::plain(text).trim().chars().take(most).collect::<String>();
    let me = visit.actor.persons.iter().find(|person| person.tenant == building.tenant);
    let name = me.map_or("", |person| v.pick(&person.name, &person.name_en));
    page(&NoticePage {
        at: building.path.clone(),
        place: v.pick(&building.label, &building.label_en).to_owned(),
        title: cut(&typed.title, TITLE_CHARACTERS_MAX),
        text: cut(&typed.text, TEXT_CHARACTERS_MAX),
        signed: format!("{} {name}", v.office(office)),
        day: show::day(v.lang, now, kit::time::Moment(0)),
        qr: qr(&say, &v.t("captain-notice-qr")),
        v,
    })
}

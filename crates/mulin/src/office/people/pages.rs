//! The pages of people and mandates.

use super::store;
use crate::layout::line::encoded;
use crate::layout::typed::{of_form, ticked};
use crate::layout::{View, Visit, Wrong, page, page_again, show};
use askama::Template;
use commons::notice;
use commons::notice::wish::Because;
use commons::people::store::{self as people, NewMandate};
use commons::people::{MandateId, Office, PersonId, Source, invite, login, years_on};
use commons::place::{Place, PlaceKind, TenantId, store as places};
use kit::book::Activity;
use kit::db::Tx;
use kit::web::Query;
use kit::web::answer::{Answer, see_other};
use kit::web::form::Problems;
use kit::web::keys::RequestKey;
use kit::web::{App, Form, keys};
use kit::{Error, Result, password};
use serde::Deserialize;

/// Stands for the community and its grids where a page is asked for a compound.
const COMMUNITY: &str = "-";

/// A mandate as it reads.
pub struct Line {
    pub id: String,
    pub office: String,
    pub place: String,
    pub name: String,
    pub login: String,
    pub source: String,
    pub term: String,
}

/// A choice in a list: value, name, chosen.
pub type Pick = (String, String, bool);

#[derive(Debug, Default, Deserialize)]
pub struct PeopleQuery {
    /// The path of a compound or a building whose insides are offered.
    #[serde(default)]
    within: String,
}

/// `GET /office/people`.
#[derive(Template)]
#[template(path = "office/people/templates/people.html")]
pub struct PeoplePage {
    pub v: View,
    pub wrong: Wrong,
    pub lines: Vec<Line>,
    pub offices: Vec<Pick>,
    pub sources: Vec<Pick>,
    pub name: String,
    /// Compounds and buildings into which one can look: path, name, whether it is the one looked into.
    pub insides: Vec<Pick>,
    pub within: String,
    /// Where somebody may be trusted with something: a heading and its places.
    pub grounds: Vec<(String, Vec<Pick>)>,
    pub same: bool,
    pub letter: bool,
    /// Where letters lie that nobody has used yet: the end of the address and the place.
    pub letters: Vec<(String, String)>,
    pub login: String,
    pub years: String,
}

/// Only those who keep the community's register.
pub fn keeper(visit: &Visit) -> Result<TenantId> {
    visit.call.account()?;
    let keeps = |mandate: &&commons::people::Mandate| Office::KEEPING.contains(&mandate.office);
    visit.actor.mandates.iter().find(keeps).map(|mandate| mandate.tenant).ok_or(Error::denied("people/not-keeper"))
}

pub async fn show(visit: Visit, Query(query): Query<PeopleQuery>) -> Answer {
    let tenant = keeper(&visit)?;
    page(&people_page(&visit, tenant, &query.within, None, Wrong::default()).await?)
}

async fn people_page(
    visit: &Visit,
    tenant: TenantId,
    within: &str,
    form: Option<&Form>,
    wrong: Wrong,
) -> Result<PeoplePage> {
    let v = visit.view("people-title");
    let (lang, now) = (visit.call.lang, visit.call.now);
    let text = |field: &str| form.map_or(String::new(), |form| form.text(field).to_owned());
    let held = store::offices(&visit.app.db, tenant, now).await?;
    let line = |held: &store::Held| Line {
        id: held.id.to_string(),
        office: v.office(held.office).to_string(),
        place: lang.pick(&held.place, &held.place_en).to_owned(),
        name: lang.pick(&held.name, &held.name_en).to_owned(),
        login: held.login.clone().unwrap_or_default(),
        source: v.t(&format!("source-{}", held.source.name().replace('_', "-"))).to_string(),
        term: format!(
            "{} – {}",
            show::day(lang, held.starts, now),
            held.ends.map_or_else(|| v.t("me-open-end").to_string(), |ends| show::day(lang, ends, now))
        ),
    };
    let chosen = (text("office"), text("source"));
    // The subdistrict's own people are not given by a community.
    let here = Office::ALL.iter().filter(|office| **office != Office::Subdistrict);
    let offices = here.map(|o| (o.name().to_owned(), v.office(*o).to_string(), o.name() == chosen.0));
    let sources = SOURCES.iter().map(|source| {
        (source.name().to_owned(), v.t(&format!("source-{}", source.name())).to_string(), source.name() == chosen.1)
    });
    let (insides, grounds) = grounds(visit, &v, tenant, within, &text("at")).await?;
    let compounds = insides.iter().filter(|inside| !inside.0.contains('/'));
    let mut letters: Vec<_> = compounds.map(|inside| (encoded(&inside.0), inside.1.clone())).collect();
    letters.push((COMMUNITY.to_owned(), v.t("people-letters-community").to_string()));
    Ok(PeoplePage {
        within: insides.iter().find(|inside| inside.2).map(|inside| inside.0.clone()).unwrap_or_default(),
        insides,
        grounds,
        wrong,
        lines: held.iter().map(line).collect(),
        offices: offices.collect(),
        sources: sources.collect(),
        name: text("name"),
        login: text("login"),
        same: ticked(&text("same")),
        letter: ticked(&text("letter")),
        letters,
        years: text("years"),
        v,
    })
}

/// What can be chosen: the whole community, its compounds and grids, and what lies in `within`, which is the only compound
/// where there is no other. A place that was chosen before stays chosen, wherever it lies.
async fn grounds(
    visit: &Visit,
    v: &View,
    tenant: TenantId,
    within: &str,
    at: &str,
) -> Result<(Vec<Pick>, Vec<(String, Vec<Pick>)>)> {
    let db = &visit.app.db;
    let name = |place: &Place| v.pick(&place.label, &place.label_en).to_owned();
    let pick = |place: &Place| match place.kind {
        PlaceKind::Community => (String::new(), name(place), at.is_empty()),
        _ => (place.path.clone(), name(place), place.path == at),
    };
    let (mut below, whole): (Vec<Place>, Vec<Place>) =
        places::wide(db, tenant).await?.into_iter().partition(|place| place.kind == PlaceKind::Grid);
    let mut insides: Vec<Place> = whole.iter().filter(|place| place.kind == PlaceKind::Compound).cloned().collect();
    let code = within.split('/').next().unwrap_or_default();
    let at_compound = match insides.len() {
        1 if within.is_empty() => Some(0),
        _ => insides.iter().position(|place| place.path == code),
    };
    let mut inside = at_compound.map(|at| insides[at].clone());
    if let (Some(compound), Some(at)) = (inside.clone(), at_compound) {
        let buildings = places::in_compound(db, tenant, compound.id, PlaceKind::Building).await?;
        if let Some(building) = buildings.iter().find(|place| place.path == within) {
            let homes = places::in_compound(db, tenant, compound.id, PlaceKind::Home).await?;
            below.extend(homes.into_iter().filter(|home| home.building == Some(building.id)));
            inside = Some(building.clone());
        }
        insides.splice(at + 1..at + 1, buildings.iter().cloned());
        below.extend(buildings);
    }
    if !at.is_empty() && !whole.iter().chain(&below).any(|place| place.path == at) {
        below.extend(places::by_path(db, tenant, at).await?);
    }
    let mut grounds = vec![(v.t("people-whole").to_string(), whole.iter().map(pick).collect())];
    for kind in [PlaceKind::Building, PlaceKind::Home, PlaceKind::Grid, PlaceKind::Entrance, PlaceKind::Facility] {
        let picks: Vec<Pick> = below.iter().filter(|place| place.kind == kind).map(pick).collect();
        if !picks.is_empty() {
            grounds.push((v.t(&format!("place-{kind}")).to_string(), picks));
        }
    }
    let here = inside.map(|place| place.id);
    let insides = insides.iter().map(|place| (place.path.clone(), name(place), Some(place.id) == here)).collect();
    Ok((insides, grounds))
}

/// Where an office is held, for whoever chose another kind of place.
fn misplaced(office: Office) -> &'static str {
    match office.places() {
        [PlaceKind::Home] => "people/at-home",
        [PlaceKind::Building] => "people/at-building",
        [PlaceKind::Grid] => "people/at-grid",
        [PlaceKind::Compound] => "people/at-compound",
        [PlaceKind::Compound, PlaceKind::Community] => "people/at-compound-or-community",
        [PlaceKind::Subdistrict] => "people/at-subdistrict",
        _ => "people/at-community",
    }
}

/// The sources that can be named.
pub const SOURCES: [Source; 4] = [Source::Verified, Source::Election, Source::Appointment, Source::Contract];

/// What a new mandate says.
pub struct Giving {
    name: String,
    office: Office,
    source: Source,
    place: Place,
    years: Option<i64>,
    login: Option<String>,
    phc: Option<String>,
    /// A letter with which they choose a login and a password of their own.
    letter: bool,
    /// Somebody who is something here already.
    known: Option<PersonId>,
}

/// What was given.
pub struct Given {
    pub mandate: MandateId,
    pub letter: Option<invite::InvitationId>,
}

/// `POST /office/people`: a person and what they are trusted with.
pub async fn give(visit: Visit, form: Form) -> Answer {
    let tenant = keeper(&visit)?;
    if let Some(to) = keys::answered(&visit.app, tenant.0, &form.key).await? {
        return Ok(see_other(&to));
    }
    let done = async {
        let giving = &read(&visit, tenant, &of_form(&form)).await?;
        let context = visit.context(tenant, Some(Office::Community));
        let app = &visit.app;
        keys::once(app, &context, tenant.0, &form.key, &|tx| {
            Box::pin(async move {
                let given = give_in(tx, app, tenant, giving).await?;
                // It is printed next.
                Ok(given.letter.map_or("/office/people".to_owned(), |_| letters_at(&giving.place)))
            })
        })
        .await
    };
    match done.await {
        Ok(to) => Ok(see_other(&to)),
        Err(error) => {
            // Of several at once the others find the name taken; their key tells what they are answered.
            if let Some(to) = keys::answered(&visit.app, tenant.0, &form.key).await? {
                return Ok(see_other(&to));
            }
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&people_page(&visit, tenant, form.text("within"), Some(&form), wrong).await?)
        }
    }
}

/// The page on which the letter of somebody who serves here lies: that of the compound, else of the community.
fn letters_at(place: &Place) -> String {
    let lies_in_compound = place.compound.is_some() || place.kind == PlaceKind::Compound;
    let code = if lies_in_compound { place.path.split('/').next().unwrap_or_default() } else { COMMUNITY };
    format!("/office/compounds/{}/letters", encoded(code))
}

/// Reads a new mandate from a form or a call.
///
/// # Errors
/// [`Error::Invalid`] with everything that is wrong.
pub async fn read(visit: &Visit, tenant: TenantId, text: &(dyn Fn(&str) -> String + Sync)) -> Result<Giving> {
    let mut problems = Problems::default();
    let name = text("name");
    problems.when(name.is_empty() || name.chars().count() > 60, "name", "people/name");
    let (office, source) = (Office::parse(&text("office")), Source::parse(&text("source")));
    problems.when(office.is_none(), "office", "people/office");
    problems.when(source.is_none(), "source", "people/source");
    let place = match text("at").as_str() {
        "" => places::root(&visit.app.db, tenant).await?,
        path => places::by_path(&visit.app.db, tenant, path).await?,
    };
    match (office, &place) {
        (_, None) => problems.add("at", "people/place"),
        (Some(office), Some(place)) => problems.when(!office.fits(place.kind), "at", misplaced(office)),
        _ => {}
    }
    let some = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
    let years = some("years").map(|years| years.parse::<i64>().map_err(|_| Error::invalid("years", "people/years")));
    let years = years.transpose()?;
    problems.when(years.is_some_and(|years| !(1..=10).contains(&years)), "years", "people/years");
    let login = some("login").map(|login| login::typed(&login));
    if let Some(fault) = login.as_deref().and_then(login::fault) {
        problems.add("login", fault);
    }
    let letter = ticked(&text("letter"));
    // Nobody gets a second self by being trusted with something.
    let namesakes = people::namesakes(&visit.app.db, tenant, &name, visit.call.now).await?;
    let known = match (ticked(&text("same")), namesakes.as_slice()) {
        (false, []) => None,
        (true, [one]) => Some(*one),
        (false, _) => {
            problems.add("name", "people/name-here");
            None
        }
        (true, []) => {
            problems.add("name", "people/nobody-so-called");
            None
        }
        (true, _) => {
            problems.add("name", "people/several-so-called");
            None
        }
    };
    problems.when(known.is_some() && (letter || login.is_some()), "same", "people/same-enters");
    problems.when(letter && login.is_some(), "letter", "people/letter-or-login");
    problems.none()?;
    let phc = match &login {
        Some(login) => Some(password::hash(&text("password"), &[login, &name]).await?),
        None => None,
    };
    let missing = || Error::invalid("office", "people/office");
    Ok(Giving {
        name,
        office: office.ok_or_else(missing)?,
        source: source.ok_or_else(missing)?,
        place: place.ok_or_else(missing)?,
        years,
        login,
        phc,
        letter,
        known,
    })
}

/// Gives it.
pub async fn give_in(tx: &mut Tx<'_>, app: &App, tenant: TenantId, giving: &Giving) -> Result<Given> {
    let account = match &giving.login {
        Some(login) => {
            let added = people::add_account(tx, login, giving.phc.as_deref()).await?;
            Some(added.ok_or(Error::invalid("login", "first-run/login-taken"))?)
        }
        None => None,
    };
    let person = match giving.known {
        Some(known) => known,
        None => people::add_person(tx, tenant, account, &giving.name, "").await?,
    };
    let now = tx.now();
    let new = NewMandate {
        person,
        office: giving.office,
        place: giving.place.id,
        organisation: None,
        source: giving.source,
        starts: now,
        ends: match giving.years {
            Some(years) => Some(years_on(now, years)?),
            None => giving.source.ends(now)?,
        },
    };
    let mandate = people::add_mandate(tx, tenant, &new).await?;
    let facts = serde_json::json!({ "office": giving.office, "source": giving.source });
    let activity = Activity::of(tenant, "people/mandate-given", "mandate", mandate).at_place(giving.place.id);
    let activity = tx.record(activity.with(facts)).await?;
    if giving.known.is_some() {
        let told = ("people/mandate-given", "seat", mandate.0, giving.place.label.as_str());
        notice::store::add(tx, tenant, (person, Because::Mine), activity, told).await?;
    }
    // It is printed with those of its compound.
    let at = giving.place.compound.unwrap_or(giving.place.id);
    let letter = match giving.letter {
        true => Some(invite::invite(tx, &app.secrets, tenant, at, person).await?),
        false => None,
    };
    Ok(Given { mandate, letter })
}

/// `POST /office/people/end`: what a mandate opened closes at once.
pub async fn end(visit: Visit, form: Form) -> Answer {
    let mandate: MandateId = form.text("mandate").parse().map_err(|_| Error::NotFound)?;
    end_once(&visit, mandate, &form.key).await?;
    Ok(see_other("/office/people"))
}

/// Ends a mandate of the keeper's community.
pub async fn end_once(visit: &Visit, mandate: MandateId, key: &RequestKey) -> Result<()> {
    let tenant = keeper(visit)?;
    let context = visit.context(tenant, Some(Office::Community));
    keys::once(&visit.app, &context, tenant.0, key, &|tx| {
        Box::pin(async move {
            if store::is_last_keeper(tx, tenant, mandate).await? {
                return Err(Error::conflict("people/last-keeper"));
            }
            if !people::end_mandate(tx, tenant, mandate).await? {
                return Err(Error::NotFound);
            }
            tx.record(Activity::of(tenant, "people/mandate-ended", "mandate", mandate)).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

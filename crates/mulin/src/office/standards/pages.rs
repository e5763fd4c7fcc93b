//! The page of standards.

use super::actions::{self, Wish};
use super::{model, policy};
use crate::layout::typed::of_form;
use crate::layout::{View, Visit, Wrong, page, page_again, show};
use askama::Template;
use commons::case::standards::{ClockKind, Effective, Origin, Standards, Unit, store};
use commons::case::{Door, store as cases};
use commons::people::{Mandate, Office};
use commons::place::{Place, PlaceKind, Tenant, TenantId, TenantKind, store as places};
use kit::web::Query;
use kit::web::answer::{Answer, see_other};
use kit::web::keys::RequestKey;
use kit::web::{Form, keys};
use kit::{Error, Result};
use serde::Deserialize;

/// What holds for one category at a door.
pub struct Line {
    pub name: String,
    /// What is waited for, how long, and where that comes from.
    pub limits: Vec<(String, String, String)>,
}

/// A door with everything that holds there.
pub struct DoorShown {
    pub door: Door,
    pub name: String,
    pub hours: String,
    pub hours_from: String,
    /// For the field: what this place has set itself.
    pub own_hours: String,
    pub lines: Vec<Line>,
}

/// A year of the calendar that is known.
pub struct Year {
    pub year: i16,
    pub source: String,
}

/// A choice in a list: value, name, chosen.
pub type Pick = (String, String, bool);

/// `GET /office/standards`.
#[derive(Template)]
#[template(path = "office/standards/templates/standards.html")]
pub struct StandardsPage {
    pub v: View,
    pub wrong: Wrong,
    /// The communities of somebody who looks after several: id, name, whether it is this one.
    pub houses: Vec<Pick>,
    /// The community in hand where there are several.
    pub of: String,
    /// The community and its compounds: address, name, whether it is this one.
    pub places: Vec<Pick>,
    pub place: String,
    pub place_name: String,
    pub may_set: bool,
    pub may_load: bool,
    pub done: bool,
    pub doors: Vec<DoorShown>,
    pub categories: Vec<Pick>,
    pub door_picks: Vec<Pick>,
    pub clocks: Vec<Pick>,
    pub units: Vec<Pick>,
    pub amount: String,
    pub hours_typed: String,
    pub years: Vec<Year>,
    pub year_text: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct StandardsQuery {
    /// A compound's code; the community's own without it.
    #[serde(default)]
    place: String,
    /// The community, for those who look after several.
    #[serde(default)]
    of: String,
    #[serde(default)]
    done: String,
}

/// Whose standards: the places to choose from, the community's first.
pub struct Around {
    pub tenant: TenantId,
    /// Every community in which this person serves, or which their subdistrict looks after.
    houses: Vec<Tenant>,
    pub root: Place,
    pub compounds: Vec<Place>,
}

impl Around {
    pub async fn of(visit: &Visit, of: &str) -> Result<Around> {
        visit.call.account()?;
        if !visit.is_staff() {
            return Err(Error::denied("standards/not-staff"));
        }
        let (db, actor) = (&visit.app.db, &visit.actor);
        let serves = |mandate: &&Mandate| !mandate.office.is_resident();
        let mine = |tenant: &Tenant| actor.in_tenant(tenant.id).any(|one| serves(&one)) || actor.above(tenant.parent);
        let mut houses = places::tenants(db).await?;
        houses.retain(|tenant| tenant.kind == TenantKind::Community && mine(tenant));
        let first = actor.mandates.iter().find(serves).map(|mandate| mandate.tenant);
        let chosen = match of {
            "" => houses.iter().find(|house| Some(house.id) == first).or(houses.first()),
            of => houses.iter().find(|house| house.id.to_string() == of),
        };
        let tenant = chosen.ok_or(Error::NotFound)?.id;
        let (mut communities, mut compounds) = (Vec::new(), Vec::new());
        for place in places::wide(db, tenant).await? {
            match place.kind {
                PlaceKind::Community => communities.push(place),
                PlaceKind::Compound => compounds.push(place),
                _ => {}
            }
        }
        let root = communities.into_iter().find(|place| place.parent.is_none()).ok_or(Error::NotFound)?;
        Ok(Around { tenant, houses, root, compounds })
    }

    /// The community as an address names it; nothing where there is no other.
    fn name(&self) -> String {
        if self.houses.len() > 1 { self.tenant.to_string() } else { String::new() }
    }

    pub fn find(&self, code: &str) -> Result<&Place> {
        match code {
            "" => Ok(&self.root),
            code => self.compounds.iter().find(|place| place.path == code).ok_or(Error::NotFound),
        }
    }
}

pub async fn see(visit: Visit, Query(query): Query<StandardsQuery>) -> Answer {
    let around = Around::of(&visit, &query.of).await?;
    let mut shown = standards_page(&visit, &around, &query.place, None, Wrong::default()).await?;
    shown.done = query.done == "1";
    page(&shown)
}

async fn standards_page(
    visit: &Visit,
    around: &Around,
    code: &str,
    form: Option<&Form>,
    wrong: Wrong,
) -> Result<StandardsPage> {
    let v = visit.view("standards-title");
    let (db, place) = (&visit.app.db, around.find(code)?);
    let (set, calendar) = store::around(db, around.tenant, place.id).await?;
    let community = place.kind == PlaceKind::Community;
    let mut categories = cases::categories(db, around.tenant).await?;
    categories.retain(|category| community || category.offered_in(Some(place.id)));
    let text = |field: &str| form.map_or(String::new(), |form| form.text(field).to_owned());
    let named: Vec<(String, String)> =
        categories.iter().map(|c| (c.slug.clone(), v.pick(&c.name, &c.name_en).to_owned())).collect();
    let doors = Door::ALL.iter().map(|door| door_shown(&v, &set, *door, &named, community)).collect::<Result<_>>()?;
    let path = |place: &Place| if place.id == around.root.id { String::new() } else { place.path.clone() };
    let choice = |place: &Place| {
        let name = v.pick(&place.name, &place.name_en).to_owned();
        (path(place), name, path(place) == code)
    };
    let everything = (String::new(), v.t("standards-all").to_string(), text("category").is_empty());
    let picks = |names: Vec<(String, String)>, chosen: String| -> Vec<Pick> {
        names.into_iter().map(|(value, name)| (value.clone(), name, value == chosen)).collect()
    };
    let keyed = |name: &str, key: String| (name.to_owned(), v.t(&key).to_string());
    let mut years: Vec<Year> =
        calendar.notices().map(|(year, notice)| Year { year, source: notice.source.clone() }).collect();
    years.reverse();
    years.truncate(4);
    let house = |house: &Tenant| {
        let name = v.pick(&house.name, &house.name_en).to_owned();
        (house.id.to_string(), name, house.id == around.tenant)
    };
    Ok(StandardsPage {
        houses: if around.houses.len() > 1 { around.houses.iter().map(house).collect() } else { Vec::new() },
        of: around.name(),
        places: std::iter::once(&around.root).chain(&around.compounds).map(choice).collect(),
        place: code.to_owned(),
        place_name: v.pick(&place.name, &place.name_en).to_owned(),
        may_set: policy::set(&visit.actor, place).is_ok(),
        may_load: community && policy::load(&visit.actor, &around.root).is_ok(),
        done: false,
        doors,
        categories: std::iter::once(everything).chain(picks(named, text("category"))).collect(),
        door_picks: picks(Door::ALL.iter().map(|d| keyed(d.name(), format!("door-{d}"))).collect(), text("door")),
        clocks: picks(ClockKind::ALL.iter().map(|c| keyed(c.name(), format!("clock-{c}"))).collect(), text("clock")),
        units: picks(Unit::ALL.iter().map(|u| keyed(u.name(), unit_key(*u))).collect(), text("unit")),
        amount: text("amount"),
        hours_typed: text("hours"),
        years,
        year_text: text("year"),
        wrong,
        v,
    })
}

fn unit_key(unit: Unit) -> String {
    format!("limit-unit-{}", unit.name().replace('_', "-"))
}

fn origin_of(v: &View, found: Origin, community: bool) -> String {
    let origin = match (found, community) {
        // On the community's own page, what it has set itself is the community's.
        (Origin::CompoundCategory, true) => Origin::CommunityCategory,
        (Origin::Compound, true) => Origin::Community,
        (other, _) => other,
    };
    v.t(&format!("origin-{}", origin.name().replace('_', "-"))).to_string()
}

fn door_shown(
    v: &View,
    set: &Standards,
    door: Door,
    categories: &[(String, String)],
    community: bool,
) -> Result<DoorShown> {
    let of = |slug: &str| -> Result<Vec<Effective>> {
        ClockKind::ALL.iter().map(|clock| set.effective(slug, door, *clock)).collect()
    };
    let line = |name: String, found: &[Effective]| {
        let shown = ClockKind::ALL.iter().zip(found).map(|(clock, found)| {
            let clock = v.t(&format!("clock-{clock}")).to_string();
            (clock, show::amount(v.lang, found.amount, found.unit.name()), origin_of(v, found.origin, community))
        });
        Line { name, limits: shown.collect() }
    };
    // No category is called so; what comes out holds for all that have none of their own.
    let general = of("")?;
    let mut lines = vec![line(v.t("standards-all").to_string(), &general)];
    for (slug, name) in categories {
        let own = of(slug)?;
        if own != general {
            lines.push(line(name.clone(), &own));
        }
    }
    let (hours, from) = set.hours(door)?;
    let own_hours = set.hours.iter().find(|(own, at, _)| *own && *at == door).map(|(_, _, text)| text.clone());
    Ok(DoorShown {
        door,
        name: v.door(door).to_string(),
        hours,
        hours_from: origin_of(v, from, community),
        own_hours: own_hours.unwrap_or_default(),
        lines,
    })
}

/// `POST /office/standards`: a limit set or taken back.
pub async fn set(visit: Visit, form: Form) -> Answer {
    act(&visit, &form, policy::set, |form| model::Change::read(&of_form(form)).map(Wish::Change)).await
}

/// `POST /office/standards/hours`: office hours of a door.
pub async fn hours(visit: Visit, form: Form) -> Answer {
    act(&visit, &form, policy::set, |form| model::hours(&of_form(form)).map(|(door, text)| Wish::Hours(door, text)))
        .await
}

/// `POST /office/standards/calendar`: a year that was published.
pub async fn calendar(visit: Visit, form: Form) -> Answer {
    // Pasted or chosen.
    let typed = |form: &Form| match form.files.first() {
        Some(file) => String::from_utf8_lossy(&file.bytes).into_owned(),
        None => form.text("year").to_owned(),
    };
    act(&visit, &form, policy::load, |form| model::year(&typed(form)).map(|(year, text)| Wish::Year(year, text))).await
}

/// Who may do a deed at a place.
pub type May = fn(&commons::people::Actor, &Place) -> Result<Office>;

/// Does what a form wishes at its place, once; a wrong form comes back with all that was typed.
async fn act(visit: &Visit, form: &Form, may: May, read: impl Fn(&Form) -> Result<Wish>) -> Answer {
    let around = Around::of(visit, form.text("of")).await?;
    let code = form.text("place");
    let place = around.find(code)?;
    let office = may(&visit.actor, place)?;
    let of = match around.name() {
        of if of.is_empty() => of,
        of => format!("of={of}&"),
    };
    let to = match place.kind {
        PlaceKind::Community => format!("/office/standards?{of}done=1"),
        _ => format!("/office/standards?{of}place={}&done=1", crate::layout::line::encoded(&place.path)),
    };
    let done = async { once(visit, place, office, &read(form)?, &form.key).await };
    match done.await {
        Ok(()) => Ok(see_other(&to)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&standards_page(visit, &around, code, Some(form), wrong).await?)
        }
    }
}

/// Does what somebody wishes at a place, once.
pub async fn once(visit: &Visit, place: &Place, office: Office, wish: &Wish, key: &RequestKey) -> Result<()> {
    let context = visit.context(place.tenant, Some(office));
    keys::once(&visit.app, &context, place.tenant.0, key, &|tx| {
        Box::pin(async move {
            actions::act(tx, place, wish).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

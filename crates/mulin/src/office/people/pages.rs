//! The pages of people and mandates.

use super::store;
use crate::layout::{View, Visit, Wrong, page, page_again, show};
use askama::Template;
use commons::people::store::{self as people, NewMandate};
use commons::people::{MandateId, Office, Source};
use commons::place::{Place, PlaceKind, TenantId, store as places};
use kit::book::Activity;
use kit::db::Tx;
use kit::time::Moment;
use kit::web::answer::{Answer, see_other};
use kit::web::form::Problems;
use kit::web::{Form, keys};
use kit::{Error, Result, password};

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

/// `GET /office/people`.
#[derive(Template)]
#[template(path = "office/people/templates/people.html")]
pub struct PeoplePage {
    pub v: View,
    pub wrong: Wrong,
    pub lines: Vec<Line>,
    pub offices: Vec<(String, String, bool)>,
    pub sources: Vec<(String, String, bool)>,
    pub name: String,
    pub at: String,
    pub login: String,
    pub years: String,
}

/// Only those who keep the community's register.
fn keeper(visit: &Visit) -> Result<TenantId> {
    visit.call.account()?;
    let keeps = |mandate: &&commons::people::Mandate| matches!(mandate.office, Office::Community | Office::Operator);
    visit.actor.mandates.iter().find(keeps).map(|mandate| mandate.tenant).ok_or(Error::denied("people/not-keeper"))
}

pub async fn show(visit: Visit) -> Answer {
    let tenant = keeper(&visit)?;
    page(&people_page(&visit, tenant, None, Wrong::default()).await?)
}

async fn people_page(visit: &Visit, tenant: TenantId, form: Option<&Form>, wrong: Wrong) -> Result<PeoplePage> {
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
    let offices = Office::ALL.iter().map(|o| (o.name().to_owned(), v.office(*o).to_string(), o.name() == chosen.0));
    let sources = [Source::Verified, Source::Election, Source::Appointment, Source::Contract];
    let sources = sources.iter().map(|source| {
        (source.name().to_owned(), v.t(&format!("source-{}", source.name())).to_string(), source.name() == chosen.1)
    });
    Ok(PeoplePage {
        wrong,
        lines: held.iter().map(line).collect(),
        offices: offices.collect(),
        sources: sources.collect(),
        name: text("name"),
        at: text("at"),
        login: text("login"),
        years: text("years"),
        v,
    })
}

/// What the form of a new mandate says.
struct Giving {
    name: String,
    office: Office,
    source: Source,
    place: Place,
    years: Option<i64>,
    login: Option<String>,
    phc: Option<String>,
}

/// `POST /office/people`: a person and what they are trusted with.
pub async fn give(visit: Visit, form: Form) -> Answer {
    let tenant = keeper(&visit)?;
    if let Some(to) = keys::answered(&visit.app, tenant.0, &form.key).await? {
        return Ok(see_other(&to));
    }
    let done = async {
        let giving = &read(&visit, tenant, &form).await?;
        let context = visit.context(tenant, Some(Office::Community));
        keys::once(&visit.app, &context, tenant.0, &form.key, &|tx| {
            Box::pin(async move {
                give_in(tx, tenant, giving).await?;
                Ok("/office/people".to_owned())
            })
        })
        .await
    };
    match done.await {
        Ok(to) => Ok(see_other(&to)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&people_page(&visit, tenant, Some(&form), wrong).await?)
        }
    }
}

async fn read(visit: &Visit, tenant: TenantId, form: &Form) -> Result<Giving> {
    let mut problems = Problems::default();
    let name = form.text("name");
    problems.when(name.is_empty() || name.chars().count() > 60, "name", "people/name");
    let (office, source) = (Office::parse(form.text("office")), Source::parse(form.text("source")));
    problems.when(office.is_none(), "office", "people/office");
    problems.when(source.is_none(), "source", "people/source");
    let place = match form.text("at") {
        "" => places::of_kind(&visit.app.db, tenant, PlaceKind::Community).await?.into_iter().next(),
        path => places::by_path(&visit.app.db, tenant, path).await?,
    };
    problems.when(place.is_none(), "at", "people/place");
    let years: Option<i64> = form.parse("years", "people/years")?;
    problems.when(years.is_some_and(|years| !(1..=10).contains(&years)), "years", "people/years");
    let login = form.opt("login").map(str::to_lowercase);
    let too_short = login.as_ref().is_some_and(|login| !(2..=60).contains(&login.chars().count()));
    problems.when(too_short, "login", "first-run/login");
    problems.none()?;
    let phc = match &login {
        Some(_) => Some(password::hash(form.text("password")).await?),
        None => None,
    };
    let missing = || Error::invalid("office", "people/office");
    Ok(Giving {
        name: name.to_owned(),
        office: office.ok_or_else(missing)?,
        source: source.ok_or_else(missing)?,
        place: place.ok_or_else(missing)?,
        years,
        login,
        phc,
    })
}

async fn give_in(tx: &mut Tx<'_>, tenant: TenantId, giving: &Giving) -> Result<()> {
    let account = match &giving.login {
        Some(login) => {
            let added = people::add_account(tx, login, giving.phc.as_deref()).await?;
            Some(added.ok_or(Error::invalid("login", "first-run/login-taken"))?)
        }
        None => None,
    };
    let person = people::add_person(tx, tenant, account, &giving.name, "").await?;
    let now = tx.now();
    let new = NewMandate {
        person,
        office: giving.office,
        place: giving.place.id,
        organisation: None,
        source: giving.source,
        starts: now,
        ends: giving.years.map(|years| now + Moment::days(365 * years)),
    };
    let mandate = people::add_mandate(tx, tenant, &new).await?;
    let facts = serde_json::json!({ "office": giving.office, "source": giving.source });
    let activity = Activity::of(tenant, "people/mandate-given", "mandate", mandate).at_place(giving.place.id);
    tx.record(activity.with(facts)).await.map(drop)
}

/// `POST /office/people/end`: what a mandate opened closes at once.
pub async fn end(visit: Visit, form: Form) -> Answer {
    let tenant = keeper(&visit)?;
    let mandate: MandateId = form.text("mandate").parse().map_err(|_| Error::NotFound)?;
    let context = visit.context(tenant, Some(Office::Community));
    let to = keys::once(&visit.app, &context, tenant.0, &form.key, &|tx| {
        Box::pin(async move {
            if !people::end_mandate(tx, tenant, mandate).await? {
                return Err(Error::NotFound);
            }
            tx.record(Activity::of(tenant, "people/mandate-ended", "mandate", mandate)).await?;
            Ok("/office/people".to_owned())
        })
    })
    .await?;
    Ok(see_other(&to))
}

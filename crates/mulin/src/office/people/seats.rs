//! A seat: its term, who stands in, when the holder is away, and handing it over. Cases belong to the seat and stay with it.

use super::{policy, store};
use crate::layout::typed::of_form;
use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use commons::calendar::Zone;
use commons::case::store as cases;
use commons::notice::store as notices;
use commons::notice::wish::Because;
use commons::people::store::seat::{self, Candidate, Seat};
use commons::people::store::{self as people, NewMandate};
use commons::people::{MandateId, Office, PersonId, invite, years_on};
use kit::book::Activity;
use kit::db::Tx;
use kit::time::Moment;
use kit::web::answer::{Answer, see_other};
use kit::web::form::Problems;
use kit::web::keys::RequestKey;
use kit::web::{App, Form, Query, keys};
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::json;

/// The longest leave, in days.
const AWAY_DAYS_MAX: i64 = 366;

/// What a form or a body says, field by field.
pub type Text<'t> = &'t (dyn Fn(&str) -> String + Sync);

/// A choice in a list: value, name, chosen.
pub type Pick = (String, String, bool);

/// A seat as it reads in a list.
pub struct Row {
    pub href: String,
    pub office: String,
    pub place: String,
    pub term: String,
    pub source: String,
    pub deputy: Option<String>,
    pub away: Option<String>,
    /// I stand in for its holder.
    pub stands_in: bool,
}

/// `GET /office/people/mine`.
#[derive(Template)]
#[template(path = "office/people/templates/mine.html")]
pub struct MinePage {
    pub v: View,
    pub rows: Vec<Row>,
}

/// `GET /office/people/seat`.
#[derive(Template)]
#[template(path = "office/people/templates/seat.html")]
pub struct SeatPage {
    pub v: View,
    pub wrong: Wrong,
    pub id: String,
    pub name: String,
    pub row: Row,
    pub has_deputy: bool,
    pub candidates: Vec<Pick>,
    pub successors: Vec<Pick>,
    pub from: String,
    pub until: String,
    /// Whether the one who looks hands it over.
    pub hands_over: bool,
    pub new_name: String,
    pub years: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct SeatQuery {
    #[serde(default)]
    id: String,
}

pub fn href(id: MandateId) -> String {
    format!("/office/people/seat?id={id}")
}

/// The offices of the one who is here, and those they stand in for.
pub async fn my_seats(visit: &Visit) -> Result<Vec<Seat>> {
    visit.call.account()?;
    let mut all = Vec::new();
    for person in &visit.actor.persons {
        all.extend(seat::of_person(&visit.app.db, person.tenant, person.id, visit.call.now).await?);
    }
    Ok(all)
}

pub async fn mine(visit: Visit) -> Answer {
    let v = visit.view("seats-title");
    let rows = my_seats(&visit).await?.iter().map(|seat| row(&visit, &v, seat)).collect();
    page(&MinePage { rows, v })
}

/// A seat in words.
pub fn row(visit: &Visit, v: &View, seat: &Seat) -> Row {
    let now = visit.call.now;
    let until = seat.ends.map_or_else(|| v.t("me-open-end").to_string(), |ends| v.day(ends, now));
    let deputy = seat
        .deputy_name
        .as_ref()
        .map(|name| v.pick(name, seat.deputy_name_en.as_deref().unwrap_or_default()).to_owned());
    let span =
        |(from, until): (Moment, Moment)| format!("{} – {}", v.day(from, now), v.day(until - Moment::minutes(1), now));
    Row {
        href: href(seat.id),
        office: v.office(seat.office).to_string(),
        place: v.pick(&seat.label, &seat.label_en).to_owned(),
        term: format!("{} – {until}", v.day(seat.starts, now)),
        source: v.t(&format!("source-{}", seat.source.name().replace('_', "-"))).to_string(),
        deputy,
        away: seat.leave(now).map(span),
        stands_in: visit.actor.is(seat.tenant, seat.deputy),
    }
}

/// A seat that the one who is here arranges.
pub async fn find(visit: &Visit, id: &str) -> Result<(Seat, Office)> {
    visit.call.account()?;
    let id: MandateId = id.parse().map_err(|_| Error::NotFound)?;
    for person in &visit.actor.persons {
        if let Some(seat) = seat::find(&visit.app.db, person.tenant, id, visit.call.now).await? {
            let office = policy::arrange(&visit.actor, &seat)?;
            return Ok((seat, office));
        }
    }
    Err(Error::NotFound)
}

pub async fn one(visit: Visit, Query(query): Query<SeatQuery>) -> Answer {
    let (seat, _) = find(&visit, &query.id).await?;
    page(&seat_page(&visit, &seat, None, Wrong::default()).await?)
}

async fn seat_page(visit: &Visit, seat: &Seat, form: Option<&Form>, wrong: Wrong) -> Result<SeatPage> {
    let v = visit.view("seat-title");
    let all = candidates(visit, seat).await?;
    let text = |name: &str| form.map_or(String::new(), |form| form.text(name).to_owned());
    let pick = |one: &Candidate, chosen: bool| {
        let (name, label) = (v.pick(&one.name, &one.name_en), v.pick(&one.label, &one.label_en));
        (one.person.to_string(), format!("{name} · {label}"), chosen)
    };
    let typed = text("to");
    Ok(SeatPage {
        wrong,
        id: seat.id.to_string(),
        name: v.pick(&seat.name, &seat.name_en).to_owned(),
        row: row(visit, &v, seat),
        has_deputy: seat.deputy.is_some(),
        candidates: all.iter().map(|one| pick(one, Some(one.person) == seat.deputy)).collect(),
        successors: all.iter().map(|one| pick(one, one.person.to_string() == typed)).collect(),
        from: text("from"),
        until: text("until"),
        hands_over: policy::hand_over(&visit.actor, seat).is_ok(),
        new_name: text("name"),
        years: text("years"),
        v,
    })
}

/// Who could stand in or follow: whoever can sign in and holds an office here, or lives in the building; not the holder.
pub async fn candidates(visit: &Visit, seat: &Seat) -> Result<Vec<Candidate>> {
    let mut all = seat::candidates(&visit.app.db, seat.tenant, seat.building, visit.call.now).await?;
    all.retain(|one| one.person != seat.person);
    Ok(all)
}

async fn done(visit: &Visit, seat: &Seat, form: &Form, outcome: Result<String>) -> Answer {
    match outcome {
        Ok(to) => Ok(see_other(&to)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&seat_page(visit, seat, Some(form), wrong).await?)
        }
    }
}

/// Names a deputy, or nobody.
pub async fn deputy_once(visit: &Visit, id: &str, to: &str, key: &RequestKey) -> Result<()> {
    let (seat, office) = &find(visit, id).await?;
    let deputy: Option<PersonId> = match to {
        "" => None,
        to => Some(to.parse().map_err(|_| Error::invalid("to", "people/deputy"))?),
    };
    if let Some(person) = deputy
        && !candidates(visit, seat).await?.iter().any(|one| one.person == person)
    {
        return Err(Error::invalid("to", "people/deputy"));
    }
    let tenant = seat.tenant;
    keys::once(&visit.app, &visit.context(tenant, Some(*office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            seat::set_deputy(tx, tenant, seat.id, deputy).await?;
            let facts = json!({ "office": seat.office, "deputy": deputy });
            let activity = Activity::of(tenant, "people/deputy-named", "mandate", seat.id).at_place(seat.place);
            let activity = tx.record(activity.with(facts)).await?;
            if let Some(person) = deputy {
                let told = ("people/deputy-named", "seat", seat.id.0, seat.label.as_str());
                notices::add(tx, tenant, (person, Because::Held), activity, told).await?;
            }
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// `POST /office/people/deputy`.
pub async fn deputy(visit: Visit, form: Form) -> Answer {
    let (seat, _) = find(&visit, form.text("id")).await?;
    let outcome = deputy_once(&visit, form.text("id"), form.text("to"), &form.key).await;
    done(&visit, &seat, &form, outcome.map(|()| href(seat.id))).await
}

/// The instant at which a day begins in China.
fn day(text: &str, more: i64) -> Option<Moment> {
    let date: jiff::civil::Date = text.parse().ok()?;
    let date = date.checked_add(jiff::Span::new().try_days(more).ok()?).ok()?;
    Zone::china().moment(date.to_datetime(jiff::civil::Time::midnight())).ok()
}

/// The days of a leave, the last one included.
fn leave(text: Text<'_>, now: Moment) -> Result<(Moment, Moment)> {
    let mut problems = Problems::default();
    let (from, until) = (day(&text("from"), 0), day(&text("until"), 1));
    problems.when(from.is_none(), "from", "people/away-from");
    let fits = from
        .zip(until)
        .is_some_and(|(from, until)| from < until && until > now && until - from <= Moment::days(AWAY_DAYS_MAX));
    problems.when(from.is_some() && !fits, "until", "people/away-until");
    problems.none()?;
    from.zip(until).ok_or(Error::invalid("until", "people/away-until"))
}

/// The holder is away from a day until another, and the deputy carries the office meanwhile.
pub async fn away_once(visit: &Visit, id: &str, text: Text<'_>, key: &RequestKey) -> Result<()> {
    let (seat, office) = &find(visit, id).await?;
    if keys::answered(&visit.app, seat.tenant.0, key).await?.is_some() {
        return Ok(());
    }
    let (from, until) = leave(text, visit.call.now)?;
    let tenant = seat.tenant;
    keys::once(&visit.app, &visit.context(tenant, Some(*office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            if !seat::set_away(tx, tenant, seat.id, Some((from, until))).await? {
                return Err(Error::invalid("from", "people/away-no-deputy"));
            }
            let facts = json!({ "office": seat.office, "from": from, "until": until });
            let activity = Activity::of(tenant, "people/away", "mandate", seat.id).at_place(seat.place);
            let activity = tx.record(activity.with(facts)).await?;
            if let Some(person) = seat.deputy {
                let told = ("people/away", "seat", seat.id.0, seat.label.as_str());
                notices::add(tx, tenant, (person, Because::Held), activity, told).await?;
            }
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// `POST /office/people/away`.
pub async fn away(visit: Visit, form: Form) -> Answer {
    let (seat, _) = find(&visit, form.text("id")).await?;
    let outcome = away_once(&visit, form.text("id"), &of_form(&form), &form.key).await;
    done(&visit, &seat, &form, outcome.map(|()| href(seat.id))).await
}

/// The holder is back, or does not go.
pub async fn back_once(visit: &Visit, id: &str, key: &RequestKey) -> Result<()> {
    let (seat, office) = &find(visit, id).await?;
    let tenant = seat.tenant;
    keys::once(&visit.app, &visit.context(tenant, Some(*office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            let now = tx.now();
            let current = seat::find_in(tx, tenant, seat.id).await?.ok_or(Error::NotFound)?;
            if current.leave(now).is_none() {
                return Err(Error::conflict("people/not-away"));
            }
            seat::set_away(tx, tenant, seat.id, None).await?;
            let activity = Activity::of(tenant, "people/back", "mandate", seat.id).at_place(seat.place);
            tx.record(activity.with(json!({ "office": seat.office }))).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// `POST /office/people/back`.
pub async fn back(visit: Visit, form: Form) -> Answer {
    back_once(&visit, form.text("id"), &form.key).await?;
    let (seat, _) = find(&visit, form.text("id")).await?;
    Ok(see_other(&href(seat.id)))
}

/// Who follows: somebody who is here, or somebody new with a letter.
enum Successor {
    Known(PersonId),
    New(String),
}

/// Hands a seat over. Gives the new mandate and the code of the letter, if there is one.
pub async fn hand_over_once(visit: &Visit, seat: &Seat, text: Text<'_>, key: &RequestKey) -> Result<String> {
    let office = policy::hand_over(&visit.actor, seat)?;
    if let Some(kept) = keys::answered(&visit.app, seat.tenant.0, key).await? {
        return Ok(kept);
    }
    let mut problems = Problems::default();
    let (to, name) = (text("to"), text("name"));
    let successor = match (to.as_str(), name.is_empty()) {
        ("", true) => {
            problems.add("name", "people/name");
            None
        }
        ("", false) => {
            problems.when(name.chars().count() > 60, "name", "people/name");
            Some(Successor::New(name))
        }
        (to, _) => {
            let person: Option<PersonId> = to.parse().ok();
            let known = candidates(visit, seat).await?;
            let person = person.filter(|person| known.iter().any(|one| one.person == *person));
            problems.when(person.is_none(), "to", "people/deputy");
            person.map(Successor::Known)
        }
    };
    let years = text("years");
    let years = match years.as_str() {
        "" => None,
        years => Some(years.parse::<i64>().unwrap_or(0)),
    };
    problems.when(years.is_some_and(|years| !(1..=10).contains(&years)), "years", "people/years");
    problems.none()?;
    let successor = &successor.ok_or(Error::invalid("name", "people/name"))?;
    let (tenant, app) = (seat.tenant, &visit.app);
    keys::once(app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move { give_on(tx, app, seat, successor, years).await })
    })
    .await
}

async fn give_on(tx: &mut Tx<'_>, app: &App, seat: &Seat, successor: &Successor, years: Option<i64>) -> Result<String> {
    let (tenant, now) = (seat.tenant, tx.now());
    if matches!(successor, Successor::New(_)) && store::is_last_keeper(tx, tenant, seat.id).await? {
        return Err(Error::conflict("people/last-keeper"));
    }
    if !people::end_mandate(tx, tenant, seat.id).await? {
        return Err(Error::NotFound);
    }
    let at = seat.compound.unwrap_or(seat.place);
    let (person, letter) = match successor {
        Successor::Known(person) => (*person, None),
        Successor::New(name) => {
            let person = people::add_person(tx, tenant, None, name, "").await?;
            let letter = invite::invite(tx, &app.secrets, tenant, at, person).await?;
            (person, Some(invite::code(&app.secrets, letter)))
        }
    };
    let ends = match years {
        Some(years) => Some(years_on(now, years)?),
        None => seat.source.ends(now)?,
    };
    let new = NewMandate {
        person,
        office: seat.office,
        place: seat.place,
        organisation: seat.organisation,
        source: seat.source,
        starts: now,
        ends,
    };
    let mandate = people::add_mandate(tx, tenant, &new).await?;
    let passed = cases::pass_on(tx, tenant, (seat.office, seat.place), seat.person, person).await?;
    let facts = json!({ "office": seat.office, "to": mandate, "in_hand": passed });
    let activity = Activity::of(tenant, "people/handed-over", "mandate", seat.id).at_place(seat.place);
    let activity = tx.record(activity.with(facts)).await?;
    let told = ("people/handed-over", "seat", mandate.0, seat.label.as_str());
    notices::add(tx, tenant, (person, Because::Held), activity, told).await?;
    let told = ("people/handed-on", "seat", seat.id.0, seat.label.as_str());
    notices::add(tx, tenant, (seat.person, Because::Held), activity, told).await?;
    Ok(json!({ "id": mandate, "letter": letter }).to_string())
}

/// `POST /office/people/hand-over`.
pub async fn hand_over(visit: Visit, form: Form) -> Answer {
    let id: MandateId = form.text("id").parse().map_err(|_| Error::NotFound)?;
    let tenant = super::pages::keeper(&visit)?;
    if keys::answered(&visit.app, tenant.0, &form.key).await?.is_some() {
        return Ok(see_other("/office/people"));
    }
    let found = seat::find(&visit.app.db, tenant, id, visit.call.now).await?.ok_or(Error::NotFound);
    // Of several at once the others find it handed over; their key tells what they are answered.
    let seat = match found {
        Ok(seat) => seat,
        Err(error) => match keys::answered(&visit.app, tenant.0, &form.key).await? {
            Some(_) => return Ok(see_other("/office/people")),
            None => return Err(error.into()),
        },
    };
    let outcome = hand_over_once(&visit, &seat, &of_form(&form), &form.key).await;
    done(&visit, &seat, &form, outcome.map(|_| "/office/people".to_owned())).await
}

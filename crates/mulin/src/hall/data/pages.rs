//! The page of my data, and the page before erasing.

use super::actions;
use crate::layout::typed::ticked;
use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use axum::http::{HeaderName, HeaderValue, header};
use commons::kept::store::{self, Look, erase::Held};
use commons::kept::{Consent, Kind};
use commons::people::Office;
use kit::web::Form;
use kit::web::answer::{Answer, Fault, see_other};
use kit::web::call::set_cookie;
use kit::web::session;
use kit::{Error, Result};

pub const HERE: &str = "/me/data";
const CLEAR: HeaderName = HeaderName::from_static("clear-site-data");
pub const ERASED: &str = "/me/data/erased";

/// A kind of what is kept, in words.
pub struct Kept {
    pub title: String,
    pub count: i64,
    pub what: String,
    pub why: String,
    pub until: String,
    /// Where it can be corrected.
    pub at: Option<&'static str>,
}

/// A consent that is given.
pub struct Given {
    pub name: &'static str,
    pub words: String,
}

/// `GET /me/data`.
#[derive(Template)]
#[template(path = "hall/data/templates/data.html")]
pub struct DataPage {
    pub v: View,
    pub wrong: Wrong,
    pub name: String,
    pub name_en: String,
    pub kept: Vec<Kept>,
    pub given: Vec<Given>,
    pub looks: Vec<String>,
    pub acts: Vec<String>,
}

/// `GET /me/data/erase`.
#[derive(Template)]
#[template(path = "hall/data/templates/erase.html")]
pub struct ErasePage {
    pub v: View,
    pub wrong: Wrong,
    /// What ends, and who goes on.
    pub ends: Vec<(String, String)>,
}

/// `GET /me/data/erased`.
#[derive(Template)]
#[template(path = "hall/data/templates/erased.html")]
pub struct ErasedPage {
    pub v: View,
}

/// Where a kind is corrected or ended.
fn place(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Account | Kind::Devices => Some("/me/devices"),
        Kind::Name => Some("#name"),
        Kind::Homes => Some("/me/homes"),
        Kind::Offices | Kind::Card => Some("/office/people/mine"),
        Kind::Requests | Kind::Support => Some("/me"),
        Kind::Letters => Some("/me/notices"),
        Kind::Service => Some("/help/hub"),
        Kind::Standing => Some("/me/standing"),
        Kind::Book => None,
    }
}

/// A kind in words.
pub fn kept(v: &View, kind: Kind, count: i64) -> Kept {
    let say = |what: &str| v.t(&format!("kept-{}{what}", kind.name())).to_string();
    Kept { title: say(""), count, what: say("-what"), why: say("-why"), until: say("-until"), at: place(kind) }
}

pub fn given(v: &View, consent: Consent) -> Given {
    Given { name: consent.name(), words: v.t(&format!("consent-{}", consent.name())).to_string() }
}

fn look(v: &View, now: kit::time::Moment, one: &Look) -> String {
    let office = one.office.as_deref().and_then(Office::parse).map(|office| v.office(office).to_string());
    let who = [office.unwrap_or_default(), v.pick(&one.name, &one.name_en).to_owned()];
    let who = who.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let who = if who.is_empty() { v.t("data-look-console").to_string() } else { who };
    let what = match one.stem.as_str() {
        "requests/contact-viewed" => v.a("data-look-contact", "about", one.about.clone()),
        "looks/case" => v.a("data-look-case", "about", one.about.clone()),
        "homes/viewed" => v.a("data-look-home", "about", v.pick(&one.about, &one.about_en).to_owned()),
        _ => v.t("data-look-export").to_string(),
    };
    format!("{} · {who} · {what}", v.moment(one.at, now))
}

pub async fn show(visit: Visit) -> Answer {
    page(&data_page(&visit, Wrong::default()).await?)
}

async fn data_page(visit: &Visit, wrong: Wrong) -> Result<DataPage> {
    visit.call.in_person()?;
    let v = visit.view("data-title");
    let (db, now) = (&visit.app.db, visit.call.now);
    let mut counts: Vec<(Kind, i64)> = Kind::ALL.iter().map(|kind| (*kind, 0)).collect();
    let (mut given_all, mut looks, mut acts) = (Vec::new(), Vec::new(), Vec::new());
    for person in &visit.actor.persons {
        for (kind, n) in store::counted(db, person.tenant, person.id).await? {
            counts.iter_mut().filter(|(one, _)| *one == kind).for_each(|(_, sum)| *sum += n);
        }
        looks.extend(store::looks(db, person.tenant, person.id).await?.iter().map(|one| look(&v, now, one)));
        acts.extend(
            store::done_for(db, person.tenant, person.id).await?.iter().map(|one| crate::standing::act(&v, now, one)),
        );
        given_all.extend(store::consents(db, person.tenant, person.id, now).await?);
    }
    let runs = |consent: &&Consent| given_all.iter().any(|(one, n)| one == *consent && *n > 0);
    let given = Consent::ALL.iter().filter(runs).map(|consent| given(&v, *consent)).collect();
    let first = visit.actor.persons.first();
    Ok(DataPage {
        wrong,
        name: first.map(|person| person.name.clone()).unwrap_or_default(),
        name_en: first.map(|person| person.name_en.clone()).unwrap_or_default(),
        kept: counts.into_iter().filter(|(_, n)| *n > 0).map(|(kind, n)| kept(&v, kind, n)).collect(),
        given,
        looks,
        acts,
        v,
    })
}

/// `POST /me/data/name`.
pub async fn name(visit: Visit, form: Form) -> Answer {
    match actions::rename(&visit, form.text("name"), form.text("name_en"), &form.key).await {
        Ok(()) => Ok(see_other(HERE)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            let again = data_page(&visit, wrong).await?;
            let (name, name_en) = (form.text("name").to_owned(), form.text("name_en").to_owned());
            page_again(&DataPage { name, name_en, ..again })
        }
    }
}

/// `POST /me/data/withdraw`.
pub async fn withdraw(visit: Visit, form: Form) -> Answer {
    actions::withdraw(&visit, form.text("consent"), &form.key).await?;
    Ok(see_other(HERE))
}

/// What ends with the account, and who goes on with it.
pub fn ends(v: &View, held: &Held) -> (String, String) {
    let what = format!("{} · {}", v.pick(&held.label, &held.label_en), v.office(held.office));
    let after = match (held.office.is_resident(), held.others, held.deputy) {
        (true, ..) => v.t("leaving-after-home").to_string(),
        (_, 1.., _) => v.a("leaving-after-others", "n", held.others),
        (_, _, true) => v.t("leaving-after-deputy").to_string(),
        _ => v.t("leaving-after-keepers").to_string(),
    };
    (what, after)
}

async fn erase_page(visit: &Visit, wrong: Wrong) -> Result<ErasePage> {
    visit.call.in_person()?;
    let v = visit.view("leaving-title");
    let mut all = Vec::new();
    for person in &visit.actor.persons {
        let held = store::erase::running(&visit.app.db, person.tenant, person.id, visit.call.now).await?;
        all.extend(held.iter().map(|held| ends(&v, held)));
    }
    Ok(ErasePage { wrong, ends: all, v })
}

/// `GET /me/data/erase`.
pub async fn ask(visit: Visit) -> Answer {
    page(&erase_page(&visit, Wrong::default()).await?)
}

/// `POST /me/data/erase`. Pressed a second time, nobody is signed in any more who could be erased.
pub async fn erase(visit: Visit, form: std::result::Result<Form, Fault>) -> Answer {
    if visit.call.session.is_none() {
        return Ok(see_other(ERASED));
    }
    let form = form?;
    let sure = ticked(form.text("sure"));
    match actions::erase(&visit, sure, ticked(form.text("words")), &form.key).await {
        Ok(()) => {
            let mut response = see_other(ERASED);
            let line = set_cookie(session::COOKIE, "", 0, visit.app.config.secure());
            let headers = response.headers_mut();
            headers.append(header::SET_COOKIE, HeaderValue::from_str(&line).map_err(Error::internal)?);
            // What this browser kept of the house goes as well, an unsent form too.
            headers.insert(CLEAR, HeaderValue::from_static("\"cache\", \"storage\""));
            Ok(response)
        }
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&erase_page(&visit, wrong).await?)
        }
    }
}

/// `GET /me/data/erased`.
pub async fn erased(visit: Visit) -> Answer {
    page(&ErasedPage { v: visit.view("erased-title") })
}

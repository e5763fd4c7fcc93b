//! The page of my homes.

use super::{actions, spot};
use crate::layout::typed::of_form;
use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use commons::people::household::store::{self, Look};
use commons::people::household::{JoinDecision, Member};
use commons::people::{Office, Person};
use commons::place::{Place, PlaceKind, store as places};
use kit::Result;
use kit::time::Moment;
use kit::web::answer::{Answer, see_other};
use kit::web::{Form, Query};
use serde::Deserialize;

pub const HERE: &str = "/me/homes";
/// So many looks at a household are shown, the newest first.
const LOOKS_SHOWN: usize = 20;

/// A home where I belong, or belonged.
pub struct Mine {
    pub id: String,
    pub label: String,
    pub office: String,
    pub share: String,
    pub verified: Option<String>,
    pub term: String,
    pub over: bool,
    /// Who belongs there too.
    pub others: Vec<String>,
    /// Which offices looked, and when.
    pub looks: Vec<String>,
}

/// What I asked.
pub struct Asked {
    pub id: String,
    pub label: String,
    pub office: String,
    pub asked: String,
    pub decision: Option<JoinDecision>,
    pub said: String,
}

/// `GET /me/homes`.
#[derive(Template)]
#[template(path = "hall/homes/templates/homes.html")]
pub struct HomesPage {
    pub v: View,
    pub mine: Vec<Mine>,
    pub asked: Vec<Asked>,
}

/// `GET /me/homes/ask`.
#[derive(Template)]
#[template(path = "hall/homes/templates/ask.html")]
pub struct AskPage {
    pub v: View,
    pub wrong: Wrong,
    pub ground: spot::Ground,
    pub entrance: String,
    pub room: String,
    pub offices: Vec<spot::Pick>,
}

#[derive(Debug, Default, Deserialize)]
pub struct HomesQuery {
    #[serde(default)]
    within: String,
}

pub async fn show(visit: Visit) -> Answer {
    visit.call.account()?;
    page(&homes_page(&visit).await?)
}

pub async fn form(visit: Visit, Query(query): Query<HomesQuery>) -> Answer {
    visit.call.account()?;
    page(&ask_page(&visit, &query.within, None, Wrong::default()).await?)
}

/// What somebody can be in a home, in words.
pub fn offices(v: &View, chosen: &str) -> Vec<spot::Pick> {
    let pick = |office: &Office| (office.name().to_owned(), v.office(*office).to_string(), office.name() == chosen);
    Office::RESIDENT.iter().map(pick).collect()
}

async fn homes_page(visit: &Visit) -> Result<HomesPage> {
    let v = visit.view("my-homes-title");
    let (db, now) = (&visit.app.db, visit.call.now);
    let (mut mine, mut asked) = (Vec::new(), Vec::new());
    for Person { tenant, id, .. } in &visit.actor.persons {
        let (all, looks) =
            (store::with_person(db, *tenant, *id, now).await?, store::looks(db, *tenant, *id, now).await?);
        let of = store::of_person(db, *tenant, *id).await?;
        mine.extend(of.iter().map(|member| home(&v, now, member, (&all, &looks))));
        for joining in store::joinings_of(db, *tenant, *id).await? {
            let said = joining.decision.map_or("waits", |decision| match decision {
                JoinDecision::Verified => "verified",
                JoinDecision::TurnedDown => "turned-down",
                JoinDecision::TakenBack => "taken-back",
            });
            asked.push(Asked {
                id: joining.id.to_string(),
                label: v.pick(&joining.label, &joining.label_en).to_owned(),
                office: v.office(joining.office).to_string(),
                asked: v.day(joining.asked, now),
                decision: joining.decision,
                said: v.t(&format!("my-homes-{said}")).to_string(),
            });
        }
    }
    Ok(HomesPage { mine, asked, v })
}

async fn ask_page(visit: &Visit, within: &str, form: Option<&Form>, wrong: Wrong) -> Result<AskPage> {
    let v = visit.view("my-homes-ask");
    let db = &visit.app.db;
    let mut compounds = Vec::new();
    for person in &visit.actor.persons {
        compounds.extend(places::of_kind(db, person.tenant, PlaceKind::Compound).await?);
    }
    let text = |name: &str| form.map_or(String::new(), |form| form.text(name).to_owned());
    let building = text("building");
    let within = if building.is_empty() { within } else { building.split('/').next().unwrap_or_default() };
    let ground = spot::ground(db, &v, &compounds, within, &building).await?;
    let offices = offices(&v, &text("as"));
    Ok(AskPage { wrong, ground, entrance: text("entrance"), room: text("room"), offices, v })
}

fn home(v: &View, now: Moment, member: &Member, (all, looks): (&[Member], &[Look])) -> Mine {
    let over = member.ended.is_some_and(|ended| ended <= now);
    let others = all.iter().filter(|other| !over && other.home == member.home && other.mandate != member.mandate);
    let others = others.map(|other| format!("{} · {}", v.pick(&other.name, &other.name_en), v.office(other.office)));
    let seen = looks.iter().filter(|look| !over && look.home == member.home && look.at >= member.starts);
    let look = |look: &Look| {
        let office = look.office.map(|office| v.office(office).to_string()).unwrap_or_default();
        format!("{office} · {}", v.moment(look.at, now))
    };
    let until = member.ended.map_or_else(|| v.t("me-open-end").to_string(), |at| v.day(at, now));
    let verified = member.proof.zip(member.verified).map(|(proof, at)| {
        let office = member.verified_office.map(|office| v.office(office).to_string()).unwrap_or_default();
        format!("{} · {office} · {}", v.t(&format!("proof-{}", proof.name().replace('_', "-"))), v.day(at, now))
    });
    Mine {
        id: member.mandate.to_string(),
        label: v.pick(&member.label, &member.label_en).to_owned(),
        office: v.office(member.office).to_string(),
        share: member.share.map(|share| share.to_string()).unwrap_or_default(),
        verified,
        term: format!("{} – {until}", v.day(member.starts, now)),
        over,
        others: others.collect(),
        looks: seen.take(LOOKS_SHOWN).map(look).collect(),
    }
}

/// `POST /me/homes`: asks to belong to a home.
pub async fn ask(visit: Visit, form: Form) -> Answer {
    visit.call.account()?;
    match actions::ask(&visit, &of_form(&form), &form.key).await {
        Ok(_) => Ok(see_other(HERE)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&ask_page(&visit, "", Some(&form), wrong).await?)
        }
    }
}

/// `POST /me/homes/take-back`.
pub async fn take_back(visit: Visit, form: Form) -> Answer {
    actions::take_back(&visit, form.text("joining"), &form.key).await?;
    Ok(see_other(HERE))
}

/// `POST /me/homes/end`: moves out.
pub async fn end(visit: Visit, form: Form) -> Answer {
    actions::end(&visit, form.text("member"), &form.key).await?;
    Ok(see_other(HERE))
}

/// The compounds of the whole house, for somebody who is nobody yet.
pub async fn everywhere(visit: &Visit, v: &View, form: Option<&Form>, within: &str) -> Result<spot::Ground> {
    let compounds: Vec<Place> = places::compounds(&visit.app.db).await?;
    let building = form.map_or("", |form| form.text("building"));
    let within = if building.is_empty() { within } else { building.split('/').next().unwrap_or_default() };
    spot::ground(&visit.app.db, v, &compounds, within, building).await
}

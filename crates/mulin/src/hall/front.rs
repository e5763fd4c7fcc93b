//! The front page: say something, see what waits for you, find the neighbourhood.

use crate::layout::line::Line;
use crate::layout::{View, Visit, page};
use askama::Template;
use axum::response::IntoResponse;
use commons::case::store as cases;
use commons::case::store::{self, Filter, Sees};
use commons::case::{Door, starting_categories};
use commons::duty;
use commons::people;
use commons::place::{self, Place};
use commons::rulebook;
use kit::web::answer::{Answer, see_other};

const SHOWN: i64 = 5;
const BARE_SHOWN: usize = 50;

/// `GET /`.
#[derive(Template)]
#[template(path = "hall/templates/front.html")]
pub struct FrontPage {
    pub v: View,
    /// Cases that wait for this resident's word.
    pub waiting: Vec<(String, String)>,
    pub offered: usize,
    /// Compounds without a building, for those who keep the register: code and name.
    pub bare: Vec<(String, String)>,
    pub compound: Option<(String, String)>,
    pub lines: Vec<Line>,
    /// Who is at the hub at this minute.
    pub on_duty: Vec<String>,
}

pub async fn show(visit: Visit) -> Answer {
    let db = &visit.app.db;
    if !visit.app.config.demo && !people::store::any_account(db).await? {
        return Ok(see_other("/first-run").into_response());
    }
    let v = visit.view("front-title");
    let (now, mut waiting, mut offered) = (visit.call.now, Vec::new(), 0);
    for person in &visit.actor.persons {
        waiting.extend(super::store::waiting_for(db, person.tenant, person.id, now).await?);
        if visit.is_staff() {
            offered += cases::offered_to(db, person.tenant, person.id, now).await?.len();
        }
    }
    let keeps = |mandate: &&people::Mandate| people::Office::KEEPING.contains(&mandate.office);
    let (compounds, bare) = match visit.actor.mandates.iter().find(keeps) {
        Some(mandate) => place::store::compounds_and_bare(db, mandate.tenant).await?,
        None => (place::store::compounds(db).await?, Vec::new()),
    };
    let named = |place: &Place| (place.path.clone(), v.pick(&place.name, &place.name_en).to_owned());
    let bare = bare.iter().take(BARE_SHOWN).map(named).collect();
    let mine = visit.actor.mandates.iter().find_map(|mandate| mandate.compound);
    let chosen = compounds.iter().find(|place| Some(place.id) == mine).or(compounds.first());
    let (mut lines, mut on_duty) = (Vec::new(), Vec::new());
    // Those who serve have their own page for it.
    if let Some(compound) = chosen.filter(|_| !visit.is_staff()) {
        let civil = commons::calendar::Zone::china().civil(now);
        let minute = duty::minute_of(civil.time());
        let there = duty::store::on_now(db, compound.tenant, compound.id, civil.date(), minute).await?;
        on_duty.extend(there.iter().map(|one| on_duty_line(&v, one)));
    }
    if let Some(compound) = chosen {
        let filter =
            Filter { tenant: Some(compound.tenant), compound: Some(compound.id), open: true, now, ..Filter::default() };
        let rows = store::list(db, &filter, Sees::Public, SHOWN).await?;
        lines = rows.iter().map(|row| Line::of(&v, row, now)).collect();
    }
    let compound = chosen.map(named);
    for (_, words) in &mut waiting {
        *words = crate::layout::line::shortened(words, 60);
    }
    page(&FrontPage { v, waiting, offered, bare, compound, lines, on_duty })
}

/// Who is there and until when, without a name where none is to be read.
fn on_duty_line(v: &View, one: &duty::OnNow) -> String {
    let name = one.name.as_ref().map_or_else(|| v.t("hub-someone").to_string(), |(zh, en)| v.pick(zh, en).to_owned());
    let skill = v.t(&format!("skill-{}", one.skill));
    format!("{name} · {skill} · {}", v.a("hub-until", "at", duty::clock(one.ends)))
}

/// `GET /robots.txt`: neighbours talk to each other here, not to search engines.
pub async fn robots() -> Answer {
    Ok("User-agent: *\nDisallow: /\n".into_response())
}

/// `GET /help`: whom to turn to comes first behind this tab.
pub async fn help() -> Answer {
    Ok(see_other("/help/captain"))
}

/// `GET /say`: there is one room behind this tab.
pub async fn say() -> Answer {
    Ok(see_other("/say/requests"))
}

/// `GET /about`: what this house is, what it never does, and where its numbers come from.
#[derive(Template)]
#[template(path = "hall/templates/about.html")]
pub struct AboutPage {
    pub v: View,
    pub rules: Vec<(String, String, String)>,
    pub version: &'static str,
}

pub async fn about(visit: Visit) -> Answer {
    let v = visit.view("about-title");
    let rules = rulebook::all()
        .map(|(key, rule)| {
            let unit = match rule.unit.as_str() {
                "" => String::new(),
                unit => v.t(&format!("unit-{}", unit.replace('_', "-"))).to_string(),
            };
            let value = if rule.text.is_empty() { format!("{} {unit}", rule.amount) } else { rule.text.clone() };
            (rule_name(&v, key), value, v.pick(&rule.source, &rule.source_en).to_owned())
        })
        .collect();
    page(&AboutPage { v, rules, version: env!("CARGO_PKG_VERSION") })
}

/// A rule's key in words: `request/accept-compound/lift` is 小区门 · 接（电梯）.
fn rule_name(v: &View, key: &str) -> String {
    let mut parts = key.split('/');
    let (area, what, slug) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next());
    let by_door = what.split_once('-').and_then(|(kind, door)| Some((kind, Door::parse(door)?)));
    let Some((kind, door)) = by_door.filter(|_| area == "request") else {
        return v.t(&format!("{area}-{what}")).to_string();
    };
    let name = format!("{} · {}", v.door(door), v.t(&format!("rule-{kind}")));
    let category = slug.and_then(|slug| starting_categories().into_iter().find(|category| category.slug == slug));
    match category {
        Some(category) => format!("{name} · {}", v.pick(&category.name, &category.name_en)),
        None => name,
    }
}

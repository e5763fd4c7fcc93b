//! The sheet as a page that prints.

use super::store::{self, Found, List};
use super::week::Week;
use crate::layout::line::{encoded, shortened};
use crate::layout::scope::{Scope, ScopeQuery};
use crate::layout::{View, Visit, link, page, parts};
use crate::words;
use askama::Template;
use axum::http::HeaderMap;
use commons::calendar::Zone;
use commons::case::State;
use commons::people::{Office, store as people};
use commons::place::{Place, store as places};
use kit::time::Moment;
use kit::web::Query;
use kit::web::answer::Answer;
use kit::{Error, Result, names};
use serde::Deserialize;

/// So many lines of each part fit on one page of A4 together with the rest.
const LINES: [usize; 4] = [4, 3, 3, 3];
const LINES_MAX: i64 = 4;
const WORDS_CHARACTERS_MAX: usize = 34;

names! {
    /// The four parts of the sheet, in their order.
    Part {
        Said = "said",
        Settled = "settled",
        Late = "late",
        Asked = "asked",
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct SheetQuery {
    #[serde(default)]
    pub compound: String,
    /// A building's path, e.g. `shiliu/3`; without it the sheet is the compound's.
    #[serde(default)]
    pub building: String,
    /// `2026-W47`; this week without it.
    #[serde(default)]
    pub week: String,
}

/// `GET /say/sheet`.
#[derive(Template)]
#[template(path = "say/sheet/templates/sheet.html")]
pub struct SheetPage {
    pub v: View,
    pub place: String,
    /// `11月23日 – 11月29日`.
    pub days: String,
    /// The figures as one sentence.
    pub summary: String,
    pub parts: Vec<PartShown>,
    pub captain: Option<String>,
    pub qr: String,
    pub link: String,
    /// Where the sheet is continued.
    pub online: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// The sheets of the same compound: address, name, whether it is this one.
    pub others: Vec<(String, String, bool)>,
}

/// A part with its lines.
pub struct PartShown {
    pub title: String,
    pub none: String,
    pub lines: Vec<LineShown>,
    /// `还有3件，见网上`.
    pub more: Option<String>,
}

/// A case as one line.
pub struct LineShown {
    pub code: String,
    pub words: String,
    /// Where, what about, when.
    pub about: String,
    /// How it stands.
    pub stand: String,
}

pub async fn show(visit: Visit, Query(query): Query<SheetQuery>, headers: HeaderMap) -> Answer {
    let (db, now) = (&visit.app.db, visit.call.now);
    let zone = Zone::china();
    let week = match query.week.as_str() {
        "" => Week::of(&zone, now),
        text => Week::parse(text).ok_or(Error::NotFound)?,
    };
    let span = week.span(&zone)?;
    let scope = scope(&visit, &query).await?;
    let compound = scope.compound.as_ref().ok_or(Error::NotFound)?;
    let at = scope.building.as_ref().unwrap_or(compound);
    let building = scope.building.as_ref().map(|place| place.id);
    let lists = store::lists(db, (scope.tenant, compound.id, building), span, now, LINES_MAX).await?;
    let captain = match &scope.building {
        Some(place) => people::names_at(db, scope.tenant, place.id, Office::Captain, now).await?,
        None => Vec::new(),
    };
    let buildings = places::in_compound(db, scope.tenant, compound.id, commons::place::PlaceKind::Building).await?;
    let v = visit.view(if building.is_some() { "sheet-title-building" } else { "sheet-title-compound" });
    let base = link::base(&visit.app, &headers);
    let say = match building {
        Some(_) => format!("{base}/say/requests/new?at={}&sign=1", encoded(&at.path)),
        None => format!("{base}/say/requests/new"),
    };
    let names: Vec<&str> = captain.iter().map(|(zh, en)| v.pick(zh, en)).collect();
    let path = |place: &Place, week: &Week| {
        let name = if place.id == compound.id { "compound" } else { "building" };
        format!("/say/sheet?{name}={}&week={}", encoded(&place.path), week.name())
    };
    let other = |place: &Place| (path(place, &week), v.pick(&place.name, &place.name_en).to_owned(), place.id == at.id);
    page(&SheetPage {
        place: v.pick(&at.label, &at.label_en).to_owned(),
        days: format!("{} – {}", v.day(span.0, now), v.day(span.1 - 1, now)),
        summary: summary(&v, &lists),
        parts: Part::ALL.iter().map(|part| part_shown(&v, *part, &lists[*part as usize], now)).collect(),
        captain: (!names.is_empty()).then(|| names.join("、")),
        qr: parts::qr(&say, &v.t("sheet-qr")),
        link: say,
        online: format!("{base}/say/requests?{}", scope.query()),
        before: week.step(-1).map(|week| path(at, &week)),
        after: week.step(1).filter(|_| span.1 <= now).map(|week| path(at, &week)),
        others: std::iter::once(compound).chain(&buildings).map(other).collect(),
        v,
    })
}

/// What was asked for; without that, the visitor's own building.
pub async fn scope(visit: &Visit, query: &SheetQuery) -> Result<Scope> {
    let db = &visit.app.db;
    let asked =
        ScopeQuery { compound: query.compound.clone(), building: query.building.clone(), ..ScopeQuery::default() };
    if asked.compound.is_empty() && asked.building.is_empty() {
        let captain = visit.actor.mandates.iter().find(|mandate| mandate.office == Office::Captain);
        let own = captain.or(visit.actor.mandates.iter().find(|mandate| mandate.building.is_some()));
        let own = own.and_then(|mandate| Some((mandate.tenant, mandate.building.or(mandate.compound)?)));
        if let Some((tenant, place)) = own {
            let mut found = places::with_compound(db, tenant, place).await?.into_iter();
            if let Some(compound) = found.next() {
                return Ok(Scope::at(compound, found.next()));
            }
        }
    }
    Scope::ground(db, &asked).await
}

/// The figures as one sentence, so that they can be read out.
pub fn summary(v: &View, lists: &[List; 4]) -> String {
    let n = |part: Part| lists[part as usize].all.into();
    let args =
        [("said", n(Part::Said)), ("settled", n(Part::Settled)), ("late", n(Part::Late)), ("asked", n(Part::Asked))];
    words::t_with(v.lang, "sheet-summary", &args)
}

/// A part of the sheet with what does not fit told as a number.
pub fn part_shown(v: &View, part: Part, list: &List, now: Moment) -> PartShown {
    let shown = &list.found[..list.found.len().min(LINES[part as usize])];
    let more = list.all - shown.len() as i64;
    PartShown {
        title: v.a(&format!("sheet-{part}"), "day", v.day(now, now)),
        none: v.t(&format!("sheet-{part}-none")).to_string(),
        lines: shown.iter().map(|found| line(v, part, found, now)).collect(),
        more: (more > 0).then(|| v.a("sheet-more", "n", more)),
    }
}

fn line(v: &View, part: Part, found: &Found, now: Moment) -> LineShown {
    let words = if found.words.is_empty() { v.t("requests-words-erased").to_string() } else { found.words.clone() };
    let state = if found.state == State::Closed && found.solved.is_none() {
        v.t("state-unrated")
    } else {
        v.state(found.state)
    };
    let holder = format!("{} {}", v.pick(&found.holder.0, &found.holder.1), v.office(found.office));
    let stand = match (part, found.due) {
        (Part::Late, Some(due)) => format!("{} · {holder} · {}", v.door(found.door), v.until(due, now)),
        (Part::Said, _) if found.state.is_open() => format!("{state} · {holder}"),
        (Part::Asked, _) => v.t("sheet-asked-stand").to_string(),
        _ => state.to_string(),
    };
    let category = v.pick(&found.category.0, &found.category.1);
    LineShown {
        code: found.code.clone(),
        words: shortened(&words, WORDS_CHARACTERS_MAX),
        about: format!("{} · {category} · {}", v.pick(&found.place.0, &found.place.1), v.day(found.said, now)),
        stand,
    }
}

//! 大家说的: the public list, narrowed by place, category, state and words. What narrows it is in the address, so a view can
//! be kept, sent, followed, and read with a program.

use super::view::ListPage;
use crate::layout::line::{Line, encoded};
use crate::layout::scope::{Scope, ScopeQuery};
use crate::layout::{Visit, Wrong, page};
use commons::case::store::{self, CaseRow, Filter, Sees};
use commons::case::{CaseId, State};
use commons::place::{Place, PlaceKind, TenantId, store as places};
use kit::time::Moment;
use kit::web::Query;
use kit::web::answer::Answer;
use kit::web::limits::Knock;
use kit::{Error, Result, search};
use serde::Deserialize;

const PAGE: i64 = 25;
/// So many of the newest that hold the words are looked through for one page.
const LOOKED_THROUGH: i64 = 200;
const WORDS_CHARACTERS_MAX: usize = 100;

/// What the public list may be asked.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    compound: String,
    #[serde(default)]
    building: String,
    #[serde(default)]
    category: String,
    /// `open`, the name of a state, or nothing.
    #[serde(default)]
    show: String,
    /// Words to look for.
    #[serde(default)]
    q: String,
    #[serde(default)]
    before: String,
}

impl ListQuery {
    fn cursor(&self) -> Option<(Moment, CaseId)> {
        let (at, id) = self.before.split_once('_')?;
        Some((Moment(at.parse().ok()?), id.parse().ok()?))
    }
}

/// What is on one page, and where the next begins.
struct Found {
    rows: Vec<CaseRow>,
    next: Option<String>,
}

/// `GET /say/requests`: what was said, without what is private.
pub async fn show(visit: Visit, Query(mut query): Query<ListQuery>) -> Answer {
    let (v, db, now) = (visit.view("requests-list-title"), &visit.app.db, visit.call.now);
    query.q = query.q.trim().chars().take(WORDS_CHARACTERS_MAX).collect();
    let compounds = places::compounds(db).await?;
    let home = visit.actor.homes().next().and_then(|mandate| mandate.compound);
    let chosen = match query.compound.as_str() {
        "" => compounds.iter().find(|place| Some(place.id) == home).or(compounds.first()),
        code => Some(compounds.iter().find(|place| place.path == code).ok_or(Error::NotFound)?),
    };
    let mut scope = None;
    let mut buildings = Vec::new();
    if let Some(compound) = chosen {
        buildings = places::in_compound(db, compound.tenant, compound.id, PlaceKind::Building).await?;
        let narrowed = ScopeQuery { category: query.category.clone(), ..ScopeQuery::default() };
        let mut found = Scope::within(db, compound.clone(), &narrowed).await?;
        if !query.building.is_empty() {
            let building = buildings.iter().find(|place| step(place) == query.building);
            found.building = Some(building.ok_or(Error::NotFound)?.clone());
        }
        scope = Some(found);
    }
    let mut filter = scope.as_ref().map(Scope::filter).unwrap_or_default();
    filter.now = now;
    filter.open = query.show == "open";
    filter.state = State::parse(&query.show).filter(|state| *state != State::Withdrawn);
    let mut wrong = Wrong::default();
    let found = if query.q.is_empty() {
        by_time(&visit, &query, filter).await?
    } else {
        match by_words(&visit, (&query.q, query.before.parse().ok()), &filter, PAGE).await {
            Ok((rows, next)) => Found { rows, next: next.map(|doc| doc.to_string()) },
            Err(error) => {
                wrong = Wrong::of(visit.call.lang, error)?;
                Found { rows: Vec::new(), next: None }
            }
        }
    };
    let scope_query = scope.as_ref().map_or(String::new(), Scope::query);
    let first_page = query.before.is_empty();
    let n = found.rows.len() as i64;
    let count = match (&found.next, first_page) {
        (None, true) => Some(v.a("requests-list-count", "n", n)),
        (Some(_), true) => Some(v.a("requests-list-count-more", "n", n)),
        _ => None,
    };
    let category = |c: &commons::case::Category| {
        (c.slug.clone(), v.pick(&c.name, &c.name_en).to_owned(), c.slug == query.category)
    };
    let named = |place: &Place| v.pick(&place.name, &place.name_en).to_owned();
    page(&ListPage {
        lines: found.rows.iter().map(|row| Line::of(&v, row, now)).collect(),
        compounds: compounds
            .iter()
            .map(|place| (place.path.clone(), named(place), chosen.is_some_and(|chosen| chosen.id == place.id)))
            .collect(),
        buildings: buildings
            .iter()
            .map(|place| (step(place).to_owned(), named(place), step(place) == query.building))
            .collect(),
        categories: scope.iter().flat_map(|scope| &scope.categories).filter(|c| !c.private).map(category).collect(),
        next: found.next.map(|before| {
            let (show, q) = (encoded(&query.show), encoded(&query.q));
            format!("/say/requests?{scope_query}&show={show}&q={q}&before={before}")
        }),
        first_page,
        filtered: [&query.building, &query.category, &query.show, &query.q].iter().any(|text| !text.is_empty()),
        count,
        wrong,
        q: query.q,
        show: query.show,
        scope: scope_query,
        v,
    })
}

/// The last step of a building's path, e.g. `3`.
fn step(place: &Place) -> &str {
    place.path.rsplit('/').next().unwrap_or_default()
}

async fn by_time(visit: &Visit, query: &ListQuery, filter: Filter) -> Result<Found> {
    let filter = Filter { before: query.cursor(), ..filter };
    let mut rows = store::list(&visit.app.db, &filter, Sees::Public, PAGE + 1).await?;
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|row| format!("{}_{}", row.case.said.0, row.case.id));
    Ok(Found { rows, next })
}

/// Goes through what holds the words, newest first, and keeps what the rest of the question wants; with where the next page
/// begins.
///
/// # Errors
/// [`Error::Invalid`] when there is nothing to look for in the words.
pub async fn by_words(
    visit: &Visit,
    (words, before): (&str, Option<i64>),
    filter: &Filter,
    page: i64,
) -> Result<(Vec<CaseRow>, Option<i64>)> {
    visit.app.limits.check(Knock::Search, &visit.call.address.to_string())?;
    let (db, now) = (&visit.app.db, visit.call.now);
    let hits = search::find(db, &[], &["public"], words, before, LOOKED_THROUGH).await?;
    let ids: Vec<(TenantId, CaseId)> = hits.iter().map(|hit| (TenantId(hit.tenant), CaseId(hit.thing))).collect();
    let wanted = |row: &CaseRow| {
        let (case, state) = (&row.case, row.case.state_at(now));
        case.is_public()
            && Some(case.tenant) == filter.tenant
            && Some(case.compound) == filter.compound
            && filter.building.is_none_or(|building| case.building == Some(building))
            && filter.category.as_ref().is_none_or(|slug| case.category == *slug)
            && filter.state.is_none_or(|wanted| state == wanted)
            && filter.door.is_none_or(|door| case.door == door)
            && (!filter.overdue || case.is_overdue(now))
            && (!filter.open || state.is_open())
    };
    let mut rows: Vec<CaseRow> = store::by_ids(db, &ids).await?.into_iter().filter(wanted).collect();
    let more = rows.len() as i64 > page;
    rows.truncate(usize::try_from(page).unwrap_or(usize::MAX));
    let at = match rows.last().filter(|_| more) {
        Some(last) => hits.iter().find(|hit| hit.thing == last.case.id.0),
        None => hits.last().filter(|_| hits.len() as i64 == LOOKED_THROUGH),
    };
    Ok((rows, at.map(|hit| hit.doc)))
}

//! What was said before that is like what somebody is writing: the same compound, the same words, the nearer the sooner.

use super::policy;
use crate::layout::{View, Visit, page};
use askama::Template;
use axum::Json;
use axum::response::IntoResponse;
use commons::case::State;
use commons::case::store::page::Parts;
use commons::case::store::together::{self, Earlier};
use commons::case::store::{self, CaseRow};
use commons::likeness::{Bag, Index};
use commons::place::{self, Place};
use kit::time::Moment;
use kit::web::App;
use kit::web::Query;
use kit::web::answer::Answer;
use kit::web::limits::Knock;
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::json;

/// A compound's newest cases are compared; what is older is another story.
const COMPARED_MAX: i64 = 2_000;
const SHOWN_MAX: usize = 3;
/// Of what a text would score against itself. Below this, people say that it has nothing to do with theirs.
const SHARE_MIN: f32 = 0.3;
const SAME_BUILDING: f32 = 1.3;
const SAME_CATEGORY: f32 = 1.15;
const WORDS_CHARACTERS_MIN: usize = 4;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SimilarQuery {
    /// The path of a place.
    at: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    category: String,
}

/// One earlier case.
pub struct Found {
    pub href: String,
    pub action: String,
    pub words: String,
    pub place: String,
    pub state: State,
    /// Households, the first among them.
    pub households: i64,
    pub open: bool,
}

/// A part of a page, for the script of 说一声.
#[derive(Template)]
#[template(path = "say/requests/templates/similar.html")]
pub struct SimilarPart {
    pub v: View,
    pub found: Vec<Found>,
    /// Whether the one who writes may say 我也是.
    pub neighbour: bool,
}

/// `GET /say/requests/similar?at=…&words=…`.
pub async fn fragment(visit: Visit, Query(query): Query<SimilarQuery>) -> Answer {
    let (place, rows) = asked(&visit, &query).await?;
    let v = visit.view("similar-title");
    let neighbour = visit.actor.homes().any(|home| home.tenant == place.tenant && home.compound == place.compound);
    page(&SimilarPart { found: shown(&v, &rows, visit.call.now), v, neighbour })
}

/// `GET /api/v1/requests/similar?at=…&words=…`.
pub async fn api(visit: Visit, Query(query): Query<SimilarQuery>) -> Answer {
    let (_, rows) = asked(&visit, &query).await?;
    let found: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({ "code": row.case.code, "words": row.case.words, "place": row.public_label,
                "state": row.case.state_at(visit.call.now), "households": row.case.supporters + 1 })
        })
        .collect();
    Ok(Json(json!({ "similar": found })).into_response())
}

async fn asked(visit: &Visit, query: &SimilarQuery) -> Result<(Place, Vec<CaseRow>)> {
    visit.app.limits.check(Knock::Search, &visit.call.address.to_string())?;
    let code = query.at.split('/').next().unwrap_or_default();
    let (tenant, _) = place::store::by_code(&visit.app.db, code).await?.ok_or(Error::NotFound)?;
    let place = place::store::by_path(&visit.app.db, tenant, &query.at).await?.ok_or(Error::NotFound)?;
    let rows = near(&visit.app, &place, &query.words, &query.category).await?;
    Ok((place, rows))
}

/// The public cases most like `words`, the most alike first; none when nothing is much alike.
pub async fn near(app: &App, place: &Place, words: &str, category: &str) -> Result<Vec<CaseRow>> {
    let Some(compound) = place.compound else { return Ok(Vec::new()) };
    if words.chars().filter(|c| c.is_alphanumeric()).count() < WORDS_CHARACTERS_MIN {
        return Ok(Vec::new());
    }
    let earlier = together::recent(&app.db, place.tenant, compound, COMPARED_MAX).await?;
    let ids = ranked(&earlier, place, words, category);
    let ids: Vec<_> = ids.into_iter().map(|id| (place.tenant, id)).collect();
    let rows = store::by_ids(&app.db, &ids).await?;
    Ok(rows.into_iter().filter(|row| row.case.is_public()).collect())
}

fn ranked(earlier: &[Earlier], place: &Place, words: &str, category: &str) -> Vec<commons::case::CaseId> {
    let mut index = Index::default();
    earlier.iter().for_each(|case| index.add(&Bag::of(&case.words)));
    let bag = Bag::of(words);
    let own = index.own_score(&bag).max(f32::MIN_POSITIVE);
    let mut found: Vec<(f32, usize)> = index
        .nearest(&bag, 20)
        .into_iter()
        .map(|(number, score)| {
            let case = &earlier[number];
            let here = place.building.is_some_and(|building| case.building == Some(building.0));
            let near = if here { SAME_BUILDING } else { 1.0 };
            let alike = if !category.is_empty() && case.category == category { SAME_CATEGORY } else { 1.0 };
            (score / own * near * alike, number)
        })
        .filter(|(share, _)| *share >= SHARE_MIN)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
    found.truncate(SHOWN_MAX);
    found.into_iter().map(|(_, number)| earlier[number].id).collect()
}

/// The rows as a page shows them.
pub fn shown(v: &View, rows: &[CaseRow], now: kit::time::Moment) -> Vec<Found> {
    rows.iter()
        .map(|row| Found {
            href: format!("/say/requests/{}", row.case.code),
            action: format!("/say/requests/{}/support", row.case.code),
            words: crate::layout::line::shortened(&row.case.words, 60),
            place: v.pick(&row.public_label, &row.public_label_en).to_owned(),
            state: row.case.state_at(now),
            households: row.case.supporters + 1,
            open: row.case.state_at(now).is_open(),
        })
        .collect()
}

/// What a fresh case is perhaps the same as, for its author.
pub async fn for_author(
    app: &App,
    case: &commons::case::Case,
    v: &View,
    now: kit::time::Moment,
) -> Result<Vec<(String, Found)>> {
    let place = place::store::find(&app.db, case.tenant, case.place).await?.ok_or(Error::NotFound)?;
    let rows = near(app, &place, &case.words, &case.category).await?;
    let others = rows.into_iter().filter(|row| row.case.id != case.id && row.case.state_at(now).is_open());
    let others: Vec<CaseRow> = others.collect();
    let codes = others.iter().map(|row| row.case.code.clone());
    Ok(codes.zip(shown(v, &others, now)).collect())
}

/// What a page says about others with the same matter.
#[derive(Clone, Debug, Default)]
pub struct Others {
    /// Households besides the first.
    pub supporters: i64,
    pub can_support: bool,
    /// Whether one's own household is among them.
    pub supports: bool,
    /// Its author took it back, or its words, though others had joined it.
    pub left: bool,
    /// The code of the case where this one goes on.
    pub merged_into: Option<String>,
    pub can_merge: bool,
    pub can_unmerge: bool,
}

impl Others {
    pub fn of(now: Moment, case: &commons::case::Case, hand: super::model::Hand<'_>, parts: &Parts) -> Others {
        let state = case.state_at(now);
        let may = hand.is_author(case) || (policy::serves(hand, case) && policy::staff_may_merge(case, now));
        let may_part = hand.is_author(case) || policy::serves(hand, case);
        let can_support = policy::support(hand, case).is_ok() && !parts.supports && state.is_open();
        let merged_into = parts.merged_into.clone().filter(|_| state == State::Merged);
        let supports = parts.supports;
        Others {
            supporters: case.supporters,
            can_support,
            supports,
            left: supports && state == State::Withdrawn && case.was_public(),
            can_merge: may && state.is_open(),
            can_unmerge: may_part && merged_into.is_some(),
            merged_into,
        }
    }
}

//! The JSON face of the same deeds: `/api/v1/requests`, and what belongs to a request.

mod answers;
mod deeds;
mod files;
mod one;

use super::list::by_words;
use super::model::{Draft, Hand};
use super::pages::{find_place, spot};
use super::personal::{self, Wish};
use super::{actions, intake, pages, policy};
use crate::layout::json::{before, case_json, cursor_bad, limit, next_before, paged, told};
use crate::layout::scope::{Scope, ScopeQuery};
use crate::layout::show::rfc3339;
use crate::layout::{Visit, line};
use axum::extract::State as Of;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::case::danger;
use commons::case::fields;
use commons::case::guess;
use commons::case::store::{self, Filter, Sees};
use commons::case::{Channel, Door, Kind, State};
use commons::place::{self, Place};
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Query, keys};
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};

const WORDS_LOOKED_FOR_MAX: usize = 100;
/// Two kilometres: a point farther than that from its place is a slip of somebody's hand or program.
const FAR_E7: (i64, i64) = (180_000, 220_000);

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/requests", get(list).post(file))
        .route("/api/v1/requests/points", get(points))
        .route("/api/v1/requests/places", get(places))
        .route("/api/v1/requests/suggest", get(suggest))
        .route("/api/v1/requests/slip", get(one::by_slip))
        .route("/api/v1/requests/{code}", get(one::show))
        .route("/api/v1/requests/{code}/hotline", get(one::hotline))
        .route("/api/v1/requests/{code}/private", get(one::private))
        .route("/api/v1/requests/{code}/contact", post(deeds::contact))
        .route("/api/v1/requests/{code}/cover/{photo}", post(deeds::cover))
        .route("/api/v1/requests/{code}/photos/{photo}/{size}", get(files::photo))
        .route("/api/v1/requests/{code}/voices/{voice}", get(files::voice))
        .route("/api/v1/requests/{code}/{deed}", post(deeds::act))
        .route("/api/v1/photos", post(files::keep))
        .route("/api/v1/answers/{token}", get(answers::show).post(answers::act))
        .route("/api/v1/categories", get(categories))
}

/// What the list may be asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    compound: String,
    #[serde(default)]
    building: String,
    #[serde(default)]
    category: String,
    state: Option<String>,
    door: Option<String>,
    #[serde(default)]
    open: bool,
    #[serde(default)]
    overdue: bool,
    /// Only what the caller said, private things too.
    #[serde(default)]
    mine: bool,
    #[serde(default)]
    q: String,
    before: Option<String>,
    limit: Option<i64>,
}

impl ListQuery {
    async fn filter(&self, visit: &Visit) -> Result<Filter> {
        let scope = ScopeQuery {
            compound: self.compound.clone(),
            building: self.building.clone(),
            category: self.category.clone(),
            case: String::new(),
        };
        if self.compound.is_empty() {
            return Err(Error::NotFound);
        }
        let scope = Scope::of(&visit.app.db, &scope).await?;
        let state = |name: &String| State::parse(name).ok_or(Error::invalid("state", "requests/state-unknown"));
        let door = |name: &String| Door::parse(name).ok_or(Error::invalid("door", "requests/door-unknown"));
        Ok(Filter {
            state: self.state.as_ref().map(state).transpose()?,
            door: self.door.as_ref().map(door).transpose()?,
            open: self.open,
            overdue: self.overdue,
            now: visit.call.now,
            ..scope.filter()
        })
    }
}

async fn list(visit: Visit, Query(query): Query<ListQuery>) -> Answer {
    let (filter, wanted, now) = (query.filter(&visit).await?, limit(query.limit)?, visit.call.now);
    let q: String = query.q.trim().chars().take(WORDS_LOOKED_FOR_MAX).collect();
    let (rows, next) = if query.mine {
        visit.call.account()?;
        let author = filter.tenant.and_then(|tenant| visit.actor.person_in(tenant)).ok_or(Error::NotFound)?;
        let filter = Filter { author: Some(author), before: before(query.before.as_deref())?, ..filter };
        let mut rows = store::list(&visit.app.db, &filter, Sees::Own, wanted + 1).await?;
        let next = next_before(&mut rows, wanted);
        (rows, next)
    } else if q.is_empty() {
        let filter = Filter { before: before(query.before.as_deref())?, ..filter };
        let mut rows = store::list(&visit.app.db, &filter, Sees::Public, wanted + 1).await?;
        let next = next_before(&mut rows, wanted);
        (rows, next)
    } else {
        let before = query.before.as_deref().map(|text| text.parse().map_err(|_| cursor_bad("before"))).transpose()?;
        let (rows, next) = by_words(&visit, (&q, before), &filter, wanted).await?;
        (rows, next.map(|doc| doc.to_string()))
    };
    let items: Vec<Value> = rows.iter().map(|row| case_json(row, now)).collect();
    Ok(paged(&visit.call, json!({ "requests": items }), "before", next))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Compound {
    compound: String,
}

async fn categories(Of(app): Of<App>, Query(query): Query<Compound>) -> Answer {
    let (tenant, compound) = place::store::by_code(&app.db, &query.compound).await?.ok_or(Error::NotFound)?;
    let all = store::categories_at(&app.db, tenant, Some(compound)).await?;
    let fields = store::all_fields(&app.db, tenant).await?;
    let mut items: Vec<Value> = Vec::new();
    for c in &all {
        let asked: Vec<Value> = fields.get(&c.slug).into_iter().flatten().map(intake::field_json).collect();
        items.push(json!({ "slug": c.slug, "name": c.name, "name_en": c.name_en, "kind": c.kind, "door": c.door,
            "private": c.private, "fields": asked }));
    }
    Ok(Json(json!({ "categories": items })).into_response())
}

/// A box on the map, in degrees.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PointsQuery {
    compound: String,
    /// `south,west,north,east`; the whole world when left out.
    bbox: Option<String>,
}

const POINTS_MAX: i64 = 2_000;

async fn points(Of(app): Of<App>, Query(query): Query<PointsQuery>) -> Answer {
    let at = place::store::by_code(&app.db, &query.compound).await?.ok_or(Error::NotFound)?;
    let bounds = match &query.bbox {
        None => [-900_000_000, 900_000_000, -1_800_000_000, 1_800_000_000],
        Some(text) => bounds(text).ok_or(Error::invalid("bbox", "house/bbox-bad"))?,
    };
    let found = store::points(&app.db, at, bounds, POINTS_MAX).await?;
    let points: Vec<Value> = found
        .iter()
        .map(|p| json!({ "code": p.code, "category": p.category, "state": p.state, "lat_e7": p.lat_e7, "lon_e7": p.lon_e7 }))
        .collect();
    Ok(Json(json!({ "points": points })).into_response())
}

/// `south,west,north,east` as [south, north, west, east] in 1e-7 degrees.
fn bounds(text: &str) -> Option<[i64; 4]> {
    let parts: Vec<i64> = text.split(',').map(degrees_e7).collect::<Option<_>>()?;
    let [south, west, north, east] = parts[..] else { return None };
    (south <= north && west <= east).then_some([south, north, west, east])
}

/// Decimal degrees as whole 1e-7 degrees, exactly.
pub fn degrees_e7(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = fraction.chars().chain("0000000".chars()).take(7).collect();
    let whole: i64 = whole.parse().ok().filter(|degrees| (0..=180).contains(degrees))?;
    let fraction: i64 = digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))?;
    Some(sign * (whole * 10_000_000 + fraction))
}

/// Where something may be said of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacesQuery {
    at: String,
}

async fn places(visit: Visit, Query(query): Query<PlacesQuery>) -> Answer {
    let place = find_place(&visit.app, &query.at).await?;
    let mut inside = pages::inside(&visit, &place).await?;
    inside.extend(pages::rooms(&visit.app, &place).await?);
    let told =
        |place: &Place| json!({ "path": place.path, "kind": place.kind, "name": place.name, "name_en": place.name_en });
    let inside: Vec<Value> = inside.iter().map(told).collect();
    Ok(Json(json!({ "at": told(&place), "places": inside })).into_response())
}

/// What somebody who writes might like to know.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SuggestQuery {
    at: String,
    #[serde(default)]
    category: String,
}

async fn suggest(visit: Visit, Query(query): Query<SuggestQuery>, headers: HeaderMap) -> Answer {
    let place = find_place(&visit.app, &query.at).await?;
    let sent = headers.get(intake::WORDS).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let words = intake::decoded(sent);
    let known = store::categories_at(&visit.app.db, place.tenant, place.compound).await?;
    let guessed = guess::among(&words, &known).filter(|_| query.category.is_empty());
    let asked = store::fields(&visit.app.db, place.tenant, &query.category).await?;
    let alarm = |danger: &danger::Danger| json!({ "danger": danger.name, "call": danger.number });
    Ok(Json(json!({
        "category": guessed.map(|one| &one.slug),
        "fields": asked.iter().map(intake::field_json).collect::<Vec<_>>(),
        "alarm": danger::of(&words).iter().map(alarm).collect::<Vec<_>>(),
    }))
    .into_response())
}

/// A new request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRequest {
    /// The path of the place, e.g. `shiliu/3`.
    place: String,
    #[serde(default)]
    words: String,
    category: Option<String>,
    #[serde(default)]
    private: bool,
    contact: Option<String>,
    #[serde(default)]
    for_caller: bool,
    /// As the one who says it sees it.
    kind: Option<String>,
    /// Answers to the questions of the category, by code; a list where several may be chosen.
    #[serde(default)]
    fields: serde_json::Map<String, Value>,
    /// What `POST /api/v1/photos` gave.
    #[serde(default)]
    photos: Vec<String>,
    voice: Option<String>,
    /// A line of the hub's desk that this hands in.
    desk: Option<String>,
    point: Option<Point>,
    /// `mask`, `private` or `as-is`: what to do with telephones, homes and the like in the words.
    #[serde(default)]
    personal: String,
    /// They go out as they are.
    #[serde(default)]
    confirm_private: bool,
}

/// Where exactly, in 1e-7 degrees.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Point {
    lat_e7: i64,
    lon_e7: i64,
}

impl Point {
    fn near(self, place: &Place) -> Result<(i64, i64)> {
        let (lat, lon) = (place.ground.lat_e7.unwrap_or(self.lat_e7), place.ground.lon_e7.unwrap_or(self.lon_e7));
        let on_earth = self.lat_e7.abs() <= 900_000_000 && self.lon_e7.abs() <= 1_800_000_000;
        let near = on_earth && (self.lat_e7 - lat).abs() < FAR_E7.0 && (self.lon_e7 - lon).abs() < FAR_E7.1;
        if near { Ok((self.lat_e7, self.lon_e7)) } else { Err(Error::invalid("point", "requests/point-far")) }
    }
}

async fn file(visit: Visit, call: JsonCall<NewRequest>) -> Answer {
    let new = call.body;
    let unknown = |error: Error| match error {
        Error::NotFound => Error::invalid("place", "requests/place-unknown"),
        other => other,
    };
    let place = find_place(&visit.app, &new.place).await.map_err(unknown)?;
    let tenant = place.tenant;
    if let Some(kept) = keys::answered(&visit.app, tenant.0, &call.key).await? {
        return told(StatusCode::CREATED, &kept);
    }
    let mut draft = Draft {
        words: new.words.trim().replace("\r\n", "\n"),
        category: new.category.filter(|slug| !slug.is_empty()),
        private: new.private,
        contact: new.contact.map(|contact| contact.trim().to_owned()).filter(|contact| !contact.is_empty()),
        for_caller: new.for_caller,
        channel: Channel::Api,
        more: Default::default(),
    };
    let photos = &files::photos(&visit.app, tenant, &new.photos)?;
    draft.more.voice = new.voice.as_deref().map(|handle| files::voice_of(&visit.app, tenant, handle)).transpose()?;
    if draft.words.is_empty() && draft.more.voice.is_some() {
        draft.words = crate::words::t(visit.call.lang, "intake-voice-only").to_string();
    }
    draft.check(photos.len())?;
    let unknown = || Error::invalid("kind", "requests/kind-unknown");
    draft.more.kind = new.kind.map(|kind| Kind::parse(&kind).ok_or_else(unknown)).transpose()?;
    let gone = |_| Error::invalid("desk", "requests/ticket-gone");
    draft.more.ticket = new.desk.as_deref().map(|id| id.parse().map_err(gone)).transpose()?;
    draft.for_caller |= draft.more.ticket.is_some();
    draft.more.point = new.point.map(|point| point.near(&place)).transpose()?;
    if let Some(slug) = &draft.category {
        let asked = store::fields(&visit.app.db, tenant, slug).await?;
        draft.more.answers = fields::read_strictly(&asked, &|code| intake::texts(new.fields.get(code)))?;
    }
    let choice = Wish::of_call(&new.personal, new.confirm_private);
    personal::screen_draft(&visit.app, tenant, &mut draft, choice).await?;
    let spot = spot(&visit.app, place).await?;
    let ticket = pages::ticket_of(&visit, tenant, &draft).await?;
    let office = policy::file(Hand::of(&visit.actor), &spot.place, draft.for_caller, ticket.as_ref())?;
    intake::many(&visit)?;
    let context = visit.context(tenant, office);
    let (app, actor, draft, spot) = (&visit.app, &visit.actor, &draft, &spot);
    let kept = keys::once(app, &context, tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            files::unclaimed(tx, tenant, photos, draft.more.voice.as_ref()).await?;
            let case = actions::file(tx, &app.secrets, Hand::of(actor), spot, draft, photos).await?;
            let pickup = actions::pickup_code(&app.secrets, case.id);
            let due = case.due.map(rfc3339);
            Ok(json!({ "code": case.code, "pickup": pickup, "door": case.door, "due": due }).to_string())
        })
    })
    .await?;
    told(StatusCode::CREATED, &kept)
}

/// The address under which people find a request.
fn page_of(code: &str) -> String {
    format!("/say/requests/{}", line::encoded(code))
}

//! The JSON face of the same deeds: `/api/v1/requests`.

use super::model::{Deed, Draft, Hand};
use super::pages::spot;
use super::personal::{self, Wish};
use super::{actions, intake, policy};
use crate::layout::Visit;
use crate::layout::show::rfc3339;
use axum::extract::State as Of;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::case::fields;
use commons::case::store::{self, CaseFound, CaseRow, Filter, Sees};
use commons::case::{CaseId, Channel, Handover, Kind, State};
use commons::place;
use kit::secrets::normal_code;
use kit::time::Moment;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::limits::Knock;
use kit::web::{App, keys};
use kit::web::{Path, Query};
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};

const PAGE_MAX: i64 = 100;
/// The header in which the one without an account shows the code of the slip.
const PICKUP: &str = "x-pickup-code";

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/requests", get(list).post(file))
        .route("/api/v1/requests/points", get(points))
        .route("/api/v1/requests/{code}", get(show))
        .route("/api/v1/requests/{code}/{deed}", post(act))
        .route("/api/v1/categories", get(categories))
}

fn case_json(row: &CaseRow, now: Moment) -> Value {
    let case = &row.case;
    json!({
        "code": case.code,
        "words": case.words,
        "category": case.category,
        "kind": case.kind,
        "door": case.door,
        "state": case.state_at(now),
        "holder": { "office": case.holder.office, "place": row.holder_label },
        "place": row.public_label,
        "round": case.round,
        "said": rfc3339(case.said),
        "changed": rfc3339(case.changed),
        "due": case.due.map(rfc3339),
        "overdue": case.is_overdue(now),
        "closed": case.closed.map(rfc3339),
        "outcome": case.outcome,
        "solved": case.solved,
        "closed_as": (case.state_at(now) == State::Closed).then(|| if case.is_solved_at(now) { "solved" } else { "unrated" }),
        "satisfaction": case.satisfaction,
        "photos": case.photos,
        "lat_e7": case.lat_e7,
        "lon_e7": case.lon_e7,
    })
}

/// What the list may be asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    compound: String,
    category: Option<String>,
    open: Option<bool>,
    before: Option<String>,
    limit: Option<i64>,
}

async fn list(Of(app): Of<App>, Query(query): Query<ListQuery>) -> Answer {
    let (tenant, compound) = place::store::by_code(&app.db, &query.compound).await?.ok_or(Error::NotFound)?;
    let before = match &query.before {
        None => None,
        Some(text) => {
            let bad = || Error::invalid("before", "house/cursor-bad");
            let (at, id) = text.split_once('_').ok_or_else(bad)?;
            Some((Moment(at.parse().map_err(|_| bad())?), id.parse::<CaseId>().map_err(|_| bad())?))
        }
    };
    let filter = Filter {
        tenant: Some(tenant),
        compound: Some(compound),
        category: query.category,
        open: query.open.unwrap_or(false),
        before,
        now: app.clock.now(),
        ..Filter::default()
    };
    let limit = query.limit.unwrap_or(25).clamp(1, PAGE_MAX);
    let rows = store::list(&app.db, &filter, Sees::Public, limit).await?;
    let now = app.clock.now();
    let next =
        rows.last().filter(|_| rows.len() as i64 == limit).map(|row| format!("{}_{}", row.case.said.0, row.case.id));
    let items: Vec<Value> = rows.iter().map(|row| case_json(row, now)).collect();
    Ok(Json(json!({ "requests": items, "next": next })).into_response())
}

async fn categories(Of(app): Of<App>, Query(query): Query<Compound>) -> Answer {
    let (tenant, compound) = place::store::by_code(&app.db, &query.compound).await?.ok_or(Error::NotFound)?;
    let all = store::categories_at(&app.db, tenant, Some(compound)).await?;
    let mut items: Vec<Value> = Vec::new();
    for c in &all {
        let asked = store::fields(&app.db, tenant, &c.slug).await?;
        let asked: Vec<Value> = asked.iter().map(intake::field_json).collect();
        items.push(json!({ "slug": c.slug, "name": c.name, "name_en": c.name_en, "kind": c.kind, "door": c.door,
            "fields": asked }));
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

#[derive(Debug, Deserialize)]
struct Compound {
    compound: String,
}

/// The case in hand: found, and opened by the caller's mandates or by the code of its slip.
async fn in_hand(visit: &Visit, code: &str, headers: &HeaderMap) -> Result<(CaseFound, Option<CaseId>, Vec<Handover>)> {
    let found = store::by_code(&visit.app.db, code).await?.ok_or(Error::NotFound)?;
    let mut slip = None;
    if let Some(typed) = headers.get(PICKUP).and_then(|value| value.to_str().ok()) {
        visit.app.limits.check(Knock::Code, &visit.call.address.to_string())?;
        let hash = normal_code(typed).map(|code| actions::pickup_hash(&visit.app.secrets, &code));
        let opened = match hash {
            Some(hash) => store::by_pickup(&visit.app.db, hash).await?,
            None => None,
        };
        slip = opened.map(|case| case.id).filter(|id| *id == found.row.case.id);
    }
    let handovers = store::handovers(&visit.app.db, found.row.case.tenant, found.row.case.id).await?;
    policy::read(Hand { actor: &visit.actor, slip }, &found.row.case, &handovers)?;
    Ok((found, slip, handovers))
}

async fn show(visit: Visit, Path(code): Path<String>, headers: HeaderMap) -> Answer {
    let (found, slip, handovers) = in_hand(&visit, &code, &headers).await?;
    let case = &found.row.case;
    let party = policy::is_party(Hand { actor: &visit.actor, slip }, case, &handovers);
    let mut told = case_json(&found.row, visit.call.now);
    let entries = store::entries(&visit.app.db, case.tenant, case.id).await?;
    let words: Vec<Value> = entries
        .iter()
        .filter(|entry| (entry.public || party) && entry.withdrawn.is_none())
        .map(|entry| json!({ "at": rfc3339(entry.at), "kind": entry.kind, "office": entry.office, "text": entry.text }))
        .collect();
    told["entries"] = words.into();
    told["fields"] = intake::answers_json(&visit.app.db, case, party).await?;
    Ok(Json(told).into_response())
}

/// A new request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRequest {
    /// The path of the place, e.g. `shiliu/3`.
    place: String,
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
    /// `mask`, `private` or `as-is`: what to do with telephones, homes and the like in the words.
    #[serde(default)]
    personal: String,
    /// They go out as they are.
    #[serde(default)]
    confirm_private: bool,
}

async fn file(visit: Visit, call: JsonCall<NewRequest>) -> Answer {
    let new = call.body;
    let code = new.place.split('/').next().unwrap_or_default();
    let unknown = || Error::invalid("place", "requests/place-unknown");
    let (tenant, _) = place::store::by_code(&visit.app.db, code).await?.ok_or_else(unknown)?;
    let place = place::store::by_path(&visit.app.db, tenant, &new.place).await?.ok_or_else(unknown)?;
    let mut draft = Draft {
        words: new.words.trim().to_owned(),
        category: new.category.filter(|slug| !slug.is_empty()),
        private: new.private,
        contact: new.contact,
        for_caller: new.for_caller,
        channel: Channel::Api,
        more: Default::default(),
    };
    draft.check(0)?;
    let unknown = || Error::invalid("kind", "requests/kind-unknown");
    draft.more.kind = new.kind.map(|kind| Kind::parse(&kind).ok_or_else(unknown)).transpose()?;
    if let Some(slug) = &draft.category {
        let asked = store::fields(&visit.app.db, tenant, slug).await?;
        draft.more.answers = fields::read_strictly(&asked, &|code| intake::texts(new.fields.get(code)))?;
    }
    let choice = Wish::of_call(&new.personal, new.confirm_private);
    personal::screen_draft(&visit.app, tenant, &mut draft, choice).await?;
    let spot = spot(&visit.app, place).await?;
    let office = policy::file(Hand::of(&visit.actor), &spot.place, draft.for_caller)?;
    let context = visit.context(tenant, office);
    let (app, actor, draft, spot) = (&visit.app, &visit.actor, &draft, &spot);
    let told = keys::once(app, &context, tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            let case = actions::file(tx, &app.secrets, Hand::of(actor), spot, draft, &[]).await?;
            let pickup = actions::pickup_code(&app.secrets, case.id);
            Ok(json!({ "code": case.code, "pickup": pickup, "door": case.door, "due": case.due.map(rfc3339) })
                .to_string())
        })
    })
    .await?;
    let told: Value = serde_json::from_str(&told).map_err(Error::internal)?;
    Ok((StatusCode::CREATED, Json(told)).into_response())
}

async fn act(
    visit: Visit,
    Path((code, deed)): Path<(String, String)>,
    headers: HeaderMap,
    call: JsonCall<serde_json::Map<String, Value>>,
) -> Answer {
    let (found, slip, handovers) = in_hand(&visit, &code, &headers).await?;
    let case = &found.row.case;
    let hand = Hand { actor: &visit.actor, slip };
    let text = |name: &str| match call.body.get(name) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Bool(yes)) => yes.to_string(),
        Some(Value::Array(lines)) => lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
        _ => String::new(),
    };
    let public = call.body.get("public").and_then(Value::as_bool).unwrap_or(true);
    let deed = Deed::build(&deed, &text, public)?.ok_or(Error::NotFound)?;
    let open = handovers.iter().find(|handover| handover.decision.is_none());
    if keys::answered(&visit.app, case.tenant.0, &call.key).await?.is_none() {
        let office = policy::act(hand, case, open, &deed)?;
        let choice = Wish::of_call(&text("personal"), text("confirm_private") == "true");
        let deed = personal::screen_deed(deed, case, choice)?;
        let context = visit.context(case.tenant, office);
        let deed = &deed;
        keys::once(&visit.app, &context, case.tenant.0, &call.key, &|tx| {
            Box::pin(async move {
                actions::act(tx, hand, (case.tenant, case.id), deed, &[]).await?;
                Ok(String::new())
            })
        })
        .await?;
    }
    let after = store::by_code(&visit.app.db, &code).await?.ok_or(Error::NotFound)?;
    Ok(Json(case_json(&after.row, visit.call.now)).into_response())
}

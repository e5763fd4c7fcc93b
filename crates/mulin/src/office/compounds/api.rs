//! The JSON face: the compounds of the house, for everybody; a new one, its buildings and its letters, for those who keep
//! the register.

use super::model::Plan;
use super::pages::{self, Wish, build, compound, keeper};
use crate::layout::Visit;
use crate::layout::json::{behind, limit, paged};
use crate::layout::show::rfc3339;
use crate::layout::typed::Body;
use crate::openapi::parts::{
    self, Operation, list, maybe, moment, object, one_of, page_of, reference, text, text_to, whole,
};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::people::{Office, invite};
use commons::place::{Place, PlaceKind, store as places};
use kit::Result;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path, Query, keys};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/compounds", get(all).post(make))
        .route("/api/v1/compounds/{code}", get(made))
        .route("/api/v1/compounds/{code}/buildings", post(raise))
        .route("/api/v1/compounds/{code}/letters", get(letters))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    after: Option<String>,
    limit: Option<i64>,
}

async fn all(visit: Visit, Query(which): Query<Which>) -> Answer {
    let all = places::compounds(&visit.app.db).await?;
    let (shown, next) = behind(all, |place| place.path.clone(), which.after.as_ref(), limit(which.limit)?);
    let item = |place: &Place| json!({ "code": place.path, "name": place.name, "name_en": place.name_en });
    let compounds: Vec<Value> = shown.iter().map(item).collect();
    Ok(paged(&visit.call, json!({ "compounds": compounds }), "after", next))
}

/// A new compound; the fields are those of the form.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct NewCompound {
    name: String,
    code: String,
    #[serde(default)]
    buildings: String,
    #[serde(default = "one")]
    entrances: i64,
    #[serde(default = "one")]
    floors: i64,
    #[serde(default = "one")]
    per_floor: i64,
    #[serde(default)]
    property: String,
    #[serde(default)]
    manager: String,
    /// Building and name.
    #[serde(default, skip_serializing)]
    captains: Vec<(String, String)>,
    #[serde(default)]
    copy: String,
    /// Its homes as CSV, instead of a pattern.
    #[serde(default, skip_serializing)]
    sheet: Option<String>,
}

fn one() -> i64 {
    1
}

async fn make(visit: Visit, call: JsonCall<NewCompound>) -> Answer {
    let (tenant, office) = keeper(&visit)?;
    let (new, body) = (&call.body, Body::of(&call.body));
    let code = match keys::answered(&visit.app, tenant.0, &call.key).await? {
        Some(code) => code,
        None => {
            let captains: Vec<String> = new.captains.iter().map(|(at, name)| format!("{at} {name}")).collect();
            let text = |name: &str| if name == "captains" { captains.join("\n") } else { body.text(name) };
            let plan = Plan::read(&text, new.sheet.is_some())?;
            let sheet = match &new.sheet {
                Some(sheet) => Some(pages::of_sheet(&visit, tenant, &plan, sheet.clone().into_bytes()).await?),
                None => None,
            };
            let wish = Wish { plan, sheet, copy: new.copy.parse().ok() };
            build(&visit, (tenant, office), &wish, &call.key).await?
        }
    };
    let told = json!({ "code": code, "page": format!("/office/compounds/{code}") });
    Ok((StatusCode::CREATED, Json(told)).into_response())
}

async fn made(visit: Visit, Path(code): Path<String>) -> Answer {
    let place = compound(&visit, &code).await?;
    Ok(Json(shown(&visit, &place).await?).into_response())
}

async fn shown(visit: &Visit, place: &Place) -> Result<Value> {
    let db = &visit.app.db;
    let counts = places::counts(db, place.tenant, place.id).await?;
    let count = |kind| counts.get(&kind).copied().unwrap_or(0);
    let letters = invite::waiting(db, place.tenant, place.id, visit.call.now).await?;
    Ok(json!({ "code": place.path, "name": place.name, "name_en": place.name_en,
        "buildings": count(PlaceKind::Building), "homes": count(PlaceKind::Home), "letters": letters.len() }))
}

/// Buildings that are all alike.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Buildings {
    buildings: String,
    #[serde(default = "one")]
    entrances: i64,
    #[serde(default = "one")]
    floors: i64,
    #[serde(default = "one")]
    per_floor: i64,
}

async fn raise(visit: Visit, Path(code): Path<String>, call: JsonCall<Buildings>) -> Answer {
    let (_, office) = keeper(&visit)?;
    let place = compound(&visit, &code).await?;
    let body = Body::of(&call.body);
    pages::raise_once(&visit, office, &place, &|name| body.text(name), &call.key).await?;
    Ok((StatusCode::CREATED, Json(shown(&visit, &place).await?)).into_response())
}

async fn letters(visit: Visit, Path(code): Path<String>) -> Answer {
    let (_, waiting) = pages::waiting(&visit, &code).await?;
    let letter = |one: &invite::Letter| {
        json!({ "name": one.name, "name_en": one.name_en, "office": one.office, "place": one.label,
            "place_en": one.label_en, "code": invite::code(&visit.app.secrets, one.id), "until": rfc3339(one.ends) })
    };
    let letters: Vec<Value> = waiting.iter().map(letter).collect();
    Ok(Json(json!({ "letters": letters })).into_response())
}

/// The calls in OpenAPI.
pub fn paths() -> Value {
    let new = |id: &str, summary: &str| Operation::new(id, "compounds", summary);
    let number = || json!({ "type": "integer", "minimum": 1 });
    let pattern = || [("entrances?", number()), ("floors?", number()), ("per_floor?", number())];
    let captain = json!({ "type": "array", "items": text(), "minItems": 2, "maxItems": 2 });
    let buildings = || parts::said("Such as 1-6, 8", text());
    let mut making = vec![
        ("name", text_to(60)),
        ("code", json!({ "type": "string", "pattern": "^[a-z0-9]{2,20}$" })),
        ("buildings?", buildings()),
        ("property?", text_to(60)),
        ("manager?", text_to(60)),
        ("captains?", parts::said("Building and name", list(captain))),
        ("copy?", parts::said("The id of a compound whose templates and standards are taken over", text())),
        ("sheet?", parts::said("Its homes as CSV, instead of a pattern", maybe(text()))),
    ];
    making.extend(pattern());
    let mut raising = vec![("buildings", buildings())];
    raising.extend(pattern());
    let code = "The compound's code, e.g. shiliu";
    json!({
        "/api/v1/compounds": {
            "get": new("listCompounds", "The compounds of this house")
                .anybody("requests:read")
                .pages("after")
                .gives_pages(page_of("compounds", object(&[("code", text()), ("name", text()), ("name_en", text())])))
                .done(),
            "post": new("makeCompound", "A new compound with its buildings, its property company and its captains")
                .known("office:write")
                .body(object(&making))
                .gives(201, object(&[("code", text()), ("page", text())]))
                .done()
        },
        "/api/v1/compounds/{code}": { "get": new("getCompound", "What there is in a compound, for those who keep the register")
            .known("office:read")
            .path("code", code)
            .gives(200, reference("Compound"))
            .done() },
        "/api/v1/compounds/{code}/buildings": { "post": new("raiseBuildings", "Buildings with their entrances and homes by a pattern, the first ones or some more")
            .known("office:write")
            .path("code", code)
            .body(object(&raising))
            .gives(201, reference("Compound"))
            .done() },
        "/api/v1/compounds/{code}/letters": { "get": new("listLetters", "The letters that nobody has used yet, with their codes; `-` names the community and its grids")
            .known("office:read")
            .path("code", code)
            .gives(200, object(&[("letters", list(reference("Letter")))]))
            .done() }
    })
}

/// The shapes of this folder.
pub fn schemas() -> Value {
    let offices: Vec<&str> = Office::ALL.iter().map(|office| office.name()).collect();
    json!({
        "Compound": object(&[
            ("code", text()),
            ("name", text()),
            ("name_en", text()),
            ("buildings", whole()),
            ("homes", whole()),
            ("letters", parts::said("Letters that wait for their readers", whole())),
        ]),
        "Letter": object(&[
            ("name", text()),
            ("name_en", text()),
            ("office", one_of(&offices)),
            ("place", text()),
            ("place_en", text()),
            ("code", text()),
            ("until", moment()),
        ])
    })
}

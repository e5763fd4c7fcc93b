//! The JSON face: every category that the caller keeps, with its questions, and every deed with it.

use super::actions::{self, Deed};
use super::model;
use super::pages::{Keeper, deed, find, keeper};
use crate::layout::Visit;
use crate::layout::json::told;
use crate::layout::typed::Body;
use crate::openapi::parts::{self, Operation, id, list, maybe, object, one_of, reference, text, text_to, truth};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use commons::case::fields::{Choice, FIELDS_MAX, Field, FieldKind, OPTIONS_MAX, write_options};
use commons::case::{Category, Door, Kind, store};
use commons::people::Office;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::keys::RequestKey;
use kit::web::{App, Path, keys};
use kit::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/office/categories", get(all).post(add))
        .route("/api/v1/office/categories/{slug}", get(one).post(change))
        .route("/api/v1/office/categories/{slug}/{deed}", axum::routing::post(act))
}

fn field_json(field: &Field) -> Value {
    let option = |choice: &Choice| json!({ "name": choice.name, "name_en": choice.name_en });
    json!({ "code": field.code, "name": field.name, "name_en": field.name_en, "hint": field.hint,
        "hint_en": field.hint_en, "kind": field.kind, "required": field.required,
        "options": field.options.iter().map(option).collect::<Vec<_>>() })
}

fn category_json(category: &Category, retired: bool, fields: &[Field]) -> Value {
    json!({ "slug": category.slug, "name": category.name, "name_en": category.name_en, "kind": category.kind,
        "door": category.door, "office": category.office, "private": category.private, "compound": category.compound,
        "retired": retired, "fields": fields.iter().map(field_json).collect::<Vec<_>>() })
}

async fn all(visit: Visit) -> Answer {
    let keeper = keeper(&visit)?;
    let fields = store::all_fields(&visit.app.db, keeper.tenant).await?;
    let mut told = Vec::new();
    for (category, retired) in store::every_category(&visit.app.db, keeper.tenant).await? {
        if keeper.keeps(&category) {
            let fields = fields.get(&category.slug).map_or(&[][..], Vec::as_slice);
            told.push(category_json(&category, retired, fields));
        }
    }
    Ok(Json(json!({ "categories": told })).into_response())
}

async fn one(visit: Visit, Path(slug): Path<String>) -> Answer {
    let keeper = keeper(&visit)?;
    Ok(Json(shown(&visit, keeper, &slug).await?).into_response())
}

async fn shown(visit: &Visit, keeper: Keeper, slug: &str) -> Result<Value> {
    let (category, retired) = find(visit, keeper, slug).await?;
    let fields = store::fields(&visit.app.db, keeper.tenant, slug).await?;
    Ok(category_json(&category, retired, &fields))
}

/// A category, new or in other words.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    name: String,
    #[serde(default)]
    name_en: String,
    kind: String,
    door: String,
    office: Option<String>,
    #[serde(default)]
    private: bool,
}

async fn add(visit: Visit, call: JsonCall<Typed>) -> Answer {
    let keeper = keeper(&visit)?;
    let body = Body::of(&call.body);
    let new = model::category(&|name| body.text(name), "", 0)?;
    let new = Deed::Add(Category { compound: keeper.compound, ..new });
    told(StatusCode::CREATED, &does(&visit, keeper, &call.key, "", &new).await?)
}

async fn change(visit: Visit, Path(slug): Path<String>, call: JsonCall<Typed>) -> Answer {
    let keeper = keeper(&visit)?;
    let (old, _) = find(&visit, keeper, &slug).await?;
    let body = Body::of(&call.body);
    let new = model::category(&|name| body.text(name), &old.slug, old.sort)?;
    does(&visit, keeper, &call.key, &slug, &Deed::Change(new)).await?;
    Ok(Json(shown(&visit, keeper, &slug).await?).into_response())
}

/// What the deeds need: `to` for move; the question for ask, with the `code` of a known one; `code` for ask-no-more.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
struct Wish {
    to: Option<String>,
    code: Option<String>,
    name: Option<String>,
    name_en: Option<String>,
    hint: Option<String>,
    hint_en: Option<String>,
    kind: Option<String>,
    required: Option<bool>,
    #[serde(skip_serializing)]
    options: Vec<Named>,
}

/// A choice of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
    #[serde(default)]
    name_en: String,
}

async fn act(visit: Visit, Path((slug, name)): Path<(String, String)>, call: JsonCall<Wish>) -> Answer {
    let keeper = keeper(&visit)?;
    find(&visit, keeper, &slug).await?;
    if keys::answered(&visit.app, keeper.tenant.0, &call.key).await?.is_none() {
        let wish = &call.body;
        if name == "move" && !matches!(wish.to.as_deref(), Some("up" | "down")) {
            return Err(Error::invalid("to", "categories/move-to").into());
        }
        let options: Vec<Choice> = wish.options.iter().map(choice).collect::<Result<_>>()?;
        let body = Body::of(wish);
        let text = |field: &str| if field == "options" { write_options(&options) } else { body.text(field) };
        let deed = deed(&visit, keeper, (&slug, &name), &text).await?.ok_or(Error::NotFound)?;
        does(&visit, keeper, &call.key, &slug, &deed).await?;
    }
    Ok(Json(shown(&visit, keeper, &slug).await?).into_response())
}

/// The sign between the two languages of a choice, and the end of a line, cannot stand in its name.
fn choice(named: &Named) -> Result<Choice> {
    let plain = |text: &str| !text.contains(['|', '｜', '\n', '\r']);
    match plain(&named.name) && plain(&named.name_en) {
        true => Ok(Choice { name: named.name.clone(), name_en: named.name_en.clone() }),
        false => Err(Error::invalid("options", "categories/options-sign")),
    }
}

async fn does(visit: &Visit, keeper: Keeper, key: &RequestKey, slug: &str, deed: &Deed) -> Result<String> {
    let context = visit.context(keeper.tenant, Some(keeper.office));
    keys::once(&visit.app, &context, keeper.tenant.0, key, &|tx| {
        Box::pin(async move {
            let slug = actions::act(tx, keeper.tenant, slug, deed).await?;
            Ok(json!({ "slug": slug }).to_string())
        })
    })
    .await
}

/// The deeds with a category, as addresses name them.
const DEEDS: &[&str] = &["move", "retire", "bring-back", "ask", "ask-no-more"];

/// The calls in OpenAPI.
pub fn paths() -> Value {
    let new = |id: &str, summary: &str| Operation::new(id, "categories", summary);
    let slug = "The category's slug";
    let typed = || {
        object(&[
            ("name", text_to(20)),
            ("name_en?", text_to(40)),
            ("kind", parts::one_of(&names(Kind::ALL))),
            ("door", one_of(&names(Door::ALL))),
            ("office?", maybe(one_of(&names(Office::HOLDING)))),
            ("private?", truth()),
        ])
    };
    let wish = object(&[
        ("to?", parts::said("For move: up the list, or down", one_of(&["up", "down"]))),
        ("code?", parts::said("For ask: a question that is there already. For ask-no-more", text())),
        ("name?", text_to(20)),
        ("name_en?", text_to(40)),
        ("hint?", text_to(80)),
        ("hint_en?", text_to(160)),
        ("kind?", parts::said("For a new question; it stays", one_of(&names(FieldKind::ALL)))),
        ("required?", truth()),
        (
            "options?",
            json!({ "type": "array", "maxItems": OPTIONS_MAX, "items": object(&[("name", text()), ("name_en?", text())]) }),
        ),
    ]);
    json!({
        "/api/v1/office/categories": {
            "get": new("keptCategories", "Every category that the caller keeps, retired ones too, with their questions")
                .known("office:read")
                .gives(200, object(&[("categories", list(reference("KeptCategory")))]))
                .done(),
            "post": new("addCategory", "A new category; an owners' committee's is its compound's alone")
                .known("office:write")
                .body(typed())
                .gives(201, object(&[("slug", text())]))
                .done()
        },
        "/api/v1/office/categories/{slug}": {
            "get": new("keptCategory", "One category with its questions")
                .known("office:read")
                .path("slug", slug)
                .gives(200, reference("KeptCategory"))
                .done(),
            "post": new("changeCategory", "Other names, another kind, another first door")
                .known("office:write")
                .path("slug", slug)
                .body(typed())
                .gives(200, reference("KeptCategory"))
                .done()
        },
        "/api/v1/office/categories/{slug}/{deed}": {
            "post": new("actOnCategory", "Moves it, retires it, brings it back, asks something or asks it no more")
                .known("office:write")
                .path("slug", slug)
                .path_of("deed", DEEDS, "What is done")
                .body(wish)
                .gives(200, reference("KeptCategory"))
                .done()
        }
    })
}

fn names<T: ToString>(all: &[T]) -> Vec<String> {
    all.iter().map(T::to_string).collect()
}

/// The shapes of this folder.
pub fn schemas() -> Value {
    let options = list(object(&[("name", text()), ("name_en", text())]));
    let field = object(&[
        ("code", text()),
        ("name", text()),
        ("name_en", text()),
        ("hint", text()),
        ("hint_en", text()),
        ("kind", one_of(&names(FieldKind::ALL))),
        ("required", truth()),
        ("options", options),
    ]);
    json!({ "KeptCategory": object(&[
        ("slug", text()),
        ("name", text()),
        ("name_en", text()),
        ("kind", one_of(&names(Kind::ALL))),
        ("door", one_of(&names(Door::ALL))),
        ("office", maybe(one_of(&names(Office::HOLDING)))),
        ("private", truth()),
        ("compound", parts::said("Offered in this compound alone", maybe(id()))),
        ("retired", truth()),
        ("fields", json!({ "type": "array", "maxItems": FIELDS_MAX, "items": field })),
    ]) })
}

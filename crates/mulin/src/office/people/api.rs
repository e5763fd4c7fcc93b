//! The JSON face: who is trusted with what, a mandate given, with a letter if wanted, and one ended.

use super::pages::{self, SOURCES, keeper};
use super::store::{self, Held};
use crate::layout::Visit;
use crate::layout::json::{Nothing, cursor_bad, limit, paged, told};
use crate::layout::show::rfc3339;
use crate::layout::typed::Body;
use crate::openapi::parts::{
    self, Operation, id, maybe, moment, object, one_of, page_of, reference, text, text_to, truth,
};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use commons::people::{MandateId, Office, Source, invite};
use kit::Result;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path, Query, keys};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/people", get(list).post(give)).route("/api/v1/people/{id}/end", post(end))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    after: Option<String>,
    limit: Option<i64>,
}

fn held_json(held: &Held) -> Value {
    json!({ "id": held.id, "office": held.office, "place": held.place, "place_en": held.place_en, "name": held.name,
        "name_en": held.name_en, "login": held.login, "source": held.source, "starts": rfc3339(held.starts),
        "ends": held.ends.map(rfc3339) })
}

async fn list(visit: Visit, Query(which): Query<Which>) -> Answer {
    let tenant = keeper(&visit)?;
    let after: Option<MandateId> = which.after.as_deref().map(parsed).transpose()?;
    let wanted = limit(which.limit)?;
    let mut held = store::offices_after(&visit.app.db, tenant, visit.call.now, (after, wanted + 1)).await?;
    let more = held.len() as i64 > wanted;
    held.truncate(wanted as usize);
    let next = held.last().filter(|_| more).map(|one| one.id.to_string());
    let mandates: Vec<Value> = held.iter().map(held_json).collect();
    Ok(paged(&visit.call, json!({ "mandates": mandates }), "after", next))
}

fn parsed(text: &str) -> Result<MandateId> {
    text.parse().map_err(|_| cursor_bad("after"))
}

/// A person and what they are trusted with.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct NewMandate {
    name: String,
    office: String,
    source: String,
    /// The path of the place; the whole community without one.
    at: Option<String>,
    years: Option<i64>,
    login: Option<String>,
    password: Option<String>,
    letter: Option<bool>,
    /// Somebody of this name who is something here already.
    same: Option<bool>,
}

async fn give(visit: Visit, call: JsonCall<NewMandate>) -> Answer {
    let tenant = keeper(&visit)?;
    if let Some(kept) = keys::answered(&visit.app, tenant.0, &call.key).await? {
        return told(StatusCode::CREATED, &kept);
    }
    let body = Body::of(&call.body);
    let giving = match pages::read(&visit, tenant, &|name| body.text(name)).await {
        Ok(giving) => giving,
        // Of several at once the others find the name taken; their key tells what they are answered.
        Err(error) => {
            return match keys::answered(&visit.app, tenant.0, &call.key).await? {
                Some(kept) => told(StatusCode::CREATED, &kept),
                None => Err(error.into()),
            };
        }
    };
    let giving = &giving;
    let app = &visit.app;
    let kept = keys::once(app, &visit.context(tenant, Some(Office::Community)), tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            let given = pages::give_in(tx, app, tenant, giving).await?;
            let code = given.letter.map(|letter| invite::code(&app.secrets, letter));
            Ok(json!({ "id": given.mandate, "letter": code }).to_string())
        })
    })
    .await?;
    told(StatusCode::CREATED, &kept)
}

async fn end(visit: Visit, Path(mandate): Path<MandateId>, call: JsonCall<Nothing>) -> Answer {
    pages::end_once(&visit, mandate, &call.key).await?;
    told(StatusCode::OK, "{}")
}

/// The calls in OpenAPI.
pub fn paths() -> Value {
    let new = |id: &str, summary: &str| Operation::new(id, "people", summary);
    let sources: Vec<&str> = SOURCES.iter().map(|source| source.name()).collect();
    let offices: Vec<&str> = Office::ALL.iter().map(|office| office.name()).collect();
    let given = object(&[
        ("id", id()),
        ("letter", parts::said("The code of the letter; here once, afterwards on its paper", maybe(text()))),
    ]);
    let giving = object(&[
        ("name", text_to(60)),
        ("office", one_of(&offices)),
        ("source", one_of(&sources)),
        ("at?", parts::said("The path of the place, e.g. shiliu/3; the whole community without one", maybe(text()))),
        ("years?", maybe(json!({ "type": "integer", "minimum": 1, "maximum": 10 }))),
        ("login?", maybe(text_to(60))),
        ("password?", maybe(text())),
        (
            "letter?",
            parts::said("A letter with which they choose a login of their own, instead of a login", maybe(truth())),
        ),
        ("same?", parts::said("Somebody of this name who is something here already, not a new person", maybe(truth()))),
    ]);
    json!({
        "/api/v1/people": {
            "get": new("listMandates", "Who is trusted with what, in the order in which it was given; homes are nobody's business")
                .known("office:read")
                .pages("after")
                .gives_pages(page_of("mandates", reference("Mandate")))
                .done(),
            "post": new("giveMandate", "Trusts somebody with an office at a place")
                .known("office:write")
                .body(giving)
                .gives(201, given)
                .done()
        },
        "/api/v1/people/{id}/end": {
            "post": new("endMandate", "What the mandate opened closes at once; the last one who keeps the register stays")
                .known("office:write")
                .path("id", "The mandate's id")
                .body(parts::nothing())
                .gives(200, parts::nothing())
                .done()
        }
    })
}

/// The shapes of this folder.
pub fn schemas() -> Value {
    let names = |all: &[Source]| all.iter().map(|one| one.name()).collect::<Vec<_>>();
    let offices: Vec<&str> = Office::ALL.iter().map(|office| office.name()).collect();
    json!({ "Mandate": object(&[
        ("id", id()),
        ("office", one_of(&offices)),
        ("place", text()),
        ("place_en", text()),
        ("name", text()),
        ("name_en", text()),
        ("login", maybe(text())),
        ("source", one_of(&names(Source::ALL))),
        ("starts", moment()),
        ("ends", maybe(moment())),
    ]) })
}

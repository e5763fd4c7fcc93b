//! The JSON face: who I am here, what I said, what I was told and how I want to be told; and search.

use super::me::{see_all, sentence};
use super::told::{confirm_once, me, read, save_once};
use super::{search, store as halls};
use crate::layout::Visit;
use crate::layout::json::{Nothing, before, case_json, cursor_bad, limit, next_before, paged, told};
use crate::layout::show::rfc3339;
use crate::layout::typed::Body;
use crate::openapi::parts::{
    self, Operation, id, list, maybe, moment, object, one_of, page_of, reference, said, text, truth, whole,
};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::case::CaseId;
use commons::case::store::{self, CaseRow, Filter, Sees};
use commons::notice::wish::{Because, Wish, store as wishes};
use commons::notice::{Notice, store as notices};
use commons::people::{Mandate, Office, Source};
use commons::place::TenantId;
use kit::book::ActivityId;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Query, keys};
use kit::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Cases of others that are told of at once.
const JOINED_MAX: i64 = 100;
const WORDS_CHARACTERS_MAX: usize = 100;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/search", get(look))
        .route("/api/v1/me", get(who))
        .route("/api/v1/me/requests", get(mine))
        .route("/api/v1/me/joined", get(joined))
        .route("/api/v1/me/notices", get(noticed))
        .route("/api/v1/me/notices/seen", post(seen))
        .route("/api/v1/me/wishes", get(wished).post(wish))
        .route("/api/v1/me/wishes/confirm", post(confirm))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    q: String,
    before: Option<String>,
    limit: Option<i64>,
}

async fn look(visit: Visit, Query(words): Query<Words>) -> Answer {
    let q: String = words.q.trim().chars().take(WORDS_CHARACTERS_MAX).collect();
    let before = words.before.map(|text| text.parse().map_err(|_| cursor_bad("before"))).transpose()?;
    let (rows, next) = search::found(&visit, &q, before, limit(words.limit)?).await?;
    let items: Vec<Value> = rows.iter().map(|row| case_json(row, visit.call.now)).collect();
    Ok(paged(&visit.call, json!({ "requests": items }), "before", next.map(|doc| doc.to_string())))
}

async fn who(visit: Visit) -> Answer {
    visit.call.account()?;
    let (db, now) = (&visit.app.db, visit.call.now);
    let (mut waiting, mut offered) = (Vec::new(), 0);
    for person in &visit.actor.persons {
        let found = halls::waiting_for(db, person.tenant, person.id, now).await?;
        waiting.extend(found.into_iter().map(|(code, words)| json!({ "code": code, "words": words })));
        if visit.is_staff() {
            offered += store::offered_to(db, person.tenant, person.id, now).await?.len();
        }
    }
    let person =
        |one: &commons::people::Person| json!({ "community": one.tenant, "name": one.name, "name_en": one.name_en });
    let mandate = |one: &Mandate| {
        json!({ "id": one.id, "community": one.tenant, "office": one.office, "place": one.place,
            "place_label": one.place_label, "place_label_en": one.place_label_en, "source": one.source,
            "starts": rfc3339(one.starts), "ends": one.ends.map(rfc3339) })
    };
    Ok(Json(json!({
        "persons": visit.actor.persons.iter().map(person).collect::<Vec<_>>(),
        "mandates": visit.actor.mandates.iter().map(mandate).collect::<Vec<_>>(),
        "unseen": visit.actor.unseen,
        "waiting": waiting,
        "offered": offered,
    }))
    .into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pages {
    before: Option<String>,
    limit: Option<i64>,
}

async fn mine(visit: Visit, Query(pages): Query<Pages>) -> Answer {
    visit.call.account()?;
    let (wanted, now) = (limit(pages.limit)?, visit.call.now);
    let before = before(pages.before.as_deref())?;
    let mut rows: Vec<CaseRow> = Vec::new();
    for person in &visit.actor.persons {
        let filter = Filter { tenant: Some(person.tenant), author: Some(person.id), before, now, ..Filter::default() };
        rows.extend(store::list(&visit.app.db, &filter, Sees::Own, wanted + 1).await?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse((row.case.said, row.case.id)));
    let next = next_before(&mut rows, wanted);
    let items: Vec<Value> = rows.iter().map(|row| case_json(row, now)).collect();
    Ok(paged(&visit.call, json!({ "requests": items }), "before", next))
}

async fn joined(visit: Visit) -> Answer {
    visit.call.account()?;
    let db = &visit.app.db;
    let mut items = Vec::new();
    for person in &visit.actor.persons {
        let ids = store::together::supported(db, person.tenant, person.id, JOINED_MAX).await?;
        let ids: Vec<(TenantId, CaseId)> = ids.into_iter().map(|id| (person.tenant, id)).collect();
        // What is private by now is nobody else's; what its author left can be gone on with.
        let rows = store::by_ids(db, &ids).await?;
        items.extend(rows.iter().filter(|row| row.case.was_public()).map(|row| case_json(row, visit.call.now)));
    }
    Ok(Json(json!({ "requests": items })).into_response())
}

async fn noticed(visit: Visit, Query(pages): Query<Pages>) -> Answer {
    visit.call.account()?;
    let (db, wanted) = (&visit.app.db, limit(pages.limit)?);
    let read = |text: &str| text.parse::<ActivityId>().map_err(|_| cursor_bad("before"));
    let before = pages.before.as_deref().map(read).transpose()?;
    let mut all: Vec<(TenantId, Notice)> = Vec::new();
    for person in &visit.actor.persons {
        let told = match before {
            None => notices::mine(db, person.tenant, person.id, wanted + 1).await?,
            Some(before) => notices::mine_before(db, person.tenant, person.id, (before, wanted + 1)).await?,
        };
        all.extend(told.into_iter().map(|told| (person.tenant, told)));
    }
    all.sort_by_key(|(_, told)| std::cmp::Reverse(told.id));
    let more = all.len() as i64 > wanted;
    all.truncate(wanted as usize);
    let next = all.last().filter(|_| more).map(|(_, told)| told.id.to_string());
    let about: Vec<(TenantId, CaseId)> = all
        .iter()
        .filter(|(_, told)| told.thing == "case")
        .map(|(tenant, told)| (*tenant, CaseId(told.thing_id)))
        .collect();
    let cases = store::by_ids(db, &about).await?;
    let v = visit.view("me-title");
    let item = |(_, told): &(TenantId, Notice)| {
        let case = cases.iter().find(|row| row.case.id.0 == told.thing_id);
        json!({ "id": told.id, "at": rfc3339(told.at), "stem": told.stem, "thing": told.thing, "label": told.label,
            "sentence": sentence(&visit, &v, told, case), "because": told.because, "seen": told.seen.map(rfc3339) })
    };
    let items: Vec<Value> = all.iter().map(item).collect();
    Ok(paged(&visit.call, json!({ "notices": items }), "before", next))
}

async fn seen(visit: Visit, call: JsonCall<Nothing>) -> Answer {
    let (tenant, _) = me(&visit)?;
    let persons = &visit.actor.persons;
    let kept = keys::once(&visit.app, &visit.context(tenant, None), tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            see_all(tx, persons).await?;
            Ok("{}".to_owned())
        })
    })
    .await?;
    told(StatusCode::OK, &kept)
}

fn wish_json(visit: &Visit, wish: &Wish) -> Value {
    let (from, to) = wish.quiet.shown();
    json!({ "mail": wish.mail, "confirmed": wish.confirmed.map(rfc3339), "mine": wish.mine, "held": wish.held,
        "followed": wish.followed, "from": from, "to": to, "letters": visit.app.mail.is_some() })
}

async fn found(visit: &Visit) -> Result<Wish> {
    let (tenant, person) = me(visit)?;
    wishes::find(&visit.app.db, &visit.app.secrets, tenant, person).await
}

async fn wished(visit: Visit) -> Answer {
    let wish = found(&visit).await?;
    Ok(Json(wish_json(&visit, &wish)).into_response())
}

/// How I want to be told.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct NewWish {
    mail: Option<String>,
    mine: bool,
    held: bool,
    followed: bool,
    from: String,
    to: String,
}

async fn wish(visit: Visit, call: JsonCall<NewWish>) -> Answer {
    let (tenant, _) = me(&visit)?;
    if keys::answered(&visit.app, tenant.0, &call.key).await?.is_none() {
        let body = Body::of(&call.body);
        let before = found(&visit).await?;
        let wish = read(&|name| body.text(name), &before, visit.call.lang.code())?;
        save_once(&visit, &wish, &call.key).await?;
    }
    let wish = found(&visit).await?;
    Ok(Json(wish_json(&visit, &wish)).into_response())
}

/// What stands at the end of the link in the letter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Token {
    token: String,
}

async fn confirm(visit: Visit, call: JsonCall<Token>) -> Answer {
    confirm_once(&visit, &call.body.token, &call.key).await.map_err(|error| match error {
        Error::NotFound => Error::invalid("token", "told/token-unknown"),
        other => other,
    })?;
    let wish = found(&visit).await?;
    Ok(Json(wish_json(&visit, &wish)).into_response())
}

/// The calls in OpenAPI.
pub fn paths() -> Value {
    let new = |id: &str, summary: &str| Operation::new(id, "me", summary);
    let requests = || page_of("requests", reference("Request"));
    let wish = object(&[
        ("mail?", maybe(text())),
        ("mine", said("Letters about what I said", truth())),
        ("held", said("Letters about what my office holds", truth())),
        ("followed", said("Letters about what I follow", truth())),
        ("from", said("The quiet hours: 21:00", text())),
        ("to", said("08:00", text())),
    ]);
    json!({
        "/api/v1/search": { "get": Operation::new("search", "requests", "What holds all the words, newest first: what is public, what the caller said, and for a community's staff what is theirs")
            .anybody("requests:read")
            .needs("q", "Words to look for")
            .pages("before")
            .gives_pages(requests())
            .done() },
        "/api/v1/me": { "get": new("getMe", "Who the caller is here, with which mandates, and what waits for their word")
            .known("me:read")
            .gives(200, reference("Me"))
            .done() },
        "/api/v1/me/requests": { "get": new("listMine", "What the caller said, newest first")
            .known("me:read")
            .pages("before")
            .gives_pages(requests())
            .done() },
        "/api/v1/me/joined": { "get": new("listJoined", "What the caller's household joined, newest first, at most 100 in each community")
            .known("me:read")
            .gives(200, object(&[("requests", list(reference("Request")))]))
            .done() },
        "/api/v1/me/notices": { "get": new("listNotices", "What the caller was told, newest first")
            .known("me:read")
            .pages("before")
            .gives_pages(page_of("notices", reference("Notice")))
            .done() },
        "/api/v1/me/notices/seen": { "post": new("seeNotices", "Marks all notices as seen")
            .known("me:write")
            .body(parts::nothing())
            .gives(200, parts::nothing())
            .may(&[404])
            .done() },
        "/api/v1/me/wishes": {
            "get": new("getWishes", "How the caller wants to be told")
                .known("me:read")
                .gives(200, reference("Wishes"))
                .may(&[404])
                .done(),
            "post": new("setWishes", "Says how the caller wants to be told; a new address gets a letter with a link first")
                .known("me:write")
                .body(wish)
                .gives(200, reference("Wishes"))
                .may(&[404])
                .done()
        },
        "/api/v1/me/wishes/confirm": { "post": new("confirmMail", "Confirms the address with the end of the link in its letter")
            .known("me:write")
            .body(object(&[("token", text())]))
            .gives(200, reference("Wishes"))
            .may(&[404])
            .done() }
    })
}

/// The shapes of this folder.
pub fn schemas() -> Value {
    let offices: Vec<&str> = Office::ALL.iter().map(|office| office.name()).collect();
    let sources: Vec<&str> = Source::ALL.iter().map(|source| source.name()).collect();
    let reasons: Vec<&str> = Because::ALL.iter().map(|because| because.name()).collect();
    let mandate = object(&[
        ("id", id()),
        ("community", id()),
        ("office", one_of(&offices)),
        ("place", id()),
        ("place_label", text()),
        ("place_label_en", text()),
        ("source", one_of(&sources)),
        ("starts", moment()),
        ("ends", maybe(moment())),
    ]);
    json!({
        "Me": object(&[
            ("persons", list(object(&[("community", id()), ("name", text()), ("name_en", text())]))),
            ("mandates", list(mandate)),
            ("unseen", said("Notices that wait to be seen", whole())),
            ("waiting", said("Reports that wait for the caller's judgement", list(object(&[("code", text()), ("words", text())])))),
            ("offered", said("Offers that wait for an answer from the caller's offices", whole())),
        ]),
        "Notice": object(&[
            ("id", id()),
            ("at", moment()),
            ("stem", said("What happened, e.g. requests/reported", text())),
            ("thing", text()),
            ("label", said("What to call it: the code of a request", text())),
            ("sentence", said("The same in the caller's language", text())),
            ("because", maybe(one_of(&reasons))),
            ("seen", maybe(moment())),
        ]),
        "Wishes": object(&[
            ("mail", maybe(text())),
            ("confirmed", said("Letters go to the address once it was confirmed", maybe(moment()))),
            ("mine", truth()),
            ("held", truth()),
            ("followed", truth()),
            ("from", text()),
            ("to", text()),
            ("letters", said("This house can write letters", truth())),
        ])
    })
}

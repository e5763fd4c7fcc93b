//! The JSON face: the channels that the caller keeps, a new one, and the language of one. Nothing secret comes back.

use super::actions::{self, Deed};
use super::model::{Typed, language};
use super::{pages, policy, why};
use crate::layout::Visit;
use crate::layout::json::Nothing;
use crate::layout::show::rfc3339;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::notice::channel::{Channel, ChannelId, store as channels};
use commons::notice::delivery;
use commons::place::PlaceId;
use kit::i18n::Lang;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path, keys};
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/channels", get(list).post(add))
        .route("/api/v1/channels/{id}/language", post(set_language))
        .route("/api/v1/channels/{id}/deliveries", get(deliveries))
        .route("/api/v1/channels/{id}/{deed}", post(act))
        .route("/api/v1/mailboxes", get(mailboxes).post(add_mailbox))
        .route("/api/v1/mailboxes/drop", post(drop_mailbox))
}

fn shown(channel: &Channel, lang: Lang) -> Value {
    let (from, to) = channel.quiet.shown();
    json!({
        "id": channel.id, "place": channel.place, "name": channel.name, "kind": channel.kind,
        "lang": channel.lang.code(), "events": channel.events, "categories": channel.categories,
        "from": from, "to": to, "paused": channel.paused.is_some(), "failing": channel.failing.is_some(),
        "error": channel.error.as_ref().map(|error| why::sentence(lang, error)),
    })
}

async fn list(visit: Visit) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    let all = channels::all(&visit.app.db, &visit.app.secrets, tenant).await?;
    let mine = all.iter().filter(|channel| policy::keep(&visit.actor, tenant, channel.place).is_ok());
    let mine: Vec<Value> = mine.map(|channel| shown(channel, visit.call.lang)).collect();
    Ok(Json(json!({ "channels": mine })).into_response())
}

async fn add(visit: Visit, call: JsonCall<Typed>) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    let (app, actor) = (&visit.app, &visit.actor);
    let new = &call.body.check(&app.outgoing)?;
    let office = policy::keep(actor, tenant, new.place)?;
    let told = keys::once(app, &visit.context(tenant, Some(office)), tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            let (id, secret) = actions::add(tx, &app.secrets, actor, tenant, new).await?;
            let mut told = json!({ "id": id, "lang": new.lang.code() });
            if let Some(secret) = secret {
                told["secret"] = secret.into();
            }
            Ok(told.to_string())
        })
    })
    .await?;
    Ok((StatusCode::CREATED, Json(parsed(&told)?)).into_response())
}

/// `zh-CN` (or `zh`) and `en`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Language {
    lang: String,
}

async fn set_language(visit: Visit, Path(id): Path<ChannelId>, call: JsonCall<Language>) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    let lang = language(Some(&call.body.lang)).ok_or(Error::invalid("lang", "channels/lang"))?;
    let (app, actor) = (&visit.app, &visit.actor);
    let channel = &channels::find(&app.db, &app.secrets, tenant, id).await?.ok_or(Error::NotFound)?;
    let office = policy::keep(actor, tenant, channel.place)?;
    let told = keys::once(app, &visit.context(tenant, Some(office)), tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            actions::act(tx, &app.secrets, actor, channel, (Deed::Speak(lang), "", "")).await?;
            Ok(json!({ "id": id, "lang": lang.code() }).to_string())
        })
    })
    .await?;
    Ok(Json(parsed(&told)?).into_response())
}

async fn act(visit: Visit, Path((id, deed)): Path<(ChannelId, String)>, call: JsonCall<Nothing>) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    let deed = Deed::parse(&deed).ok_or(Error::NotFound)?;
    let (app, actor, key) = (&visit.app, &visit.actor, call.key.key.as_str());
    let channel = channels::find(&app.db, &app.secrets, tenant, id).await?;
    let Some(channel) = channel else {
        // A retired channel is found no more, but whoever retired it may ask again what came of it.
        keys::answered(app, tenant.0, &call.key).await?.ok_or(Error::NotFound)?;
        return Ok(Json(json!({ "id": id })).into_response());
    };
    let channel = &channel;
    let office = policy::keep(actor, tenant, channel.place)?;
    let text = &pages::try_text(channel, visit.call.now);
    keys::once(app, &visit.context(tenant, Some(office)), tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            actions::act(tx, &app.secrets, actor, channel, (deed, text, key)).await?;
            Ok(String::new())
        })
    })
    .await?;
    if deed == Deed::Test {
        crate::deliver::round(app).await?;
    }
    Ok(Json(json!({ "id": id })).into_response())
}

const DELIVERIES_SHOWN: i64 = 50;

/// What a channel was given last, and how it went.
async fn deliveries(visit: Visit, Path(id): Path<ChannelId>) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    let app = &visit.app;
    let channel = channels::find(&app.db, &app.secrets, tenant, id).await?.ok_or(Error::NotFound)?;
    policy::keep(&visit.actor, tenant, channel.place)?;
    let all = delivery::store::of_channel(&app.db, tenant, id, DELIVERIES_SHOWN).await?;
    let told: Vec<Value> = all
        .iter()
        .map(|one| {
            json!({ "at": rfc3339(one.at), "state": one.stage, "error": one.error, "sent": one.sent.map(rfc3339) })
        })
        .collect();
    Ok(Json(json!({ "deliveries": told })).into_response())
}

async fn mailboxes(visit: Visit) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    let all = channels::mailboxes(&visit.app.db, tenant).await?;
    let mine = all.iter().filter(|one| policy::keep(&visit.actor, tenant, one.place).is_ok());
    let mine: Vec<Value> = mine.map(|one| json!({ "address": one.address, "place": one.place })).collect();
    Ok(Json(json!({ "mailboxes": mine })).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewMailbox {
    address: String,
    place: PlaceId,
}

async fn add_mailbox(visit: Visit, call: JsonCall<NewMailbox>) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    let (app, actor, place) = (&visit.app, &visit.actor, call.body.place);
    let address = &call.body.address.to_lowercase();
    if !kit::mail::is_address(address) {
        return Err(Error::invalid("address", "channels/mailbox").into());
    }
    let office = policy::keep(actor, tenant, place)?;
    keys::once(app, &visit.context(tenant, Some(office)), tenant.0, &call.key, &|tx| {
        Box::pin(async move {
            actions::add_mailbox(tx, actor, tenant, address, place).await?;
            Ok(String::new())
        })
    })
    .await?;
    Ok((StatusCode::CREATED, Json(json!({ "address": address, "place": place }))).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OldMailbox {
    address: String,
}

async fn drop_mailbox(visit: Visit, call: JsonCall<OldMailbox>) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    let (app, actor, address) = (&visit.app, &visit.actor, &call.body.address.to_lowercase());
    // Read first: a twin that drops it between the two has answered by then.
    let boxes = channels::mailboxes(&app.db, tenant).await?;
    if keys::answered(app, tenant.0, &call.key).await?.is_none() {
        let place = boxes.iter().find(|one| one.address == *address).ok_or(Error::NotFound)?.place;
        let office = policy::keep(actor, tenant, place)?;
        keys::once(app, &visit.context(tenant, Some(office)), tenant.0, &call.key, &|tx| {
            Box::pin(async move {
                actions::drop_mailbox(tx, actor, tenant, address, place).await?;
                Ok(String::new())
            })
        })
        .await?;
    }
    Ok(Json(json!({ "address": address })).into_response())
}

fn parsed(told: &str) -> Result<Value> {
    serde_json::from_str(told).map_err(Error::internal)
}

//! The way in with a key that a device keeps: no name is typed, the device says who it is and has recognised its owner itself.

use super::account;
use super::devices::passkeys::{answered, here, refused};
use super::first_run::{NOBODYS, account_of};
use crate::layout::json::Nothing;
use crate::layout::{Visit, Wrong};
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use commons::people::AccountId;
use kit::passkey::{self, Shown, store};
use kit::time::Moment;
use kit::web::answer::Answer;
use kit::web::ceremony::{Asked, MINUTES};
use kit::web::json::JsonCall;
use kit::web::limits::{Knock, pair};
use kit::web::{App, Form, keys};
use kit::{Error, Result, base64url};
use serde_json::{Value, json};

const ENTERING: &str = "passkey-enter";

pub fn routes() -> Router<App> {
    Router::new().route("/sign-in/passkey", post(enter)).route("/api/v1/sign-in/passkey", post(begin))
}

/// What a device is asked to sign: good once, for some minutes, in this browser.
async fn begin(visit: Visit, call: JsonCall<Nothing>) -> Answer {
    let app = &visit.app;
    let here = here(app)?;
    app.limits.check(Knock::SignInFrom, &visit.call.address.to_string())?;
    let asked = &Asked::of(app, &visit.call, ENTERING);
    let told = keys::once(app, &app.context(), NOBODYS, &call.key, &|tx| {
        Box::pin(async move { Ok(base64url::encode(&asked.ask(app, tx, None).await?)) })
    })
    .await?;
    Ok(Json(json!({ "challenge": told, "rp_id": here.id })).into_response())
}

/// `POST /sign-in/passkey`.
async fn enter(visit: Visit, form: Form) -> Answer {
    match try_enter(&visit, &form).await {
        Ok(account) => account::enter(&visit, account).await,
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            account::again(&visit, wrong, "").await
        }
    }
}

async fn try_enter(visit: &Visit, form: &Form) -> Result<AccountId> {
    let app = &visit.app;
    let here = &here(app)?;
    let address = visit.call.address.to_string();
    app.limits.check(Knock::SignInFrom, &address)?;
    app.limits.check(Knock::SignIn, &pair(form.text("id"), &address))?;
    let wrong = || Error::invalid("passkey", "passkeys/wrong");
    let part = |name: &str| base64url::decode(form.text(name)).ok_or_else(wrong);
    let (id, client, device) = (&part("id")?, &part("client")?, &part("device")?);
    let (signature, user) = (&part("signature")?, &part("user")?);
    let question = &passkey::question(client).ok_or_else(wrong)?;
    let asked = &Asked::of(app, &visit.call, ENTERING);
    let told = keys::once(app, &app.context(), NOBODYS, &form.key, &|tx| {
        Box::pin(async move {
            // A refusal is an answer too: the question is gone with it.
            let Some(_) = asked.take(app, tx, question).await? else { return Ok(refused("over")) };
            let Some(known) = store::find(tx, id).await? else { return Ok(refused("unknown")) };
            let shown = Shown { client, device, signature };
            let counter = passkey::shown(here, question, &shown, &known.public_key, known.counter);
            let Ok(counter) = counter else { return Ok(refused("wrong")) };
            if user.as_slice() != known.account.as_bytes() {
                return Ok(refused("wrong"));
            }
            store::used(tx, known.id, counter).await?;
            Ok(json!({ "account": known.account, "at": tx.now() }).to_string())
        })
    })
    .await?;
    let told: Value = answered(&told, "passkey")?;
    // Sent again, a form lets in whom it let in before, but not for longer than its question would have waited.
    let at = told["at"].as_i64().map(Moment).ok_or_else(wrong)?;
    if visit.call.now >= at + Moment::minutes(MINUTES) {
        return Err(Error::invalid("passkey", "passkeys/over"));
    }
    account_of(told["account"].as_str().unwrap_or_default())
}

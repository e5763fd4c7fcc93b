//! A number of one's own: given, confirmed by a code, taken away; and, where the operator allows it, the way in by a code.
//! Whether a number is known here is told to nobody: the page, the limits and the words are the same.

use super::account;
use super::devices::actions::record;
use super::devices::pages as devices;
use super::devices::passkeys::refused;
use super::first_run::{NOBODYS, account_of};
use crate::layout::json::{Nothing, told};
use crate::layout::show::rfc3339;
use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::notice::delivery::{Content, NewDelivery, Via, queue};
use commons::notice::store as notices;
use commons::notice::wish::Because;
use commons::people::phone::store::{self, Tried};
use commons::people::phone::{MINUTES, PhoneCodeId, Purpose, normal};
use commons::people::{AccountId, back, store as people};
use commons::place::TenantId;
use kit::db::Tx;
use kit::secrets::Secrets;
use kit::time::Moment;
use kit::web::answer::{Answer, see_other};
use kit::web::json::JsonCall;
use kit::web::keys::{self, RequestKey};
use kit::web::limits::{Knock, pair};
use kit::web::{App, Form};
use kit::{Error, Result, password};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in/phone", get(ask).post(send))
        .route("/sign-in/phone/code", post(enter))
        .route("/me/devices/phone", post(give))
        .route("/me/devices/phone/confirm", post(confirm))
        .route("/me/devices/phone/remove", post(remove))
        .route("/api/v1/me/phone", get(read_call).post(give_call))
        .route("/api/v1/me/phone/confirm", post(confirm_call))
        .route("/api/v1/me/phone/remove", post(remove_call))
}

/// `GET /sign-in/phone`, and the same with a field for the code.
#[derive(Template)]
#[template(path = "hall/templates/phone.html")]
pub struct PhonePage {
    pub v: View,
    pub wrong: Wrong,
    pub phone: String,
    /// A code was asked for.
    pub asked: bool,
}

fn phone_page(visit: &Visit, wrong: Wrong, phone: &str, asked: bool) -> PhonePage {
    PhonePage { v: visit.view("phone-title"), wrong, phone: phone.to_owned(), asked }
}

/// There is no such page where the operator has not switched it on.
fn lets_in(app: &App) -> Result<()> {
    if app.sms.as_ref().is_some_and(|sms| sms.sign_in) { Ok(()) } else { Err(Error::NotFound) }
}

/// A code is good in the browser that asked for it.
pub fn bound_of(secrets: &Secrets, purpose: Purpose, visitor: &str) -> [u8; 32] {
    secrets.mac("phone-bound", &[purpose.name().as_bytes(), visitor.as_bytes()])
}

fn bound(visit: &Visit, purpose: Purpose) -> [u8; 32] {
    bound_of(&visit.app.secrets, purpose, &visit.call.visitor)
}

fn number(typed: &str) -> Result<String> {
    normal(typed).ok_or(Error::invalid("phone", "phones/number"))
}

/// Leaves a code to be sent; what cannot be sent in time is not sent.
async fn leave(
    tx: &mut Tx<'_>,
    app: &App,
    tenant: TenantId,
    (phone, id, code): (&str, PhoneCodeId, String),
    person: commons::people::PersonId,
) -> Result<()> {
    let ends = (tx.now() + Moment::minutes(MINUTES)).0.to_string();
    let content = Content { to: phone.to_owned(), subject: ends, text: code, ..Content::default() };
    let new = NewDelivery {
        key: format!("{id}/sms"),
        via: Via::Sms,
        channel: None,
        person: Some(person),
        about: None,
        content,
        due: tx.now(),
    };
    queue(tx, &app.secrets, tenant, &new).await.map(drop)
}

async fn ask(visit: Visit) -> Answer {
    lets_in(&visit.app)?;
    page(&phone_page(&visit, Wrong::default(), "", false))
}

/// `POST /sign-in/phone`.
async fn send(visit: Visit, form: Form) -> Answer {
    lets_in(&visit.app)?;
    match try_send(&visit, &form).await {
        Ok(()) => page(&phone_page(&visit, Wrong::default(), form.text("phone"), true)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&phone_page(&visit, wrong, form.text("phone"), false))
        }
    }
}

async fn try_send(visit: &Visit, form: &Form) -> Result<()> {
    let app = &visit.app;
    app.limits.check(Knock::Code, &visit.call.address.to_string())?;
    let phone = &number(form.text("phone"))?;
    let bound = &bound(visit, Purpose::Enter);
    keys::once(app, &app.context(), NOBODYS, &form.key, &|tx| {
        Box::pin(async move {
            let whose = store::whose(tx, &app.secrets, phone).await?;
            let (id, code) = store::ask(tx, &app.secrets, (Purpose::Enter, bound), (phone, whose)).await?;
            let person = match whose {
                Some(account) => people::first_person(tx, account).await?,
                None => None,
            };
            if let Some((tenant, person)) = person {
                leave(tx, app, tenant, (phone, id, code), person).await?;
            }
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// `POST /sign-in/phone/code`.
async fn enter(visit: Visit, form: Form) -> Answer {
    lets_in(&visit.app)?;
    match try_enter(&visit, &form).await {
        Ok(account) => account::enter(&visit, account).await,
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&phone_page(&visit, wrong, form.text("phone"), true))
        }
    }
}

fn wrong() -> Error {
    Error::invalid("code", "phones/code")
}

async fn try_enter(visit: &Visit, form: &Form) -> Result<AccountId> {
    let app = &visit.app;
    let address = visit.call.address.to_string();
    app.limits.check(Knock::SignInFrom, &address)?;
    let phone = &number(form.text("phone"))?;
    app.limits.check(Knock::SignIn, &pair(phone, &address))?;
    let code = &code_of(form.text("code"));
    let bound = &bound(visit, Purpose::Enter);
    let told = keys::once(app, &app.context(), NOBODYS, &form.key, &|tx| {
        Box::pin(async move {
            let tried = store::try_code(tx, &app.secrets, (Purpose::Enter, bound), (phone, code)).await?;
            let Tried::Right(Some(account)) = tried else { return Ok(refused("wrong")) };
            // Whoever gave the number up meanwhile does not come in by it.
            if store::whose(tx, &app.secrets, phone).await? != Some(account) {
                return Ok(refused("wrong"));
            }
            Ok(json!({ "account": account, "at": tx.now() }).to_string())
        })
    })
    .await?;
    let told: Value = serde_json::from_str(&told).map_err(Error::internal)?;
    let (Some(account), Some(at)) = (told["account"].as_str(), told["at"].as_i64()) else { return Err(wrong()) };
    if visit.call.now >= Moment(at) + Moment::minutes(MINUTES) { Err(wrong()) } else { account_of(account) }
}

/// Digits as they are typed: spaces between them are forgiven.
fn code_of(typed: &str) -> String {
    let narrow = |c: char| char::from_u32(u32::from(c).wrapping_sub(0xFEE0)).filter(char::is_ascii_digit).unwrap_or(c);
    typed.chars().filter(|c| !c.is_whitespace()).map(narrow).collect()
}

/// Keeps a number and sends a code to it. Whoever has a password shows it.
async fn give_in(visit: &Visit, (typed, old): (&str, &str), key: &RequestKey) -> Result<()> {
    let (app, account) = (&visit.app, AccountId(visit.call.in_person()?));
    if app.sms.is_none() {
        return Err(Error::conflict("phones/off"));
    }
    if keys::answered(app, NOBODYS, key).await?.is_some() {
        return Ok(());
    }
    let phone = &number(typed)?;
    let (login, phc) = back::store::account(&app.db, account).await?.ok_or(Error::NotFound)?;
    if let Some(phc) = &phc {
        app.limits.check(Knock::SignIn, &pair(&login, &visit.call.visitor))?;
        if !password::verify(old, Some(phc)).await? {
            return Err(Error::invalid("phone-old", "account/old-wrong"));
        }
    }
    let me = visit.actor.persons.first().ok_or(Error::NotFound)?;
    let bound = &bound(visit, Purpose::Confirm);
    keys::once(app, &app.context(), NOBODYS, key, &|tx| {
        Box::pin(async move {
            store::give(tx, &app.secrets, account, phone).await?;
            let to = (phone.as_str(), Some(account));
            let (id, code) = store::ask(tx, &app.secrets, (Purpose::Confirm, bound), to).await?;
            leave(tx, app, me.tenant, (phone, id, code), me.id).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

async fn confirm_in(visit: &Visit, typed: &str, key: &RequestKey) -> Result<()> {
    let (app, account) = (&visit.app, AccountId(visit.call.in_person()?));
    let (phone, _) = store::own(&app.db, &app.secrets, account).await?.ok_or_else(wrong)?;
    let (phone, code, bound) = (phone.as_str(), &code_of(typed), &bound(visit, Purpose::Confirm));
    let told = keys::once(app, &app.context(), NOBODYS, key, &|tx| {
        Box::pin(async move {
            let tried = store::try_code(tx, &app.secrets, (Purpose::Confirm, bound), (phone, code)).await?;
            if tried != Tried::Right(Some(account)) {
                return Ok(refused("wrong"));
            }
            match store::confirm(tx, &app.secrets, account, phone).await {
                Err(Error::Conflict(_)) => return Ok(refused("taken")),
                other => other?,
            }
            tell(tx, visit, "phones/confirmed", account).await?;
            Ok("{}".to_owned())
        })
    })
    .await?;
    let told: Value = serde_json::from_str(&told).map_err(Error::internal)?;
    match told["refused"].as_str() {
        None => Ok(()),
        Some("taken") => Err(Error::invalid("code", "phones/taken")),
        Some(_) => Err(wrong()),
    }
}

async fn remove_in(visit: &Visit, key: &RequestKey) -> Result<()> {
    let (app, account) = (&visit.app, AccountId(visit.call.in_person()?));
    keys::once(app, &app.context(), NOBODYS, key, &|tx| {
        Box::pin(async move {
            if store::remove(tx, account).await? {
                tell(tx, visit, "phones/removed", account).await?;
            }
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

async fn tell(tx: &mut Tx<'_>, visit: &Visit, stem: &'static str, account: AccountId) -> Result<()> {
    for (person, activity) in record(tx, visit, stem, account.0, json!({})).await? {
        let told = (stem, "account", account.0, "");
        notices::add(tx, person.tenant, (person.id, Because::Mine), activity, told).await?;
    }
    Ok(())
}

async fn done(visit: &Visit, outcome: Result<()>) -> Answer {
    match outcome {
        Ok(()) => Ok(see_other(devices::HERE)),
        Err(error) => devices::again(visit, Wrong::of(visit.call.lang, error)?).await,
    }
}

/// `POST /me/devices/phone`.
async fn give(visit: Visit, form: Form) -> Answer {
    let phone = form.text("phone");
    match give_in(&visit, (phone, form.text("phone-old")), &form.key).await {
        Err(error) => devices::again_with(&visit, Wrong::of(visit.call.lang, error)?, phone).await,
        outcome => done(&visit, outcome).await,
    }
}

/// `POST /me/devices/phone/confirm`.
async fn confirm(visit: Visit, form: Form) -> Answer {
    let outcome = confirm_in(&visit, form.text("code"), &form.key).await;
    done(&visit, outcome).await
}

/// `POST /me/devices/phone/remove`.
async fn remove(visit: Visit, form: Form) -> Answer {
    let outcome = remove_in(&visit, &form.key).await;
    done(&visit, outcome).await
}

async fn read_call(visit: Visit) -> Answer {
    let account = AccountId(visit.call.in_person()?);
    let own = store::own(&visit.app.db, &visit.app.secrets, account).await?;
    let own = own.map(|(phone, confirmed)| json!({ "phone": phone, "confirmed": confirmed.map(rfc3339) }));
    Ok(Json(json!({ "offered": visit.app.sms.is_some(), "phone": own })).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    phone: String,
    password: Option<String>,
}

async fn give_call(visit: Visit, call: JsonCall<Given>) -> Answer {
    let old = call.body.password.as_deref().unwrap_or_default().trim();
    give_in(&visit, (&call.body.phone, old), &call.key).await?;
    told(StatusCode::OK, "{}")
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
}

async fn confirm_call(visit: Visit, call: JsonCall<Code>) -> Answer {
    confirm_in(&visit, &call.body.code, &call.key).await?;
    told(StatusCode::OK, "{}")
}

async fn remove_call(visit: Visit, call: JsonCall<Nothing>) -> Answer {
    remove_in(&visit, &call.key).await?;
    told(StatusCode::OK, "{}")
}

//! The way in by the office that somebody works for: to its sign-in and back, with one button each way. A link to it is made
//! once, by the person, while they are signed in; and whoever holds no office here any more does not come in by it.

use super::account;
use super::devices::actions::record;
use super::devices::pages as devices;
use super::devices::passkeys::refused;
use super::first_run::{NOBODYS, account_of};
use crate::layout::{View, Visit, Wrong, page};
use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use commons::notice::store as notices;
use commons::notice::wish::Because;
use commons::people::back::store as accounts;
use commons::people::provider::{Provider, store};
use commons::people::{AccountId, Actor, store as people};
use commons::place::TenantId;
use kit::oidc::{self, Client, Errand, discover};
use kit::time::Moment;
use kit::web::answer::{Answer, see_other};
use kit::web::ceremony::{self, Asked, Claim, MINUTES};
use kit::web::keys::{self, RequestKey};
use kit::web::limits::Knock;
use kit::web::{App, Form, Query};
use kit::{Error, Result, base64url};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;

const PURPOSE: &str = "office";
/// Whoever sends the same form again waits for the first to be done: so many times so long.
const WAITS: u32 = 60;
const WAIT: Duration = Duration::from_millis(200);

pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in/office", post(go))
        .route("/sign-in/office/back", get(ask).post(come_back))
        .route("/me/devices/office", post(go_to_link))
        .route("/me/devices/office/remove", post(unlink))
}

/// `POST /sign-in/office`: the page with the way there. A form must not lead to another house, but a link may.
#[derive(Template)]
#[template(path = "hall/templates/office_go.html")]
pub struct GoPage {
    pub v: View,
    pub name: String,
    pub address: String,
}

/// `GET /sign-in/office/back`.
#[derive(Template)]
#[template(path = "hall/templates/office_back.html")]
pub struct BackPage {
    pub v: View,
    pub code: String,
    pub state: String,
}

/// What has to be known when the browser comes back.
#[derive(Debug, Serialize, Deserialize)]
struct Facts {
    errand: Errand,
    tenant: TenantId,
    links: bool,
}

/// Whether somebody works here: an office that does not come with living somewhere.
pub fn works(actor: &Actor, tenant: TenantId) -> bool {
    actor.in_tenant(tenant).any(|mandate| !mandate.office.is_resident())
}

/// The offices that sign in: what they are called by, and their names. None where the house does not know its own address.
pub async fn offered(app: &App) -> Result<Vec<Provider>> {
    if app.config.public_url.is_none() { Ok(Vec::new()) } else { store::all(&app.db, &app.secrets).await }
}

fn client(app: &App, provider: Provider) -> Result<Client> {
    let url = app.config.public_url.as_deref().ok_or(Error::conflict("providers/no-address"))?;
    let back = format!("{}/sign-in/office/back", url.trim_end_matches('/'));
    Ok(Client { id: provider.client, secret: provider.secret, back })
}

async fn again(visit: &Visit, links: bool, error: Error) -> Answer {
    let wrong = Wrong::of(visit.call.lang, error)?;
    match links {
        true => devices::again(visit, wrong).await,
        false => account::again(visit, wrong, "").await,
    }
}

async fn go(visit: Visit, form: Form) -> Answer {
    begin(&visit, &form, false).await
}

/// `POST /me/devices/office`.
async fn go_to_link(visit: Visit, form: Form) -> Answer {
    visit.call.in_person()?;
    begin(&visit, &form, true).await
}

async fn begin(visit: &Visit, form: &Form, links: bool) -> Answer {
    match try_begin(visit, form, links).await {
        Ok((name, address)) => page(&GoPage { v: visit.view("office-go-title"), name, address }),
        Err(error) => again(visit, links, error).await,
    }
}

async fn try_begin(visit: &Visit, form: &Form, links: bool) -> Result<(String, String)> {
    let app = &visit.app;
    app.limits.check(Knock::SignInFrom, &visit.call.address.to_string())?;
    let tenant: TenantId = form.text("provider").parse().map_err(|_| Error::NotFound)?;
    let provider = store::of(&app.db, &app.secrets, tenant).await?.ok_or(Error::NotFound)?;
    if links && !works(&visit.actor, tenant) {
        return Err(Error::NotFound);
    }
    let (name, issuer) = (provider.name.clone(), provider.issuer.clone());
    let client = &client(app, provider)?;
    if let Some(address) = keys::answered(app, NOBODYS, &form.key).await? {
        return Ok((name, address));
    }
    let found = discover(&app.outgoing, &issuer).await.map_err(|wrong| told(&wrong))?;
    let mut chance = [0_u8; 64];
    chance.chunks_mut(16).for_each(|some| some.copy_from_slice(&app.ids.secret()));
    let facts = Facts { errand: Errand::new(found, &chance), tenant, links };
    let (facts, kept) = (&facts, &serde_json::to_vec(&facts).map_err(Error::internal)?);
    let asked = &Asked::of(app, &visit.call, PURPOSE);
    let address = keys::once(app, &app.context(), NOBODYS, &form.key, &|tx| {
        Box::pin(async move {
            let state = base64url::encode(&asked.ask(app, tx, Some(kept)).await?);
            Ok(facts.errand.address(client, &state))
        })
    })
    .await?;
    Ok((name, address))
}

/// The log tells the operator what does not fit; people are told that it did not work.
fn told(wrong: &oidc::Wrong) -> Error {
    tracing::warn!("an office's sign-in: {wrong}");
    match wrong {
        oidc::Wrong::Away(_) => Error::invalid("office", "providers/away"),
        oidc::Wrong::Refused(_) => Error::invalid("office", "providers/wrong"),
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct BackQuery {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
}

/// Whoever turned back there finds the page that they left.
async fn ask(visit: Visit, Query(query): Query<BackQuery>) -> Answer {
    if query.code.is_empty() || query.state.is_empty() {
        return Ok(see_other(if visit.call.session.is_some() { devices::HERE } else { "/sign-in" }));
    }
    page(&BackPage { v: visit.view("office-back-title"), code: query.code, state: query.state })
}

/// `POST /sign-in/office/back`.
async fn come_back(visit: Visit, form: Form) -> Answer {
    match try_back(&visit, &form).await {
        Ok(Some(account)) => account::enter(&visit, account).await,
        Ok(None) => Ok(see_other(devices::HERE)),
        Err(error) => again(&visit, visit.call.session.is_some(), error).await,
    }
}

fn over() -> Error {
    Error::invalid("office", "providers/over")
}

/// The account to enter; none where a link was made.
async fn try_back(visit: &Visit, form: &Form) -> Result<Option<AccountId>> {
    let app = &visit.app;
    app.limits.check(Knock::SignInFrom, &visit.call.address.to_string())?;
    if let Some(told) = keys::answered(app, NOBODYS, &form.key).await? {
        return outcome(visit, &told).await;
    }
    let state = base64url::decode(form.text("state")).ok_or_else(over)?;
    // A code can be changed once: of equal calls one goes there, the others wait for what it hears.
    let (asked, key) = (&Asked::of(app, &visit.call, PURPOSE), form.key.key.as_str());
    let state = state.as_slice();
    let claim = app.db.transact(&app.context(), |tx| Box::pin(asked.claim(app, tx, state, key))).await?;
    let facts = match claim {
        Claim::Mine(facts) => facts,
        Claim::Anothers => return waited(visit, &form.key).await,
    };
    let told = match facts {
        None => keep(visit, &form.key, refused("over")).await?,
        Some(facts) => exchange(visit, form, &serde_json::from_slice(&facts).map_err(Error::internal)?).await?,
    };
    outcome(visit, &told).await
}

async fn waited(visit: &Visit, key: &RequestKey) -> Result<Option<AccountId>> {
    for _ in 0..WAITS {
        if let Some(told) = keys::answered(&visit.app, NOBODYS, key).await? {
            return outcome(visit, &told).await;
        }
        tokio::time::sleep(WAIT).await;
    }
    Err(over())
}

async fn keep(visit: &Visit, key: &RequestKey, told: String) -> Result<String> {
    let (told, app) = (&told, &visit.app);
    keys::once(app, &app.context(), NOBODYS, key, &|tx| {
        Box::pin(async move {
            ceremony::done(tx, &key.key).await?;
            Ok(told.clone())
        })
    })
    .await
}

async fn exchange(visit: &Visit, form: &Form, facts: &Facts) -> Result<String> {
    let (app, tenant, now) = (&visit.app, facts.tenant, visit.call.now);
    let provider = store::of(&app.db, &app.secrets, tenant).await?;
    let provider = provider.filter(|provider| provider.issuer == facts.errand.provider.issuer);
    let Some(provider) = provider else { return keep(visit, &form.key, refused("over")).await };
    let issuer = &provider.issuer.clone();
    let who = facts.errand.who(&app.outgoing, &client(app, provider)?, form.text("code"), now).await;
    let subject = match &who {
        Ok(subject) => subject,
        Err(wrong) => {
            tracing::warn!("an office's sign-in: {wrong}");
            return keep(visit, &form.key, refused(name_of(wrong))).await;
        }
    };
    keys::once(app, &app.context(), NOBODYS, &form.key, &|tx| {
        Box::pin(async move {
            ceremony::done(tx, &form.key.key).await?;
            let secrets = &app.secrets;
            if !facts.links {
                let found = store::find(tx, secrets, tenant, (issuer, subject)).await?;
                let Some((person, account)) = found else { return Ok(refused("unknown")) };
                store::used(tx, tenant, person).await?;
                return Ok(json!({ "account": account, "tenant": tenant, "at": tx.now() }).to_string());
            }
            let account = AccountId(visit.call.in_person()?);
            let person =
                visit.actor.person_in(tenant).filter(|_| works(&visit.actor, tenant)).ok_or(Error::NotFound)?;
            match store::link(tx, secrets, (tenant, person, account), (issuer, subject)).await {
                Err(Error::Conflict(_)) => return Ok(refused("taken")),
                other => other?,
            }
            tell(tx, visit, "providers/linked", account).await?;
            Ok(json!({ "linked": true }).to_string())
        })
    })
    .await
}

fn name_of(wrong: &oidc::Wrong) -> &'static str {
    match wrong {
        oidc::Wrong::Away(_) => "away",
        oidc::Wrong::Refused(_) => "wrong",
    }
}

/// What came of it, also when it is asked again.
async fn outcome(visit: &Visit, told: &str) -> Result<Option<AccountId>> {
    let told: Value = serde_json::from_str(told).map_err(Error::internal)?;
    match told["refused"].as_str() {
        None => {}
        Some("away") => return Err(Error::invalid("office", "providers/away")),
        Some("unknown") => return Err(Error::invalid("office", "providers/unknown")),
        Some("taken") => return Err(Error::invalid("office", "providers/taken")),
        Some("over") => return Err(over()),
        Some(_) => return Err(Error::invalid("office", "providers/wrong")),
    }
    let Some(account) = told["account"].as_str() else { return Ok(None) };
    let at = told["at"].as_i64().map(Moment).ok_or_else(over)?;
    if visit.call.now >= at + Moment::minutes(MINUTES) {
        return Err(over());
    }
    let account = account_of(account)?;
    let tenant: TenantId = told["tenant"].as_str().unwrap_or_default().parse().map_err(Error::internal)?;
    // The office vouches for who it is; whether they work here is ours to say.
    let actor = people::actor(&visit.app.db, account, visit.call.now).await?;
    if works(&actor, tenant) { Ok(Some(account)) } else { Err(Error::invalid("office", "providers/no-office")) }
}

async fn tell(tx: &mut kit::db::Tx<'_>, visit: &Visit, stem: &'static str, account: AccountId) -> Result<()> {
    for (person, activity) in record(tx, visit, stem, account.0, json!({})).await? {
        let told = (stem, "account", account.0, "");
        notices::add(tx, person.tenant, (person.id, Because::Mine), activity, told).await?;
    }
    Ok(())
}

/// `POST /me/devices/office/remove`. Whoever has no other way in keeps it.
async fn unlink(visit: Visit, form: Form) -> Answer {
    let account = AccountId(visit.call.in_person()?);
    let tenant: TenantId = form.text("provider").parse().map_err(|_| Error::NotFound)?;
    let person = visit.actor.person_in(tenant).ok_or(Error::NotFound)?;
    let (app, visit) = (&visit.app, &visit);
    keys::once(app, &app.context(), NOBODYS, &form.key, &|tx| {
        Box::pin(async move {
            if !store::unlink(tx, tenant, person).await? {
                return Err(Error::NotFound);
            }
            if !accounts::has_way_in(tx, account).await? {
                return Err(Error::conflict("passkeys/last-way"));
            }
            tell(tx, visit, "providers/unlinked", account).await?;
            Ok("{}".to_owned())
        })
    })
    .await?;
    Ok(see_other(devices::HERE))
}

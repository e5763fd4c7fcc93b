//! The page of the office's sign-in, and its two deeds.

use crate::layout::typed::of_form;
use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use commons::people::provider::{Provider, store};
use commons::people::{Actor, Office};
use commons::place::TenantId;
use kit::book::Activity;
use kit::oidc::is_issuer;
use kit::web::answer::{Answer, see_other};
use kit::web::form::Problems;
use kit::web::keys::{self, RequestKey};
use kit::web::{App, Form};
use kit::{Error, Result};

pub const HERE: &str = "/office/provider";

/// `GET /office/provider`.
#[derive(Template)]
#[template(path = "office/provider/templates/provider.html")]
pub struct ProviderPage {
    pub v: View,
    pub wrong: Wrong,
    /// Whether one is set.
    pub set: bool,
    pub name: String,
    pub issuer: String,
    pub client: String,
    pub has_secret: bool,
    /// What the office has to allow; empty where the house does not know its own address.
    pub back: String,
}

/// Whoever keeps the register of a community.
///
/// # Errors
/// [`Error::Denied`] for everybody else.
pub fn keep(actor: &Actor) -> Result<(TenantId, Office)> {
    let keeps = actor.mandates.iter().find(|mandate| Office::KEEPING.contains(&mandate.office));
    keeps.map(|mandate| (mandate.tenant, mandate.office)).ok_or(Error::denied("people/not-keeper"))
}

/// Where the browser comes back to.
pub fn back(app: &App) -> String {
    app.config
        .public_url
        .as_ref()
        .map_or(String::new(), |url| format!("{}/sign-in/office/back", url.trim_end_matches('/')))
}

/// Reads what was typed. An empty secret leaves the one that is there.
///
/// # Errors
/// [`Error::Invalid`] with every field that has to change.
async fn read(visit: &Visit, tenant: TenantId, text: &(dyn Fn(&str) -> String + Sync)) -> Result<Provider> {
    let app = &visit.app;
    let mut problems = Problems::default();
    let (name, issuer, client) = (text("name"), text("issuer"), text("client"));
    let length = |text: &str, most: usize| (1..=most).contains(&text.chars().count());
    problems.when(!length(&name, 40), "name", "providers/name");
    problems.when(!is_issuer(&issuer) || app.outgoing.look_at(&issuer).is_err(), "issuer", "providers/issuer");
    problems.when(!length(&client, 200), "client", "providers/client");
    let secret = Some(text("secret")).filter(|secret| !secret.is_empty());
    problems.when(secret.as_ref().is_some_and(|secret| secret.len() > 500), "secret", "providers/secret");
    problems.none()?;
    let before = store::of(&app.db, &app.secrets, tenant).await?.filter(|before| before.issuer == issuer);
    let secret = secret.or_else(|| before.and_then(|before| before.secret));
    Ok(Provider { tenant, name, issuer, client, secret, changed: visit.call.now })
}

/// Sets it, once.
pub async fn put(visit: &Visit, text: &(dyn Fn(&str) -> String + Sync), key: &RequestKey) -> Result<()> {
    let (tenant, office) = keep(&visit.actor)?;
    let new = &read(visit, tenant, text).await?;
    let secrets = &visit.app.secrets;
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            store::put(tx, secrets, new).await?;
            tx.record(Activity::of(tenant, "providers/set", "provider", tenant.0)).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// Nobody comes in that way any more.
pub async fn stop(visit: &Visit, key: &RequestKey) -> Result<()> {
    let (tenant, office) = keep(&visit.actor)?;
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            if store::end(tx, tenant).await? {
                tx.record(Activity::of(tenant, "providers/ended", "provider", tenant.0)).await?;
            }
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

async fn provider_page(visit: &Visit, form: Option<&Form>, wrong: Wrong) -> Result<ProviderPage> {
    let (tenant, _) = keep(&visit.actor)?;
    let set = store::of(&visit.app.db, &visit.app.secrets, tenant).await?;
    let field = |name: &str, of: fn(&Provider) -> &str| match form {
        Some(form) => form.text(name).to_owned(),
        None => set.as_ref().map_or(String::new(), |set| of(set).to_owned()),
    };
    Ok(ProviderPage {
        wrong,
        name: field("name", |set| &set.name),
        issuer: field("issuer", |set| &set.issuer),
        client: field("client", |set| &set.client),
        has_secret: set.as_ref().is_some_and(|set| set.secret.is_some()),
        back: back(&visit.app),
        set: set.is_some(),
        v: visit.view("provider-title"),
    })
}

pub async fn show(visit: Visit) -> Answer {
    page(&provider_page(&visit, None, Wrong::default()).await?)
}

/// `POST /office/provider`.
pub async fn set(visit: Visit, form: Form) -> Answer {
    keep(&visit.actor)?;
    match put(&visit, &of_form(&form), &form.key).await {
        Ok(()) => Ok(see_other(HERE)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&provider_page(&visit, Some(&form), wrong).await?)
        }
    }
}

/// `POST /office/provider/end`.
pub async fn end(visit: Visit, form: Form) -> Answer {
    stop(&visit, &form.key).await?;
    Ok(see_other(HERE))
}

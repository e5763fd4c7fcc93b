//! Coming back with the code that two persons' word has opened: a new password, and every session that was there is over.

use super::account::enter_to;
use super::devices::pages::HERE;
use super::first_run::{NOBODYS, account_of};
use crate::layout::{View, Visit, Wrong, code, page, page_again};
use askama::Template;
use commons::notice::store as notices;
use commons::notice::wish::Because;
use commons::people::AccountId;
use commons::people::back::{WayBack, store};
use kit::book::Activity;
use kit::db::Tx;
use kit::secrets::{normal_code, spaced};
use kit::web::answer::Answer;
use kit::web::limits::Knock;
use kit::web::{Form, Query, keys, session, token};
use kit::{Error, Result, password};
use serde::Deserialize;
use serde_json::json;

/// `GET /sign-in/back`.
#[derive(Template)]
#[template(path = "hall/templates/back.html")]
pub struct BackPage {
    pub v: View,
    pub wrong: Wrong,
    pub code: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct BackQuery {
    #[serde(default)]
    code: String,
}

pub async fn ask(visit: Visit, Query(query): Query<BackQuery>) -> Answer {
    let code = normal_code(&query.code).map(|code| spaced(&code)).unwrap_or_default();
    page(&BackPage { v: visit.view("back-title"), wrong: Wrong::default(), code })
}

/// `POST /sign-in/back`.
pub async fn come_back(visit: Visit, form: Form) -> Answer {
    visit.app.limits.check(Knock::Code, &visit.call.address.to_string())?;
    match try_back(&visit, &form).await {
        Ok(account) => enter_to(&visit, account, HERE).await,
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&BackPage { v: visit.view("back-title"), wrong, code: form.text("code").to_owned() })
        }
    }
}

async fn try_back(visit: &Visit, form: &Form) -> Result<AccountId> {
    let (app, now) = (&visit.app, visit.call.now);
    let unknown = || Error::invalid("code", "back/unknown");
    let code = code::of(form.text("code"), "back/unknown")?;
    let way = store::by_code(&app.db, &app.secrets, &code, now).await?;
    if let Some(account) = keys::answered(app, NOBODYS, &form.key).await? {
        return account_of(&account);
    }
    let way = &way.ok_or_else(unknown)?;
    let phc = &password::hash(form.text("password"), &[&way.login, &way.name]).await?;
    let account = keys::once(app, &app.context(), NOBODYS, &form.key, &|tx| {
        Box::pin(async move {
            match use_up(tx, way, phc).await {
                Err(Error::NotFound) => Err(Error::invalid("code", "back/unknown")),
                Err(other) => Err(other),
                Ok(()) => Ok(way.account.to_string()),
            }
        })
    })
    .await?;
    account_of(&account)
}

/// Whoever was in with the old password is out, programs too.
async fn use_up(tx: &mut Tx<'_>, way: &WayBack, phc: &str) -> Result<()> {
    store::use_up(tx, way, phc).await?;
    session::close_all(tx, way.account.0).await?;
    token::end_all(tx, way.account.0).await?;
    let second = way.second.as_ref().map(|second| second.office);
    let facts = json!({ "first": way.first.office, "second": second });
    let activity = Activity::of(way.tenant, "back/used", "account", way.account).with(facts);
    let activity = tx.record(activity).await?;
    let told = ("back/used", "account", way.account.0, "");
    notices::add(tx, way.tenant, (way.person, Because::Mine), activity, told).await
}

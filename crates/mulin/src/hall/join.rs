//! The way in for somebody whom nobody has written a letter to: a name, a password and the question to belong to a home.
//! Until somebody has verified it, the account opens nothing that strangers cannot see.

use super::account::enter_to;
use super::first_run::{NOBODYS, account_of};
use super::homes::{pages as homes, spot};
use crate::layout::typed::of_form;
use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use commons::people::household::store;
use commons::people::store as people;
use commons::people::{AccountId, Office, login};
use commons::place::store as places;
use kit::db::Context;
use kit::web::answer::Answer;
use kit::web::form::Problems;
use kit::web::limits::Knock;
use kit::web::{Form, Query, keys};
use kit::{Error, Result, password};
use serde::Deserialize;

/// `GET /sign-in/join`.
#[derive(Template)]
#[template(path = "hall/templates/join.html")]
pub struct JoinPage {
    pub v: View,
    pub wrong: Wrong,
    pub ground: spot::Ground,
    pub name: String,
    pub login: String,
    pub entrance: String,
    pub room: String,
    pub offices: Vec<spot::Pick>,
}

#[derive(Debug, Default, Deserialize)]
pub struct JoinQuery {
    #[serde(default)]
    within: String,
}

pub async fn ask(visit: Visit, Query(query): Query<JoinQuery>) -> Answer {
    page(&join_page(&visit, &query.within, None, Wrong::default()).await?)
}

async fn join_page(visit: &Visit, within: &str, form: Option<&Form>, wrong: Wrong) -> Result<JoinPage> {
    let v = visit.view("join-title");
    let text = |name: &str| form.map_or(String::new(), |form| form.text(name).to_owned());
    let ground = homes::everywhere(visit, &v, form, within).await?;
    Ok(JoinPage {
        wrong,
        ground,
        name: text("name"),
        login: text("login"),
        entrance: text("entrance"),
        room: text("room"),
        offices: homes::offices(&v, &text("as")),
        v,
    })
}

/// `POST /sign-in/join`.
pub async fn join(visit: Visit, form: Form) -> Answer {
    visit.app.limits.check(Knock::Code, &visit.call.address.to_string())?;
    match try_join(&visit, &form).await {
        Ok(account) => enter_to(&visit, account, homes::HERE).await,
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&join_page(&visit, "", Some(&form), wrong).await?)
        }
    }
}

async fn try_join(visit: &Visit, form: &Form) -> Result<AccountId> {
    let app = &visit.app;
    if let Some(account) = keys::answered(app, NOBODYS, &form.key).await? {
        return account_of(&account);
    }
    let text = of_form(form);
    let (name, login) = (text("name"), login::typed(&text("login")));
    let mut problems = Problems::default();
    problems.when(name.is_empty() || name.chars().count() > 60, "name", "people/name");
    if let Some(fault) = login::fault(&login) {
        problems.add("login", fault);
    }
    let office = Office::parse(&text("as")).filter(|office| office.is_resident());
    problems.when(office.is_none(), "as", "homes/office");
    problems.none()?;
    let code = text("building").split('/').next().unwrap_or_default().to_owned();
    let found = places::by_code(&app.db, &code).await?;
    let (tenant, _) = found.ok_or(Error::invalid("building", "homes/building"))?;
    let home = &spot::find(&app.db, tenant, &text("building"), &text("entrance"), &text("room")).await?;
    let phc = password::hash(form.text("password"), &[&login, &name]).await?;
    let (name, login, phc, office) = (&name, &login, &phc, office.unwrap_or(Office::Family));
    let context: Context = app.context();
    let account = keys::once(app, &context, NOBODYS, &form.key, &|tx| {
        Box::pin(async move {
            let account = people::add_account(tx, login, Some(phc)).await?;
            let account = account.ok_or(Error::invalid("login", "first-run/login-taken"))?;
            let person = people::add_person(tx, tenant, Some(account), name, "").await?;
            store::ask(tx, home, person, office).await?;
            Ok(account.to_string())
        })
    })
    .await?;
    account_of(&account)
}

//! The way in with a letter: the code on it, then a name and a password of one's own. The letter is good once.

use super::account::enter;
use super::first_run::{NOBODYS, account_of};
use crate::layout::{View, Visit, Wrong, code, page, page_again};
use askama::Template;
use commons::people::{invite, login};
use kit::book::Activity;
use kit::secrets::{normal_code, spaced};
use kit::web::Query;
use kit::web::answer::Answer;
use kit::web::limits::Knock;
use kit::web::{Form, keys};
use kit::{Error, Result, password};
use serde::Deserialize;

/// `GET /sign-in/letter`.
#[derive(Template)]
#[template(path = "hall/templates/letter.html")]
pub struct LetterPage {
    pub v: View,
    pub wrong: Wrong,
    pub code: String,
    pub login: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct LetterQuery {
    #[serde(default)]
    code: String,
}

pub async fn ask(visit: Visit, Query(query): Query<LetterQuery>) -> Answer {
    let code = normal_code(&query.code).map(|code| spaced(&code)).unwrap_or_default();
    page(&LetterPage { v: visit.view("letter-title"), wrong: Wrong::default(), code, login: String::new() })
}

/// `POST /sign-in/letter`.
pub async fn open(visit: Visit, form: Form) -> Answer {
    visit.app.limits.check(Knock::Code, &visit.call.address.to_string())?;
    match try_open(&visit, &form).await {
        Ok(account) => enter(&visit, account).await,
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            let (code, login) = (form.text("code").to_owned(), form.text("login").to_owned());
            page_again(&LetterPage { v: visit.view("letter-title"), wrong, code, login })
        }
    }
}

async fn try_open(visit: &Visit, form: &Form) -> Result<commons::people::AccountId> {
    let (app, now) = (&visit.app, visit.call.now);
    let unknown = || Error::invalid("code", "letter/unknown");
    let code = code::of(form.text("code"), "letter/unknown")?;
    let invited = invite::find(&app.db, &app.secrets, &code, now).await?;
    if let Some(account) = keys::answered(app, NOBODYS, &form.key).await? {
        return account_of(&account);
    }
    let invited = invited.ok_or_else(unknown)?;
    let login = login::typed(form.text("login"));
    login::fault(&login).map_or(Ok(()), |fault| Err(Error::invalid("login", fault)))?;
    let phc = password::hash(form.text("password"), &[&login]).await?;
    let (invited, login, phc) = (&invited, &login, &phc);
    let account = keys::once(app, &app.context(), NOBODYS, &form.key, &|tx| {
        Box::pin(async move {
            let account = match invite::accept(tx, invited, login, phc).await {
                Err(Error::NotFound) => return Err(Error::invalid("code", "letter/unknown")),
                other => other?,
            };
            tx.record(Activity::of(invited.tenant, "people/letter-used", "person", invited.person)).await?;
            Ok(account.to_string())
        })
    })
    .await?;
    account_of(&account)
}

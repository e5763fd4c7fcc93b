//! How I want to be told: in the house always, by mail if I say so, and not at night.

use crate::layout::typed::{of_form, ticked};
use crate::layout::{View, Visit, Wrong, page, page_again};
use crate::told::link;
use crate::words;
use askama::Template;
use axum::response::IntoResponse;
use commons::kept::Consent;
use commons::notice::delivery::{Content, NewDelivery, Quiet, Via, queue};
use commons::notice::wish::Wish;
use commons::notice::wish::store as wishes;
use commons::people::PersonId;
use commons::place::TenantId;
use kit::book::Activity;
use kit::mail::is_address;
use kit::web::Path;
use kit::web::answer::{Answer, see_other};
use kit::web::form::Problems;
use kit::web::keys::RequestKey;
use kit::web::{Form, keys};
use kit::{Error, Result, secrets};
use serde_json::json;

/// `GET /me/notices`.
#[derive(Template)]
#[template(path = "hall/templates/told.html")]
pub struct ToldPage {
    pub v: View,
    pub wrong: Wrong,
    /// The house can write letters.
    pub mail_out: bool,
    pub mail: String,
    pub confirmed: bool,
    pub mine: bool,
    pub held: bool,
    pub followed: bool,
    /// Holds an office whose cases wait.
    pub holds: bool,
    pub from: String,
    pub to: String,
}

/// `GET /me/notices/confirm/{token}`: the link in the letter; a press of the button makes it count.
#[derive(Template)]
#[template(path = "hall/templates/confirm.html")]
pub struct ConfirmPage {
    pub v: View,
    pub mail: String,
    pub token: String,
}

/// Who is asked: the first of the persons behind the account.
pub fn me(visit: &Visit) -> Result<(TenantId, PersonId)> {
    visit.call.account()?;
    visit.actor.persons.first().map(|person| (person.tenant, person.id)).ok_or(Error::NotFound)
}

pub async fn show(visit: Visit) -> Answer {
    let (tenant, person) = me(&visit)?;
    let wish = wishes::find(&visit.app.db, &visit.app.secrets, tenant, person).await?;
    page(&told_page(&visit, &wish))
}

fn told_page(visit: &Visit, wish: &Wish) -> ToldPage {
    let (from, to) = wish.quiet.shown();
    ToldPage {
        v: visit.view("told-title"),
        wrong: Wrong::default(),
        mail_out: visit.app.mail.is_some(),
        mail: wish.mail.clone().unwrap_or_default(),
        confirmed: wish.confirmed.is_some(),
        mine: wish.mine || wish.mail.is_none(),
        held: wish.held,
        followed: wish.followed,
        holds: visit.is_staff(),
        from,
        to,
    }
}

/// # Errors
/// [`Error::Invalid`] with everything that is wrong.
pub fn read(text: &dyn Fn(&str) -> String, before: &Wish, lang: &str) -> Result<Wish> {
    let mut problems = Problems::default();
    let mail = Some(text("mail").to_lowercase()).filter(|mail| !mail.is_empty());
    problems.when(mail.as_ref().is_some_and(|mail| !is_address(mail)), "mail", "channels/mailbox");
    let quiet = Quiet::parse(&text("from"), &text("to"));
    problems.when(quiet.is_none(), "from", "channels/quiet");
    problems.none()?;
    Ok(Wish {
        confirmed: before.confirmed.filter(|_| before.mail == mail),
        mail,
        mine: ticked(&text("mine")),
        held: ticked(&text("held")),
        followed: ticked(&text("followed")),
        quiet: quiet.unwrap_or_default(),
        lang: lang.to_owned(),
    })
}

/// `POST /me/notices`: kept; a new address gets a letter with a link first.
pub async fn save(visit: Visit, form: Form) -> Answer {
    let (tenant, person) = me(&visit)?;
    let app = &visit.app;
    if keys::answered(app, tenant.0, &form.key).await?.is_some() {
        return Ok(see_other("/me/notices"));
    }
    let before = wishes::find(&app.db, &app.secrets, tenant, person).await?;
    let wish = &match read(&of_form(&form), &before, visit.call.lang.code()) {
        Ok(wish) => wish,
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            let mut again = told_page(&visit, &before);
            again.wrong = wrong;
            again.mail = form.text("mail").to_owned();
            again.mine = form.checked("mine");
            again.held = form.checked("held");
            again.followed = form.checked("followed");
            again.from = form.text("from").to_owned();
            again.to = form.text("to").to_owned();
            return page_again(&again);
        }
    };
    save_once(&visit, wish, &form.key).await?;
    Ok(see_other("/me/notices"))
}

/// Keeps a wish, once; a new address gets its letter.
pub async fn save_once(visit: &Visit, wish: &Wish, key: &RequestKey) -> Result<()> {
    let ((tenant, person), app) = (me(visit)?, &visit.app);
    let asks = wish.mail.is_some() && wish.confirmed.is_none() && app.mail.is_some();
    let letter = &asks.then(|| confirm_letter(visit, (tenant, person), wish, &key.key));
    keys::once(app, &visit.context(tenant, None), tenant.0, key, &|tx| {
        Box::pin(async move {
            let before = wishes::find_in(tx, &app.secrets, tenant, person).await?;
            wishes::save(tx, &app.secrets, (tenant, person), wish).await?;
            // The book knows that somebody agreed, and not to which address.
            if before.mail != wish.mail {
                let stem = if wish.mail.is_some() { "people/consent-given" } else { "people/consent-ended" };
                tx.record(consent((tenant, person), stem)).await?;
            }
            if let Some(letter) = letter {
                queue(tx, &app.secrets, tenant, letter).await?;
            }
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

fn consent((tenant, person): (TenantId, PersonId), stem: &'static str) -> Activity {
    Activity::of(tenant, stem, "person", person).with(json!({ "consent": Consent::Mail }))
}

/// Known from person and address, so that nothing has to be kept of it.
fn token(visit: &Visit, person: PersonId, mail: &str) -> String {
    hex::encode(&visit.app.secrets.mac("confirm-mail", &[person.0.as_bytes(), mail.as_bytes()])[..16])
}

fn confirm_letter(visit: &Visit, (_, person): (TenantId, PersonId), wish: &Wish, key: &str) -> NewDelivery {
    let (lang, mail) = (visit.call.lang, wish.mail.clone().unwrap_or_default());
    let to = link(&visit.app, &format!("/me/notices/confirm/{}", token(visit, person, &mail)));
    NewDelivery {
        key: format!("{key}/mail/{person}"),
        via: Via::Mail,
        channel: None,
        person: Some(person),
        about: None,
        content: Content {
            to: mail,
            subject: words::t(lang, "told-confirm-subject").to_string(),
            text: words::t_with(lang, "told-confirm-text", &[("link", to.into())]),
            ..Content::default()
        },
        due: visit.call.now,
    }
}

/// The address that a token confirms, for whoever it was sent to.
async fn proven(visit: &Visit, sent: &str) -> Result<((TenantId, PersonId), Wish)> {
    let (tenant, person) = me(visit)?;
    let wish = wishes::find(&visit.app.db, &visit.app.secrets, tenant, person).await?;
    let mail = wish.mail.as_deref().ok_or(Error::NotFound)?;
    if !secrets::same(&token(visit, person, mail), sent) {
        return Err(Error::NotFound);
    }
    Ok(((tenant, person), wish))
}

pub async fn ask(visit: Visit, Path(token): Path<String>) -> Answer {
    let (_, wish) = proven(&visit, &token).await?;
    page(&ConfirmPage { v: visit.view("told-confirm-title"), mail: wish.mail.unwrap_or_default(), token })
}

/// `POST /me/notices/confirm/{token}`.
pub async fn confirm(visit: Visit, Path(token): Path<String>, form: Form) -> Answer {
    confirm_once(&visit, &token, &form.key).await?;
    Ok(see_other("/me/notices"))
}

/// Confirms the address that a token was sent to, once.
pub async fn confirm_once(visit: &Visit, token: &str, key: &RequestKey) -> Result<()> {
    let ((tenant, person), wish) = proven(visit, token).await?;
    let (app, wish) = (&visit.app, &Wish { confirmed: Some(visit.call.now), ..wish });
    keys::once(app, &visit.context(tenant, None), tenant.0, key, &|tx| {
        Box::pin(async move {
            wishes::save(tx, &app.secrets, (tenant, person), wish).await?;
            tx.record(consent((tenant, person), "people/consent-confirmed")).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// `GET /me/live`: tells that there is something new for the one who is signed in, and nothing of what it is.
pub async fn live(visit: Visit) -> Answer {
    let (_, person) = me(&visit)?;
    Ok(visit.app.live.stream(format!("person/{person}"), visit.call.address)?.into_response())
}

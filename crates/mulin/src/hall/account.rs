//! Ways in and out: password, and in the demo one click. Keys of devices have a file of their own.

use super::by_office;
use super::devices::passkeys;
use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use commons::people::{self, AccountId, login};
use kit::web::answer::{Answer, Fault, see_other};
use kit::web::call::{cookie, set_cookie};
use kit::web::limits::{self, Knock};
use kit::web::{Form, session, watched};
use kit::{Error, Result, password};

/// `GET /sign-in`.
#[derive(Template)]
#[template(path = "hall/templates/sign_in.html")]
pub struct SignInPage {
    pub v: View,
    pub wrong: Wrong,
    pub login: String,
    /// Whether the house's address allows passkeys.
    pub passkeys: bool,
    /// Whether a code by text message lets in.
    pub by_phone: bool,
    /// Offices that sign their own people in: the name of the field, and theirs.
    pub offices: Vec<(String, String)>,
    /// The people of the demo, when this is one.
    pub cast: Vec<Cast>,
}

/// Somebody to be, in the demo.
#[derive(Clone, Debug)]
pub struct Cast {
    pub login: String,
    pub name: String,
    pub hats: String,
}

pub async fn ask(visit: Visit) -> Answer {
    page(&sign_in_page(&visit, Wrong::default(), "").await?)
}

/// Who can be chosen; nobody outside the demo.
pub async fn cast(visit: &Visit) -> Result<Vec<Cast>> {
    if !visit.app.config.demo {
        return Ok(Vec::new());
    }
    let (lang, now) = (visit.call.lang, visit.call.now);
    let mut cast = Vec::new();
    for (login, actor) in people::store::cast(&visit.app.db, now).await? {
        let Some(person) = actor.persons.first() else { continue };
        let hat = |mandate: &people::Mandate| {
            let place = lang.pick(&mandate.place_label, &mandate.place_label_en);
            format!("{place} {}", crate::layout::show::office(lang, mandate.office))
        };
        let hats: Vec<String> = actor.mandates.iter().take(2).map(hat).collect();
        let name = lang.pick(&person.name, &person.name_en).to_owned();
        cast.push(Cast { login, name, hats: hats.join(" · ") });
    }
    Ok(cast)
}

/// `POST /sign-in`.
pub async fn sign_in(visit: Visit, headers: HeaderMap, form: Form) -> Answer {
    let (knocks, address) = (&visit.app.limits, visit.call.address.to_string());
    // As it would be kept today; one from before may have a space in it.
    let (kept, before) = (login::typed(form.text("login")), form.text("login").to_lowercase());
    let mut known = people::store::account(&visit.app.db, &kept).await?;
    if known.is_none() && before != kept {
        known = people::store::account(&visit.app.db, &before).await?;
    }
    let login = kept;
    // Who guesses at a login from elsewhere must not shut out the one whose login it is.
    let familiar = known.as_ref().is_some_and(|(account, _)| is_familiar(&visit, &headers, *account));
    if familiar {
        knocks.check(Knock::SignIn, &limits::pair(&login, &visit.call.visitor))?;
    } else {
        knocks.check(Knock::SignInFrom, &address)?;
        knocks.check(Knock::SignIn, &limits::pair(&login, &address))?;
        knocks.check(Knock::SignInOf, &login)?;
    }
    let phc = known.as_ref().and_then(|(_, phc)| phc.as_deref());
    if password::verify(form.text("password"), phc).await?
        && let Some((account, _)) = known
    {
        return enter(&visit, account).await;
    }
    // The same words whether the name or the password is wrong.
    let wrong = Wrong::of(visit.call.lang, Error::invalid("login", "account/wrong"))?;
    again(&visit, wrong, &login).await
}

/// The page once more, with what was wrong.
pub async fn again(visit: &Visit, wrong: Wrong, login: &str) -> Answer {
    page_again(&sign_in_page(visit, wrong, login).await?)
}

async fn sign_in_page(visit: &Visit, wrong: Wrong, login: &str) -> Result<SignInPage> {
    Ok(SignInPage {
        wrong,
        login: login.to_owned(),
        cast: cast(visit).await?,
        passkeys: passkeys::offered(&visit.app).is_some(),
        by_phone: visit.app.sms.as_ref().is_some_and(|sms| sms.sign_in),
        offices: by_office::offered(&visit.app)
            .await?
            .into_iter()
            .map(|one| (one.tenant.to_string(), one.name))
            .collect(),
        v: visit.view("sign-in-title"),
    })
}

/// Says of a browser that this account was entered from it. It opens nothing; it only keeps strangers' guesses apart.
const FAMILIAR_COOKIE: &str = "mulin_f";
const FAMILIAR_DAYS: i64 = 400;

fn familiar(visit: &Visit, account: AccountId) -> String {
    hex::encode(&visit.app.secrets.mac("familiar", &[account.0.as_bytes(), visit.call.visitor.as_bytes()])[..16])
}

fn is_familiar(visit: &Visit, headers: &HeaderMap, account: AccountId) -> bool {
    let shown = cookie(headers, FAMILIAR_COOKIE, visit.app.config.secure()).unwrap_or_default();
    kit::secrets::same(shown, &familiar(visit, account))
}

/// `POST /demo/be`: one click, in the demo only.
pub async fn be(visit: Visit, form: Form) -> Answer {
    if !visit.app.config.demo {
        return Err(Error::NotFound.into());
    }
    let found = people::store::account(&visit.app.db, form.text("login")).await?;
    let (account, _) = found.ok_or(Error::NotFound)?;
    enter(&visit, account).await
}

/// Begins a session; the old one, if there was one, is over.
pub async fn enter(visit: &Visit, account: AccountId) -> Answer {
    enter_to(visit, account, "/").await
}

/// The same, leading on to a page of the house.
pub async fn enter_to(visit: &Visit, account: AccountId, to: &str) -> Answer {
    let old = visit.call.session.as_ref();
    let token = visit
        .app
        .db
        .transact(&visit.app.context(), |tx| {
            Box::pin(async move {
                if let Some(old) = old {
                    session::close(tx, old).await?;
                }
                session::open(tx, account.0, &visit.call.device).await
            })
        })
        .await?;
    watched::came_in(&visit.call, account.0);
    let secure = visit.app.config.secure();
    let familiar = set_cookie(FAMILIAR_COOKIE, &familiar(visit, account), FAMILIAR_DAYS, secure);
    let mut response = with_session(visit, see_other(to), &token, session::DAYS_MAX);
    if let Ok(line) = HeaderValue::from_str(&familiar) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
    Ok(response)
}

/// `POST /sign-out`. Pressed a second time, nobody is signed in any more who could prove anything.
pub async fn sign_out(visit: Visit, form: Result<Form, Fault>) -> Answer {
    if let Some(open) = &visit.call.session {
        form?;
        visit
            .app
            .db
            .transact(&visit.app.context(), |tx| Box::pin(async move { session::close(tx, open).await }))
            .await?;
    }
    Ok(with_session(&visit, see_other("/"), "", 0))
}

fn with_session(visit: &Visit, mut response: Response, token: &str, days: i64) -> Response {
    let secure = visit.app.config.secure();
    if let Ok(line) = HeaderValue::from_str(&set_cookie(session::COOKIE, token, days, secure)) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
    response
}

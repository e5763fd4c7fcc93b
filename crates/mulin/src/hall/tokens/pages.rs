//! The page of my tokens.

use super::actions;
use crate::layout::{View, Visit, Wrong, page, page_again};
use crate::scope::{self, Choice, Line, Typed};
use askama::Template;
use kit::web::answer::{Answer, see_other};
use kit::web::form::Problems;
use kit::web::token::{self, TokenId};
use kit::web::{Form, keys};
use kit::{Error, Result};

const HERE: &str = "/me/tokens";
const DAYS_USUAL: i64 = 90;

/// `GET /me/tokens`.
#[derive(Template)]
#[template(path = "hall/tokens/templates/tokens.html")]
pub struct TokensPage {
    pub v: View,
    pub wrong: Wrong,
    pub lines: Vec<Line>,
    pub name: String,
    pub scopes: Vec<Choice>,
    pub days: Vec<Choice>,
    /// The one that was just made, this once.
    pub made: Option<String>,
}

pub async fn show(visit: Visit) -> Answer {
    visit.call.in_person()?;
    page(&tokens_page(&visit, &Typed::default(), Wrong::default(), None).await?)
}

async fn tokens_page(visit: &Visit, typed: &Typed, wrong: Wrong, made: Option<String>) -> Result<TokensPage> {
    let v = visit.view("token-title");
    let mine = token::mine(&visit.app.db, visit.call.in_person()?).await?;
    Ok(TokensPage {
        wrong,
        lines: mine.iter().map(|token| Line::of(&v, token, String::new(), visit.call.now)).collect(),
        name: typed.name.clone(),
        scopes: scope::choices(&v, typed, scope::Scope::told),
        days: scope::days(&v, typed, DAYS_USUAL),
        made,
        v,
    })
}

/// `POST /me/tokens`. The answer is the page itself, not a way to it: it holds what is shown once, and sent again it is the
/// same answer.
pub async fn make(visit: Visit, form: Form) -> Answer {
    let account = visit.call.in_person()?;
    let tenant = actions::tenant(&visit.actor)?;
    let typed = Typed::of(&form);
    let made = match keys::answered(&visit.app, tenant, &form.key).await? {
        Some(made) => Ok(made),
        None => {
            async {
                let mut problems = Problems::default();
                let scopes = &typed.check(&mut problems);
                problems.none()?;
                actions::may_make(&token::mine(&visit.app.db, account).await?, visit.call.now)?;
                let new = &typed;
                keys::once(&visit.app, &visit.context(tenant.into(), None), tenant, &form.key, &|tx| {
                    Box::pin(async move {
                        let told = (new.name.as_str(), scopes.as_slice(), new.days);
                        actions::make(tx, (tenant, account), told).await.map(|(_, text)| text)
                    })
                })
                .await
            }
            .await
        }
    };
    match made {
        Ok(made) => page(&tokens_page(&visit, &Typed::default(), Wrong::default(), Some(made)).await?),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&tokens_page(&visit, &typed, wrong, None).await?)
        }
    }
}

/// `POST /me/tokens/end`.
pub async fn end(visit: Visit, form: Form) -> Answer {
    let account = visit.call.in_person()?;
    let tenant = actions::tenant(&visit.actor)?;
    let id: TokenId = form.text("token").parse().map_err(|_| Error::NotFound)?;
    if !token::mine(&visit.app.db, account).await?.iter().any(|token| token.id == id) {
        return Err(Error::NotFound.into());
    }
    let to = keys::once(&visit.app, &visit.context(tenant.into(), None), tenant, &form.key, &|tx| {
        Box::pin(async move {
            actions::end(tx, tenant, id).await?;
            Ok(HERE.to_owned())
        })
    })
    .await?;
    Ok(see_other(&to))
}

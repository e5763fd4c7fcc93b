//! The page of the programs that work with us.

use super::{OFFICES, actions, policy};
use crate::layout::{View, Visit, Wrong, page, page_again};
use crate::scope::{self, Choice, Line, Typed};
use askama::Template;
use commons::people::{PersonId, store as people};
use commons::place::{TenantId, store as places};
use kit::web::answer::{Answer, see_other};
use kit::web::token::{self, Holder, Token, TokenId};
use kit::web::{Form, keys};
use kit::{Error, Result};

const HERE: &str = "/office/integrations";
const DAYS_USUAL: i64 = 365;

/// `GET /office/integrations`.
#[derive(Template)]
#[template(path = "office/integrations/templates/integrations.html")]
pub struct IntegrationsPage {
    pub v: View,
    pub wrong: Wrong,
    pub lines: Vec<Line>,
    pub name: String,
    pub offices: Vec<Choice>,
    pub places: Vec<Choice>,
    pub scopes: Vec<Choice>,
    pub days: Vec<Choice>,
    /// The one that was just made, this once.
    pub made: Option<String>,
    /// For whoever runs the machine.
    pub runs: bool,
}

pub async fn show(visit: Visit) -> Answer {
    visit.call.in_person()?;
    let (tenant, _) = policy::keep(&visit.actor)?;
    page(&integrations_page(&visit, tenant, &Typed::default(), Wrong::default(), None).await?)
}

async fn integrations_page(
    visit: &Visit,
    tenant: TenantId,
    typed: &Typed,
    wrong: Wrong,
    made: Option<String>,
) -> Result<IntegrationsPage> {
    let v = visit.view("integrations-title");
    let (db, now) = (&visit.app.db, visit.call.now);
    let tokens = token::programs(db, tenant.0).await?;
    let person = |token: &Token| match token.holder {
        Holder::Program { person, .. } if !token.is_over(now) => Some(PersonId(person)),
        _ => None,
    };
    let persons: Vec<PersonId> = tokens.iter().filter_map(person).collect();
    let programs = people::programs(db, tenant, &persons, now).await?;
    let line = |token: &Token| {
        let mandate = person(token).and_then(|person| programs.get(&person)?.mandates.first());
        let seat = mandate.map(|mandate| {
            format!("{} · {}", v.pick(&mandate.place_label, &mandate.place_label_en), v.office(mandate.office))
        });
        Line::of(&v, token, seat.unwrap_or_default(), now)
    };
    let lines = tokens.iter().map(line).collect();
    let grounds = places::wide(db, tenant).await?;
    // Before anything was typed, the two lists begin with a pair that goes together.
    let usual = grounds.iter().find(|place| OFFICES[0].fits(place.kind)).map(|place| place.path.clone());
    let at = if typed.at.is_empty() { usual.unwrap_or_default() } else { typed.at.clone() };
    let office = |office: &commons::people::Office| {
        (office.name().to_owned(), v.office(*office).to_string(), typed.office == office.name())
    };
    Ok(IntegrationsPage {
        wrong,
        lines,
        name: typed.name.clone(),
        offices: OFFICES.iter().map(office).collect(),
        places: grounds
            .iter()
            .map(|place| (place.path.clone(), v.pick(&place.label, &place.label_en).to_owned(), at == place.path))
            .collect(),
        scopes: scope::choices(&v, typed, scope::Scope::told_of_program),
        days: scope::days(&v, typed, DAYS_USUAL),
        made,
        runs: visit.actor.in_tenant(tenant).any(|mandate| mandate.office == commons::people::Office::Operator),
        v,
    })
}

/// `POST /office/integrations`. Answered by the page itself: what is shown once must not stand in an address.
pub async fn make(visit: Visit, form: Form) -> Answer {
    visit.call.in_person()?;
    let (tenant, office) = policy::keep(&visit.actor)?;
    let typed = Typed::of(&form);
    let made = match keys::answered(&visit.app, tenant.0, &form.key).await? {
        Some(made) => Ok(made),
        None => {
            async {
                let new = &actions::check(&visit.app, tenant, &typed).await?;
                keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, &form.key, &|tx| {
                    Box::pin(async move { actions::make(tx, tenant, new).await.map(|(_, text)| text) })
                })
                .await
            }
            .await
        }
    };
    match made {
        Ok(made) => page(&integrations_page(&visit, tenant, &Typed::default(), Wrong::default(), Some(made)).await?),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&integrations_page(&visit, tenant, &typed, wrong, None).await?)
        }
    }
}

/// `POST /office/integrations/end`.
pub async fn end(visit: Visit, form: Form) -> Answer {
    visit.call.in_person()?;
    let (tenant, office) = policy::keep(&visit.actor)?;
    let id: TokenId = form.text("token").parse().map_err(|_| Error::NotFound)?;
    let mandates = &actions::find(&visit.app, tenant, id).await?.1;
    let to = keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, &form.key, &|tx| {
        Box::pin(async move {
            actions::end(tx, tenant, id, mandates).await?;
            Ok(HERE.to_owned())
        })
    })
    .await?;
    Ok(see_other(&to))
}

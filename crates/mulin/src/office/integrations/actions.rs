//! Letting a program in, and sending it away.

use super::OFFICES;
use crate::scope::Typed;
use commons::people::store::{self as people, NewMandate};
use commons::people::{Mandate, Office, PersonId, Source};
use commons::place::{Place, TenantId, store as places};
use kit::book::Activity;
use kit::db::Tx;
use kit::time::Moment;
use kit::web::App;
use kit::web::form::Problems;
use kit::web::token::{self, Holder, NewToken, Token, TokenId};
use kit::{Error, Result};
use serde_json::json;

/// A program as it was typed in, checked.
pub struct New {
    pub name: String,
    pub scopes: Vec<&'static str>,
    pub days: i64,
    pub office: Office,
    pub place: Place,
}

/// # Errors
/// [`Error::Invalid`] with every field that has to change.
pub async fn check(app: &App, tenant: TenantId, typed: &Typed) -> Result<New> {
    let mut problems = Problems::default();
    let scopes = typed.check(&mut problems);
    let office = Office::parse(&typed.office).filter(|office| OFFICES.contains(office));
    problems.when(office.is_none(), "office", "token/office");
    let place = places::by_path(&app.db, tenant, &typed.at).await?;
    let fits = office.zip(place.as_ref()).is_none_or(|(office, place)| office.fits(place.kind));
    problems.when(place.is_none() || !fits, "at", "token/place");
    problems.none()?;
    let missing = || Error::invalid("office", "token/office");
    Ok(New {
        name: typed.name.trim().to_owned(),
        scopes,
        days: typed.days,
        office: office.ok_or_else(missing)?,
        place: place.ok_or_else(missing)?,
    })
}

pub async fn make(tx: &mut Tx<'_>, tenant: TenantId, new: &New) -> Result<(TokenId, String)> {
    let now = tx.now();
    let ends = now + Moment::days(new.days);
    let person = people::add_person(tx, tenant, None, &new.name, &new.name).await?;
    let mandate = NewMandate {
        person,
        office: new.office,
        place: new.place.id,
        organisation: None,
        source: Source::Contract,
        starts: now,
        ends: Some(ends),
    };
    people::add_mandate(tx, tenant, &mandate).await?;
    let holder = Holder::Program { tenant: tenant.0, person: person.0 };
    let (id, text) =
        token::make(tx, &NewToken { holder, name: new.name.clone(), scopes: new.scopes.clone(), ends }).await?;
    let facts = json!({ "office": new.office, "scopes": new.scopes });
    tx.record(Activity::of(tenant, "integrations/made", "token", id).at_place(new.place.id).with(facts)).await?;
    Ok((id, text))
}

/// The token of one of a community's programs, and the mandates that end with it.
pub async fn find(app: &App, tenant: TenantId, id: TokenId) -> Result<(Token, Vec<Mandate>)> {
    let all = token::programs(&app.db, tenant.0).await?;
    let found = all.into_iter().find(|token| token.id == id).ok_or(Error::NotFound)?;
    let mandates = match found.holder {
        Holder::Program { person, .. } => {
            people::program(&app.db, tenant, PersonId(person), app.clock.now()).await?.mandates
        }
        Holder::Account(_) => Vec::new(),
    };
    Ok((found, mandates))
}

/// What the program could do, it cannot do any more.
pub async fn end(tx: &mut Tx<'_>, tenant: TenantId, id: TokenId, mandates: &[Mandate]) -> Result<()> {
    if !token::end(tx, id).await? {
        return Err(Error::NotFound);
    }
    for mandate in mandates {
        people::end_mandate(tx, tenant, mandate.id).await?;
    }
    tx.record(Activity::of(tenant, "integrations/ended", "token", id)).await.map(drop)
}

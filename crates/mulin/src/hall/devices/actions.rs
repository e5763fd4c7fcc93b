//! Ending sessions, and a new password.

use crate::layout::Visit;
use commons::people::back::store;
use commons::people::{AccountId, Person};
use kit::book::{Activity, ActivityId};
use kit::db::Tx;
use kit::web::keys::{self, RequestKey};
use kit::web::limits::{Knock, pair};
use kit::web::{Form, session};
use kit::{Error, Result, Uuid, password};
use serde_json::{Value, json};

/// Deeds about an account belong to no community.
pub const NOBODYS: Uuid = Uuid::nil();

/// Every community that knows the person reads in its book that it was done.
pub async fn record<'v>(
    tx: &mut Tx<'_>,
    visit: &'v Visit,
    stem: &'static str,
    account: Uuid,
    facts: Value,
) -> Result<Vec<(&'v Person, ActivityId)>> {
    let mut all = Vec::new();
    for person in &visit.actor.persons {
        let activity = Activity::of(person.tenant, stem, "account", account).with(facts.clone());
        all.push((person, tx.record(activity).await?));
    }
    Ok(all)
}

/// Ends one session, by the name that the list gives it.
pub async fn end(visit: &Visit, name: &str, key: &RequestKey) -> Result<()> {
    let account = visit.call.in_person()?;
    let context = visit.app.context();
    keys::once(&visit.app, &context, NOBODYS, key, &|tx| {
        Box::pin(async move {
            if !session::close_named(tx, account, name).await? {
                return Err(Error::NotFound);
            }
            record(tx, visit, "account/session-ended", account, json!({})).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// Ends every session but this one.
pub async fn end_others(visit: &Visit, key: &RequestKey) -> Result<()> {
    let account = visit.call.in_person()?;
    let own = visit.call.session.as_ref().ok_or(Error::denied("account/sign-in-first"))?;
    let context = visit.app.context();
    keys::once(&visit.app, &context, NOBODYS, key, &|tx| {
        Box::pin(async move {
            session::close_others(tx, own).await?;
            record(tx, visit, "account/sessions-ended", account, json!({})).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// A new password, for whoever knows the old one; the other sessions end.
///
/// # Errors
/// [`Error::Invalid`] when the old one is another, or the new one too short.
pub async fn set_password(visit: &Visit, form: &Form) -> Result<()> {
    let account = visit.call.in_person()?;
    let own = visit.call.session.as_ref().ok_or(Error::denied("account/sign-in-first"))?;
    if keys::answered(&visit.app, NOBODYS, &form.key).await?.is_some() {
        return Ok(());
    }
    let (login, before) = store::account(&visit.app.db, AccountId(account)).await?.ok_or(Error::NotFound)?;
    visit.app.limits.check(Knock::SignIn, &pair(&login, &visit.call.visitor))?;
    let right = match &before {
        Some(phc) => password::verify(form.text("old"), Some(phc)).await?,
        // Who came in without a password has none to show.
        None => true,
    };
    if !right {
        // Of several at once the others find the new one; their key tells what they are answered.
        return match keys::answered(&visit.app, NOBODYS, &form.key).await? {
            Some(_) => Ok(()),
            None => Err(Error::invalid("old", "account/old-wrong")),
        };
    }
    let phc = &password::hash(form.text("password"), &[&login]).await?;
    let context = visit.app.context();
    keys::once(&visit.app, &context, NOBODYS, &form.key, &|tx| {
        Box::pin(async move {
            store::set_password(tx, AccountId(account), phc).await?;
            session::close_others(tx, own).await?;
            record(tx, visit, "account/password-changed", account, json!({})).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

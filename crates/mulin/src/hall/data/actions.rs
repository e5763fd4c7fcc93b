//! Correcting a name, taking a consent back, erasing.

use crate::layout::Visit;
use crate::leaving;
use commons::kept::{Consent, store};
use kit::book::Activity;
use kit::web::keys::{self, RequestKey};
use kit::{Error, Result, Uuid};
use serde_json::json;

/// Deeds about an account belong to no community.
const NOBODYS: Uuid = Uuid::nil();
const NAME_CHARACTERS_MAX: usize = 40;

/// Another name, in every community that knows this person. Without one in Latin letters it is the same in both.
///
/// # Errors
/// [`Error::Invalid`] on `name` or `name_en`.
pub async fn rename(visit: &Visit, name: &str, name_en: &str, key: &RequestKey) -> Result<()> {
    visit.call.in_person()?;
    let fits = |name: &str| (1..=NAME_CHARACTERS_MAX).contains(&name.chars().count());
    if !fits(name) {
        return Err(Error::invalid("name", "data/name"));
    }
    let name_en = if name_en.is_empty() { name } else { name_en };
    if !fits(name_en) {
        return Err(Error::invalid("name_en", "data/name"));
    }
    let (persons, context) = (&visit.actor.persons, visit.app.context());
    keys::once(&visit.app, &context, NOBODYS, key, &|tx| {
        Box::pin(async move {
            for person in persons {
                store::rename(tx, person.tenant, person.id, (name, name_en)).await?;
                tx.record(Activity::of(person.tenant, "people/renamed", "person", person.id)).await?;
            }
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// Takes a consent back, everywhere.
///
/// # Errors
/// [`Error::Invalid`] when there is no such consent.
pub async fn withdraw(visit: &Visit, consent: &str, key: &RequestKey) -> Result<()> {
    visit.call.in_person()?;
    let consent = Consent::parse(consent).ok_or(Error::invalid("consent", "data/consent"))?;
    let (persons, context) = (&visit.actor.persons, visit.app.context());
    keys::once(&visit.app, &context, NOBODYS, key, &|tx| {
        Box::pin(async move {
            for person in persons {
                if store::withdraw(tx, consent, person.tenant, person.id).await? > 0 {
                    let ended = Activity::of(person.tenant, "people/consent-ended", "person", person.id);
                    tx.record(ended.with(json!({ "consent": consent }))).await?;
                }
            }
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// Erases whoever is here.
///
/// # Errors
/// [`Error::Invalid`] when it was not ticked that this is meant; [`Error::Conflict`] for the last keeper of a register.
pub async fn erase(visit: &Visit, sure: bool, words: bool, key: &RequestKey) -> Result<()> {
    visit.call.in_person()?;
    if !sure {
        return Err(Error::invalid("sure", "data/sure"));
    }
    leaving::leave(visit, words, key).await
}

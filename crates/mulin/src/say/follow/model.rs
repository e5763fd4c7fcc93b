//! What is followed, by whom, how often.

use crate::layout::scope::Scope;
use commons::case::CaseId;
use commons::people::PersonId;
use commons::place::{PlaceId, TenantId};
use kit::i18n::Lang;
use kit::secrets::Secrets;
use kit::time::Moment;
use kit::{Error, Result, id, names};

id!(SubscriptionId);

names! {
    /// How often somebody hears.
    Pace {
        Instant = "instant",
        /// Once a day, at six in the evening.
        Daily = "daily",
    }
}

const MAIL_CHARACTERS_MAX: usize = 200;
/// So many things one person, or one address, follows in a community.
pub const MINE_MAX: i64 = 50;
/// Asking an address again within this time sends no further letter.
pub const ASK_AGAIN_MS: i64 = Moment::hours(6);

/// Something that can be followed.
#[derive(Clone, Debug)]
pub struct What {
    pub tenant: TenantId,
    /// The same as a query, e.g. `compound=shiliu&category=lift`; one subscription each.
    pub name: String,
    pub compound: Option<PlaceId>,
    pub building: Option<PlaceId>,
    pub category: String,
    pub request: Option<CaseId>,
}

impl What {
    pub fn of(scope: &Scope) -> What {
        What {
            tenant: scope.tenant,
            name: scope.query(),
            compound: scope.compound.as_ref().map(|place| place.id),
            building: scope.building.as_ref().map(|place| place.id),
            category: scope.category.as_ref().map_or(String::new(), |category| category.slug.clone()),
            request: scope.case.as_ref().map(|row| row.case.id),
        }
    }
}

/// Who follows.
#[derive(Clone, Debug)]
pub enum Who {
    Person(PersonId),
    /// A mail address, in small letters.
    Mail(String),
}

impl Who {
    /// What the row is found by: the person, or a hash of the address that tells nothing without the secret.
    pub fn hash(&self, secrets: &Secrets) -> Vec<u8> {
        match self {
            Who::Person(person) => person.0.as_bytes().to_vec(),
            Who::Mail(mail) => secrets.mac("follow/mail", &[mail.as_bytes()]).to_vec(),
        }
    }
}

/// An address that a letter can be sent to.
///
/// # Errors
/// [`Error::Invalid`] on `mail`.
pub fn mail(typed: &str) -> Result<String> {
    let mail = typed.trim().to_lowercase();
    let fits = mail.len() <= MAIL_CHARACTERS_MAX
        && mail.bytes().all(|b| b.is_ascii_alphanumeric() || b"@.+-_%=".contains(&b))
        && mail.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && !host.contains('@')
                && host.contains('.')
                && host.split('.').all(|part| !part.is_empty())
        });
    if fits { Ok(mail) } else { Err(Error::invalid("mail", "follow/mail-shape")) }
}

/// A row of the shelf.
#[derive(Clone, Debug)]
pub struct Subscription {
    pub tenant: TenantId,
    pub id: SubscriptionId,
    pub person: Option<PersonId>,
    /// Sealed.
    pub mail: Option<Vec<u8>>,
    pub lang: Lang,
    pub what: What,
    pub pace: Pace,
    pub asked: Moment,
    pub confirmed: Option<Moment>,
    /// Up to when a digest has told.
    pub told: Moment,
}

impl Subscription {
    /// The address, opened.
    pub fn address(&self, secrets: &Secrets) -> Option<String> {
        let plain = secrets.unseal(SEAL, self.mail.as_deref()?)?;
        String::from_utf8(plain).ok()
    }
}

/// The label under which addresses are sealed.
pub const SEAL: &str = "follow";

#[cfg(test)]
mod tests;

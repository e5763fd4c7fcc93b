//! Who may follow what.

use super::model::Subscription;
use commons::people::{Actor, PersonId};
use commons::place::TenantId;
use kit::{Error, Result};

/// Whoever is known in a community follows there with their account; everybody else by mail.
pub fn person(actor: &Actor, tenant: TenantId) -> Option<PersonId> {
    actor.person_in(tenant)
}

/// Only the one who follows ends it, or the link of their letters does.
pub fn end(actor: &Actor, subscription: &Subscription) -> Result<()> {
    let own = subscription.person.is_some() && actor.is(subscription.tenant, subscription.person);
    if own { Ok(()) } else { Err(Error::NotFound) }
}

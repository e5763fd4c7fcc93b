//! Who takes a community out of the house.

use commons::people::{Actor, Office};
use commons::place::TenantId;
use kit::{Error, Result};

/// Who runs the machine for that community, and nobody else: not its staff, not its keepers of the register.
pub fn leave(actor: &Actor) -> Result<TenantId> {
    let operates = actor.mandates.iter().find(|mandate| mandate.office == Office::Operator);
    operates.map(|mandate| mandate.tenant).ok_or(Error::denied("farewell/not-operator"))
}

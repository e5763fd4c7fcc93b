//! Who lets programs in.

use commons::people::{Actor, Office};
use commons::place::TenantId;
use kit::{Error, Result};

/// Whoever keeps the register of a community.
pub fn keep(actor: &Actor) -> Result<(TenantId, Office)> {
    let keeps = actor.mandates.iter().find(|mandate| Office::KEEPING.contains(&mandate.office));
    keeps.map(|mandate| (mandate.tenant, mandate.office)).ok_or(Error::denied("people/not-keeper"))
}

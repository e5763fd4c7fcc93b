//! Who says who stands in, who is away, who follows.

use commons::people::store::seat::Seat;
use commons::people::{Actor, Office};
use commons::place::TenantId;
use kit::{Error, Result};

/// Those who keep a community's register.
pub fn keeps(actor: &Actor, tenant: TenantId) -> Option<Office> {
    let keeps = |mandate: &&commons::people::Mandate| Office::KEEPING.contains(&mandate.office);
    actor.in_tenant(tenant).find(keeps).map(|mandate| mandate.office)
}

/// The holder names a deputy and goes on leave; so do the keepers of the register for them. Others see no seat.
pub fn arrange(actor: &Actor, seat: &Seat) -> Result<Office> {
    if actor.is(seat.tenant, Some(seat.person)) {
        return Ok(seat.office);
    }
    keeps(actor, seat.tenant).ok_or(Error::NotFound)
}

/// Only the keepers of the register hand a seat over: a holder does not choose who follows.
pub fn hand_over(actor: &Actor, seat: &Seat) -> Result<Office> {
    let own = actor.is(seat.tenant, Some(seat.person));
    match keeps(actor, seat.tenant) {
        Some(office) => Ok(office),
        None if own => Err(Error::denied("people/not-keeper")),
        None => Err(Error::NotFound),
    }
}

//! Who may do what around a building.

use commons::people::{Actor, Office};
use commons::place::{Place, PlaceId, TenantId};
use commons::seat::REACHED_BY_WORK;
use kit::{Error, Result};

/// Offices that look after a whole building, and so may see which of its doors have something open.
const LOOKING_AFTER: &[Office] =
    &[Office::Captain, Office::GridWorker, Office::Hub, Office::Committee, Office::Community];

/// Whoever looks after the building; neighbours don't look at each other's doors.
pub fn see_doors(actor: &Actor, building: &Place) -> Result<Office> {
    let office = LOOKING_AFTER.iter().copied().find(|office| actor.covers(*office, building));
    office.ok_or(Error::denied("captains/not-yours"))
}

/// A notice in a captain's name is typed by the captain, or by those who look after the building with them.
pub fn print_notice(actor: &Actor, building: &Place) -> Result<Office> {
    see_doors(actor, building)
}

/// Whoever lives, leads or volunteers in the compound puts in their own name, and nobody else's.
pub fn join(actor: &Actor, building: &Place) -> Result<Option<Office>> {
    let near = |office: Office| office.is_resident() || matches!(office, Office::Captain | Office::Volunteer);
    let mine =
        actor.in_tenant(building.tenant).find(|mandate| near(mandate.office) && mandate.in_compound_of(building));
    match mine {
        Some(mandate) => Ok(Some(mandate.office)),
        None if actor.account.is_none() && actor.persons.is_empty() => Err(Error::denied("account/sign-in-first")),
        None => Err(Error::denied("captains/not-neighbour")),
    }
}

/// How a seat's card may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    /// Who sits there gives their own number.
    Own,
    /// Who stands in gives their own number for that time; the holder's card stays as it is.
    Deputy,
    /// The keepers give the number of a seat that people are appointed to.
    OfSeat,
    /// The keepers say what the seat is there for; its number is not theirs to give.
    DutiesAlone,
}

/// Who sits there, and the keepers of the register; a captain's number is the captain's alone.
pub fn card(actor: &Actor, tenant: TenantId, office: Office, place: PlaceId) -> Result<(Card, Office)> {
    let mine = |deputy: bool| {
        actor.mandates.iter().any(|one| one.office == office && one.place == place && one.acts_for.is_some() == deputy)
    };
    if mine(false) {
        return Ok((Card::Own, office));
    }
    if mine(true) {
        return Ok((Card::Deputy, office));
    }
    let keeper = keeper(actor, tenant)?;
    Ok((if REACHED_BY_WORK.contains(&office) { Card::OfSeat } else { Card::DutiesAlone }, keeper))
}

/// The keepers of the register keep the boards.
pub fn keeper(actor: &Actor, tenant: TenantId) -> Result<Office> {
    let keeps = |office: Office| Office::KEEPING.contains(&office);
    let found = actor.in_tenant(tenant).find(|mandate| keeps(mandate.office)).map(|mandate| mandate.office);
    found.ok_or(Error::denied("captains/not-keeper"))
}

//! Who may set what.

use commons::people::{Actor, Office};
use commons::place::{Place, PlaceKind};
use kit::{Error, Result};

/// A compound's standards are set by its owners' committee or by the community; the community's own by the community.
pub fn set(actor: &Actor, place: &Place) -> Result<Office> {
    if actor.covers(Office::Community, place) {
        return Ok(Office::Community);
    }
    if place.kind == PlaceKind::Compound && actor.holds(Office::Committee, place.id) {
        return Ok(Office::Committee);
    }
    Err(Error::denied("standards/not-yours"))
}

/// The calendar is the whole community's.
pub fn load(actor: &Actor, root: &Place) -> Result<Office> {
    if root.kind == PlaceKind::Community && actor.covers(Office::Community, root) {
        return Ok(Office::Community);
    }
    Err(Error::denied("standards/calendar-not-yours"))
}

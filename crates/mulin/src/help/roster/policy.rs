//! Who makes the roster, and who is on it.

use crate::help::near;
use commons::people::{Actor, Office};
use commons::place::Place;
use kit::{Error, Result};

/// The hub's own people and the community make the shifts and the plan.
pub fn keep(actor: &Actor, compound: &Place) -> Result<Office> {
    near::keeps(actor, compound).ok_or(Error::denied("roster/not-keeper"))
}

/// Whoever lives or serves in the compound may say when they can come; nobody says it for another.
pub fn come(actor: &Actor, compound: &Place) -> Result<Office> {
    near::neighbour(actor, compound, "roster/not-neighbour")
}

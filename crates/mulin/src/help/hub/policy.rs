//! Who does what at the hub.

use crate::near;
use commons::people::{Actor, Office};
use commons::place::Place;
use kit::{Error, Result};

/// The hub's own people and the community set hours and posts.
pub fn keep(actor: &Actor, compound: &Place) -> Result<Office> {
    near::keeps(actor, compound).ok_or(Error::denied("hub/not-keeper"))
}

/// Whoever lives or serves in the compound may take a post; nobody is put on one by another.
pub fn take(actor: &Actor, compound: &Place) -> Result<Office> {
    near::neighbour(actor, compound, "hub/not-neighbour")
}

/// What was done is read by those who take part: the hub's people and whoever could take a post.
pub fn read_entries(actor: &Actor, compound: &Place) -> Result<Office> {
    keep(actor, compound).or_else(|_| take(actor, compound))
}

//! Who does what at the hub.

use commons::people::{Actor, Office};
use commons::place::Place;
use kit::{Error, Result};

/// The hub's own people and the community set hours and posts.
pub fn keep(actor: &Actor, compound: &Place) -> Result<Office> {
    let found = [Office::Hub, Office::Community].into_iter().find(|office| actor.covers(*office, compound));
    found.ok_or(Error::denied("hub/not-keeper"))
}

/// Whoever lives or serves in the compound may take a post; nobody is put on one by another.
pub fn take(actor: &Actor, compound: &Place) -> Result<Office> {
    let near = |office: Office| {
        office.is_resident()
            || matches!(
                office,
                Office::Volunteer | Office::Captain | Office::Hub | Office::GridWorker | Office::Committee
            )
    };
    let mine = actor.in_tenant(compound.tenant).find(|one| {
        near(one.office) && (one.in_compound_of(compound) && one.compound.is_some() || one.reaches(compound))
    });
    match mine {
        Some(mandate) => Ok(mandate.office),
        None if actor.persons.is_empty() => Err(Error::denied("account/sign-in-first")),
        None => Err(Error::denied("hub/not-neighbour")),
    }
}

/// What was done is read by those who take part: the hub's people and whoever could take a post.
pub fn read_entries(actor: &Actor, compound: &Place) -> Result<Office> {
    keep(actor, compound).or_else(|_| take(actor, compound))
}

//! Who makes the roster, and who is on it.

use commons::people::{Actor, Office};
use commons::place::Place;
use kit::{Error, Result};

/// The hub's own people and the community make the shifts and the plan.
pub fn keep(actor: &Actor, compound: &Place) -> Result<Office> {
    let found = [Office::Hub, Office::Community].into_iter().find(|office| actor.covers(*office, compound));
    found.ok_or(Error::denied("roster/not-keeper"))
}

/// Whoever lives or serves in the compound may say when they can come; nobody says it for another.
pub fn come(actor: &Actor, compound: &Place) -> Result<Office> {
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
        None => Err(Error::denied("roster/not-neighbour")),
    }
}

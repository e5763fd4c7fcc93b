//! Which compound is meant, who keeps its hub and who is a neighbour there: what the features about a hub share.

use crate::layout::Visit;
use commons::people::{Actor, Office};
use commons::place::{Place, store as places};
use kit::{Error, Result};

/// A compound by its code, one's own where nothing is said, else the first.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn compound(visit: &Visit, code: &str) -> Result<Place> {
    let db = &visit.app.db;
    if !code.is_empty() {
        return places::compound(db, code).await?.ok_or(Error::NotFound);
    }
    let mine = visit.actor.mandates.iter().find_map(|mandate| Some((mandate.tenant, mandate.compound?)));
    let found = match mine {
        Some((tenant, compound)) => places::find(db, tenant, compound).await?,
        None => places::compounds(db).await?.into_iter().next(),
    };
    found.ok_or(Error::NotFound)
}

/// The office by which somebody keeps a compound's hub: its own people, or the community.
pub fn keeps(actor: &Actor, compound: &Place) -> Option<Office> {
    [Office::Hub, Office::Community].into_iter().find(|office| actor.covers(*office, compound))
}

/// The office by which somebody lives or serves in a compound.
///
/// # Errors
/// [`Error::Denied`] to sign in first, or with `reason`.
pub fn neighbour(actor: &Actor, compound: &Place, reason: &'static str) -> Result<Office> {
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
        None => Err(Error::denied(reason)),
    }
}

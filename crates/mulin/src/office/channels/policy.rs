//! Who keeps the channels and mailboxes of a place.

use commons::people::{Actor, Mandate, Office};
use commons::place::{PlaceId, TenantId};
use kit::{Error, Result};

fn keeps(mandate: &Mandate) -> bool {
    matches!(mandate.office, Office::Community | Office::Committee | Office::Property)
}

/// The community's staff, a committee and a property company have something to keep here.
pub fn keeper(actor: &Actor) -> Result<TenantId> {
    let found = actor.mandates.iter().find(|mandate| keeps(mandate));
    found.map(|mandate| mandate.tenant).ok_or(Error::denied("channels/not-keeper"))
}

/// The community's staff keep all places of theirs, the others their own compound. Gives the office that opens the door.
pub fn keep(actor: &Actor, tenant: TenantId, place: PlaceId) -> Result<Office> {
    let mine = |mandate: &&Mandate| {
        mandate.tenant == tenant && keeps(mandate) && (mandate.office == Office::Community || mandate.place == place)
    };
    actor.mandates.iter().find(mine).map(|mandate| mandate.office).ok_or(Error::denied("channels/not-yours"))
}

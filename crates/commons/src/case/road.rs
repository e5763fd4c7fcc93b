//! Who holds a case at a door: the first office there that somebody fills now; if none, the door above; never nobody.

use super::{Door, Holder};
use crate::people::{self, Office};
use crate::place::{Place, PlaceId, TenantId};
use kit::Result;
use kit::db::Tx;

/// The seats that can hold a case, as they are filled now.
pub struct Seats {
    pub(super) filled: Vec<(Office, PlaceId)>,
    pub(super) building: Option<PlaceId>,
    pub(super) grid: Option<PlaceId>,
    pub(super) compound: Option<PlaceId>,
    pub(super) community: PlaceId,
}

impl Seats {
    /// Looks up who sits where around `place`; `community` is the root of the tenant's tree.
    pub async fn around(tx: &mut Tx<'_>, tenant: TenantId, place: &Place, community: PlaceId) -> Result<Seats> {
        let places = [place.building, place.grid, place.compound, Some(community)];
        let filled = people::store::seats(tx, tenant, places).await?;
        let [building, grid, compound, _] = places;
        Ok(Seats { filled, building, grid, compound, community })
    }

    /// The holder at `door`, or at the lowest door above it where somebody sits. `first` is the office that is asked
    /// before the others at this door, where the category names one.
    pub fn holder(&self, door: Door, first: Option<Office>) -> (Door, Holder) {
        let named = self.candidates(door).into_iter().find(|seat| Some(seat.0) == first && self.filled.contains(seat));
        if let Some((office, place)) = named {
            return (door, Holder { office, place, person: None });
        }
        let mut at = door;
        loop {
            if let Some((office, place)) = self.candidates(at).into_iter().find(|seat| self.filled.contains(seat)) {
                return (at, Holder { office, place, person: None });
            }
            match at.up() {
                Some(next) => at = next,
                // The community's own desk answers for what nobody else does, even while its chairs are empty.
                None => {
                    let holder = Holder { office: Office::Community, place: self.community, person: None };
                    return (Door::Community, holder);
                }
            }
        }
    }

    /// Every seat to which a case may be handed, with its door, in the order of the doors.
    pub fn all(&self) -> Vec<(Door, Office, PlaceId)> {
        Door::ALL
            .iter()
            .flat_map(|door| self.candidates(*door).into_iter().map(move |(office, place)| (*door, office, place)))
            .filter(|(_, office, place)| self.filled.contains(&(*office, *place)))
            .collect()
    }

    fn candidates(&self, door: Door) -> Vec<(Office, PlaceId)> {
        let seats: Vec<(Office, Option<PlaceId>)> = match door {
            Door::Home => vec![(Office::Captain, self.building), (Office::GridWorker, self.grid)],
            Door::Compound => vec![
                (Office::Property, self.compound),
                (Office::Committee, self.compound),
                (Office::Hub, self.compound),
            ],
            Door::Community => vec![(Office::Community, Some(self.community)), (Office::Hub, Some(self.community))],
        };
        seats.into_iter().filter_map(|(office, place)| place.map(|place| (office, place))).collect()
    }
}

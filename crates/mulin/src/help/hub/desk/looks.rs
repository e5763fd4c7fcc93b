//! Who of the desk reads names or telephones stands in the book, once a day and list, before anything is shown. What cannot be
//! written down is not shown.

use crate::help::hub::day::begins;
use crate::layout::Visit;
use commons::calendar::Zone;
use commons::desk::{Parties, RoomKey, Talk, WalkIn, store};
use commons::people::{Office, PersonId};
use commons::place::Place;
use kit::Result;
use kit::book::Activity;

/// Whether somebody reads who came: whoever took it down or takes it on, and nobody else who sits there.
pub fn knows(one: &WalkIn, me: Option<PersonId>) -> bool {
    me.is_some() && (one.takes == me || me == Some(one.taken_by))
}

/// A look at the day. What one wrote down oneself is not a look.
///
/// # Errors
/// When the book cannot be written.
pub async fn at_lines(visit: &Visit, (place, office): (&Place, Office), lines: &[WalkIn]) -> Result<()> {
    let me = visit.actor.person_in(place.tenant);
    let read = |one: &WalkIn| knows(one, me) && me != Some(one.taken_by) && !one.who.line().is_empty();
    looked(visit, (place, office), "looks/desk", lines.iter().any(read)).await
}

/// A look at who talks with whom.
///
/// # Errors
/// As [`at_lines`].
pub async fn at_talks(visit: &Visit, (place, office): (&Place, Office), talks: &[Talk]) -> Result<()> {
    let named = |talk: &Talk| talk.parties != Parties::default();
    looked(visit, (place, office), "looks/talks", talks.iter().any(named)).await
}

/// A look at who has which key.
///
/// # Errors
/// As [`at_lines`].
pub async fn at_keys(visit: &Visit, (place, office): (&Place, Office), keys: &[RoomKey]) -> Result<()> {
    looked(visit, (place, office), "looks/keys", keys.iter().any(|key| key.loan.is_some())).await
}

async fn looked(visit: &Visit, (place, office): (&Place, Office), stem: &'static str, any: bool) -> Result<()> {
    let Some(me) = visit.actor.person_in(place.tenant).filter(|_| any) else { return Ok(()) };
    let (tenant, id) = (place.tenant, place.id);
    let since = begins(Zone::china().date(visit.call.now))?;
    let context = visit.context(tenant, Some(office));
    let written = visit.app.db.transact(&context, |tx| {
        Box::pin(async move {
            if store::looked(tx, (tenant, id), (stem, me), since).await? {
                return Ok(());
            }
            tx.record(Activity::of(tenant, stem, "place", id).at_place(id)).await.map(drop)
        })
    });
    written.await
}

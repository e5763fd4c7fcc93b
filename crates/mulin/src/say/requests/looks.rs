//! Who of those who serve reads something private stands in the book, once a day, and is told to the one who said it.

use super::model::Hand;
use super::policy;
use super::view::Read;
use crate::layout::Visit;
use commons::calendar::Zone;
use kit::Result;
use kit::book::Activity;
use serde_json::json;

/// Nobody listens to it: a look is news for nobody but the one who asks.
pub const LOOKED: &str = "looks/case";

/// Writes the look down before anything is shown. What cannot be written down is not shown.
///
/// # Errors
/// When the book cannot be written.
pub async fn looked(visit: &Visit, hand: Hand<'_>, read: &Read) -> Result<()> {
    let (case, now, zone) = (&read.found.row.case, visit.call.now, Zone::china());
    let Some(office) = policy::reads_as(hand, case, &read.parts.handovers) else { return Ok(()) };
    let Some(me) = visit.actor.person_in(case.tenant) else { return Ok(()) };
    let today = zone.date(now);
    let before =
        |line: &kit::book::Entry| line.stem == LOOKED && line.person == Some(me.0) && zone.date(line.at) == today;
    if read.book.iter().any(before) {
        return Ok(());
    }
    let (tenant, id, at) = (case.tenant, case.id, case.building.unwrap_or(case.compound));
    let context = visit.context(tenant, Some(office));
    let written = visit.app.db.transact(&context, |tx| {
        Box::pin(async move {
            let look = Activity::of(tenant, LOOKED, "case", id).at_place(at).with(json!({}));
            tx.record(look).await.map(drop)
        })
    });
    written.await
}

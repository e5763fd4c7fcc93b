//! Planning a month, or what is still open of one that is published: read what there is, solve it outside the deed, write it where it still fits.

use super::{actions, policy};
use crate::layout::Visit;
use commons::duty::plan::{self, Plan};
use commons::duty::{GapTold, How, Month, Shift, store};
use commons::notice::{store as notices, wish::Because};
use commons::people::PersonId;
use commons::place::Place;
use jiff::ToSpan;
use jiff::civil::Date;
use kit::book::Activity;
use kit::db::Tx;
use kit::web::keys::{self, RequestKey};
use kit::{Error, Result};
use serde_json::json;

/// Duties so many days before and after the month count for rest.
const AROUND_DAYS: i64 = 7;

/// A plan as it will be written.
struct Made {
    span: (Date, Date),
    duties: Vec<(Shift, PersonId)>,
    plan: Plan,
    gaps: Vec<GapTold>,
}

/// Plans a month anew: what people took, swapped or were put on by hand stays. Of a month that is published everybody stays where
/// they were told that they are, and only what is open is filled.
///
/// # Errors
/// [`Error::Conflict`] when the month has no shift ahead; [`Error::Denied`] for whoever does not keep the roster.
pub async fn plan(visit: &Visit, compound: &Place, month: Month, key: &RequestKey) -> Result<String> {
    let office = policy::keep(&visit.actor, compound)?;
    let tenant = compound.tenant.0;
    if let Some(answer) = keys::answered(&visit.app, tenant, key).await? {
        return Ok(answer);
    }
    let made = &made(visit, compound, month).await?;
    let context = visit.context(compound.tenant, Some(office));
    keys::once(&visit.app, &context, tenant, key, &|tx| {
        Box::pin(async move {
            write(tx, compound, month, made).await?;
            let (covered, open) = (made.duties.len(), made.plan.gaps.iter().map(|gap| gap.open).sum::<i64>());
            Ok(json!({ "month": month.name(), "covered": covered, "open": open, "exact": made.plan.exact }).to_string())
        })
    })
    .await
}

async fn made(visit: &Visit, compound: &Place, month: Month) -> Result<Made> {
    let (db, tenant, place) = (&visit.app.db, compound.tenant, compound.id);
    // What is over stays as it was.
    let first = month.first().max(actions::today(visit.call.now));
    let last = month.last();
    if first > last {
        return Err(Error::conflict("roster/past"));
    }
    let mut shifts = store::shifts(db, tenant, place, (first, last)).await?;
    if shifts.is_empty() {
        return Err(Error::conflict("roster/no-shifts"));
    }
    // Nobody sits behind a closed door.
    let (state, hours) = store::month(db, (tenant, place), month).await?;
    let published = state.is_some_and(|state| state.published.is_some());
    shifts.retain(|shift| hours.closed(shift.day).is_none());
    if shifts.is_empty() {
        return Err(Error::conflict("roster/all-closed"));
    }
    let ready = store::ready(db, tenant, place).await?;
    let far = |day: Date, by: i64| day.checked_add(by.days()).unwrap_or(day);
    let around = (far(month.first(), -AROUND_DAYS), far(last, AROUND_DAYS));
    let mut standing = store::duties(db, tenant, place, around).await?;
    standing.retain(|duty| published || duty.how.stands() || !(first..=last).contains(&duty.day));
    let (helpers, slots) = plan::tables(&ready, &shifts, &standing, (month.first(), last));
    let (plan, helpers) =
        tokio::task::spawn_blocking(move || (plan::plan(&helpers, &slots), helpers)).await.map_err(Error::internal)?;
    debug_assert_eq!(helpers.len(), ready.len());
    let duties = plan.duties.iter().map(|(slot, helper)| (shifts[*slot].clone(), ready[*helper].person)).collect();
    let told = |gap: &plan::Gap| GapTold { shift: shifts[gap.slot].id, open: gap.open, out: gap.out.clone() };
    Ok(Made { span: (first, last), duties, gaps: plan.gaps.iter().map(told).collect(), plan })
}

/// Somebody may have left, or a shift been taken, while the plan was made: such a place stays open, and nobody is overridden.
async fn write(tx: &mut Tx<'_>, compound: &Place, month: Month, made: &Made) -> Result<()> {
    let (tenant, place) = (compound.tenant, compound.id);
    // Asked again here: it may have been published while the plan was made.
    let published = store::is_published(tx, tenant, place, month).await?;
    if !published {
        store::clear_plan(tx, tenant, place, made.span).await?;
    }
    let ready = store::ready_in(tx, tenant, place).await?;
    let shifts = store::shifts_in(tx, tenant, place, made.span).await?;
    let standing = store::duties_in(tx, tenant, place, made.span).await?;
    let mut filled: Vec<PersonId> = Vec::new();
    let mut taken: Vec<_> = standing.iter().map(|duty| (duty.shift, duty.person)).collect();
    for (shift, person) in &made.duties {
        let there = i64::try_from(taken.iter().filter(|one| one.0 == shift.id).count()).unwrap_or(0);
        let fits = shifts.iter().any(|one| one.id == shift.id && one.need > there);
        let free = !standing.iter().any(|duty| duty.day == shift.day && duty.person == *person);
        if fits && free && ready.iter().any(|one| one.person == *person) {
            store::put(tx, shift, *person, How::Plan).await?;
            taken.push((shift.id, *person));
            filled.push(*person);
        }
    }
    store::save_month(tx, (tenant, place), &month.name(), made.plan.exact, &made.gaps).await?;
    let facts = json!({ "month": month.name(), "exact": made.plan.exact });
    let activity = Activity::of(tenant, "roster/planned", "place", place).at_place(place);
    let activity = tx.record(activity.with(facts)).await?;
    if published {
        filled.sort_unstable();
        filled.dedup();
        let what = ("roster/filled", "roster", place.0, compound.path.as_str());
        for person in filled {
            notices::add(tx, tenant, (person, Because::Held), activity, what).await?;
        }
    }
    Ok(())
}

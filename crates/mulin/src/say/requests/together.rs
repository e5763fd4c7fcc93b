//! 我也是, and one matter said twice: nothing is lost by going together, and everything comes back by parting.

use super::actions::{activity, reindex, saved};
use super::model::Hand;
use super::policy;
use commons::case::store::{self, together};
use commons::case::{Case, State};
use commons::people::{Office, PersonId};
use kit::db::Tx;
use kit::{Error, Result};
use serde_json::json;

type By = (Option<PersonId>, Option<Office>);

/// One more household; a second press changes nothing.
pub async fn support(tx: &mut Tx<'_>, hand: Hand<'_>, case: Case, by: By) -> Result<Case> {
    let home = policy::support(hand, &case)?;
    if !case.state_at(tx.now()).is_open() {
        return Err(Error::conflict("requests/support-not-open"));
    }
    if !together::support(tx, &case, home, by.0).await? {
        return Ok(case);
    }
    let own = together::is_own(tx, &case, home).await?;
    tx.record(activity(&case, "requests/supported", whose(own))).await?;
    recounted(tx, case).await
}

pub async fn unsupport(tx: &mut Tx<'_>, hand: Hand<'_>, case: Case) -> Result<Case> {
    let home = policy::support(hand, &case)?;
    if !together::unsupport(tx, &case, home).await? {
        return Ok(case);
    }
    let own = together::is_own(tx, &case, home).await?;
    tx.record(activity(&case, "requests/support-ended", whose(own))).await?;
    recounted(tx, case).await
}

/// The book tells a household of its own from another one.
fn whose(own: bool) -> serde_json::Value {
    if own { json!({ "own": true }) } else { json!({}) }
}

/// Goes on in another public case of the same compound.
pub async fn merge(tx: &mut Tx<'_>, hand: Hand<'_>, case: Case, into: &str, by: By) -> Result<Case> {
    // What waits for the author's word, was found wanting, is late, or was parted by them is not put away by an office.
    if !hand.is_author(&case) && (!policy::staff_may_merge(&case, tx.now()) || together::was_parted(tx, &case).await?) {
        return Err(Error::denied("requests/merge-not-for-staff"));
    }
    let wrong = |why| Error::invalid("into", why);
    let target = together::by_code(tx, case.tenant, into).await?.ok_or(wrong("requests/merge-into-unknown"))?;
    let fits = target.is_public() && target.compound == case.compound && target.id != case.id;
    if !fits {
        return Err(wrong("requests/merge-into-unknown"));
    }
    if !target.state_at(tx.now()).is_open() {
        return Err(wrong("requests/merge-into-over"));
    }
    if !together::joined(tx, case.tenant, case.id).await?.is_empty() {
        return Err(Error::conflict("requests/merge-has-others"));
    }
    if store::open_handover(tx, case.tenant, case.id).await?.is_some() {
        return Err(Error::conflict("requests/offer-open-already"));
    }
    let merged = case.merged(tx.now())?;
    together::merge(tx, &case, target.id, by.0).await?;
    tx.record(activity(&merged, "requests/merged", json!({ "into": target.code }))).await?;
    // The other side does not learn which one: it may be private.
    tx.record(activity(&target, "requests/joined", json!({}))).await?;
    recounted(tx, target).await?;
    saved(tx, merged).await
}

/// Goes on by itself again, from where it stood.
pub async fn unmerge(tx: &mut Tx<'_>, case: Case) -> Result<Case> {
    let before = together::merged(tx, case.tenant, case.id).await?;
    let before = before.ok_or(Error::conflict("requests/unmerge-not-merged"))?;
    let case = case.unmerged(&before, tx.now())?;
    together::unmerge(tx, &case, before.id).await?;
    tx.record(activity(&case, "requests/unmerged", json!({}))).await?;
    let target = store::find(tx, case.tenant, before.into).await?;
    recounted(tx, target).await?;
    saved(tx, case).await
}

/// Before a case goes away: what went on in it goes on by itself.
pub async fn release(tx: &mut Tx<'_>, case: &Case) -> Result<()> {
    for id in together::joined(tx, case.tenant, case.id).await? {
        let joined = store::find(tx, case.tenant, id).await?;
        let joined = unmerge(tx, joined).await?;
        reindex(tx, &joined).await?;
    }
    if case.state == State::Merged {
        let apart = unmerge(tx, case.clone()).await?;
        debug_assert!(apart.state.is_open());
    }
    Ok(())
}

async fn recounted(tx: &mut Tx<'_>, case: Case) -> Result<Case> {
    let supporters = together::count(tx, case.tenant, case.id).await?;
    saved(tx, Case { supporters, ..case }).await
}

//! The first word, the second, and stopping.

use crate::layout::Visit;
use commons::notice::store as notices;
use commons::notice::wish::Because;
use commons::people::back::{self, WayBack, WayBackId, store};
use commons::people::store::seat;
use commons::people::{Mandate, MandateId, PersonId, household};
use commons::place::TenantId;
use kit::book::Activity;
use kit::web::keys::{self, RequestKey};
use kit::{Error, Result};
use serde_json::json;

/// The mandate under which the one who is here vouches for a way back.
pub async fn voucher<'v>(visit: &'v Visit, way: &WayBack) -> Result<&'v Mandate> {
    let held = store::held(&visit.app.db, way.account, visit.call.now).await?;
    back::vouch(&visit.actor, (way.tenant, way.person), &held)
}

/// The person behind a membership or an office.
async fn person_of(visit: &Visit, id: &str) -> Result<(TenantId, PersonId)> {
    visit.call.account()?;
    let id: MandateId = id.parse().map_err(|_| Error::NotFound)?;
    let (db, now) = (&visit.app.db, visit.call.now);
    for person in &visit.actor.persons {
        let tenant = person.tenant;
        if let Some(member) = household::store::one(db, tenant, id).await? {
            return Ok((tenant, member.person));
        }
        if let Some(seat) = seat::find(db, tenant, id, now).await? {
            return Ok((tenant, seat.person));
        }
    }
    Err(Error::NotFound)
}

/// The first word. `id` is a mandate of the one who has lost their password.
pub async fn open(visit: &Visit, id: &str, key: &RequestKey) -> Result<String> {
    visit.call.in_person()?;
    for person in &visit.actor.persons {
        if let Some(kept) = keys::answered(&visit.app, person.tenant.0, key).await? {
            return Ok(kept);
        }
    }
    let (tenant, person) = person_of(visit, id).await?;
    let account = store::account_of(&visit.app.db, tenant, person).await?;
    let account = account.ok_or(Error::conflict("back/no-account"))?;
    let held = store::held(&visit.app.db, account, visit.call.now).await?;
    let by = back::vouch(&visit.actor, (tenant, person), &held).map_err(|error| hidden(visit, tenant, error))?;
    let me = visit.actor.person_in(tenant).ok_or(Error::NotFound)?;
    let (mandate, office, secrets) = (by.id, by.office, &visit.app.secrets);
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            let id = store::open(tx, secrets, (tenant, person, account), (me, mandate, office)).await?;
            let activity = Activity::of(tenant, "back/opened", "account", account).with(json!({ "office": office }));
            let activity = tx.record(activity).await?;
            // Whoever did not ask for it reads it while they are still in.
            let told = ("back/opened", "account", account.0, "");
            notices::add(tx, tenant, (person, Because::Mine), activity, told).await?;
            Ok(id.to_string())
        })
    })
    .await
}

/// Whoever vouches for nobody here need not learn whom there is.
fn hidden(visit: &Visit, tenant: TenantId, error: Error) -> Error {
    if visit.actor.in_tenant(tenant).any(|mandate| mandate.office.is_staff()) { error } else { Error::NotFound }
}

/// A way back that the one who is here may see: they vouch for it, or have.
pub async fn find(visit: &Visit, id: &str) -> Result<WayBack> {
    visit.call.in_person()?;
    let id: WayBackId = id.parse().map_err(|_| Error::NotFound)?;
    for person in &visit.actor.persons {
        if let Some(way) = store::one(&visit.app.db, person.tenant, id).await? {
            voucher(visit, &way).await.map_err(|_| Error::NotFound)?;
            return Ok(way);
        }
    }
    Err(Error::NotFound)
}

/// The second word, of another person under another mandate.
pub async fn confirm(visit: &Visit, id: &str, key: &RequestKey) -> Result<()> {
    let way = &find(visit, id).await?;
    let by = voucher(visit, way).await?;
    let me = visit.actor.person_in(way.tenant).ok_or(Error::NotFound)?;
    back::second(way, me, by.id)?;
    let (mandate, office, tenant) = (by.id, by.office, way.tenant);
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            store::confirm(tx, way, (me, mandate, office)).await?;
            let activity = Activity::of(tenant, "back/confirmed", "account", way.account);
            tx.record(activity.with(json!({ "office": office }))).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// Nobody comes back this way.
pub async fn stop(visit: &Visit, id: &str, key: &RequestKey) -> Result<()> {
    let way = &find(visit, id).await?;
    let office = voucher(visit, way).await?.office;
    let tenant = way.tenant;
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            store::stop(tx, way).await?;
            let activity = Activity::of(tenant, "back/stopped", "account", way.account);
            tx.record(activity.with(json!({ "office": office }))).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// Those that wait, as far as the one who is here vouches for them.
pub async fn waiting(visit: &Visit) -> Result<Vec<WayBack>> {
    visit.call.in_person()?;
    if !visit.is_staff() {
        return Err(Error::denied("back/not-staff"));
    }
    let mut mine = Vec::new();
    for person in &visit.actor.persons {
        let (db, now) = (&visit.app.db, visit.call.now);
        let held = store::held_by_waiting(db, person.tenant, now).await?;
        let mut waiting = store::waiting(db, person.tenant, now).await?;
        waiting.retain(|way| {
            let held = held.get(&way.id).map_or(&[][..], Vec::as_slice);
            back::vouch(&visit.actor, (way.tenant, way.person), held).is_ok()
        });
        mine.extend(waiting);
    }
    Ok(mine)
}

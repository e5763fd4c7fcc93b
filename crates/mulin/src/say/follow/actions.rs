//! The deeds: follow, say yes, stop.

use super::letter;
use super::model::{ASK_AGAIN_MS, MINE_MAX, Pace, Subscription, SubscriptionId, What, Who};
use super::store;
use commons::place::TenantId;
use kit::book::Activity;
use kit::db::Tx;
use kit::i18n::Lang;
use kit::web::App;
use kit::{Error, Result};
use serde_json::json;

/// Somebody who wants to hear.
#[derive(Clone, Debug)]
pub struct Wish {
    pub what: What,
    /// What to call it in a letter.
    pub label: String,
    pub who: Who,
    pub pace: Pace,
    pub lang: Lang,
}

/// Follows. Asked twice it is one subscription; an address is asked by letter, and whoever typed it in learns nothing
/// about whether it was known.
pub async fn add(tx: &mut Tx<'_>, app: &App, wish: &Wish) -> Result<()> {
    let (what, hash, now) = (&wish.what, wish.who.hash(&app.secrets), tx.now());
    let old = store::of(tx, what.tenant, &hash, &what.name).await?;
    match (&wish.who, old) {
        (Who::Person(_), Some(old)) => store::set_pace(tx, &old, wish.pace, wish.lang).await,
        // Anybody can type in an address: what it said yes to stays as it is.
        (Who::Mail(_), Some(old)) if old.confirmed.is_some() || now - old.asked < ASK_AGAIN_MS => Ok(()),
        (Who::Mail(mail), Some(old)) => {
            store::asked(tx, &old, wish.pace, wish.lang).await?;
            letter::confirm(tx, app, (what.tenant, old.id), mail, wish).await
        }
        (who, None) => {
            if store::count(tx, what.tenant, &hash).await? >= MINE_MAX {
                return Err(Error::conflict("follow/too-many"));
            }
            let id = store::add(tx, &app.secrets, (what, who), wish.pace, wish.lang).await?;
            record(tx, "follow/added", what.tenant, id, json!({ "pace": wish.pace })).await?;
            match who {
                Who::Mail(mail) => letter::confirm(tx, app, (what.tenant, id), mail, wish).await,
                Who::Person(_) => Ok(()),
            }
        }
    }
}

/// The address says yes.
pub async fn confirm(tx: &mut Tx<'_>, (tenant, id): (TenantId, SubscriptionId)) -> Result<()> {
    if store::confirm(tx, tenant, id).await? {
        record(tx, "follow/confirmed", tenant, id, json!({})).await?;
    }
    Ok(())
}

/// Stops; nothing happens when it had stopped before.
pub async fn end(tx: &mut Tx<'_>, (tenant, id): (TenantId, SubscriptionId)) -> Result<()> {
    if store::end(tx, tenant, id).await? {
        record(tx, "follow/ended", tenant, id, json!({})).await?;
    }
    Ok(())
}

/// One's own, found for a deed.
pub async fn own(tx: &mut Tx<'_>, (tenant, id): (TenantId, SubscriptionId)) -> Result<Subscription> {
    store::find(tx, tenant, id).await?.ok_or(Error::NotFound)
}

async fn record(
    tx: &mut Tx<'_>,
    stem: &'static str,
    tenant: TenantId,
    id: SubscriptionId,
    facts: serde_json::Value,
) -> Result<()> {
    tx.record(Activity::of(tenant, stem, "subscription", id).with(facts)).await.map(drop)
}

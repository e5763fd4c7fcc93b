//! What is overdue goes up one door by itself: once for each door and round, whoever else is at it.

use super::actions::{activity, up};
use commons::case::{Case, CaseId, Cause, clocks, store};
use commons::place::TenantId;
use kit::db::{Dialect, Tx};
use kit::web::App;
use kit::{Error, Result};
use serde_json::json;
use tokio::task::JoinSet;

/// How many are looked for at once.
const LOT: i64 = 200;
/// How many are at it together: on SQLite one commit serves many, on PostgreSQL too many get into each other's way.
const fn together(dialect: Dialect) -> usize {
    match dialect {
        Dialect::Sqlite => 25,
        Dialect::Postgres => 16,
    }
}

/// One case that was found overdue: it goes up, or stays at the last door and that is told once. `false` when somebody
/// has done something about it meanwhile.
pub async fn climb(tx: &mut Tx<'_>, (tenant, id): (TenantId, CaseId)) -> Result<bool> {
    let case = store::find(tx, tenant, id).await?;
    if !case.is_overdue(tx.now()) {
        return Ok(false);
    }
    if case.door.up().is_none() {
        return stay(tx, &case).await;
    }
    match up(tx, case, Cause::Overdue, None).await {
        Ok(_) => Ok(true),
        Err(Error::Conflict(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Beyond the last door there is only the city's hotline; the community and the subdistrict hear of it once.
async fn stay(tx: &mut Tx<'_>, case: &Case) -> Result<bool> {
    if !store::step_up(tx, case, Cause::Overdue).await? {
        return Ok(false);
    }
    let facts = json!({ "door": case.door, "round": case.round, "to": case.holder.office, "at": case.holder.place });
    tx.record(activity(case, "requests/overdue-at-last-door", facts)).await?;
    Ok(true)
}

/// Everything that is overdue now. Pages are right without it; it makes the step durable and tells people.
pub async fn climb_all(app: &App) -> Result<usize> {
    let mut climbed = 0;
    loop {
        let lot = store::overdue(&app.db, app.clock.now(), LOT).await?;
        let mut went = 0;
        for some in lot.chunks(together(app.db.dialect())) {
            let mut deeds = JoinSet::new();
            for key in some.iter().copied() {
                let app = app.clone();
                deeds.spawn(async move {
                    let context = app.context();
                    app.db.transact(&context, |tx| Box::pin(async move { climb(tx, key).await })).await
                });
            }
            while let Some(done) = deeds.join_next().await {
                went += usize::from(done.map_err(Error::internal)??);
            }
        }
        climbed += went;
        // A lot in which nobody moved would be found again and again.
        if went == 0 {
            return Ok(climbed);
        }
    }
}

/// One case whose due time reached into a year that was not published is counted again now that it is.
async fn recount(tx: &mut Tx<'_>, (tenant, id): (TenantId, CaseId)) -> Result<()> {
    let case = store::find(tx, tenant, id).await?;
    let (case, facts) = clocks::recount(tx, case).await?;
    if facts["clocks"].as_object().is_some_and(|moved| !moved.is_empty()) {
        store::save(tx, &case).await?;
        tx.record(activity(&case, "clocks/recounted", facts)).await?;
    }
    Ok(())
}

/// All of a community's, lot by lot; each case in a deed of its own, so that it can be stopped anywhere and go on.
pub async fn recount_all(app: &App, tenant: TenantId) -> Result<()> {
    let calendar = commons::case::standards::store::calendar_now(&app.db, tenant).await?;
    let known = calendar.last_year().map_or(0, i64::from);
    loop {
        let lot = store::provisional(&app.db, tenant, known, LOT).await?;
        for key in &lot {
            let key = *key;
            app.db.transact(&app.context(), |tx| Box::pin(async move { recount(tx, key).await })).await?;
        }
        if lot.is_empty() {
            return Ok(());
        }
    }
}

/// A newer program may bring a year that was not known when a clock was started.
pub async fn recount_shipped(app: &App) -> Result<()> {
    let known = commons::calendar::WorkCalendar::china().last_year().map_or(0, i64::from);
    for tenant in store::provisional_tenants(&app.db, known).await? {
        recount_all(app, tenant).await?;
    }
    Ok(())
}

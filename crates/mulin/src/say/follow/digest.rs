//! Once a day, at six in the evening of the place: what moved on since the last digest, in one notice or one letter.
//! A row for each subscription and day makes it one, however often the chore runs; after a standstill the next digest
//! reaches back to the last one; a day without news makes no letter.

use super::model::SubscriptionId;
use super::{letter, store};
use commons::calendar::Zone;
use commons::notice;
use commons::notice::wish::Because;
use commons::place::TenantId;
use kit::Result;
use kit::book::ActivityId;
use kit::time::Moment;
use kit::web::App;

const HOUR: i8 = 18;
const LOT: i64 = 200;
const CASES_MAX: i64 = 20;

/// The last time it was six in the evening.
fn cut(zone: &Zone, now: Moment) -> Result<Moment> {
    let today = zone.moment(zone.date(now).at(HOUR, 0, 0, 0))?;
    if today <= now { Ok(today) } else { zone.moment(zone.date(now - Moment::days(1)).at(HOUR, 0, 0, 0)) }
}

/// Makes every digest that is due.
pub async fn round(app: &App) -> Result<()> {
    let zone = Zone::china();
    let cut = cut(&zone, app.clock.now())?;
    let day = zone.date(cut).to_string();
    loop {
        let due = store::due(&app.db, cut, LOT).await?;
        for (tenant, id) in &due {
            one(app, (*tenant, *id), (cut, &day)).await?;
        }
        if (due.len() as i64) < LOT {
            return Ok(());
        }
    }
}

async fn one(app: &App, (tenant, id): (TenantId, SubscriptionId), (cut, day): (Moment, &str)) -> Result<()> {
    let context = app.context();
    let made = app.db.transact(&context, |tx| {
        Box::pin(async move {
            let Some(one) = store::find(tx, tenant, id).await?.filter(|one| one.told < cut) else { return Ok(()) };
            let (changed, all) = store::changed(tx, &one.what, (one.told, cut), CASES_MAX).await?;
            store::told(tx, &one, cut).await?;
            if all == 0 || !store::add_digest(tx, &one, day, all).await? {
                return Ok(());
            }
            if let Some(person) = one.person {
                let (notice, number): (ActivityId, String) = (tx.id(), all.to_string());
                let told = ("follow/digest", "digest", one.id.0, number.as_str());
                notice::store::add(tx, tenant, (person, Because::Followed), notice, told).await?;
            }
            match letter::address(tx, app, &one).await? {
                Some(to) => letter::digest(tx, app, (&one, &to), day, (&changed, all)).await,
                None => Ok(()),
            }
        })
    });
    made.await
}

#[cfg(test)]
mod tests;

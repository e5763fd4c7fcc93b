//! The deeds: a limit or office hours set or taken back, a year of the calendar loaded.

use super::model::Change;
use commons::calendar::WorkCalendar;
use commons::case::standards::store;
use commons::case::{Door, store as cases};
use commons::place::{Place, TenantId};
use kit::book::Activity;
use kit::db::Tx;
use kit::{Error, Result, jobs};
use serde_json::json;

fn activity(place: &Place, stem: &'static str, facts: serde_json::Value) -> Activity {
    Activity::of(place.tenant, stem, "place", place.id).at_place(place.id).with(facts)
}

/// What a form wishes.
#[derive(Clone, Debug)]
pub enum Wish {
    Change(Change),
    Hours(Door, Option<String>),
    Year(i16, String),
}

/// Does it, at a compound or at the community's own place.
pub async fn act(tx: &mut Tx<'_>, place: &Place, wish: &Wish) -> Result<()> {
    match wish {
        Wish::Change(wanted) => change(tx, place, wanted).await,
        Wish::Hours(door, text) => hours(tx, place, *door, text.as_deref()).await,
        Wish::Year(year, text) => load(tx, place, (*year, text)).await,
    }
}

/// A limit, for clocks that start from now on.
async fn change(tx: &mut Tx<'_>, place: &Place, change: &Change) -> Result<()> {
    if let Some(slug) = change.category() {
        let known = cases::categories_in(tx, place.tenant).await?;
        if !known.iter().any(|category| category.slug == slug) {
            return Err(Error::invalid("category", "standards/category"));
        }
    }
    match change {
        Change::Set(standard) => {
            store::put(tx, place.tenant, place.id, standard).await?;
            let facts = json!({ "category": standard.category, "door": standard.door, "clock": standard.clock,
                "amount": standard.amount, "unit": standard.unit });
            tx.record(activity(place, "standards/set", facts)).await.map(drop)
        }
        Change::Drop { category, door, clock } => {
            if !store::drop_one(tx, (place.tenant, place.id), category.as_deref(), *door, *clock).await? {
                return Err(Error::invalid("clock", "standards/nothing-set"));
            }
            let facts = json!({ "category": category, "door": door, "clock": clock });
            tx.record(activity(place, "standards/dropped", facts)).await.map(drop)
        }
    }
}

/// Office hours, for clocks that start from now on; without any, those of the next farther place hold.
async fn hours(tx: &mut Tx<'_>, place: &Place, door: Door, text: Option<&str>) -> Result<()> {
    match text {
        Some(text) => store::put_hours(tx, place.tenant, place.id, door, text).await?,
        None => drop(store::drop_hours(tx, place.tenant, place.id, door).await?),
    }
    tx.record(activity(place, "standards/hours-set", json!({ "door": door, "hours": text }))).await.map(drop)
}

/// A published year. Due times that reached into it provisionally are counted again by a job.
async fn load(tx: &mut Tx<'_>, root: &Place, (year, text): (i16, &str)) -> Result<()> {
    // Read once more, so that nothing stands in the table that the clocks cannot read.
    WorkCalendar::year_of(text)?;
    store::add_year(tx, root.tenant, year, text).await?;
    tx.record(activity(root, "standards/year-loaded", json!({ "year": year }))).await?;
    recount_soon(tx, root.tenant).await
}

/// Leaves the job that counts provisional due times again.
async fn recount_soon(tx: &mut Tx<'_>, tenant: TenantId) -> Result<()> {
    let now = tx.now();
    jobs::enqueue(tx, tenant.0, "calendar-recount", &json!({}), now).await.map(drop)
}

//! Looking at the register, taking over a sheet, and a unit by hand.

use super::policy;
use crate::layout::Visit;
use commons::people::Office;
use commons::place::{Place, PlaceKind, store as places};
use commons::register::sheet::Plan;
use commons::register::{Totals, Unit, UnitId, UnitKind, area, owners, sheet, store};
use kit::book::Activity;
use kit::web::Form;
use kit::web::form::Problems;
use kit::web::keys::{self, RequestKey};
use kit::{Error, Result};
use serde_json::json;

/// So many units at a time.
pub const PAGE: i64 = 100;

/// What a form or a body says, field by field.
pub type Text<'t> = &'t (dyn Fn(&str) -> String + Sync);

/// The compounds whose register this person reads.
pub async fn compounds(visit: &Visit) -> Result<Vec<Place>> {
    visit.call.account()?;
    let mut all: Vec<Place> = Vec::new();
    for mandate in &visit.actor.mandates {
        match mandate.office {
            Office::Committee => all.extend(places::find(&visit.app.db, mandate.tenant, mandate.place).await?),
            Office::Community | Office::Operator => {
                all.extend(places::of_kind(&visit.app.db, mandate.tenant, PlaceKind::Compound).await?);
            }
            _ => {}
        }
    }
    all.retain(|place| policy::read(&visit.actor, place).is_ok());
    let mut seen = std::collections::HashSet::new();
    all.retain(|place| seen.insert(place.id));
    if all.is_empty() { Err(Error::denied("register/not-committee")) } else { Ok(all) }
}

/// The compound that was asked for, or the first.
pub async fn compound(visit: &Visit, at: &str) -> Result<(Place, Vec<Place>)> {
    let all = compounds(visit).await?;
    let found = match at {
        "" => all.first(),
        at => all.iter().find(|place| place.path == at),
    };
    Ok((found.cloned().ok_or(Error::NotFound)?, all))
}

/// The compound of a form, for those who write.
pub async fn mine(visit: &Visit, at: &str) -> Result<Place> {
    let (place, _) = compound(visit, at).await?;
    policy::write(&visit.actor, &place)?;
    Ok(place)
}

async fn note(visit: &Visit, place: &Place, stem: &'static str) -> Result<()> {
    let office = policy::read(&visit.actor, place)?;
    let (tenant, id) = (place.tenant, place.id);
    let context = visit.context(tenant, Some(office));
    let noted = visit.app.db.transact(&context, |tx| {
        Box::pin(async move { tx.record(Activity::of(tenant, stem, "register", id).at_place(id)).await.map(drop) })
    });
    noted.await
}

/// What is shown of a register; the look is written down.
pub struct Shown {
    pub totals: Totals,
    pub units: Vec<(UnitId, Unit)>,
    /// Behind which unit it goes on.
    pub next: Option<String>,
}

pub async fn look(visit: &Visit, place: &Place, after: &str, limit: i64) -> Result<Shown> {
    note(visit, place, "register/viewed").await?;
    shown(visit, place, after, limit).await
}

/// The same without a note, for a page that comes back.
pub async fn shown(visit: &Visit, place: &Place, after: &str, limit: i64) -> Result<Shown> {
    let at = (place.tenant, place.id);
    let (db, secrets) = (&visit.app.db, &visit.app.secrets);
    let totals = store::totals(db, at).await?;
    let mut units = store::units(db, secrets, at, (after, limit + 1)).await?;
    let more = i64::try_from(units.len()).unwrap_or(0) > limit;
    units.truncate(usize::try_from(limit).unwrap_or(0));
    let next = units.last().filter(|_| more).map(|(_, unit)| unit.code.clone());
    Ok(Shown { totals, units, next })
}

/// All of it, to take along; written down.
pub async fn export(visit: &Visit, place: &Place) -> Result<Vec<Unit>> {
    note(visit, place, "register/exported").await?;
    let at = (place.tenant, place.id);
    let limit = i64::try_from(commons::register::UNITS_MAX).unwrap_or(i64::MAX);
    let all = store::units(&visit.app.db, &visit.app.secrets, at, ("", limit)).await?;
    Ok(all.into_iter().map(|(_, unit)| unit).collect())
}

/// What the sheet of a form would put in place of the register.
///
/// # Errors
/// [`Error::Invalid`] on `file` when it is missing or no sheet of the register.
pub async fn planned(form: &Form) -> Result<Plan> {
    let file = form.files.first().ok_or(Error::invalid("file", "places/file-missing"))?;
    let bytes = file.bytes.clone();
    tokio::task::spawn_blocking(move || sheet::plan(&bytes)).await.map_err(Error::internal)?
}

/// Puts it in place of the register, all or nothing.
pub async fn replace(visit: &Visit, place: &Place, plan: &Plan, key: &RequestKey) -> Result<String> {
    let office = policy::write(&visit.actor, place)?;
    let (tenant, secrets) = (place.tenant, &visit.app.secrets);
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            store::replace(tx, secrets, (tenant, place.id), &plan.units).await?;
            let facts = json!({ "units": plan.units.len() });
            let activity = Activity::of(tenant, "register/imported", "register", place.id).at_place(place.id);
            tx.record(activity.with(facts)).await?;
            Ok(json!({ "done": true, "units": plan.units.len(), "faults": [], "more_faults": 0 }).to_string())
        })
    })
    .await
}

/// A unit as it was typed.
///
/// # Errors
/// [`Error::Invalid`] with the fields that have to change.
pub fn read_unit(text: Text<'_>) -> Result<Unit> {
    let mut problems = Problems::default();
    let (kind, size) = (UnitKind::parse(&text("kind")), area(&text("area")));
    problems.when(kind.is_none(), "kind", "register/kind");
    problems.when(size.is_none(), "area", "register/area");
    problems.none()?;
    let unit = Unit {
        code: text("code"),
        kind: kind.unwrap_or(UnitKind::Other),
        area: size.unwrap_or(0),
        owners: owners(&text("owners"))?,
    };
    unit.check()?;
    Ok(unit)
}

/// Puts a unit into the register by hand, in place of the one with its code.
pub async fn put(visit: &Visit, place: &Place, unit: &Unit, key: &RequestKey) -> Result<String> {
    let office = policy::write(&visit.actor, place)?;
    let (tenant, secrets) = (place.tenant, &visit.app.secrets);
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            let id = store::put(tx, secrets, (tenant, place.id), unit).await?;
            let facts = json!({ "unit": id, "owners": unit.owners.len(), "area": unit.area });
            let activity = Activity::of(tenant, "register/unit-put", "register", place.id).at_place(place.id);
            tx.record(activity.with(facts)).await?;
            Ok(json!({ "id": id }).to_string())
        })
    })
    .await
}

/// Takes a unit out.
pub async fn remove(visit: &Visit, place: &Place, id: &str, key: &RequestKey) -> Result<()> {
    let office = policy::write(&visit.actor, place)?;
    let id: UnitId = id.parse().map_err(|_| Error::NotFound)?;
    let tenant = place.tenant;
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            if !store::remove(tx, (tenant, place.id), id).await? {
                return Err(Error::NotFound);
            }
            let activity = Activity::of(tenant, "register/unit-removed", "register", place.id).at_place(place.id);
            tx.record(activity.with(json!({ "unit": id }))).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

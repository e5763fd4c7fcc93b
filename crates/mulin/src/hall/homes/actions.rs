//! Asking to belong to a home, taking the question back, moving out.

use super::spot;
use crate::layout::Visit;
use commons::people::household::{JoinDecision, Joining, JoiningId, Member, store};
use commons::people::{MandateId, Office, Person};
use commons::place::{Place, TenantId, store as places};
use kit::web::keys::{self, RequestKey};
use kit::{Error, Result};

/// What a form or a body says, field by field.
pub type Text<'t> = &'t (dyn Fn(&str) -> String + Sync);

/// The person who is here, in the community that `building` names by its compound, or in their only one.
pub async fn person_for(visit: &Visit, building: &str) -> Result<Person> {
    visit.call.account()?;
    let code = building.split('/').next().unwrap_or_default();
    let tenant = places::by_code(&visit.app.db, code).await?.map(|(tenant, _)| tenant);
    let persons = &visit.actor.persons;
    let found = persons.iter().find(|person| Some(person.tenant) == tenant);
    found.cloned().ok_or(Error::invalid("building", "homes/building"))
}

/// What somebody asks for: a home and what they are there.
///
/// # Errors
/// [`Error::Invalid`] with the field that has to change.
pub async fn read(visit: &Visit, tenant: TenantId, text: Text<'_>) -> Result<(Place, Office)> {
    let office = Office::parse(&text("as")).filter(|office| office.is_resident());
    let office = office.ok_or(Error::invalid("as", "homes/office"))?;
    let home = spot::find(&visit.app.db, tenant, &text("building"), &text("entrance"), &text("room")).await?;
    Ok((home, office))
}

pub async fn ask(visit: &Visit, text: Text<'_>, key: &RequestKey) -> Result<String> {
    let me = &person_for(visit, &text("building")).await?;
    if let Some(kept) = keys::answered(&visit.app, me.tenant.0, key).await? {
        return Ok(kept);
    }
    let (home, office) = &read(visit, me.tenant, text).await?;
    keys::once(&visit.app, &visit.context(me.tenant, None), me.tenant.0, key, &|tx| {
        Box::pin(async move { Ok(store::ask(tx, home, me.id, *office).await?.to_string()) })
    })
    .await
}

async fn place(visit: &Visit, tenant: TenantId, id: commons::place::PlaceId) -> Result<Place> {
    places::find(&visit.app.db, tenant, id).await?.ok_or(Error::NotFound)
}

/// A question of one's own.
async fn my_joining(visit: &Visit, id: &str) -> Result<Joining> {
    visit.call.account()?;
    let id: JoiningId = id.parse().map_err(|_| Error::NotFound)?;
    for person in &visit.actor.persons {
        let found = store::joining_one(&visit.app.db, person.tenant, id).await?;
        if let Some(joining) = found.filter(|joining| joining.person == person.id) {
            return Ok(joining);
        }
    }
    Err(Error::NotFound)
}

pub async fn take_back(visit: &Visit, id: &str, key: &RequestKey) -> Result<()> {
    let joining = &my_joining(visit, id).await?;
    let tenant = joining.tenant;
    let home = &place(visit, tenant, joining.home).await?;
    keys::once(&visit.app, &visit.context(tenant, None), tenant.0, key, &|tx| {
        Box::pin(async move {
            store::decide(tx, home, joining, JoinDecision::TakenBack, None).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// A membership of one's own.
async fn my_membership(visit: &Visit, id: &str) -> Result<(TenantId, Member)> {
    visit.call.account()?;
    let id: MandateId = id.parse().map_err(|_| Error::NotFound)?;
    for person in &visit.actor.persons {
        let found = store::one(&visit.app.db, person.tenant, id).await?;
        if let Some(member) = found.filter(|member| member.person == person.id) {
            return Ok((person.tenant, member));
        }
    }
    Err(Error::NotFound)
}

/// Moves out oneself.
pub async fn end(visit: &Visit, id: &str, key: &RequestKey) -> Result<()> {
    let (tenant, member) = &my_membership(visit, id).await?;
    let home = &place(visit, *tenant, member.home).await?;
    keys::once(&visit.app, &visit.context(*tenant, None), tenant.0, key, &|tx| {
        Box::pin(async move {
            store::move_out(tx, home, member).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

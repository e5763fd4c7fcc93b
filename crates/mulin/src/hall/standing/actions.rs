//! Agreeing to it, bringing the code, ending it; and taking another's part and one's own again.

use crate::layout::{Visit, code};
use crate::standing::{finish, record};
use commons::people::standing::{StandIn, StandInId, store};
use commons::people::{Person, PersonId};
use kit::web::keys::{self, RequestKey};
use kit::web::limits::Knock;
use kit::web::session::{self, SessionInfo};
use kit::{Error, Result, Uuid};
use serde_json::json;

/// Deeds about a session belong to no community.
const NOBODYS: Uuid = Uuid::nil();

/// The resident that somebody is here; offices alone have nobody stand in for them this way, they have deputies.
fn resident(visit: &Visit) -> Result<&Person> {
    visit.as_self()?;
    let mut homes = visit.actor.homes();
    let home = homes.next().ok_or(Error::denied("standing/no-home"))?;
    visit.actor.persons.iter().find(|person| person.id == home.person).ok_or(Error::NotFound)
}

/// I agree to somebody standing in for me: gives the code for them.
pub async fn agree(visit: &Visit, days: i64, key: &RequestKey) -> Result<String> {
    visit.call.in_person()?;
    visit.as_self()?;
    if let Some(kept) = keys::answered(&visit.app, NOBODYS, key).await? {
        return Ok(kept);
    }
    let me = resident(visit)?;
    let (tenant, id, secrets) = (me.tenant, me.id, &visit.app.secrets);
    keys::once(&visit.app, &visit.context(tenant, None), NOBODYS, key, &|tx| {
        Box::pin(async move {
            let made = store::agree(tx, secrets, (tenant, id), None, days).await?;
            record(tx, "standing/agreed", (tenant, made), &[]).await?;
            Ok(json!({ "id": made, "code": store::code(secrets, made) }).to_string())
        })
    })
    .await
}

/// Whose code this is, and the person that I am in their community.
async fn brought(visit: &Visit, code: &str) -> Result<(StandIn, PersonId)> {
    let unknown = || Error::invalid("code", "standing/code");
    let code = code::of(code, "standing/code")?;
    let found = store::by_code(&visit.app.db, &visit.app.secrets, &code, visit.call.now).await?.ok_or_else(unknown)?;
    let me = visit.actor.person_in(found.tenant).ok_or_else(unknown)?;
    if me == found.principal {
        return Err(Error::invalid("code", "standing/oneself"));
    }
    Ok((found, me))
}

/// I bring the code, and stand in from now on.
pub async fn accept(visit: &Visit, code: &str, key: &RequestKey) -> Result<String> {
    visit.call.in_person()?;
    visit.as_self()?;
    if let Some(kept) = keys::answered(&visit.app, NOBODYS, key).await? {
        return Ok(kept);
    }
    visit.app.limits.check(Knock::Code, &visit.call.address.to_string())?;
    let brought = brought(visit, code).await;
    // Of several at once the others find the code used; their key tells what they are answered.
    let (found, me) = match brought {
        Ok(found) => found,
        Err(error) => return keys::answered(&visit.app, NOBODYS, key).await?.ok_or(error),
    };
    let (tenant, id, principal) = (found.tenant, found.id, found.principal);
    keys::once(&visit.app, &visit.context(tenant, None), NOBODYS, key, &|tx| {
        Box::pin(async move {
            if !store::accept(tx, tenant, id, me).await? {
                return Err(Error::invalid("code", "standing/code"));
            }
            record(tx, "standing/accepted", (tenant, id), &[principal]).await?;
            Ok(json!({ "id": id }).to_string())
        })
    })
    .await
}

/// One that I agreed to, or under which I stand in.
async fn mine(visit: &Visit, id: &str) -> Result<StandIn> {
    let id: StandInId = id.parse().map_err(|_| Error::NotFound)?;
    for person in &visit.actor.persons {
        if let Ok(found) = store::one(&visit.app.db, person.tenant, id).await
            && (found.principal == person.id || found.person == Some(person.id))
        {
            return Ok(found);
        }
    }
    Err(Error::NotFound)
}

/// Ends it, from either side; the other is told.
pub async fn end(visit: &Visit, id: &str, key: &RequestKey) -> Result<()> {
    visit.call.in_person()?;
    visit.as_self()?;
    let found = mine(visit, id).await?;
    let others = [Some(found.principal), found.person].into_iter().flatten();
    let others: Vec<PersonId> = others.filter(|one| visit.actor.person_in(found.tenant) != Some(*one)).collect();
    finish(visit, &found, None, others, key).await
}

/// The session of whoever is here, if it plays this part already.
pub fn plays(visit: &Visit, id: Option<&str>) -> Option<bool> {
    let session = visit.call.session.as_ref()?;
    Some(session.hat.map(|hat| hat.to_string()).as_deref() == id)
}

async fn wear(visit: &Visit, session: &SessionInfo, found: Option<&StandIn>, key: &RequestKey) -> Result<()> {
    let tenant = found.map_or(NOBODYS, |found| found.tenant.0);
    keys::once(&visit.app, &visit.app.context(), tenant, key, &|tx| {
        Box::pin(async move {
            session::wear(tx, session, found.map(|found| found.id.0)).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// I act in another's part from now on, in this browser.
pub async fn begin(visit: &Visit, id: &str, key: &RequestKey) -> Result<()> {
    let session = visit.call.session.as_ref().ok_or(Error::denied("account/sign-in-first"))?;
    visit.as_self()?;
    let found = mine(visit, id).await?;
    let mine = found.person.is_some() && visit.actor.person_in(found.tenant) == found.person;
    if !mine {
        return Err(Error::NotFound);
    }
    if !found.runs(visit.call.now) {
        return Err(Error::conflict("standing/ended"));
    }
    wear(visit, session, Some(&found), key).await
}

/// And in my own again.
pub async fn stop(visit: &Visit, key: &RequestKey) -> Result<()> {
    let session = visit.call.session.as_ref().ok_or(Error::denied("account/sign-in-first"))?;
    wear(visit, session, None, key).await
}

//! Keys of one's own: a device is asked to make one, it is kept under a name, and taken away again.

use super::actions::{NOBODYS, record};
use crate::layout::Visit;
use commons::notice::store as notices;
use commons::notice::wish::Because;
use commons::people::AccountId;
use commons::people::back::store as accounts;
use kit::db::Tx;
use kit::passkey::store::{self, Listed, MINE_MAX};
use kit::passkey::{self, ALGORITHMS, Here};
use kit::web::App;
use kit::web::ceremony::Asked;
use kit::web::keys::{self, RequestKey};
use kit::web::limits::{Knock, pair};
use kit::{Error, Result, Uuid, base64url, password};
use serde_json::{Value, json};

const ADDING: &str = "passkey-add";
const NAME_CHARACTERS_MAX: usize = 40;

/// The house as keys know it.
///
/// # Errors
/// [`Error::Conflict`] where its address allows none.
pub fn here(app: &App) -> Result<Here> {
    offered(app).ok_or(Error::conflict("passkeys/no-address"))
}

/// The same, or nothing.
pub fn offered(app: &App) -> Option<Here> {
    Here::of(app.config.public_url.as_deref())
}

/// What a device is asked to make. Whoever has a password shows it first: a borrowed telephone is not to become a way in.
pub async fn begin(visit: &Visit, old: &str, key: &RequestKey) -> Result<Value> {
    let (app, account) = (&visit.app, visit.call.in_person()?);
    let here = here(app)?;
    if let Some(told) = keys::answered(app, NOBODYS, key).await? {
        return serde_json::from_str(&told).map_err(Error::internal);
    }
    let (login, phc) = accounts::account(&app.db, AccountId(account)).await?.ok_or(Error::NotFound)?;
    if let Some(phc) = &phc {
        app.limits.check(Knock::SignIn, &pair(&login, &visit.call.visitor))?;
        if !password::verify(old, Some(phc)).await? {
            return Err(Error::invalid("password", "account/old-wrong"));
        }
    }
    let mine = store::mine(&app.db, account).await?;
    if mine.len() >= usize::try_from(MINE_MAX).unwrap_or(0) {
        return Err(Error::conflict("passkeys/too-many"));
    }
    let known: Vec<String> = mine.iter().map(|one| base64url::encode(&one.credential)).collect();
    let asked = &Asked::of(app, &visit.call, ADDING);
    let rest = &json!({ "rp_id": here.id, "user": base64url::encode(account.as_bytes()), "name": login,
        "algorithms": ALGORITHMS, "known": known });
    let told = keys::once(app, &app.context(), NOBODYS, key, &|tx| {
        Box::pin(async move {
            let mut told = rest.clone();
            told["challenge"] = base64url::encode(&asked.ask(app, tx, None).await?).into();
            Ok(told.to_string())
        })
    })
    .await?;
    serde_json::from_str(&told).map_err(Error::internal)
}

/// What a browser brings back when a device has made a key.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    pub name: String,
    pub client: String,
    pub attestation: String,
}

/// Keeps the key, and tells its owner.
pub async fn add(visit: &Visit, made: &Made, key: &RequestKey) -> Result<Value> {
    let (app, account) = (&visit.app, visit.call.in_person()?);
    let here = &here(app)?;
    let name = made.name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX {
        return Err(Error::invalid("name", "passkeys/name"));
    }
    let wrong = || Error::invalid("client", "passkeys/wrong");
    let client = &base64url::decode(&made.client).ok_or_else(wrong)?;
    let attested = &base64url::decode(&made.attestation).ok_or_else(wrong)?;
    let question = &passkey::question(client).ok_or_else(wrong)?;
    let asked = &Asked::of(app, &visit.call, ADDING);
    let told = keys::once(app, &app.context(), NOBODYS, key, &|tx| {
        Box::pin(async move {
            // A refusal is an answer too: the question is gone with it.
            let Some(_) = asked.take(app, tx, question).await? else { return Ok(refused("over")) };
            let Ok(new) = passkey::made(here, question, client, attested) else { return Ok(refused("wrong")) };
            let id = store::add(tx, account, &new, name).await?;
            tell(tx, visit, "passkeys/added", account, id).await?;
            Ok(json!({ "id": id }).to_string())
        })
    })
    .await?;
    answered(&told, "client")
}

/// A refusal as it is kept under the key of its call.
pub fn refused(why: &str) -> String {
    json!({ "refused": why }).to_string()
}

/// What was kept, or the error that it was.
pub fn answered(told: &str, field: &'static str) -> Result<Value> {
    let told: Value = serde_json::from_str(told).map_err(Error::internal)?;
    match told["refused"].as_str() {
        None => Ok(told),
        Some("over") => Err(Error::invalid(field, "passkeys/over")),
        Some("unknown") => Err(Error::invalid(field, "passkeys/unknown")),
        Some(_) => Err(Error::invalid(field, "passkeys/wrong")),
    }
}

/// Takes a key away. The last way in stays until there is another.
pub async fn remove(visit: &Visit, id: &str, key: &RequestKey) -> Result<()> {
    let (app, account) = (&visit.app, visit.call.in_person()?);
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    keys::once(app, &app.context(), NOBODYS, key, &|tx| {
        Box::pin(async move {
            if !store::remove(tx, account, id).await? {
                return Err(Error::NotFound);
            }
            if !accounts::has_way_in(tx, AccountId(account)).await? {
                return Err(Error::conflict("passkeys/last-way"));
            }
            tell(tx, visit, "passkeys/removed", account, id).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// The book of every community that knows them says so, and they are told: whoever did not do it reads it.
async fn tell(tx: &mut Tx<'_>, visit: &Visit, stem: &'static str, account: Uuid, id: Uuid) -> Result<()> {
    for (person, activity) in record(tx, visit, stem, account, json!({ "key": id })).await? {
        let told = (stem, "account", account, "");
        notices::add(tx, person.tenant, (person.id, Because::Mine), activity, told).await?;
    }
    Ok(())
}

/// The keys of the one who is here.
pub async fn mine(visit: &Visit) -> Result<Vec<Listed>> {
    store::mine(&visit.app.db, visit.call.in_person()?).await
}

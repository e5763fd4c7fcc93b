//! Request keys: the same call sent twice is one deed with one answer; the same key with other words is a conflict.

use super::app::App;
use super::call::Call;
use crate::db::{Context, Row, Tx};
use crate::secrets::Secrets;
use crate::time::Moment;
use crate::{Error, Result, Uuid, params};
use futures_util::future::BoxFuture;
use std::collections::{BTreeMap, BTreeSet};

const FIND: &str = "select route, body, answer, fields from request_key where tenant = $1 and key = $2";
const TAKE: &str =
    "insert into request_key (tenant, key, route, body, answer, at, fields) values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (tenant, key) do nothing";
const ANSWER: &str = "update request_key set answer = $3 where tenant = $1 and key = $2";
const PURGE: &str = "delete from request_key where at < $1";
const KEPT_DAYS: i64 = 7;
const SEAL: &str = "request-key";
const SEAL_FIELDS: &str = "request-fields";
/// So many fields are told apart; what comes after them is only known to differ.
const FIELDS_TOLD_MAX: usize = 64;
const NAME_BYTES_MAX: usize = 64;

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[FIND, TAKE, ANSWER, PURGE];

/// A key with what it was sent for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    pub key: String,
    /// Method and route with its ids.
    pub route: String,
    /// Keyed hash of everything the call says, and of who says it: a password in a form must not be guessed from it.
    pub body: [u8; 32],
    fields: Fields,
}

/// What each field of a call says, as keyed hashes: enough to say later which one is another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Fields(BTreeMap<String, String>);

impl Fields {
    fn of<'f>(secrets: &Secrets, account: &[u8], said: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Fields {
        let mut all: BTreeMap<&str, Vec<&[u8]>> = BTreeMap::new();
        // Under no name stands who says it: of another's call nothing is told.
        all.insert("", Vec::new());
        for (name, value) in said.into_iter().filter(|(name, _)| (1..=NAME_BYTES_MAX).contains(&name.len())) {
            if all.contains_key(name) || all.len() <= FIELDS_TOLD_MAX {
                all.entry(name).or_default().push(value);
            }
        }
        let hashed = |(name, values): (&str, Vec<&[u8]>)| {
            let parts: Vec<&[u8]> = [account, name.as_bytes()].into_iter().chain(values).collect();
            (name.to_owned(), hex::encode(&secrets.mac("request-field", &parts)[..8]))
        };
        Fields(all.into_iter().map(hashed).collect())
    }

    fn seal(&self, secrets: &Secrets) -> Result<Vec<u8>> {
        let text = serde_json::to_vec(&self.0).map_err(Error::internal)?;
        secrets.seal(SEAL_FIELDS, &text)
    }

    fn unseal(secrets: &Secrets, sealed: &[u8]) -> Option<Fields> {
        serde_json::from_slice(&secrets.unseal(SEAL_FIELDS, sealed)?).ok().map(Fields)
    }

    /// The names whose values are other ones here than there.
    fn differing(&self, other: &Fields) -> Vec<String> {
        if self.0.get("") != other.0.get("") {
            return Vec::new();
        }
        let names: BTreeSet<&String> = self.0.keys().chain(other.0.keys()).collect();
        names.into_iter().filter(|name| self.0.get(*name) != other.0.get(*name)).cloned().collect()
    }
}

impl RequestKey {
    /// The key of a call that says `said`, field by field, bound to its account: what one was answered is not told to
    /// another who guesses the key.
    pub fn of<'f>(
        app: &App,
        call: &Call,
        key: String,
        said: impl IntoIterator<Item = (&'f str, &'f [u8])> + Clone,
    ) -> RequestKey {
        let holder = call.holder().map_or(Uuid::nil(), |holder| holder.id());
        RequestKey::by(app, holder.as_bytes(), (key, format!("{} {}", call.method, call.path)), said)
    }

    /// The same of somebody who is known otherwise, for a route by another name.
    pub fn by<'f>(
        app: &App,
        who: &[u8],
        (key, route): (String, String),
        said: impl IntoIterator<Item = (&'f str, &'f [u8])> + Clone,
    ) -> RequestKey {
        let parts = said.clone().into_iter().flat_map(|(name, value)| [name.as_bytes(), value]);
        let parts: Vec<&[u8]> = std::iter::once(who).chain(parts).collect();
        RequestKey {
            key,
            route,
            body: app.secrets.mac("request-body", &parts),
            fields: Fields::of(&app.secrets, who, said),
        }
    }
}

/// 16 to 64 letters, digits, `-` and `_`.
pub fn is_key(text: &str) -> bool {
    (16..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// What the key was answered before, if it was; lets a handler skip costly work on a retry.
///
/// # Errors
/// [`Error::OtherBody`] when the key came with other words or to another place.
pub async fn answered(app: &App, tenant: Uuid, key: &RequestKey) -> Result<Option<String>> {
    let row = app.db.one(FIND, params![tenant, &key.key]).await?;
    row.map(|row| same(app, key, &row)).transpose()
}

/// Runs the deed, or gives the answer that it gave before. The key and the deed commit together.
///
/// # Errors
/// Those of the deed; [`Error::OtherBody`] when the key came with other words.
pub async fn once<'env, F>(
    app: &'env App,
    context: &Context,
    tenant: Uuid,
    key: &'env RequestKey,
    deed: &'env F,
) -> Result<String>
where
    F: for<'t> Fn(&'t mut Tx<'env>) -> BoxFuture<'t, Result<String>> + Send + Sync,
{
    let fields = key.fields.seal(&app.secrets)?;
    let answer = app
        .db
        .transact(context, move |tx: &mut Tx<'env>| {
            let fields = fields.clone();
            Box::pin(async move {
                let now = tx.now();
                let row = params![tenant, &key.key, &key.route, key.body, Vec::<u8>::new(), now, fields].to_vec();
                if tx.run(TAKE, &row).await? == 0 {
                    let row = tx.one(FIND, params![tenant, &key.key]).await?.ok_or(Error::NotFound)?;
                    return same(app, key, &row);
                }
                let answer = deed(tx).await?;
                let sealed = app.secrets.seal(SEAL, answer.as_bytes())?;
                tx.run(ANSWER, params![tenant, &key.key, sealed]).await?;
                Ok(answer)
            })
        })
        .await?;
    app.bell.notify_one();
    Ok(answer)
}

fn same(app: &App, key: &RequestKey, row: &Row) -> Result<String> {
    let (route, body): (String, Vec<u8>) = (row.get("route")?, row.get("body")?);
    if route != key.route {
        return Err(Error::OtherBody(Vec::new()));
    }
    if body != key.body {
        let sealed: Option<Vec<u8>> = row.get("fields")?;
        let before = sealed.and_then(|sealed| Fields::unseal(&app.secrets, &sealed));
        return Err(Error::OtherBody(before.map_or_else(Vec::new, |before| before.differing(&key.fields))));
    }
    let sealed: Vec<u8> = row.get("answer")?;
    let plain = app.secrets.unseal(SEAL, &sealed).ok_or_else(|| Error::internal("an answer that cannot be opened"))?;
    String::from_utf8(plain).map_err(Error::internal)
}

/// Forgets keys older than a week.
pub async fn purge(tx: &mut Tx<'_>) -> Result<u64> {
    let now = tx.now();
    tx.run(PURGE, params![now - Moment::days(KEPT_DAYS)]).await
}

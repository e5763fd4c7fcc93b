//! Request keys: the same call sent twice is one deed with one answer; the same key with other words is a conflict.

use super::app::App;
use super::call::Call;
use crate::db::{Context, Tx};
use crate::time::Moment;
use crate::{Error, Result, Uuid, params};
use futures_util::future::BoxFuture;
use sha2::{Digest, Sha256};

const FIND: &str = "select route, body, answer from request_key where tenant = $1 and key = $2";
const TAKE: &str = "insert into request_key (tenant, key, route, body, answer, at) values ($1, $2, $3, $4, $5, $6)
    on conflict (tenant, key) do nothing";
const ANSWER: &str = "update request_key set answer = $3 where tenant = $1 and key = $2";
const PURGE: &str = "delete from request_key where at < $1";
const KEPT_DAYS: i64 = 7;
const SEAL: &str = "request-key";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[FIND, TAKE, ANSWER, PURGE];

/// A key with what it was sent for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    pub key: String,
    /// Method and route with its ids.
    pub route: String,
    /// Hash of everything the call says, and of who says it.
    pub body: [u8; 32],
}

impl RequestKey {
    /// The key of a call, bound to its account: what one was answered is not told to another who guesses the key.
    pub(super) fn of(call: &Call, key: String, said: [u8; 32]) -> RequestKey {
        let holder = call.holder().map_or(Uuid::nil(), |holder| holder.id());
        let body = Sha256::new().chain_update(holder.as_bytes()).chain_update(said).finalize().into();
        RequestKey { key, route: format!("{} {}", call.method, call.path), body }
    }
}

/// 16 to 64 letters, digits, `-` and `_`.
pub fn is_key(text: &str) -> bool {
    (16..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// What the key was answered before, if it was; lets a handler skip costly work on a retry.
///
/// # Errors
/// [`Error::Conflict`] when the key came with other words or to another place.
pub async fn answered(app: &App, tenant: Uuid, key: &RequestKey) -> Result<Option<String>> {
    let row = app.db.one(FIND, params![tenant, &key.key]).await?;
    row.map(|row| same(app, key, &row)).transpose()
}

/// Runs the deed, or gives the answer that it gave before. The key and the deed commit together.
///
/// # Errors
/// Those of the deed; [`Error::Conflict`] when the key came with other words.
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
    let answer = app
        .db
        .transact(context, move |tx: &mut Tx<'env>| {
            Box::pin(async move {
                let now = tx.now();
                let row = params![tenant, &key.key, &key.route, key.body, Vec::<u8>::new(), now].to_vec();
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

fn same(app: &App, key: &RequestKey, row: &crate::db::Row) -> Result<String> {
    let (route, body): (String, Vec<u8>) = (row.get("route")?, row.get("body")?);
    if route != key.route || body != key.body {
        return Err(Error::conflict("request-key/other-body"));
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

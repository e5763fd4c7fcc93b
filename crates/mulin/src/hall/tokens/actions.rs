//! Making and ending tokens of one's own. Tokens belong to an account, which has no tenant: the book of the first community
//! that knows its owner tells of them.

use commons::people::Actor;
use kit::book::Activity;
use kit::db::Tx;
use kit::time::Moment;
use kit::web::token::{self, Holder, NewToken, Token, TokenId};
use kit::{Error, Result, Uuid};
use serde_json::json;

/// More than anybody needs, and no more than a page shows.
const LIVE_MAX: usize = 20;

/// Where a token of this person is written down.
pub fn tenant(actor: &Actor) -> Result<Uuid> {
    actor.persons.first().map(|person| person.tenant.0).ok_or(Error::denied("token/nobody"))
}

/// # Errors
/// [`Error::Conflict`] when there are too many already.
pub fn may_make(mine: &[Token], now: Moment) -> Result<()> {
    let live = mine.iter().filter(|token| !token.is_over(now)).count();
    if live >= LIVE_MAX { Err(Error::conflict("token/too-many")) } else { Ok(()) }
}

pub async fn make(
    tx: &mut Tx<'_>,
    (tenant, account): (Uuid, Uuid),
    (name, scopes, days): (&str, &[&'static str], i64),
) -> Result<(TokenId, String)> {
    let ends = tx.now() + Moment::days(days);
    let new =
        NewToken { holder: Holder::Account(account), name: name.trim().to_owned(), scopes: scopes.to_vec(), ends };
    let (id, text) = token::make(tx, &new).await?;
    tx.record(Activity::of(tenant, "tokens/made", "token", id).with(json!({ "scopes": scopes }))).await?;
    Ok((id, text))
}

pub async fn end(tx: &mut Tx<'_>, tenant: Uuid, token: TokenId) -> Result<()> {
    if !token::end(tx, token).await? {
        return Err(Error::NotFound);
    }
    tx.record(Activity::of(tenant, "tokens/ended", "token", token)).await.map(drop)
}

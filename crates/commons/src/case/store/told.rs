//! What those who tell others of a case need to know of it.

use crate::case::{Case, CaseId};
use crate::place::TenantId;
use kit::db::Tx;
use kit::{Result, params};

const NAMES: &str = "select coalesce(c.name, r.category) as category, coalesce(b.label, '') as place from request r
    left join category c on c.tenant = r.tenant and c.slug = r.category
    left join place b on b.tenant = r.tenant and b.id = coalesce(r.building, r.compound)
    where r.tenant = $1 and r.id = $2";
const CONTACT: &str = "select contact from request where tenant = $1 and id = $2";

/// The statements of this file, so that a test can prepare each on both engines.
pub(super) const TOLD: &[&str] = &[NAMES, CONTACT];

/// Category and place, down to the building, as they are called in Chinese.
pub async fn names(tx: &mut Tx<'_>, case: &Case) -> Result<(String, String)> {
    let row = tx.one(NAMES, params![case.tenant, case.id]).await?;
    row.map_or_else(|| Ok(Default::default()), |row| Ok((row.get("category")?, row.get("place")?)))
}

/// The sealed way to reach the one who said it.
pub async fn contact_in(tx: &mut Tx<'_>, tenant: TenantId, case: CaseId) -> Result<Option<Vec<u8>>> {
    tx.one(CONTACT, params![tenant, case]).await?.map_or(Ok(None), |row| row.get("contact"))
}

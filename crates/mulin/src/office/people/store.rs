//! The mandates of a tenant as its keepers see them.

use commons::people::{MandateId, Office, Source};
use commons::place::TenantId;
use kit::db::{Db, Row, Tx};
use kit::time::Moment;
use kit::{Result, Uuid, params};

const OFFICES: &str =
    "select m.id, m.office, m.source, m.starts, m.ends, p.name, p.name_en, l.label, l.label_en, a.login
    from mandate m join person p on p.tenant = m.tenant and p.id = m.person
    left join place l on l.tenant = m.tenant and l.id = m.place left join account a on a.id = p.account
    where m.tenant = $1 and m.office not in ('owner', 'tenant', 'family') and (m.ends is null or m.ends > $2)
        and (m.revoked is null or m.revoked > $2)
    order by m.office, l.sort, l.label, m.id limit 500";

const OFFICES_AFTER: &str =
    "select m.id, m.office, m.source, m.starts, m.ends, p.name, p.name_en, l.label, l.label_en, a.login
    from mandate m join person p on p.tenant = m.tenant and p.id = m.person
    left join place l on l.tenant = m.tenant and l.id = m.place left join account a on a.id = p.account
    where m.tenant = $1 and m.office not in ('owner', 'tenant', 'family') and (m.ends is null or m.ends > $2)
        and (m.revoked is null or m.revoked > $2) and m.id > $3
    order by m.id limit $4";

const KEEPS: &str =
    "select count(*) as n from mandate where tenant = $1 and id = $2 and office in ('community', 'operator')";
const OTHER_KEEPERS: &str = "select count(*) as n from mandate m
    join person p on p.tenant = m.tenant and p.id = m.person and p.account is not null
    where m.tenant = $1 and m.id <> $2 and m.office in ('community', 'operator') and m.starts <= $3
        and (m.ends is null or m.ends > $3) and (m.revoked is null or m.revoked > $3)";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[OFFICES, OFFICES_AFTER, KEEPS, OTHER_KEEPERS];

/// Whether nobody who can sign in would keep the community's register any more once this mandate has ended.
pub async fn is_last_keeper(tx: &mut Tx<'_>, tenant: TenantId, mandate: MandateId) -> Result<bool> {
    if tx.number::<i64>(KEEPS, params![tenant, mandate]).await? == 0 {
        return Ok(false);
    }
    let now = tx.now();
    Ok(tx.number::<i64>(OTHER_KEEPERS, params![tenant, mandate, now]).await? == 0)
}

/// A mandate with its names.
#[derive(Clone, Debug)]
pub struct Held {
    pub id: MandateId,
    pub office: Office,
    pub source: Source,
    pub starts: Moment,
    pub ends: Option<Moment>,
    pub name: String,
    pub name_en: String,
    pub place: String,
    pub place_en: String,
    pub login: Option<String>,
}

/// Every office that is held now; homes are not listed, they are nobody's business here.
pub async fn offices(db: &Db, tenant: TenantId, now: Moment) -> Result<Vec<Held>> {
    db.all(OFFICES, params![tenant, now]).await?.iter().map(held).collect()
}

/// The same in the order in which they were given, behind one of them.
pub async fn offices_after(
    db: &Db,
    tenant: TenantId,
    now: Moment,
    (after, limit): (Option<MandateId>, i64),
) -> Result<Vec<Held>> {
    let after = after.unwrap_or(MandateId(Uuid::nil()));
    db.all(OFFICES_AFTER, params![tenant, now, after, limit]).await?.iter().map(held).collect()
}

fn held(row: &Row) -> Result<Held> {
    Ok(Held {
        id: row.get("id")?,
        office: row.get("office")?,
        source: row.get("source")?,
        starts: row.get("starts")?,
        ends: row.get("ends")?,
        name: row.get("name")?,
        name_en: row.get("name_en")?,
        place: row.get::<Option<String>>("label")?.unwrap_or_default(),
        place_en: row.get::<Option<String>>("label_en")?.unwrap_or_default(),
        login: row.get("login")?,
    })
}

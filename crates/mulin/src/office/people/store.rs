//! The mandates of a tenant as its keepers see them.

use commons::people::{MandateId, Office, Source};
use commons::place::TenantId;
use kit::db::Db;
use kit::time::Moment;
use kit::{Result, params};

const OFFICES: &str =
    "select m.id, m.office, m.source, m.starts, m.ends, p.name, p.name_en, l.label, l.label_en, a.login
    from mandate m join person p on p.tenant = m.tenant and p.id = m.person
    left join place l on l.tenant = m.tenant and l.id = m.place left join account a on a.id = p.account
    where m.tenant = $1 and m.office not in ('owner', 'tenant', 'family') and (m.ends is null or m.ends > $2)
        and (m.revoked is null or m.revoked > $2)
    order by m.office, l.sort, l.label, m.id limit 500";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[OFFICES];

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
    let rows = db.all(OFFICES, params![tenant, now]).await?;
    rows.iter()
        .map(|row| {
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
        })
        .collect()
}

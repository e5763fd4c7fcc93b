//! Erasing somebody: what goes, and what stays without a name.

use crate::duty::store::gaps;
use crate::notice;
use crate::notice::wish::Because;
use crate::people::store::end_mandate;
use crate::people::{AccountId, MandateId, Office, PersonId};
use crate::place::{PlaceId, TenantId};
use kit::book::Activity;
use kit::db::{Db, Row, Tx};
use kit::time::Moment;
use kit::{Error, Result, params};
use serde_json::json;

/// What a person is called who is no more here.
pub const NAME: (&str, &str) = ("（已注销）", "(account erased)");

const RUNNING: &str = "select m.id, m.office, m.place, m.deputy, l.label, l.label_en,
    (select count(*) from mandate o where o.tenant = m.tenant and o.office = m.office and o.place = m.place
        and o.person <> m.person and o.starts <= $3 and (o.ends is null or o.ends > $3)
        and (o.revoked is null or o.revoked > $3)) as others
    from mandate m join place l on l.tenant = m.tenant and l.id = m.place
    where m.tenant = $1 and m.person = $2 and (m.ends is null or m.ends > $3) and (m.revoked is null or m.revoked > $3)
    order by m.starts, m.id limit 200";
/// Others who keep this community's register and can sign in.
const KEEPERS: &str = "select distinct m.person from mandate m join person p on p.tenant = m.tenant and p.id = m.person
    where m.tenant = $1 and m.person <> $2 and m.office in ('community', 'operator') and p.account is not null
        and m.starts <= $3 and (m.ends is null or m.ends > $3) and (m.revoked is null or m.revoked > $3)
    order by m.person limit 50";
const ERASED: &str = "select count(*) as n from person where tenant = $1 and id = $2 and account is null";

/// In this order; `$1` is the tenant, `$2` the person.
const OF_PERSON: &[&str] = &[
    "delete from residence where tenant = $1 and mandate in (select id from mandate where tenant = $1 and person = $2)",
    "delete from joining where tenant = $1 and person = $2",
    "delete from invitation where tenant = $1 and person = $2",
    "delete from way_back where tenant = $1 and person = $2",
    "delete from stand_in where tenant = $1 and (principal = $2 or person = $2)",
    "delete from digest where tenant = $1 and subscription in
        (select id from subscription where tenant = $1 and person = $2)",
    "delete from subscription where tenant = $1 and person = $2",
    "delete from preference where tenant = $1 and person = $2",
    "delete from notice where tenant = $1 and person = $2",
    "delete from delivery where tenant = $1 and (person = $2 or (channel is null and about in
        (select id from request where tenant = $1 and author = $2)))",
    "delete from mail_seen where tenant = $1 and request in (select id from request where tenant = $1 and author = $2)",
    "delete from provider_link where tenant = $1 and person = $2",
    "delete from team_member where tenant = $1 and person = $2",
    "delete from swap where tenant = $1 and (asked_by = $2 or asked = $2)",
    "delete from duty where tenant = $1 and person = $2",
    "delete from duty_claim where tenant = $1 and person = $2",
    "delete from duty_feed where tenant = $1 and person = $2",
    "delete from ready where tenant = $1 and person = $2",
    "update post set deputy = null where tenant = $1 and deputy = $2",
    "update opinion set person = null, text = '' where tenant = $1 and person = $2",
    "update walk_in set takes = null where tenant = $1 and takes = $2",
    "update seat_card set deputy_phone = null, deputy = null where tenant = $1 and deputy = $2",
    "update post set holder = null, held = null, deputy = null, away_from = null, away_until = null where tenant = $1 and holder = $2",
    "update seat_card set phone = null, person = null where tenant = $1 and person = $2",
    "update supporter set person = null where tenant = $1 and person = $2",
    "update mandate set deputy = null, away_from = null, away_until = null where tenant = $1 and deputy = $2",
    "update request set holder_person = null where tenant = $1 and holder_person = $2",
    "update entry set person = null where tenant = $1 and person = $2 and office is null",
    // What is over needs no door any more; what is open is still to be found by those who mend it.
    "update request set place = coalesce(building, compound), lat_e7 = null, lon_e7 = null where tenant = $1 and author = $2
        and state in ('withdrawn', 'closed')",
    "update request set author = null, home = null, contact = null where tenant = $1 and author = $2",
];
const NAMELESS: &str = "update person set name = $3, name_en = $4, account = null where tenant = $1 and id = $2";
const OF_ACCOUNT: &[&str] = &[
    "delete from session where account = $1",
    "delete from token where account = $1",
    "delete from way_back where account = $1",
    "delete from passkey where account = $1",
    "delete from own_phone where account = $1",
    "delete from phone_code where account = $1",
    "delete from provider_link where account = $1",
    "delete from account where id = $1",
];

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<&'static str> {
    [&[RUNNING, KEEPERS, ERASED, NAMELESS][..], OF_PERSON, OF_ACCOUNT].concat()
}

/// A mandate that would end with the account.
#[derive(Clone, Debug)]
pub struct Held {
    pub id: MandateId,
    pub office: Office,
    pub place: PlaceId,
    pub label: String,
    pub label_en: String,
    /// Whether somebody stands in for the holder.
    pub deputy: bool,
    /// How many others hold the same office there.
    pub others: i64,
}

fn held(row: &Row) -> Result<Held> {
    Ok(Held {
        id: row.get("id")?,
        office: row.get("office")?,
        place: row.get("place")?,
        label: row.get("label")?,
        label_en: row.get("label_en")?,
        deputy: row.get::<Option<PersonId>>("deputy")?.is_some(),
        others: row.get("others")?,
    })
}

/// What would end, office by office.
pub async fn running(db: &Db, tenant: TenantId, person: PersonId, now: Moment) -> Result<Vec<Held>> {
    db.all(RUNNING, params![tenant, person, now]).await?.iter().map(held).collect()
}

/// Ends every mandate of a person. Offices that nobody else holds are told to the keepers of the register.
///
/// # Errors
/// [`Error::Conflict`] when this is the last keeper of the register: the others' data would lie there without anybody who
/// answers for them.
async fn end_mandates(tx: &mut Tx<'_>, tenant: TenantId, person: PersonId) -> Result<()> {
    let now = tx.now();
    let rows = tx.all(RUNNING, params![tenant, person, now]).await?;
    let all: Vec<Held> = rows.iter().map(held).collect::<Result<_>>()?;
    let keepers = tx.all(KEEPERS, params![tenant, person, now]).await?;
    let keepers: Vec<PersonId> = keepers.iter().map(|row| row.get("person")).collect::<Result<_>>()?;
    if keepers.is_empty() && all.iter().any(|held| Office::KEEPING.contains(&held.office)) {
        return Err(Error::conflict("data/last-keeper"));
    }
    for held in &all {
        if !end_mandate(tx, tenant, held.id).await? {
            continue;
        }
        let ended = match held.office.is_resident() {
            true => Activity::of(tenant, "homes/moved-out", "home", held.place),
            false => Activity::of(tenant, "people/mandate-ended", "mandate", held.id),
        };
        let facts = json!({ "office": held.office, "mandate": held.id, "why": "erased" });
        let activity = tx.record(ended.at_place(held.place).with(facts)).await?;
        if !held.office.is_resident() && held.others == 0 {
            for keeper in &keepers {
                let told = ("people/seat-vacant", "vacant", held.id.0, held.label.as_str());
                notice::store::add(tx, tenant, (*keeper, Because::Held), activity, told).await?;
            }
        }
    }
    Ok(())
}

/// Takes away everything about a person in a community but their cases, which go before. A second time changes nothing.
///
/// # Errors
/// [`Error::Conflict`] when this is the last keeper of the register.
pub async fn person(tx: &mut Tx<'_>, tenant: TenantId, person: PersonId) -> Result<()> {
    if tx.number::<i64>(ERASED, params![tenant, person]).await? > 0 {
        return Ok(());
    }
    end_mandates(tx, tenant, person).await?;
    gaps::leaving(tx, tenant, person, None).await?;
    gaps::deputy_leaving(tx, tenant, person, None).await?;
    for sql in OF_PERSON {
        tx.run(sql, params![tenant, person]).await?;
    }
    tx.run(NAMELESS, params![tenant, person, NAME.0, NAME.1]).await?;
    tx.record(Activity::of(tenant, "people/erased", "person", person)).await.map(drop)
}

/// Takes the account away, with its sessions and tokens.
pub async fn account(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    for sql in OF_ACCOUNT {
        tx.run(sql, params![account]).await?;
    }
    Ok(())
}

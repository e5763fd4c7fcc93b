//! Stand-ins on the shelf.

use super::{CODE_DAYS, Consent, OPEN_MAX, StandIn, StandInId, Substitute};
use crate::people::store::{ACTOR, ACTORS, read_actor};
use crate::people::{AccountId, Actor, Office, PersonId};
use crate::place::TenantId;
use kit::db::{Db, Row, Tx};
use kit::secrets::Secrets;
use kit::time::Moment;
use kit::{Error, Result, params};

const ADD: &str =
    "insert into stand_in (tenant, id, principal, person, code, consent, witness, office, made, code_ends, ends, accepted, ended)
    values ($1, $2, $3, null, $4, $5, $6, $7, $8, $9, $10, null, null)";
const OPEN: &str =
    "select count(*) as n from stand_in where tenant = $1 and principal = $2 and ended is null and ends > $3
    and (accepted is not null or code_ends > $3)";
const STAND_IN: &str =
    "select s.tenant, s.id, s.principal, s.person, s.consent, s.office, s.made, s.code_ends, s.ends, s.accepted,
    s.ended, p.name as principal_name, p.name_en as principal_name_en, h.name, h.name_en from stand_in s
    join person p on p.tenant = s.tenant and p.id = s.principal
    left join person h on h.tenant = s.tenant and h.id = s.person";
const ONE: &str = "where s.tenant = $1 and s.id = $2";
const BY_CODE: &str =
    "where s.code = $1 and s.ended is null and s.accepted is null and s.code_ends > $2 and s.ends > $2";
const OF_PERSON: &str = "where s.tenant = $1 and (s.principal = $2 or s.person = $2)
    and (s.accepted is not null or (s.ended is null and s.code_ends > $3)) order by s.id desc limit 100";
const ACCEPT: &str = "update stand_in set person = $3, accepted = $4, code = null
    where tenant = $1 and id = $2 and accepted is null and ended is null and code_ends > $4 and ends > $4";
const END: &str = "update stand_in set ended = $3, code = null where tenant = $1 and id = $2 and ended is null";
/// Of somebody who leaves, on either side.
const END_OF: &str = "update stand_in set ended = $3, code = null where tenant = $1 and (principal = $2 or person = $2) and ended is null";
const LEFT: &str = "select count(*) as n from mandate m where m.tenant = $1 and m.person = $2
    and m.office in ('owner', 'tenant', 'family') and (m.ends is null or m.ends > $3) and (m.revoked is null or m.revoked > $3)";
/// Who acts under a stand-in that runs, and whether they hold an office that works for others.
const SUBSTITUTE: &str = "h.id as substitute, h.name as substitute_name, h.name_en as substitute_name_en,
    (select count(*) from mandate o where o.tenant = h.tenant and (o.person = h.id or o.deputy = h.id)
        and o.office not in ('owner', 'tenant', 'family', 'volunteer') and o.starts <= $1
        and (o.ends is null or o.ends > $1) and (o.revoked is null or o.revoked > $1)) as serving";

fn of_stand_in() -> String {
    format!(
        "{ACTOR}, {SUBSTITUTE} {ACTORS}
        join stand_in s on s.tenant = p.tenant and s.principal = p.id
        join person h on h.tenant = s.tenant and h.id = s.person
        where s.id = $2 and h.account = $3 and s.accepted is not null and s.ended is null and s.ends > $1
            and (m.id is null or (m.person = p.id and m.office in ('owner', 'tenant', 'family')))
        order by m.starts, m.id limit 200"
    )
}

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let mut all: Vec<String> = [ONE, BY_CODE, OF_PERSON].map(|tail| format!("{STAND_IN} {tail}")).into();
    all.push(of_stand_in());
    all.extend([ADD, OPEN, ACCEPT, END, END_OF, LEFT].map(str::to_owned));
    all
}

/// The code for whoever is to stand in: always the same one, so that it can be read out again until it is used.
pub fn code(secrets: &Secrets, id: StandInId) -> String {
    secrets.code("stand-in", id.0.as_bytes())
}

fn hash(secrets: &Secrets, code: &str) -> [u8; 32] {
    secrets.mac("stand-in-hash", &[code.as_bytes()])
}

fn read(row: &Row) -> Result<StandIn> {
    let person: Option<PersonId> = row.get("person")?;
    let named = row.get::<Option<String>>("name")?.zip(row.get::<Option<String>>("name_en")?);
    Ok(StandIn {
        tenant: row.get("tenant")?,
        id: row.get("id")?,
        principal: row.get("principal")?,
        principal_name: (row.get("principal_name")?, row.get("principal_name_en")?),
        person,
        person_name: named,
        consent: row.get("consent")?,
        office: row.get("office")?,
        made: row.get("made")?,
        code_ends: row.get("code_ends")?,
        ends: row.get("ends")?,
        accepted: row.get("accepted")?,
        ended: row.get("ended")?,
    })
}

/// Records that a person agrees to somebody standing in for them for `days`; whoever brings the code does.
/// `heard` is the office that heard the consent, with how it was given; none when the person gives it here.
///
/// # Errors
/// [`Error::Conflict`] when there are enough already.
pub async fn agree(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (tenant, principal): (TenantId, PersonId),
    heard: Option<(Consent, Office)>,
    days: i64,
) -> Result<StandInId> {
    let (id, now): (StandInId, Moment) = (tx.id(), tx.now());
    if tx.number::<i64>(OPEN, params![tenant, principal, now]).await? >= OPEN_MAX {
        return Err(Error::conflict("standing/enough"));
    }
    let code = hash(secrets, &code(secrets, id));
    let witness = heard.and(tx.by().person);
    let (consent, office) = heard.map_or((Consent::Own, None), |(consent, office)| (consent, Some(office)));
    let (waits, ends) = (now + Moment::days(CODE_DAYS.min(days)), now + Moment::days(days));
    tx.run(ADD, params![tenant, id, principal, code, consent, witness, office, now, waits, ends]).await?;
    Ok(id)
}

/// # Errors
/// [`Error::NotFound`] when there is none of this name here.
pub async fn one(db: &Db, tenant: TenantId, id: StandInId) -> Result<StandIn> {
    let row = db.one(&format!("{STAND_IN} {ONE}"), params![tenant, id]).await?.ok_or(Error::NotFound)?;
    read(&row)
}

/// The one whose code this is; `None` when it was used, is too old, or was never given.
pub async fn by_code(db: &Db, secrets: &Secrets, code: &str, now: Moment) -> Result<Option<StandIn>> {
    let row = db.one(&format!("{STAND_IN} {BY_CODE}"), params![hash(secrets, code), now]).await?;
    row.as_ref().map(read).transpose()
}

/// All that a person agreed to, and where they stand in, newest first.
pub async fn of_person(db: &Db, tenant: TenantId, person: PersonId, now: Moment) -> Result<Vec<StandIn>> {
    let rows = db.all(&format!("{STAND_IN} {OF_PERSON}"), params![tenant, person, now]).await?;
    rows.iter().map(read).collect()
}

/// Somebody brings the code and stands in from now on; `false` when another was faster or the days are over.
pub async fn accept(tx: &mut Tx<'_>, tenant: TenantId, id: StandInId, person: PersonId) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(ACCEPT, params![tenant, id, person, now]).await? == 1)
}

/// Ends it now; `false` when it had ended.
pub async fn end(tx: &mut Tx<'_>, tenant: TenantId, id: StandInId) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(END, params![tenant, id, now]).await? == 1)
}

/// Ends what hangs on somebody who has moved out of their last home here.
pub async fn end_of_leaver(tx: &mut Tx<'_>, tenant: TenantId, person: PersonId) -> Result<u64> {
    let now = tx.now();
    if tx.number::<i64>(LEFT, params![tenant, person, now]).await? > 0 {
        return Ok(0);
    }
    tx.run(END_OF, params![tenant, person, now]).await
}

/// Whom an account acts for under a stand-in: the resident and their homes, with who does it. `None` when it has ended.
pub async fn actor(db: &Db, account: AccountId, id: StandInId, now: Moment) -> Result<Option<Actor>> {
    let rows = db.all(&of_stand_in(), params![now, id, account]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let mut actor = read_actor(None, &rows)?;
    // What the one who is stood in for was told is theirs to read.
    actor.unseen = 0;
    actor.substitute = Some(Substitute {
        id,
        person: row.get("substitute")?,
        name: row.get("substitute_name")?,
        name_en: row.get("substitute_name_en")?,
        serves: row.get::<i64>("serving")? > 0,
    });
    Ok(Some(actor))
}

//! Accounts, persons, organisations and mandates on the shelf.

pub mod invite;
pub mod seat;

use super::{AccountId, Actor, Mandate, MandateId, Office, OrganisationId, Person, PersonId, Source};
use crate::place::{PlaceId, TenantId};
use kit::Result;
use kit::db::{Db, FromValue, Row, Tx, Value};
use kit::params;
use kit::time::Moment;
use std::collections::HashMap;
use std::hash::Hash;

const ADD_ACCOUNT: &str =
    "insert into account (id, login, password, since) values ($1, $2, $3, $4) on conflict (login) do nothing";
const ACCOUNT: &str = "select id, password from account where login = $1";
const FIRST_PERSON: &str = "select tenant, id from person where account = $1 order by since, id limit 1";
const ANY_ACCOUNT: &str = "select count(*) as n from account";
const ADD_PERSON: &str =
    "insert into person (tenant, id, account, name, name_en, since) values ($1, $2, $3, $4, $5, $6)";
const ADD_ORGANISATION: &str = "insert into organisation (tenant, id, kind, name, name_en) values ($1, $2, $3, $4, $5)";
const ADD_MANDATE: &str =
    "insert into mandate (tenant, id, person, office, place, organisation, source, starts, ends, revoked)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null)";
const END_MANDATE: &str = "update mandate set revoked = $3 where tenant = $1 and id = $2 and revoked is null";
pub(super) const ACTOR: &str = "select p.tenant, p.id as person, p.account, p.name, p.name_en, m.id as mandate, m.person as holder,
    m.office, m.place, m.organisation, m.source, m.starts, m.ends, l.kind as place_kind, l.label, l.label_en, l.compound, l.building,
    (select count(*) from notice n where n.tenant = p.tenant and n.person = p.id and n.seen is null) as unseen";
/// Persons with their mandates that run at `$1`. While a holder is away the deputy has the mandate, and the holder has not.
pub(super) const ACTORS: &str = "from person p
    left join mandate m on m.tenant = p.tenant and (m.person = p.id or m.deputy = p.id) and m.starts <= $1
        and case when m.deputy is not null and m.away_from <= $1 and m.away_until > $1 then m.deputy else m.person end = p.id
        and (m.ends is null or m.ends > $1) and (m.revoked is null or m.revoked > $1)
    left join place l on l.tenant = m.tenant and l.id = m.place";
const SEATS: &str = "select distinct m.office, m.place from mandate m
    where m.tenant = $1 and m.place in ($2, $3, $4, $5) and m.starts <= $6
        and (m.ends is null or m.ends > $6) and (m.revoked is null or m.revoked > $6)";
const NAMES_AT: &str = "select p.name, p.name_en from mandate m join person p on p.tenant = m.tenant
    and p.id = case when m.deputy is not null and m.away_from <= $4 and m.away_until > $4 then m.deputy else m.person end
    where m.tenant = $1 and m.place = $2 and m.office = $3 and m.starts <= $4
        and (m.ends is null or m.ends > $4) and (m.revoked is null or m.revoked > $4) order by m.starts, m.id limit 5";
const HOLDERS_AT: &str =
    "select case when m.deputy is not null and m.away_from <= $4 and m.away_until > $4 then m.deputy
    else m.person end as person from mandate m
    where m.tenant = $1 and m.place = $2 and m.office = $3 and m.starts <= $4
        and (m.ends is null or m.ends > $4) and (m.revoked is null or m.revoked > $4) order by m.starts, m.id limit 50";
const ABOVE: &str =
    "select m.tenant, case when m.deputy is not null and m.away_from <= $2 and m.away_until > $2 then m.deputy
    else m.person end as person from tenant t join mandate m on m.tenant = t.parent and m.office = 'subdistrict'
    where t.id = $1 and m.starts <= $2 and (m.ends is null or m.ends > $2) and (m.revoked is null or m.revoked > $2)
    order by m.starts, m.id limit 50";
/// Those of a name who are something here; two are enough to know that a name tells nobody apart.
const NAMESAKES: &str = "select p.id from person p where p.tenant = $1 and p.name = $2 and exists
    (select 1 from mandate m where m.tenant = p.tenant and m.person = p.id and (m.ends is null or m.ends > $3)
        and (m.revoked is null or m.revoked > $3)) order by p.id limit 2";
const LOGINS: &str = "select a.login, a.id from account a order by a.since, a.login limit 100";
const LOGINS_ID: &str = "select a.id from account a order by a.since, a.login limit 100";

fn of_account() -> String {
    format!("{ACTOR} {ACTORS} where p.account = $2 order by p.tenant, m.starts, m.id limit 200")
}

/// Somebody with an account never acts by a program's token.
fn of_program() -> String {
    format!(
        "{ACTOR} {ACTORS} where p.tenant = $2 and p.id = $3 and p.account is null order by m.starts, m.id limit 200"
    )
}

fn of_programs(count: usize) -> String {
    let persons: Vec<String> = (3..count + 3).map(|n| format!("${n}")).collect();
    let these = persons.join(", ");
    format!(
        "{ACTOR} {ACTORS} where p.tenant = $2 and p.id in ({these}) and p.account is null order by m.starts, m.id limit 2000"
    )
}

fn of_logins() -> String {
    format!("{ACTOR} {ACTORS} where p.account in ({LOGINS_ID}) order by p.tenant, m.starts, m.id limit 5000")
}

/// Those whose text is put together, for the same test.
pub fn statements() -> Vec<String> {
    vec![of_account(), of_program(), of_programs(2), of_logins()]
}

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[
    ADD_ACCOUNT,
    ACCOUNT,
    FIRST_PERSON,
    ANY_ACCOUNT,
    ADD_PERSON,
    ADD_ORGANISATION,
    ADD_MANDATE,
    END_MANDATE,
    SEATS,
    NAMES_AT,
    HOLDERS_AT,
    ABOVE,
    NAMESAKES,
    LOGINS,
];

/// Adds a way to sign in; `None` when the login is taken. `password` is a PHC string.
pub async fn add_account(tx: &mut Tx<'_>, login: &str, password: Option<&str>) -> Result<Option<AccountId>> {
    let (id, now): (AccountId, Moment) = (tx.id(), tx.now());
    Ok((tx.run(ADD_ACCOUNT, params![id, login, password, now]).await? == 1).then_some(id))
}

/// The account behind a login with its PHC string.
pub async fn account(db: &Db, login: &str) -> Result<Option<(AccountId, Option<String>)>> {
    let row = db.one(ACCOUNT, params![login]).await?;
    row.map(|row| Ok((row.get("id")?, row.get("password")?))).transpose()
}

/// Whether anybody can sign in at all: if not, the house has not been set up.
pub async fn any_account(db: &Db) -> Result<bool> {
    let row = db.one(ANY_ACCOUNT, params![]).await?;
    row.map_or(Ok(false), |row| Ok(row.get::<i64>("n")? > 0))
}

/// The same inside a deed.
pub async fn any_account_in(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.number::<i64>(ANY_ACCOUNT, params![]).await? > 0)
}

pub async fn add_person(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    account: Option<AccountId>,
    name: &str,
    name_en: &str,
) -> Result<PersonId> {
    let (id, now): (PersonId, Moment) = (tx.id(), tx.now());
    tx.run(ADD_PERSON, params![tenant, id, account, name, name_en, now]).await?;
    Ok(id)
}

pub async fn add_organisation(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    kind: &str,
    name: &str,
    name_en: &str,
) -> Result<OrganisationId> {
    let id: OrganisationId = tx.id();
    tx.run(ADD_ORGANISATION, params![tenant, id, kind, name, name_en]).await?;
    Ok(id)
}

/// What a new mandate needs.
#[derive(Clone, Debug)]
pub struct NewMandate {
    pub person: PersonId,
    pub office: Office,
    pub place: PlaceId,
    pub organisation: Option<OrganisationId>,
    pub source: Source,
    pub starts: Moment,
    pub ends: Option<Moment>,
}

pub async fn add_mandate(tx: &mut Tx<'_>, tenant: TenantId, new: &NewMandate) -> Result<MandateId> {
    let id: MandateId = tx.id();
    let row =
        params![tenant, id, new.person, new.office, new.place, new.organisation, new.source, new.starts, new.ends];
    tx.run(ADD_MANDATE, row).await?;
    Ok(id)
}

/// Ends a mandate now; `false` when it had ended.
pub async fn end_mandate(tx: &mut Tx<'_>, tenant: TenantId, mandate: MandateId) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(END_MANDATE, params![tenant, mandate, now]).await? == 1)
}

/// Who stands behind an account at `now`.
pub async fn actor(db: &Db, account: AccountId, now: Moment) -> Result<Actor> {
    read_actor(Some(account), &db.all(&of_account(), params![now, account]).await?)
}

/// The program that a person without an account is, at `now`.
pub async fn program(db: &Db, tenant: TenantId, person: PersonId, now: Moment) -> Result<Actor> {
    read_actor(None, &db.all(&of_program(), params![now, tenant, person]).await?)
}

/// The same for several of a community, by their persons.
pub async fn programs(
    db: &Db,
    tenant: TenantId,
    persons: &[PersonId],
    now: Moment,
) -> Result<HashMap<PersonId, Actor>> {
    if persons.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values = params![now, tenant].to_vec();
    values.extend(persons.iter().map(|person| Value::from(*person)));
    let rows = db.all(&of_programs(persons.len()), &values).await?;
    let lots: HashMap<PersonId, Vec<Row>> = by_key(rows, "person")?;
    lots.into_iter().map(|(person, rows)| Ok((person, read_actor(None, &rows)?))).collect()
}

pub(super) fn read_actor(account: Option<AccountId>, rows: &[Row]) -> Result<Actor> {
    let mut actor = Actor { account, ..Actor::default() };
    for row in rows {
        let person: PersonId = row.get("person")?;
        if !actor.persons.iter().any(|known| known.id == person) {
            actor.unseen += row.get::<i64>("unseen")?;
            actor.persons.push(Person {
                tenant: row.get("tenant")?,
                id: person,
                name: row.get("name")?,
                name_en: row.get("name_en")?,
            });
        }
        if let Some(mandate) = row.get::<Option<MandateId>>("mandate")? {
            actor.mandates.push(read_mandate(row, mandate, person)?);
        }
    }
    Ok(actor)
}

fn read_mandate(row: &Row, id: MandateId, person: PersonId) -> Result<Mandate> {
    Ok(Mandate {
        id,
        tenant: row.get("tenant")?,
        person,
        office: row.get("office")?,
        place: row.get("place")?,
        place_kind: row.get("place_kind")?,
        place_label: row.get("label")?,
        place_label_en: row.get("label_en")?,
        compound: row.get("compound")?,
        building: row.get("building")?,
        organisation: row.get("organisation")?,
        source: row.get("source")?,
        starts: row.get("starts")?,
        ends: row.get("ends")?,
        acts_for: Some(row.get("holder")?).filter(|holder| *holder != person),
    })
}

/// Which offices are held by someone at any of four places now.
pub async fn seats(tx: &mut Tx<'_>, tenant: TenantId, places: [Option<PlaceId>; 4]) -> Result<Vec<(Office, PlaceId)>> {
    let now = tx.now();
    let [a, b, c, d] = places;
    read_seats(&tx.all(SEATS, params![tenant, a, b, c, d, now]).await?)
}

fn read_seats(rows: &[Row]) -> Result<Vec<(Office, PlaceId)>> {
    rows.iter().map(|row| Ok((row.get("office")?, row.get("place")?))).collect()
}

/// The names of those who hold an office at a place, in both scripts.
pub async fn names_at(
    db: &Db,
    tenant: TenantId,
    place: PlaceId,
    office: Office,
    now: Moment,
) -> Result<Vec<(String, String)>> {
    let rows = db.all(NAMES_AT, params![tenant, place, office, now]).await?;
    rows.iter().map(|row| Ok((row.get("name")?, row.get("name_en")?))).collect()
}

/// The persons who hold an office at a place now.
pub async fn holders_at(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, office: Office) -> Result<Vec<PersonId>> {
    let now = tx.now();
    let rows = tx.all(HOLDERS_AT, params![tenant, place, office, now]).await?;
    rows.iter().map(|row| row.get("person")).collect()
}

/// The staff of the subdistrict above a community, each with the tenant they belong to.
pub async fn above(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<(TenantId, PersonId)>> {
    let now = tx.now();
    let rows = tx.all(ABOVE, params![tenant, now]).await?;
    rows.iter().map(|row| Ok((row.get("tenant")?, row.get("person")?))).collect()
}

/// At most two persons of this name who are something in a community now.
pub async fn namesakes(db: &Db, tenant: TenantId, name: &str, now: Moment) -> Result<Vec<PersonId>> {
    db.all(NAMESAKES, params![tenant, name, now]).await?.iter().map(|row| row.get("id")).collect()
}

/// Logins with who stands behind each at `now`, oldest first: the cast of the demo.
pub async fn cast(db: &Db, now: Moment) -> Result<Vec<(String, Actor)>> {
    let mut known: HashMap<AccountId, Vec<Row>> = by_key(db.all(&of_logins(), params![now]).await?, "account")?;
    let read = |row: &Row| {
        let account: AccountId = row.get("id")?;
        let rows = known.remove(&account).unwrap_or_default();
        Ok((row.get("login")?, read_actor(Some(account), &rows)?))
    };
    db.all(LOGINS, params![]).await?.iter().map(read).collect()
}

/// Rows by what stands in a column, each lot in the order in which it came.
fn by_key<K: FromValue + Eq + Hash>(rows: Vec<Row>, column: &str) -> Result<HashMap<K, Vec<Row>>> {
    let mut lots: HashMap<K, Vec<Row>> = HashMap::new();
    for row in rows {
        lots.entry(row.get(column)?).or_default().push(row);
    }
    Ok(lots)
}

/// The person behind an account in the community that knew them first.
pub async fn first_person(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<(TenantId, PersonId)>> {
    let row = tx.one(FIRST_PERSON, params![account]).await?;
    row.map(|row| Ok((row.get("tenant")?, row.get("id")?))).transpose()
}

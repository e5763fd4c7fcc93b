//! The register on the shelf.

use super::{Owner, Totals, Unit, UnitId, UnitKind};
use crate::people::household::Share;
use crate::place::{PlaceId, TenantId};
use kit::db::{Db, Row, Tx};
use kit::secrets::Secrets;
use kit::{Error, Result, params};
use std::collections::{BTreeMap, BTreeSet};

const SEAL: &str = "register-owner-name";

const ADD: &str = "insert into unit (tenant, id, compound, code, kind, area) values ($1, $2, $3, $4, $5, $6)
    on conflict (tenant, compound, code) do update set kind = excluded.kind, area = excluded.area";
const ID: &str = "select id from unit where tenant = $1 and compound = $2 and code = $3";
const ADD_OWNER: &str = "insert into unit_owner (tenant, unit, sort, compound, who, name, share_part, share_whole)
    values ($1, $2, $3, $4, $5, $6, $7, $8)";
const NO_OWNERS: &str = "delete from unit_owner where tenant = $1 and unit = $2";
const REMOVE: &str = "delete from unit where tenant = $1 and compound = $2 and id = $3";
const CLEAR_OWNERS: &str = "delete from unit_owner where tenant = $1 and compound = $2";
const CLEAR: &str = "delete from unit where tenant = $1 and compound = $2";
const UNITS: &str = "select u.id, u.code, u.kind, u.area, o.name, o.share_part, o.share_whole from
    (select id, code, kind, area from unit where tenant = $1 and compound = $2 and code > $3 order by code limit $4) u
    join unit_owner o on o.tenant = $1 and o.unit = u.id order by u.code, o.sort limit 700000";
const COUNTED: &str =
    "select u.id, u.kind, u.area, o.who from unit u join unit_owner o on o.tenant = u.tenant and o.unit = u.id
    where u.tenant = $1 and u.compound = $2 order by u.id, o.sort limit 700000";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[ADD, ID, ADD_OWNER, NO_OWNERS, REMOVE, CLEAR_OWNERS, CLEAR, UNITS, COUNTED];

/// Puts a unit into the register, in place of the one with its code.
pub async fn put(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (tenant, compound): (TenantId, PlaceId),
    unit: &Unit,
) -> Result<UnitId> {
    unit.check()?;
    let id: UnitId = tx.id();
    tx.run(ADD, params![tenant, id, compound, &unit.code, unit.kind, unit.area]).await?;
    let row = tx.one(ID, params![tenant, compound, &unit.code]).await?;
    let id: UnitId = row.ok_or_else(|| Error::internal("a unit that was put is gone"))?.get("id")?;
    tx.run(NO_OWNERS, params![tenant, id]).await?;
    for (sort, owner) in unit.owners.iter().enumerate() {
        let plain = serde_json::to_vec(&(&owner.name, &owner.mark)).map_err(Error::internal)?;
        let (name, who) = (secrets.seal(SEAL, &plain)?, owner.who(secrets, compound));
        let (part, whole) = (owner.share.map(|share| share.part), owner.share.map(|share| share.whole));
        let sort = i64::try_from(sort).unwrap_or(i64::MAX);
        tx.run(ADD_OWNER, params![tenant, id, sort, compound, who, name, part, whole]).await?;
    }
    Ok(id)
}

/// Takes a unit out; `false` when it was not there.
pub async fn remove(tx: &mut Tx<'_>, (tenant, compound): (TenantId, PlaceId), id: UnitId) -> Result<bool> {
    if tx.run(REMOVE, params![tenant, compound, id]).await? == 0 {
        return Ok(false);
    }
    tx.run(NO_OWNERS, params![tenant, id]).await?;
    Ok(true)
}

/// Puts a whole register in place of the one that was.
pub async fn replace(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (tenant, compound): (TenantId, PlaceId),
    units: &[Unit],
) -> Result<()> {
    tx.run(CLEAR_OWNERS, params![tenant, compound]).await?;
    tx.run(CLEAR, params![tenant, compound]).await?;
    for unit in units {
        put(tx, secrets, (tenant, compound), unit).await?;
    }
    Ok(())
}

/// Units in the order of their codes, behind one of them.
pub async fn units(
    db: &Db,
    secrets: &Secrets,
    (tenant, compound): (TenantId, PlaceId),
    (after, limit): (&str, i64),
) -> Result<Vec<(UnitId, Unit)>> {
    let mut all: Vec<(UnitId, Unit)> = Vec::new();
    for row in db.all(UNITS, params![tenant, compound, after, limit]).await? {
        let id: UnitId = row.get("id")?;
        if all.last().is_none_or(|(last, _)| *last != id) {
            let (code, kind, area) = (row.get("code")?, row.get("kind")?, row.get("area")?);
            all.push((id, Unit { code, kind, area, owners: Vec::new() }));
        }
        if let Some((_, unit)) = all.last_mut() {
            unit.owners.push(owner(secrets, &row)?);
        }
    }
    Ok(all)
}

fn owner(secrets: &Secrets, row: &Row) -> Result<Owner> {
    let sealed: Vec<u8> = row.get("name")?;
    let plain = secrets.unseal(SEAL, &sealed).ok_or_else(|| Error::internal("an owner that cannot be opened"))?;
    let (name, mark) = serde_json::from_slice(&plain).map_err(Error::internal)?;
    let (part, whole): (Option<i64>, Option<i64>) = (row.get("share_part")?, row.get("share_whole")?);
    Ok(Owner { name, mark, share: part.zip(whole).map(|(part, whole)| Share { part, whole }) })
}

/// What a compound has in all. Heads are counted by sets of owners, so a buyer of several parts is one, and so are those who
/// own a part together.
pub async fn totals(db: &Db, (tenant, compound): (TenantId, PlaceId)) -> Result<Totals> {
    let mut totals = Totals::default();
    let mut sets: BTreeMap<UnitId, BTreeSet<Vec<u8>>> = BTreeMap::new();
    for row in db.all(COUNTED, params![tenant, compound]).await? {
        let id: UnitId = row.get("id")?;
        if !sets.contains_key(&id) {
            let area: i64 = row.get("area")?;
            (totals.units, totals.area) = (totals.units + 1, totals.area + area);
            if row.get::<UnitKind>("kind")? == UnitKind::Parking {
                (totals.parking_units, totals.parking_area) = (totals.parking_units + 1, totals.parking_area + area);
            }
        }
        sets.entry(id).or_default().insert(row.get("who")?);
    }
    let heads: BTreeSet<&BTreeSet<Vec<u8>>> = sets.values().collect();
    totals.heads = i64::try_from(heads.len()).unwrap_or(i64::MAX);
    Ok(totals)
}

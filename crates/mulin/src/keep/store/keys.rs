//! What is sealed in the database, row by row, so that it can be sealed anew.

use kit::Result;
use kit::db::{Db, Row, Tx, Value};
use kit::secrets::Secrets;
use kit::secrets::ring::KeyId;
use std::collections::BTreeSet;

/// A column that is sealed, with the columns that name its row and the label it is sealed under.
#[derive(Clone, Copy, Debug)]
pub struct Sealed {
    pub table: &'static str,
    pub key: &'static [&'static str],
    pub column: &'static str,
    pub label: &'static str,
}

const fn sealed(
    table: &'static str,
    key: &'static [&'static str],
    column: &'static str,
    label: &'static str,
) -> Sealed {
    Sealed { table, key, column, label }
}

/// Every sealed column. A test looks for sealed bytes in all others.
pub const SEALED: &[Sealed] = &[
    sealed("request", &["tenant", "id"], "contact", "contact"),
    sealed("preference", &["tenant", "person"], "mail", "own-mail"),
    sealed("subscription", &["tenant", "id"], "mail", "follow"),
    sealed("seat_card", &["tenant", "place", "office"], "phone", "seat-phone"),
    sealed("seat_card", &["tenant", "place", "office"], "deputy_phone", "seat-phone"),
    sealed("walk_in", &["tenant", "id"], "who", "desk-who"),
    sealed("talk", &["tenant", "id"], "parties", "talk-parties"),
    sealed("key_loan", &["tenant", "id"], "who", "desk-who"),
    sealed("unit_owner", &["tenant", "unit", "sort"], "name", "register-owner-name"),
    sealed("delivery", &["tenant", "id"], "content", "delivery"),
    sealed("channel", &["tenant", "id"], "address", "channel"),
    sealed("channel", &["tenant", "id"], "secret", "channel"),
    sealed("request_key", &["tenant", "key"], "answer", "request-key"),
    sealed("request_key", &["tenant", "key"], "fields", "request-fields"),
    sealed("provider", &["tenant"], "secret", "provider"),
    sealed("own_phone", &["account"], "phone", "own-phone"),
    sealed("ceremony", &["hash"], "facts", "ceremony"),
];

const LOT: i64 = 200;

fn lot(of: &Sealed) -> String {
    let (table, column, keys) = (of.table, of.column, of.key.join(", "));
    format!(
        "select {keys}, {column} as sealed from {table} where {column} is not null and length({column}) > 5
        and substr({column}, 1, 5) <> $1 order by {keys} limit {LOT} offset $2"
    )
}

fn put(of: &Sealed) -> String {
    let named: Vec<String> = of.key.iter().enumerate().map(|(at, key)| format!("{key} = ${}", at + 3)).collect();
    format!("update {} set {column} = $1 where {column} = $2 and {}", of.table, named.join(" and "), column = of.column)
}

fn every(of: &Sealed) -> String {
    let (table, column, keys) = (of.table, of.column, of.key.join(", "));
    format!(
        "select {column} as sealed from {table} where {column} is not null and length({column}) > 5
        order by {keys} limit 1000 offset $1"
    )
}

fn heads(of: &Sealed) -> String {
    let column = of.column;
    format!(
        "select distinct substr({column}, 1, 5) as head from {} where {column} is not null and length({column}) > 5",
        of.table
    )
}

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    SEALED.iter().flat_map(|of| [lot(of), put(of), every(of), heads(of)]).collect()
}

/// A row that is sealed with an older key: what names it, and what is sealed.
#[derive(Clone, Debug)]
pub struct Old {
    names: Vec<Value>,
    pub sealed: Vec<u8>,
}

fn old(row: &Row) -> Result<Old> {
    let names = row.iter().filter(|(name, _)| *name != "sealed").map(|(_, value)| value.clone()).collect();
    Ok(Old { names, sealed: row.get("sealed")? })
}

/// The next rows that are not sealed with the newest key, behind `skipped` ones that nothing opens.
pub async fn old_ones(db: &Db, of: &Sealed, newest: &[u8], skipped: i64) -> Result<Vec<Old>> {
    let row = [Value::Blob(newest.to_vec()), Value::Int(skipped)];
    db.report(&lot(of), &row).await?.iter().map(old).collect()
}

/// Puts a row's column in the place of what was read; nothing happens where somebody wrote meanwhile.
pub async fn put_anew(tx: &mut Tx<'_>, of: &Sealed, old: &Old, sealed: Vec<u8>) -> Result<u64> {
    let mut row = vec![Value::Blob(sealed), Value::Blob(old.sealed.clone())];
    row.extend(old.names.iter().cloned());
    tx.run(&put(of), &row).await
}

/// Every sealed value of a column, lot by lot behind `skipped`.
pub async fn values(db: &Db, of: &Sealed, skipped: i64) -> Result<Vec<Vec<u8>>> {
    db.report(&every(of), &[Value::Int(skipped)]).await?.iter().map(|row| row.get("sealed")).collect()
}

/// The keys with which anything is sealed; `true` when something hangs on the master secret alone.
pub async fn used(db: &Db) -> Result<(BTreeSet<KeyId>, bool)> {
    let (mut keys, mut master) = (BTreeSet::new(), false);
    for of in SEALED {
        for row in db.report(&heads(of), &[]).await? {
            match Secrets::key_of(&row.get::<Vec<u8>>("head")?) {
                Some(id) => drop(keys.insert(id)),
                None => master = true,
            }
        }
    }
    Ok((keys, master))
}

#[cfg(test)]
const SPOIL: &str = "update preference set mail = $1 where mail is not null";

/// Puts something in the place of a sealed address that no key opens.
#[cfg(test)]
pub async fn spoil(db: &Db, context: &kit::db::Context) -> Result<()> {
    let row = [Value::Blob(vec![2; 60])];
    let row = &row;
    db.transact(context, |tx| Box::pin(async move { tx.run(SPOIL, row).await.map(drop) })).await
}

//! What a call leaves behind, counted in the database itself.

use kit::db::{Db, Dialect};
use kit::params;
use std::collections::BTreeMap;

const TABLES_SQLITE: &str =
    "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like 'search_text%'";
const TABLES_POSTGRES: &str =
    "select table_name as name from information_schema.tables where table_schema = current_schema()";

/// How many rows each table has.
pub async fn rows(db: &Db) -> BTreeMap<String, i64> {
    let sql = match db.dialect() {
        Dialect::Sqlite => TABLES_SQLITE,
        Dialect::Postgres => TABLES_POSTGRES,
    };
    let mut all = BTreeMap::new();
    for row in db.all(sql, params![]).await.expect("tables can be listed.") {
        let name: String = row.get("name").expect("a table has a name.");
        let count =
            db.one(&format!("select count(*) as n from {name}"), params![]).await.expect("rows can be counted.");
        all.insert(name, count.expect("a count.").get("n").expect("a number."));
    }
    all
}

/// What has come and gone between two counts; nothing where nothing did.
pub fn between(before: &BTreeMap<String, i64>, after: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
    let change = |(name, count): (&String, &i64)| (name.clone(), count - before.get(name).copied().unwrap_or(0));
    after.iter().map(change).filter(|(_, count)| *count != 0).collect()
}

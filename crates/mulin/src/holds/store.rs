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

/// Every column of every table as the engine lists them.
pub async fn columns(db: &Db) -> Vec<(String, String)> {
    let tables = db.snapshot().await.expect("a look is open.").tables().await.expect("tables can be listed.");
    let column = |table: &kit::db::snapshot::Table| {
        let name = table.name.clone();
        table.columns.iter().map(move |column| (name.clone(), column.name.clone())).collect::<Vec<_>>()
    };
    tables.iter().flat_map(column).collect()
}

/// What somebody might add one day: a statement, the column or table, and what it would be.
pub const PLANTED: &[(&str, &str, &str)] = &[
    ("alter table person add column id_card_no text", "person.id_card_no", "ID number"),
    ("alter table person add column minzu text", "person.minzu", "ethnicity"),
    ("alter table residence add column religion text", "residence.religion", "religion"),
    ("alter table person add column score bigint", "person.score", "scores of persons"),
    ("alter table session add column gps text", "session.gps", "tracks"),
    ("create table person_tag (tenant text not null, person text not null)", "person_tag", "tags of persons"),
];

/// Changes the schema behind the back of the migrations.
pub async fn plant(db: &Db, sql: &str) {
    let context = kit::db::testing::context(kit::time::Moment(0));
    db.transact(&context, |tx| Box::pin(async move { tx.run(sql, params![]).await.map(drop) }))
        .await
        .expect("planted.");
}

/// Puts a community under a subdistrict that came after it.
pub async fn put_under(db: &Db, tenant: commons::place::TenantId, over: commons::place::TenantId) {
    let context = kit::db::testing::context(kit::time::Moment(0));
    let put = db.transact(&context, |tx| {
        Box::pin(
            async move { tx.run("update tenant set parent = $2 where id = $1", params![tenant, over]).await.map(drop) },
        )
    });
    put.await.expect("a tenant can be changed.");
}

/// The only mandate of somebody.
pub async fn mandate_of(db: &Db, tenant: commons::place::TenantId, person: kit::Uuid) -> kit::Uuid {
    let sql = "select id from mandate where tenant = $1 and person = $2 order by id limit 1";
    let row = db.one(sql, params![tenant, person]).await.expect("a mandate can be read.").expect("there is one.");
    row.get("id").expect("a mandate has an id.")
}

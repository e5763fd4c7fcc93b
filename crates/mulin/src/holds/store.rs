//! What a call leaves behind, counted in the database itself.

use commons::kept::Fate;
use commons::kept::store::NAMING;
use kit::db::snapshot::Kind;
use kit::db::{Db, Dialect, Value};
use kit::{Uuid, params};
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

/// How many rows of a tenant each table has that knows tenants, found in the schema; with what is in them, as one number each.
pub async fn of_tenant(db: &Db, tenant: kit::Uuid) -> BTreeMap<String, (i64, u64)> {
    use std::hash::{Hash, Hasher};
    let mut look = db.snapshot().await.expect("a look is open.");
    let mut all = BTreeMap::new();
    for mut table in look.tables().await.expect("tables can be listed.") {
        let own = if table.name == "tenant" { "id" } else { "tenant" };
        // What one engine alone knows is worked out from the rest.
        table.columns.retain(|column| column.kind.is_some());
        let Some(at) = table.columns.iter().position(|column| column.name == own) else { continue };
        let (mut rows, mut sum) = (0, 0_u64);
        let mut each = |row: Vec<kit::db::Value>| {
            if <kit::Uuid as kit::db::FromValue>::from_value(&row[at]) == Some(tenant) {
                let mut hasher = std::hash::DefaultHasher::new();
                format!("{row:?}").hash(&mut hasher);
                rows += 1;
                sum = sum.wrapping_add(hasher.finish());
            }
            Ok(())
        };
        look.rows(&table, &mut each).await.expect("rows can be read.");
        all.insert(table.name.clone(), (rows, sum));
    }
    all
}

/// The ids of a tenant's things in these tables.
pub async fn ids_of(db: &Db, tenant: kit::Uuid, tables: &[&str]) -> Vec<kit::Uuid> {
    let mut all = Vec::new();
    for table in tables {
        let sql = format!("select id from {table} where tenant = $1 order by id limit 20");
        for row in db.all(&sql, params![tenant]).await.expect("ids can be read.") {
            all.push(row.get("id").expect("an id."));
        }
    }
    all
}

/// The first of a table, as it stands in addresses.
pub async fn one_of(db: &Db, tenant: kit::Uuid, table: &str) -> String {
    ids_of(db, tenant, &[table]).await.first().unwrap_or_else(|| panic!("no {table}")).to_string()
}

/// Every id that a table has of a tenant; all of them where it knows no tenants.
pub async fn every_id(db: &Db, tenant: kit::Uuid, table: &str) -> std::collections::BTreeSet<String> {
    let known = columns(db).await.iter().any(|(name, column)| name == table && column == "tenant");
    let rows = if known {
        db.all(&format!("select id from {table} where tenant = $1"), params![tenant]).await
    } else {
        db.all(&format!("select id from {table}"), params![]).await
    };
    let id = |row: &kit::db::Row| row.get::<kit::Uuid>("id").expect("an id.").to_string();
    rows.expect("ids can be read.").iter().map(id).collect()
}

/// Puts the houses of a compound on the ground, so that it can be drawn.
pub async fn lay_out(db: &Db, tenant: commons::place::TenantId) {
    let context = kit::db::testing::context(kit::time::Moment(0));
    let laid = db.transact(&context, |tx| {
        Box::pin(async move {
            for (n, path) in (0..).zip(["shiliu/1", "shiliu/2"]) {
                let sql = "update place set x_mm = $3, y_mm = 10000 where tenant = $1 and path = $2";
                tx.run(sql, params![tenant, path, n * 30_000_i64]).await?;
            }
            Ok(())
        })
    });
    laid.await.expect("houses can be put down.");
}

/// Gives somebody's account a person in another tenant as well.
pub async fn also_in(db: &Db, account: kit::Uuid, tenant: kit::Uuid) {
    let context = kit::db::testing::context(kit::time::Moment(0));
    let added = db.transact(&context, |tx| {
        Box::pin(async move {
            let id: commons::people::PersonId = tx.id();
            let sql = "insert into person (tenant, id, account, name, name_en, since) values ($1, $2, $3, 'x', 'x', 0)";
            tx.run(sql, params![tenant, id, account]).await.map(drop)
        })
    });
    added.await.expect("a person can be added.");
}

/// How many accounts there are, with and without a person.
pub async fn accounts(db: &Db) -> (i64, i64) {
    let count = async |sql: &str| -> i64 {
        db.one(sql, params![]).await.expect("accounts can be counted.").expect("a row.").get("n").expect("a number.")
    };
    let without =
        "select count(*) as n from account a where not exists (select 1 from person p where p.account = a.id)";
    (count("select count(*) as n from account").await, count(without).await)
}

/// Every text of every table in which one of the words stands, and every column that still names the person.
pub async fn left(db: &Db, words: &[&str], ids: &[Uuid]) -> Vec<String> {
    let mut found = Vec::new();
    let mut look = db.snapshot().await.unwrap();
    for table in look.tables().await.unwrap() {
        if table.columns.iter().any(|column| column.kind.is_none()) {
            // The terms of PostgreSQL's search; what is found is asked of the search itself.
            continue;
        }
        let columns = table.columns.clone();
        let name = table.name.clone();
        let mut lines = Vec::new();
        look.rows(&table, &mut |row| {
            for (column, value) in columns.iter().zip(&row) {
                let text = match value {
                    Value::Text(text) => text.clone(),
                    Value::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                    _ => continue,
                };
                lines.extend(
                    words
                        .iter()
                        .filter(|word| text.contains(**word))
                        .map(|word| format!("{name}.{}: {word}", column.name)),
                );
                let id = matches!(value, Value::Blob(bytes) if ids.iter().any(|id| id.as_bytes()[..] == bytes[..]));
                let stays =
                    NAMING.iter().any(|(table, one, fate)| *table == name && *one == column.name && *fate != Fate::Cut);
                if id
                    && column.kind == Some(Kind::Blob)
                    && !stays
                    && column.name != "thing_id"
                    && column.name != "tenant"
                {
                    lines.push(format!("{name}.{} names them", column.name));
                }
            }
            Ok(())
        })
        .await
        .unwrap();
        found.extend(lines);
    }
    found
}

/// The columns in which one of these ids stands, as `table.column`.
pub async fn naming(db: &Db, ids: &[Uuid]) -> std::collections::BTreeSet<String> {
    let mut found = std::collections::BTreeSet::new();
    let mut look = db.snapshot().await.unwrap();
    for table in look.tables().await.unwrap() {
        let (name, columns) = (table.name.clone(), table.columns.clone());
        if columns.iter().any(|column| column.kind.is_none()) {
            continue;
        }
        let mut here = Vec::new();
        let mut each = |row: Vec<Value>| {
            for (column, value) in columns.iter().zip(&row) {
                if matches!(value, Value::Blob(bytes) if ids.iter().any(|id| id.as_bytes()[..] == bytes[..])) {
                    here.push(format!("{name}.{}", column.name));
                }
            }
            Ok(())
        };
        look.rows(&table, &mut each).await.unwrap();
        found.extend(here);
    }
    found
}

//! The whole database as it was at one instant, table by table, while others go on writing; and the way of rows back in.
//!
//! Tables and columns are read from the schema, so that a table which a migration adds is there without being named anywhere.

use super::{Db, Engine, Row, Tx, Value, postgres};
use crate::{Error, Result, names};

names! {
    /// What a column holds, alike for both engines.
    Kind {
        Int = "int",
        Bool = "bool",
        Text = "text",
        Blob = "blob",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// `None` for what only one engine knows, e.g. the terms of its search.
    pub kind: Option<Kind>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

/// Rows asked for at once from the server.
const LOT: usize = 500;
/// Values of one statement: below the bounds of both engines.
const VALUES_MAX: usize = 4_000;
const ROWS_MAX: usize = 100;

const SQLITE_COLUMNS: &str = "select l.name as \"table\", c.name as \"column\", lower(c.type) as kind
    from pragma_table_list as l join pragma_table_info(l.name) as c
    where l.schema = 'main' and l.type = 'table' and l.name not like 'sqlite\\_%' escape '\\' order by l.name, c.cid";
const POSTGRES_COLUMNS: &str =
    "select c.table_name::text as \"table\", c.column_name::text as \"column\", c.data_type::text as kind
    from information_schema.columns c join information_schema.tables t
        on t.table_schema = c.table_schema and t.table_name = c.table_name
    where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' order by c.table_name, c.ordinal_position";

/// An open look at one instant. On SQLite it reads on the thread that asks; it is meant for commands, not for pages.
pub struct Snapshot(Inner);

enum Inner {
    Sqlite(rusqlite::Connection),
    Postgres(postgres::Look),
}

impl Db {
    /// Everything that was committed before this call, and nothing that comes after, however long the reading takes.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database is away.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        Ok(Snapshot(match &*self.0 {
            Engine::Sqlite(sqlite) => Inner::Sqlite(sqlite.look()?),
            Engine::Postgres(postgres) => Inner::Postgres(postgres.look().await?),
        }))
    }
}

impl Snapshot {
    /// Every table of ours, in the order of their names.
    pub async fn tables(&mut self) -> Result<Vec<Table>> {
        let rows = match &mut self.0 {
            Inner::Sqlite(connection) => super::sqlite::rows(connection, SQLITE_COLUMNS)?,
            Inner::Postgres(look) => look.all(POSTGRES_COLUMNS).await?,
        };
        let mut tables: Vec<Table> = Vec::new();
        for row in &rows {
            let (name, kind): (String, String) = (row.get("table")?, row.get("kind")?);
            let column = Column { name: row.get("column")?, kind: kind_of(&kind) };
            match tables.last_mut().filter(|table| table.name == name) {
                Some(table) => table.columns.push(column),
                None => tables.push(Table { name, columns: vec![column] }),
            }
        }
        // The server's collation is not ours.
        tables.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(tables)
    }

    /// Gives every row of a table to `each`, its values in the order of the columns and of their kinds.
    ///
    /// # Errors
    /// What `each` says; [`Error::Internal`] for a column whose kind is not known to both engines.
    pub async fn rows(&mut self, table: &Table, each: &mut (dyn FnMut(Vec<Value>) -> Result<()> + Send)) -> Result<()> {
        if let Some(column) = table.columns.iter().find(|column| column.kind.is_none()) {
            return Err(Error::internal(format!("{}.{} has a type of one engine", table.name, column.name)));
        }
        let sql = format!("select {} from {}", names_of(table), quoted(&table.name));
        match &mut self.0 {
            Inner::Sqlite(connection) => super::sqlite::each_row(connection, &sql, &mut |row| each(typed(table, row))),
            Inner::Postgres(look) => {
                look.begin_reading(&sql).await?;
                loop {
                    let lot = look.next(LOT).await?;
                    let over = lot.len() < LOT;
                    for row in lot {
                        each(typed(table, row))?;
                    }
                    if over {
                        return look.end_reading().await;
                    }
                }
            }
        }
    }

    /// Whether a table holds anything.
    pub async fn is_empty(&mut self, table: &Table) -> Result<bool> {
        let sql = format!("select 1 as n from {} limit 1", quoted(&table.name));
        let rows = match &mut self.0 {
            Inner::Sqlite(connection) => super::sqlite::rows(connection, &sql)?,
            Inner::Postgres(look) => look.all(&sql).await?,
        };
        Ok(rows.is_empty())
    }
}

fn kind_of(declared: &str) -> Option<Kind> {
    match declared {
        "bigint" => Some(Kind::Int),
        "boolean" => Some(Kind::Bool),
        "text" => Some(Kind::Text),
        "blob" | "bytea" => Some(Kind::Blob),
        _ => None,
    }
}

/// SQLite keeps truths as numbers.
fn typed(table: &Table, row: Row) -> Vec<Value> {
    let values = row.values.into_iter().zip(&table.columns);
    values
        .map(|(value, column)| match value {
            Value::Int(n) if column.kind == Some(Kind::Bool) => Value::Bool(n != 0),
            other => other,
        })
        .collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn names_of(table: &Table) -> String {
    table.columns.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(", ")
}

impl Tx<'_> {
    /// Takes everything out of a table, before rows are loaded.
    pub async fn empty(&mut self, table: &Table) -> Result<()> {
        self.run(&format!("delete from {}", quoted(&table.name)), &[]).await.map(drop)
    }

    /// Puts rows into a table as they were. `table` is what this database's schema says.
    pub async fn load(&mut self, table: &Table, rows: &[Vec<Value>]) -> Result<()> {
        // Two statements for each table, whatever its size: many rows at once, and the rest one by one.
        let lot = (VALUES_MAX / table.columns.len().max(1)).clamp(1, ROWS_MAX);
        for some in rows.chunks(lot) {
            match some.len() == lot {
                true => self.load_at_once(table, some).await?,
                false => {
                    for row in some.chunks(1) {
                        self.load_at_once(table, row).await?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn load_at_once(&mut self, table: &Table, rows: &[Vec<Value>]) -> Result<()> {
        let columns = table.columns.len();
        let row = |at: usize| {
            let marks: Vec<String> = (1..=columns).map(|n| format!("${}", at * columns + n)).collect();
            format!("({})", marks.join(", "))
        };
        let all: Vec<String> = (0..rows.len()).map(row).collect();
        let sql = format!("insert into {} ({}) values {}", quoted(&table.name), names_of(table), all.join(", "));
        let values: Vec<Value> = rows.iter().flatten().cloned().collect();
        self.run(&sql, &values).await.map(drop)
    }
}

//! Numbered, checksummed migrations: forward only, each in a transaction of its own.

use crate::{Error, Result};
use sha2::{Digest, Sha256};

/// One step of the schema. `sql` is in the shared dialect, `blob` being written as PostgreSQL's `bytea` there.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Unique and in order, e.g. `0001_kit`.
    pub name: &'static str,
    pub sql: &'static str,
    /// What only SQLite is told besides.
    pub sqlite: &'static str,
    /// What only PostgreSQL is told besides.
    pub postgres: &'static str,
}

impl Migration {
    pub const fn shared(name: &'static str, sql: &'static str) -> Self {
        Migration { name, sql, sqlite: "", postgres: "" }
    }

    /// What tells its text from another one under the same name.
    pub fn checksum(&self) -> String {
        hex::encode(Sha256::digest([self.sql, self.sqlite, self.postgres].join("\n")))
    }
}

const TABLE: &str = "create table if not exists migration (name text primary key, checksum text not null)";
const SEEN: &str = "select name, checksum from migration";

/// What is still to be run; an error when what ran before differs from what we know.
fn pending<'m>(migrations: &'m [Migration], seen: &[(String, String)]) -> Result<Vec<&'m Migration>> {
    let mut sorted: Vec<&Migration> = migrations.iter().collect();
    sorted.sort_by_key(|migration| migration.name);
    for (name, checksum) in seen {
        match sorted.iter().find(|migration| migration.name == name) {
            None => {
                return Err(Error::Unavailable(format!("the database is newer than this program: it has seen {name}")));
            }
            Some(known) if known.checksum() != *checksum => {
                return Err(Error::Unavailable(format!("migration {name} has other text than when it ran here")));
            }
            Some(_) => {}
        }
    }
    Ok(sorted.into_iter().filter(|migration| !seen.iter().any(|(name, _)| name == migration.name)).collect())
}

pub(super) fn on_sqlite(connection: &rusqlite::Connection, migrations: &[Migration]) -> Result<()> {
    let failed = |e: rusqlite::Error| Error::Unavailable(format!("migration failed: {e}"));
    connection.execute_batch(TABLE).map_err(failed)?;
    let seen = {
        let mut statement = connection.prepare(SEEN).map_err(failed)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed)?;
        rows.collect::<Result<Vec<(String, String)>, _>>().map_err(failed)?
    };
    for migration in pending(migrations, &seen)? {
        let named = |e: rusqlite::Error| Error::Unavailable(format!("migration {} failed: {e}", migration.name));
        let transaction = connection.unchecked_transaction().map_err(named)?;
        transaction.execute_batch(migration.sql).map_err(named)?;
        transaction.execute_batch(migration.sqlite).map_err(named)?;
        transaction
            .execute("insert into migration (name, checksum) values ($1, $2)", (migration.name, migration.checksum()))
            .map_err(named)?;
        transaction.commit().map_err(named)?;
    }
    Ok(())
}

pub(super) async fn on_postgres(client: &mut deadpool_postgres::Client, migrations: &[Migration]) -> Result<()> {
    let failed = |e: tokio_postgres::Error| Error::Unavailable(format!("migration failed: {e:?}"));
    client.batch_execute(TABLE).await.map_err(failed)?;
    // Two programs starting at once must not both migrate.
    let transaction = client.transaction().await.map_err(failed)?;
    transaction.batch_execute("lock table migration in exclusive mode").await.map_err(failed)?;
    let rows = transaction.query(SEEN, &[]).await.map_err(failed)?;
    let seen: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    for migration in pending(migrations, &seen)? {
        let named = |e: tokio_postgres::Error| {
            Error::Unavailable(format!("migration {} failed: {e} {:?}", migration.name, e.as_db_error()))
        };
        transaction.batch_execute(&for_postgres(migration.sql)).await.map_err(named)?;
        transaction.batch_execute(migration.postgres).await.map_err(named)?;
        transaction
            .execute(
                "insert into migration (name, checksum) values ($1, $2)",
                &[&migration.name, &migration.checksum()],
            )
            .await
            .map_err(named)?;
    }
    transaction.commit().await.map_err(failed)
}

/// The one word in which the dialects of our tables differ.
fn for_postgres(sql: &str) -> String {
    sql.replace(" blob", " bytea").replace(") without rowid", ")")
}

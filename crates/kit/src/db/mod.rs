//! Reads, and writes as deeds, on SQLite and PostgreSQL alike.
//!
//! [`Db`] reads. [`Db::transact`] runs a deed: everything in it commits together, and its caller is told only after the
//! commit is on the disk. Statements are written once, in the dialect both engines share, with `$1` parameters.

mod migrate;
mod postgres;
pub mod snapshot;
mod sqlite;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod tx;
mod value;

pub use migrate::Migration;
pub use tx::{By, Context, Tx};
pub use value::{FromValue, Value};

use crate::{Error, Result};
use futures_util::future::BoxFuture;
use std::path::PathBuf;
use std::sync::Arc;

/// Where the neighbourhood is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DbUrl {
    /// A file; its folder must exist.
    Sqlite(PathBuf),
    /// `postgres://user@host/name`; `?sslmode=require` encrypts the way there.
    Postgres(String),
}

impl DbUrl {
    /// `postgres://…`, `sqlite:PATH`, or a plain path.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return DbUrl::Postgres(text.to_owned());
        }
        DbUrl::Sqlite(PathBuf::from(text.strip_prefix("sqlite:").unwrap_or(text)))
    }
}

/// Which of the two engines answers; only the kit and dialect-bound files ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// A setting with which the database would lose what it acknowledged. It comes as the cause of an [`Error::Internal`], so
/// that a start can tell it from everything else.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Forgetful(pub String);

fn forgetful(why: String) -> Error {
    Error::Internal(anyhow::Error::new(Forgetful(why)))
}

/// The open database. Cloning shares it.
#[derive(Clone)]
pub struct Db(Arc<Engine>, #[cfg(any(test, feature = "testing"))] Arc<testing::Rehearsal>);

enum Engine {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Db {
    /// Opens the database. Migrations are run by [`Db::migrate`].
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the file or the server cannot be reached; [`Forgetful`] when it would lose what it
    /// acknowledged.
    pub async fn open(url: &DbUrl) -> Result<Db> {
        let engine = match url {
            DbUrl::Sqlite(path) => Engine::Sqlite(sqlite::Sqlite::open(path)?),
            DbUrl::Postgres(url) => Engine::Postgres(postgres::Postgres::open(url).await?),
        };
        Ok(Db(
            Arc::new(engine),
            #[cfg(any(test, feature = "testing"))]
            Arc::default(),
        ))
    }

    pub fn dialect(&self) -> Dialect {
        match *self.0 {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Every row of an answer. On SQLite the statement runs on this very thread: meant for short reads.
    pub async fn all(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        count_query();
        match &*self.0 {
            Engine::Sqlite(sqlite) => sqlite.read(sql, params),
            Engine::Postgres(postgres) => postgres.read(sql, params).await,
        }
    }

    /// The first row of an answer, if there is one.
    pub async fn one(&self, sql: &str, params: &[Value]) -> Result<Option<Row>> {
        Ok(self.all(sql, params).await?.into_iter().next())
    }

    /// Like [`Db::all`] for reads that may take long (reports, exports): on SQLite they run beside the busy threads.
    pub async fn report(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        if matches!(*self.0, Engine::Postgres(_)) {
            return self.all(sql, params).await;
        }
        let (db, sql, params) = (self.clone(), sql.to_owned(), params.to_vec());
        tokio::task::spawn_blocking(move || match &*db.0 {
            Engine::Sqlite(sqlite) => sqlite.read(&sql, &params),
            Engine::Postgres(_) => Ok(Vec::new()),
        })
        .await
        .map_err(Error::internal)?
    }

    /// Runs a deed in one transaction and returns after its commit is durable.
    ///
    /// The closure may run more than once (PostgreSQL asks for that when deeds collide), so it changes nothing outside `tx`.
    ///
    /// # Errors
    /// What the deed says; [`Error::Unavailable`] when the commit could not be made or its outcome is not known.
    pub async fn transact<'env, T, F>(&self, context: &Context, deed: F) -> Result<T>
    where
        T: Send,
        F: for<'t> Fn(&'t mut Tx<'env>) -> BoxFuture<'t, Result<T>> + Send + Sync,
    {
        count_deed();
        let keeps = self.keeps();
        let out = match &*self.0 {
            Engine::Sqlite(sqlite) => sqlite.transact(context, keeps, deed).await,
            Engine::Postgres(postgres) => postgres.transact(context, keeps, deed).await,
        };
        #[cfg(any(test, feature = "testing"))]
        if out.is_ok() {
            self.1.count();
        }
        out
    }

    /// Whether deeds are kept; in a rehearsal of a test they are taken back at their end.
    fn keeps(&self) -> bool {
        #[cfg(any(test, feature = "testing"))]
        return !self.1.runs();
        #[cfg(not(any(test, feature = "testing")))]
        true
    }

    /// Runs the migrations that this database has not seen.
    ///
    /// # Errors
    /// When a migration that ran before has other text now, or the database is newer than this program.
    pub async fn migrate(&self, migrations: &[Migration]) -> Result<()> {
        match &*self.0 {
            Engine::Sqlite(sqlite) => sqlite.migrate(migrations),
            Engine::Postgres(postgres) => postgres.migrate(migrations).await,
        }
    }

    /// Copies a SQLite database, consistent and while it is used, into a new file.
    ///
    /// # Errors
    /// [`Error::Conflict`] on PostgreSQL, which has its own tools for that.
    pub async fn copy_to(&self, path: PathBuf) -> Result<()> {
        let db = self.clone();
        tokio::task::spawn_blocking(move || match &*db.0 {
            Engine::Sqlite(sqlite) => sqlite.copy_to(&path),
            Engine::Postgres(_) => Err(Error::conflict("backup/postgres-has-its-own")),
        })
        .await
        .map_err(Error::internal)?
    }

    /// Brings the log into the database file, so that a house that is closed is one file, and what a killed one left behind
    /// is not carried on. PostgreSQL does this by itself.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn settle(&self) -> Result<()> {
        match &*self.0 {
            Engine::Sqlite(sqlite) => sqlite.settle().await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Reads everything that is stored and tells what on the disk is not what was written, a line each: pages of the SQLite
    /// file that differ from their sums, tables that PostgreSQL cannot read.
    ///
    /// # Errors
    /// When nothing can be read at all.
    pub async fn damage(&self) -> Result<Vec<String>> {
        let db = self.clone();
        match &*self.0 {
            Engine::Postgres(postgres) => postgres.damage().await,
            Engine::Sqlite(_) => tokio::task::spawn_blocking(move || match &*db.0 {
                Engine::Sqlite(sqlite) => sqlite.damage(),
                Engine::Postgres(_) => Ok(Vec::new()),
            })
            .await
            .map_err(Error::internal)?,
        }
    }

    /// Whether what the disk changes by itself is noticed: always on SQLite, with data checksums on PostgreSQL.
    pub async fn notices_damage(&self) -> Result<bool> {
        match &*self.0 {
            Engine::Sqlite(_) => Ok(true),
            Engine::Postgres(postgres) => Ok(postgres.setting("data_checksums").await? == "on"),
        }
    }

    /// Prepares a statement without running it, so that a test can try every named statement on both engines.
    pub async fn prepare(&self, sql: &str) -> Result<()> {
        match &*self.0 {
            Engine::Sqlite(sqlite) => sqlite.prepare(sql),
            Engine::Postgres(postgres) => postgres.prepare(sql).await,
        }
    }
}

/// One row of an answer; columns are found by name.
#[derive(Clone, Debug)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Row { columns, values }
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.columns.iter().position(|column| column == name).and_then(|at| self.values.get(at))
    }

    /// Columns and values in the order of the statement.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.columns.iter().map(String::as_str).zip(&self.values)
    }
}

tokio::task_local! {
    /// How many statements a page has run; a test holds pages to their budget with it.
    static QUERIES: std::cell::Cell<u32>;
    /// How many transactions were opened; a test holds what happens by itself to none when there is nothing to do.
    static DEEDS: std::cell::Cell<u32>;
}

fn count_query() {
    let _ = QUERIES.try_with(|count| count.set(count.get() + 1));
}

fn count_deed() {
    let _ = DEEDS.try_with(|count| count.set(count.get() + 1));
}

/// Runs `work` and tells how many transactions it opened.
pub async fn counting_deeds<T>(work: impl Future<Output = T>) -> (T, u32) {
    DEEDS
        .scope(std::cell::Cell::new(0), async {
            let out = work.await;
            (out, DEEDS.with(std::cell::Cell::get))
        })
        .await
}

/// Runs `work` and tells how many statements it sent.
pub async fn counting<T>(work: impl Future<Output = T>) -> (T, u32) {
    QUERIES
        .scope(std::cell::Cell::new(0), async {
            let out = work.await;
            (out, QUERIES.with(std::cell::Cell::get))
        })
        .await
}

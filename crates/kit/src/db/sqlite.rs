//! SQLite: one writer whose deeds share a commit, many readers.
//!
//! A deed is a savepoint inside the open physical transaction. When it ends well, a committer queues for the writer behind
//! whoever waits already; their deeds join the same transaction, one fsync serves all, and only then is anyone told.

use super::tx::Inner;
use super::{Context, Migration, Row, Tx, Value, forgetful};
use crate::{Error, Result};
use futures_util::future::BoxFuture;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, Rows, Statement, ToSql};
use std::cell::RefCell;
use std::collections::HashMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex as Plain, TryLockError};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

pub(super) struct Sqlite {
    path: PathBuf,
    /// Before the writer, because fields go in this order: the last to close the file brings the log into it, and a reader
    /// cannot.
    readers: Plain<Vec<Line>>,
    writer: Arc<Mutex<Writer>>,
}

/// A connection with what it knows about statements that were sent before.
struct Line {
    connection: Connection,
    known: RefCell<HashMap<Box<str>, Known>>,
}

#[derive(Clone)]
struct Known {
    /// The statement as SQLite reads it.
    numbered: Arc<str>,
    columns: Arc<[String]>,
}

/// The log beside the file, brought into it now and then while the house goes on: a writer that did it would keep everybody
/// waiting for two syncs. SQLite lets the writer do it all the same where it has grown very long.
struct Log {
    path: PathBuf,
    /// Made when it is first needed, and held by whoever is at it.
    line: Plain<Option<Connection>>,
}

struct Writer {
    log: Arc<Log>,
    /// Deeds since the log was last brought in.
    since: usize,
    /// The file that was opened: one that was put in its place, or taken away, must not swallow deeds.
    file: FileId,
    line: Line,
    /// Deeds that are released but not yet on the disk.
    waiting: Vec<oneshot::Sender<Result<(), String>>>,
    /// How many the last commit carried.
    last: usize,
    open: bool,
}

/// A deed inside the writer; dropping it takes everything back.
pub(crate) struct Deed {
    writer: Option<OwnedMutexGuard<Writer>>,
}

/// A deed that ended well and waits for its commit.
struct Released {
    committed: oneshot::Receiver<Result<(), String>>,
    /// Nobody waited before it.
    first: bool,
    /// Many came along the last time.
    thick: bool,
}

const STATEMENTS_KEPT: usize = 256;
/// So many deeds in the last commit mean that more are a moment away.
const THICK: usize = 4;
/// After so many the log is brought in: some sixteen megabytes.
const DEEDS_IN_THE_LOG: usize = 500;
const GATHERED_FOR: Duration = Duration::from_millis(1);
/// How `pragma synchronous` tells FULL; only EXTRA is above.
const SYNCHRONOUS_FULL: i64 = 2;

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Self> {
        // The log beside it gets the same mode; where the file cannot be made, SQLite says why.
        if crate::own::file(path).is_ok() {
            ["-wal", "-shm"].iter().for_each(|end| crate::own::hide(&beside(path, end)));
        }
        let line = Line::of(writing(path).map_err(|error| at(path, error))?);
        let file = FileId::of(path)?;
        let log = Arc::new(Log { path: path.to_owned(), line: Plain::default() });
        let writer = Writer { log, since: 0, file, line, waiting: Vec::new(), last: 0, open: false };
        Ok(Sqlite { path: path.to_owned(), writer: Arc::new(Mutex::new(writer)), readers: Plain::default() })
    }

    pub(super) fn read(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        self.with_reader(|line| line.rows(sql, params))
    }

    pub(super) fn prepare(&self, sql: &str) -> Result<()> {
        self.with_reader(|line| line.connection.prepare(&numbered(sql)).map(drop).map_err(|e| said(sql, e)))
    }

    fn with_reader<T>(&self, work: impl FnOnce(&Line) -> Result<T>) -> Result<T> {
        let idle = self.readers.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).pop();
        let line = match idle {
            Some(line) => line,
            None => Line::of(self.reader()?),
        };
        let out = work(&line);
        self.readers.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(line);
        out
    }

    fn reader(&self) -> Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = pagesum::open(&self.path, flags).map_err(unsummed)?;
        settled(&connection)?;
        connection.busy_timeout(Duration::from_secs(10)).map_err(failed)?;
        connection.execute_batch("pragma query_only = on; pragma cache_size = -8192;").map_err(failed)?;
        Ok(connection)
    }

    pub(super) async fn transact<'env, T, F>(&self, context: &Context, keeps: bool, deed: F) -> Result<T>
    where
        F: for<'t> Fn(&'t mut Tx<'env>) -> BoxFuture<'t, Result<T>> + Send + Sync,
    {
        let mut guard = self.writer.clone().lock_owned().await;
        guard.begin()?;
        let inner = Inner::Sqlite(Deed { writer: Some(guard) });
        let mut tx = Tx { inner, context: context.clone(), env: std::marker::PhantomData };
        let out = deed(&mut tx).await;
        let Inner::Sqlite(mut done) = tx.inner else {
            return Err(Error::internal("a SQLite deed ended on another engine"));
        };
        let value = out?;
        if !keeps {
            return Ok(value);
        }
        let released = done.release()?;
        // The first of a lot brings the others along.
        if released.first {
            tokio::spawn(commit(self.writer.clone(), released.thick));
        }
        match released.committed.await {
            Ok(Ok(())) => Ok(value),
            Ok(Err(why)) => Err(Error::Unavailable(why)),
            Err(_) => Err(Error::Unavailable("the writer went away before the commit".into())),
        }
    }

    pub(super) fn migrate(&self, migrations: &[Migration]) -> Result<()> {
        let writer = self.writer.try_lock().map_err(Error::internal)?;
        super::migrate::on_sqlite(&writer.line.connection, migrations)
    }

    pub(super) fn copy_to(&self, path: &Path) -> Result<()> {
        let source = self.reader()?;
        let mut target = pagesum::establish(path).map_err(unsummed)?;
        let backup = rusqlite::backup::Backup::new(&source, &mut target).map_err(failed)?;
        backup.run_to_completion(4096, Duration::ZERO, None).map_err(failed)
    }

    /// Brings what is in the log into the file, as far as others let us.
    pub(super) async fn settle(&self) -> Result<()> {
        let mut writer = self.writer.clone().lock_owned().await;
        let work = move || {
            if writer.open {
                writer.commit();
            }
            writer.line.connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())).map_err(failed)
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }

    /// What on the disk is not what was written, a line each.
    pub(super) fn damage(&self) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        let log = pagesum::log::damage(&self.path).map_err(|why| unsummed(why.into()))?;
        lines.extend(log.map(|frame| pagesum::Error::Log(frame).to_string()));
        for damage in self.with_reader(|line| pagesum::verify(&line.connection).map_err(unsummed))? {
            lines.push(match damage {
                pagesum::Damage::Page(number) => format!("page {number} differs from its sum"),
                pagesum::Damage::Header => "the first page cannot be read".to_owned(),
            });
        }
        Ok(lines)
    }
}

/// A connection that writes.
fn writing(path: &Path) -> Result<Connection> {
    let connection = pagesum::establish(path).map_err(unsummed)?;
    settled(&connection)?;
    connection.busy_timeout(Duration::from_secs(10)).map_err(failed)?;
    // What is deleted is written over, so that an erased name is in no free page; it costs nothing that can be measured.
    connection.execute_batch("pragma secure_delete = on").map_err(failed)?;
    // FULL: with NORMAL a power cut loses acknowledged deeds.
    connection
        .execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
             pragma cache_size = -16384; pragma wal_autocheckpoint = 16000; pragma temp_store = memory;",
        )
        .map_err(failed)?;
    refuse_forgetful(&connection)?;
    Ok(connection)
}

/// Whoever runs the house is told which file it is, and what SQLite needs.
fn at(path: &Path, error: Error) -> Error {
    match error {
        Error::Unavailable(why) => Error::Unavailable(format!(
            "{}: {why}; the file and its folder must be there and writable, because SQLite keeps its log beside it",
            path.display()
        )),
        other => other,
    }
}

/// Which file a path leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
struct FileId(u64, u64);

impl FileId {
    fn of(path: &Path) -> Result<FileId> {
        let found = std::fs::metadata(path);
        let found = found.map_err(|why| Error::Unavailable(format!("{}: {why}", path.display())))?;
        Ok(FileId(found.dev(), found.ino()))
    }
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

impl Log {
    /// Begins to bring it in.
    fn tend(self: &Arc<Self>) {
        let log = self.clone();
        tokio::task::spawn_blocking(move || {
            if let Err(error) = log.bring_in() {
                tracing::warn!(%error, "the log of the database stays as it is for now");
            }
        });
    }

    /// Nothing, when somebody is at it.
    fn bring_in(&self) -> Result<()> {
        let mut line = match self.line.try_lock() {
            Ok(line) => line,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(()),
        };
        let connection = match line.take() {
            Some(connection) => connection,
            None => writing(&self.path)?,
        };
        connection.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(())).map_err(failed)?;
        *line = Some(connection);
        Ok(())
    }
}

/// Statements are kept, and keep their plan: otherwise SQLite makes a statement anew whenever a parameter that its statistics
/// know about has another value, which is nearly always.
fn settled(connection: &Connection) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop).map_err(failed)
}

/// With less, a power cut loses deeds that were acknowledged. Some file systems do not take what we asked for.
pub(super) fn refuse_forgetful(connection: &Connection) -> Result<()> {
    let journal: String = connection.query_row("pragma journal_mode", [], |row| row.get(0)).map_err(failed)?;
    let synchronous: i64 = connection.query_row("pragma synchronous", [], |row| row.get(0)).map_err(failed)?;
    if journal != "wal" {
        return Err(forgetful(format!(
            "SQLite runs with journal_mode={journal} instead of wal, which this file system may not allow; \
             put the data on a local disk"
        )));
    }
    if synchronous < SYNCHRONOUS_FULL {
        return Err(forgetful(format!(
            "SQLite runs with synchronous={synchronous} and would lose acknowledged deeds; it must be full"
        )));
    }
    Ok(())
}

fn unsummed(error: pagesum::Error) -> Error {
    match error {
        pagesum::Error::Sqlite(error) => failed(error),
        refused => Error::Unavailable(refused.to_string()),
    }
}

/// Waits its turn behind the deeds that already queue, then makes all of them durable at once. Where deeds come thick, those
/// that are a moment away are waited for: one sync for many costs less than one for each.
async fn commit(writer: Arc<Mutex<Writer>>, thick: bool) {
    if thick {
        tokio::time::sleep(GATHERED_FOR).await;
    }
    let mut writer = writer.lock_owned().await;
    if !writer.waiting.is_empty() {
        // The fsync must not hold up the threads that answer readers.
        let _ = tokio::task::spawn_blocking(move || writer.commit()).await;
    }
}

impl Writer {
    fn begin(&mut self) -> Result<()> {
        if !self.open {
            self.stands()?;
            self.line.connection.execute_batch("begin immediate").map_err(failed)?;
            self.open = true;
        }
        self.line.connection.execute_batch("savepoint deed").map_err(failed)
    }

    /// What is written must be found again after the next start, and a file that could only be read may be writable by now.
    fn stands(&mut self) -> Result<()> {
        if FileId::of(&self.log.path)? != self.file {
            let gone = "another file stands where the database was opened; start the house anew";
            return Err(Error::Unavailable(format!("{}: {gone}", self.log.path.display())));
        }
        if self.line.connection.is_readonly("main").map_err(failed)? {
            let connection = writing(&self.log.path)?;
            if connection.is_readonly("main").map_err(failed)? {
                return Err(Error::Unavailable(format!("{} can only be read", self.log.path.display())));
            }
            self.line = Line::of(connection);
        }
        Ok(())
    }

    fn commit(&mut self) {
        let outcome = self.line.connection.execute_batch("commit").map_err(|e| e.to_string());
        if outcome.is_err() && !self.line.connection.is_autocommit() {
            let _ = self.line.connection.execute_batch("rollback");
        }
        self.open = false;
        metrics::counter!("mulin_db_commits_total").increment(1);
        metrics::counter!("mulin_db_deeds_total").increment(self.waiting.len() as u64);
        self.last = self.waiting.len();
        self.since += self.last;
        if self.since >= DEEDS_IN_THE_LOG {
            self.since = 0;
            self.log.tend();
        }
        for waiting in self.waiting.drain(..) {
            let _ = waiting.send(outcome.clone());
        }
    }
}

impl Deed {
    fn writer(&self) -> Result<&Writer> {
        self.writer.as_deref().ok_or_else(|| Error::internal("the deed is over"))
    }

    pub(super) fn run(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        self.writer()?.line.run(sql, params)
    }

    pub(super) fn all(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        self.writer()?.line.rows(sql, params)
    }

    /// Ends the deed well.
    fn release(&mut self) -> Result<Released> {
        let mut writer = self.writer.take().ok_or_else(|| Error::internal("the deed is over"))?;
        writer.line.connection.execute_batch("release deed").map_err(failed)?;
        let (told, committed) = oneshot::channel();
        writer.waiting.push(told);
        Ok(Released { committed, first: writer.waiting.len() == 1, thick: writer.last >= THICK })
    }
}

impl Drop for Deed {
    fn drop(&mut self) {
        let Some(mut writer) = self.writer.take() else { return };
        if writer.line.connection.is_autocommit() {
            // The engine took the whole transaction back itself (a full disk does that): nobody in it was told yes.
            writer.open = false;
            for waiting in writer.waiting.drain(..) {
                let _ = waiting.send(Err("the database took the transaction back".into()));
            }
            return;
        }
        let _ = writer.line.connection.execute_batch("rollback to deed; release deed");
        if writer.waiting.is_empty() {
            let _ = writer.line.connection.execute_batch("rollback");
            writer.open = false;
        }
    }
}

impl Line {
    fn of(connection: Connection) -> Line {
        Line { connection, known: RefCell::default() }
    }

    fn run(&self, sql: &str, params: &[Value]) -> Result<u64> {
        let known = self.known.borrow().get(sql).map(|known| known.numbered.clone());
        let numbered = known.clone().unwrap_or_else(|| numbered(sql).into());
        let mut statement = self.connection.prepare_cached(&numbered).map_err(|e| said(sql, e))?;
        let touched = statement.execute(rusqlite::params_from_iter(params)).map_err(|e| said(sql, e))?;
        if known.is_none() {
            self.know(sql, &numbered, &statement);
        }
        Ok(touched as u64)
    }

    fn rows(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let known = self.known.borrow().get(sql).cloned();
        let numbered = known.as_ref().map_or_else(|| numbered(sql).into(), |known| known.numbered.clone());
        let mut statement = self.connection.prepare_cached(&numbered).map_err(|e| said(sql, e))?;
        let known = known.filter(|known| known.columns.len() == statement.column_count());
        let columns = known.map_or_else(|| self.know(sql, &numbered, &statement), |known| known.columns);
        let found = statement.query(rusqlite::params_from_iter(params)).map_err(|e| said(sql, e))?;
        let mut out = Vec::new();
        each(found, &columns, sql, &mut |row| {
            out.push(row);
            Ok(())
        })?;
        Ok(out)
    }

    /// Keeps what is known about a statement; statements that are made for one occasion must not fill the memory.
    fn know(&self, sql: &str, numbered: &Arc<str>, statement: &Statement<'_>) -> Arc<[String]> {
        let columns = columns_of(statement);
        let mut all = self.known.borrow_mut();
        if all.len() >= 4 * STATEMENTS_KEPT {
            all.clear();
        }
        all.insert(sql.into(), Known { numbered: numbered.clone(), columns: columns.clone() });
        columns
    }
}

fn columns_of(statement: &Statement<'_>) -> Arc<[String]> {
    statement.column_names().map(str::to_owned).collect()
}

fn each(
    mut found: Rows<'_>,
    columns: &Arc<[String]>,
    sql: &str,
    each: &mut dyn FnMut(Row) -> Result<()>,
) -> Result<()> {
    while let Some(row) = found.next().map_err(|e| said(sql, e))? {
        let mut values = Vec::with_capacity(columns.len());
        for at in 0..columns.len() {
            values.push(from_sqlite(row.get_ref(at).map_err(|e| said(sql, e))?)?);
        }
        each(Row::new(columns.clone(), values))?;
    }
    Ok(())
}

/// To SQLite `$2` is a name, numbered where it first appears; `?2` is the second parameter wherever it stands.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

fn from_sqlite(value: ValueRef<'_>) -> Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        ValueRef::Real(_) => return Err(Error::internal("a floating point column")),
    })
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(n) => ValueRef::Integer(*n),
            Value::Bool(b) => ValueRef::Integer(i64::from(*b)),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn failed(error: rusqlite::Error) -> Error {
    if pagesum::is_damage(&error) {
        return Error::Unavailable(
            "a page of the database file differs from its sum, so the disk has changed it; see `mulin check`"
                .to_owned(),
        );
    }
    Error::Unavailable(error.to_string())
}

/// Faults of disk and locks are passing; everything else is ours.
fn said(sql: &str, error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode::{CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, ReadOnly, SystemIoFailure};
    match error.sqlite_error_code() {
        Some(CannotOpen | DatabaseBusy | DatabaseLocked | DiskFull | ReadOnly | SystemIoFailure) => failed(error),
        _ => Error::Internal(anyhow::Error::new(error).context(format!("in: {sql}"))),
    }
}

impl Sqlite {
    /// A reader that sees one instant until it is dropped.
    pub(super) fn look(&self) -> Result<Connection> {
        let connection = self.reader()?;
        // The instant is that of the first read.
        connection.execute_batch("begin; select count(*) from sqlite_master;").map_err(failed)?;
        Ok(connection)
    }
}

/// Every row of an answer, one after the other.
pub(super) fn each_row(connection: &Connection, sql: &str, work: &mut dyn FnMut(Row) -> Result<()>) -> Result<()> {
    let mut statement = connection.prepare(&numbered(sql)).map_err(|e| said(sql, e))?;
    let columns = columns_of(&statement);
    let found = statement.query([]).map_err(|e| said(sql, e))?;
    each(found, &columns, sql, work)
}

/// The rows of a short answer.
pub(super) fn rows(connection: &Connection, sql: &str) -> Result<Vec<Row>> {
    let mut out = Vec::new();
    each_row(connection, sql, &mut |row| {
        out.push(row);
        Ok(())
    })?;
    Ok(out)
}

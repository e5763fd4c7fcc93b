//! A sum on every page of a SQLite file, so that a bit that flips on the disk is found: when the page is read, and by
//! looking at all of them.
//!
//! SQLite's own check finds damage to its trees, and little else: a changed letter in a text is a text. Here each page
//! ends with eight bytes that are worked out from all others and from its place. They are written by a thin layer between
//! SQLite and the file, and looked at by the same layer whenever a page is read from the disk. The log beside the file has
//! sums of SQLite's own; [`log`] looks at these.
//!
//! A file says twice that it has sums, in the room its pages leave and in its application id, so that damage to one of the
//! two cannot switch the sums off. A file from before there were sums is made anew once, with room in it.

mod header;
pub mod log;
mod page;
#[cfg(test)]
mod tests;
mod vfs;

use header::State;
use rusqlite::{Connection, OpenFlags, ffi};
use std::ffi::c_int;
use std::path::Path;
use std::time::Duration;
use vfs::Raw;

/// Why a file cannot be had with sums.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("{0}")]
    Refused(&'static str),
    /// The log is damaged at this frame.
    #[error(
        "the log beside the database file is damaged at frame {0}, and committed work stands behind that; \
         nothing was changed"
    )]
    Log(u32),
    #[error("the log beside the database file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

const STRANGE: &str =
    "the database file's first page is damaged, or another program made the file; nothing was changed";
const IN_USE: &str = "another program has the database file open; stop it first";
/// How long another program is waited for; the tests do not make us wait.
const PATIENCE: Duration = Duration::from_secs(if cfg!(test) { 1 } else { 10 });

/// How long a page that was just being written is left alone before it is read again.
const PAUSE: Duration = Duration::from_millis(if cfg!(test) { 2 } else { 40 });

/// Something in a file that is not what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The page with this number; the first is 1.
    Page(u32),
    /// The first page does not even say how long a page is.
    Header,
}

/// A connection whose pages are looked at as they are read. Nothing is made where nothing is.
pub fn open(path: &Path, flags: OpenFlags) -> Result<Connection> {
    if !vfs::register() {
        return Err(Error::Refused("SQLite does not take the layer that sums pages"));
    }
    Ok(Connection::open_with_flags_and_vfs(path, flags, vfs::NAME)?)
}

/// A connection for writing to a file in which every page has its sum: a new one, or one that was made anew for it.
///
/// # Errors
/// When the file is damaged at its very start or its log is, is another program's, or is in use while it must be made anew.
pub fn establish(path: &Path) -> Result<Connection> {
    // SQLite would take the damaged frame for the end of the log, and write over what stands behind it.
    if let Some(frame) = log::damage(path)? {
        return Err(Error::Log(frame));
    }
    // Each turn brings a file one step further: bare, with room, stamped. Two programs may be at it.
    for _ in 0..8 {
        let connection = open(path, writing())?;
        connection.busy_timeout(PATIENCE)?;
        match state(&connection)? {
            State::Kept => {
                // A first write that was cut off is taken back by the first read, and leaves an empty file.
                let read: rusqlite::Result<i64> =
                    connection.query_row("select count(*) from sqlite_schema", [], |row| row.get(0));
                if state(&connection)? != State::Empty {
                    read?;
                    return Ok(connection);
                }
            }
            State::Empty => {
                if !vfs::reserve(&connection) {
                    return Err(Error::Refused("SQLite leaves no room for sums"));
                }
                mark(&connection)?;
            }
            State::Bare => {
                drop(connection);
                make_room(path)?;
            }
            State::Unstamped => {
                drop(connection);
                stamp_all(path)?;
            }
            State::Strange => return Err(Error::Refused(STRANGE)),
        }
    }
    Err(Error::Refused(IN_USE))
}

/// Whether an error says that a page differs from its sum.
pub fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error, rusqlite::Error::SqliteFailure(failure, _) if failure.extended_code == ffi::SQLITE_IOERR_DATA)
}

/// Looks at every page of the file behind a connection of [`open`], also while others use it.
///
/// # Errors
/// When the file cannot be read.
pub fn verify(connection: &Connection) -> Result<Vec<Damage>> {
    let raw = raw(connection)?;
    let mut head = [0_u8; header::BYTES];
    let readable = raw.read(&mut head, 0).map_err(failed)?;
    let Some(size) = header::page_size(&head).filter(|_| readable && raw.state() == State::Kept) else {
        return Ok(vec![Damage::Header]);
    };
    let mut page = vec![0_u8; size];
    let mut wrong = Vec::new();
    let pages = page::number(raw.size().map_err(failed)?, size);
    for number in 1..pages {
        if !is_sound(&raw, &mut page, number)? {
            wrong.push(number);
        }
    }
    // A page may just have been written while it was read. What is damaged stays so.
    for _ in 0..5 {
        if wrong.is_empty() {
            break;
        }
        std::thread::sleep(PAUSE);
        let mut still = Vec::new();
        for number in wrong {
            if !is_sound(&raw, &mut page, number)? {
                still.push(number);
            }
        }
        wrong = still;
    }
    Ok(wrong.into_iter().map(Damage::Page).collect())
}

fn is_sound(raw: &Raw<'_>, page: &mut [u8], number: u32) -> Result<bool> {
    if page::holds_locks(number, page.len()) {
        return Ok(true);
    }
    // What lies beyond the end was cut off meanwhile.
    let there = raw.read(page, u64::from(number - 1) * page.len() as u64).map_err(failed)?;
    Ok(!there || page::sound(page, number))
}

/// Makes a file from before there were sums anew, with room at the end of each page.
///
/// The system's own layer does this, because until it is done pages with and without room lie side by side.
fn make_room(path: &Path) -> Result<()> {
    let connection = Connection::open_with_flags(path, writing())?;
    connection.busy_timeout(PATIENCE)?;
    // Whatever turns up in the log, it must not be written into a file with sums from here.
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    alone(&connection)?;
    // Another program may have been first: it was waited for.
    let now = open(path, writing())?;
    if state(&now)? != State::Bare {
        return Ok(());
    }
    drop(now);
    if !vfs::reserve(&connection) {
        return Err(Error::Refused("SQLite leaves no room for sums"));
    }
    connection.execute_batch("vacuum")?;
    into_file(&connection)
}

/// Gives each page of a file with room its sum, and then says so in the file.
fn stamp_all(path: &Path) -> Result<()> {
    let connection = open(path, writing())?;
    connection.busy_timeout(PATIENCE)?;
    alone(&connection)?;
    into_file(&connection)?;
    let raw = raw(&connection)?;
    let mut head = [0_u8; header::BYTES];
    if raw.state() != State::Unstamped || !raw.read(&mut head, 0).map_err(failed)? {
        return Ok(());
    }
    let size = header::page_size(&head).ok_or(Error::Refused(STRANGE))?;
    let mut page = vec![0_u8; size];
    for number in 1..page::number(raw.size().map_err(failed)?, size) {
        let at = u64::from(number - 1) * size as u64;
        if !page::holds_locks(number, size) && raw.read(&mut page, at).map_err(failed)? {
            raw.write(&page, at).map_err(failed)?;
        }
    }
    // The mark must not reach the disk before the sums do.
    raw.sync().map_err(failed)?;
    mark(&connection)?;
    into_file(&connection)
}

/// Keeps every other program out for as long as the connection lives.
fn alone(connection: &Connection) -> Result<()> {
    connection.execute_batch("pragma locking_mode = exclusive; pragma journal_mode = wal; begin immediate; commit")?;
    Ok(())
}

/// Writes what is in the log into the file.
fn into_file(connection: &Connection) -> Result<()> {
    let busy: i64 = connection.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0))?;
    if busy == 0 { Ok(()) } else { Err(Error::Refused(IN_USE)) }
}

fn mark(connection: &Connection) -> Result<()> {
    Ok(connection.execute_batch(&format!("pragma application_id = {}", header::MARK))?)
}

fn writing() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
}

fn raw(connection: &Connection) -> Result<Raw<'_>> {
    Raw::of(connection).ok_or(Error::Refused("this connection does not sum its pages"))
}

fn state(connection: &Connection) -> Result<State> {
    Ok(raw(connection)?.state())
}

fn failed(code: c_int) -> Error {
    Error::Sqlite(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None))
}

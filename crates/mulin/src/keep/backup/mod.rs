//! `mulin backup` and `mulin restore`: the whole house as it was at one instant, while it is open, and the way back, into either
//! database, refused when one bit is not what it was.
//!
//! A backup is a folder with three files: the house as a tar archive (sealed where a key was given), a list with its SHA-256, and
//! the SHA-256 of the list. In the archive lie the tables as lines of JSON, the pictures and voices as files, and the secret.
//! What can be made from other rows (the search) is left out and made anew.

mod list;
mod payload;
mod restore;
mod rows;
mod take;
#[cfg(test)]
pub mod tests;

pub(super) use list::Counted;
pub use list::LIST;
pub use restore::{Restored, put_back, unfinished};
pub use take::{Taken, take};

use kit::secrets::stream::StreamKey;
use kit::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Tables that are made anew from the others.
pub const DERIVED: &[&str] = &["search_doc"];
/// What the database has seen of our migrations; written by running them.
pub const SCHEMA: &str = "migration";

/// The variable that holds the key where no file does. There is no flag for it: a command line is seen by all.
pub const KEY_VARIABLE: &str = "MULIN_BACKUP_KEY";

const HEAD: &str = "house.json";
const SECRET: &str = "secret.key";
const RING: &str = "contact.keys";
const SUMS: &str = "sums.json";

/// The first thing in the archive: what is needed to read the rest.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Head {
    version: String,
    taken: String,
    /// Name and checksum of every migration that the tables have seen.
    migrations: Vec<(String, String)>,
    tables: Vec<TableHead>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct TableHead {
    name: String,
    /// Name and kind, in the order of the values.
    columns: Vec<(String, String)>,
}

/// The last thing in the archive: what must have come before it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Sums {
    tables: BTreeMap<String, rows::Sum>,
    pictures: u64,
    secret: bool,
    /// Whether the ring of keys is in it; it is not where it was put on another disk.
    #[serde(default)]
    ring: bool,
}

/// The key in a file, or in the variable; `None` where neither is given.
///
/// # Errors
/// In a sentence, when the file cannot be read or the key is too short.
pub fn key(file: Option<&Path>) -> Result<Option<StreamKey>> {
    let text = match file {
        Some(path) => Some(std::fs::read_to_string(path).map_err(|e| said(path, e))?),
        None => std::env::var(KEY_VARIABLE).ok().filter(|text| !text.trim().is_empty()),
    };
    text.map(|text| StreamKey::parse(&text)).transpose()
}

fn said(path: &Path, error: std::io::Error) -> Error {
    Error::Unavailable(format!("{}: {error}", path.display()))
}

fn damaged(how: impl std::fmt::Display) -> Error {
    Error::Unavailable(format!("the backup is damaged: {how}; nothing was restored"))
}

/// Makes what was written into a folder survive a power cut.
fn flush(folder: &Path) -> Result<()> {
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| said(folder, e))
}

/// A folder that only its owner may look into.
fn private_folder(path: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|e| said(path, e))
}

/// A new file that only its owner may read.
pub(super) fn private_file(path: &Path) -> Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|e| said(path, e))
}

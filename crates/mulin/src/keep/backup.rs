//! `mulin backup` and `mulin restore`: a consistent copy while the house is open, and the way back, refused when the copy
//! is not what it was.
//!
//! A backup is a folder: the database, the pictures, the secret, and a list of every file with its SHA-256. Pictures are
//! copied before the database is: what the copy shows is there.

use kit::db::Dialect;
use kit::web::App;
use kit::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

const LIST: &str = "backup.json";
const FORMAT: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
struct List {
    format: u32,
    version: String,
    taken: String,
    /// Path inside the backup → SHA-256.
    files: BTreeMap<String, String>,
}

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Copied {
    pub files: usize,
    pub bytes: u64,
}

/// Copies everything into `to`, which must not exist yet.
///
/// # Errors
/// On PostgreSQL, which has its own tools; when something cannot be read or written.
pub async fn take(app: &App, to: &Path) -> Result<Copied> {
    if app.db.dialect() == Dialect::Postgres {
        return Err(Error::Unavailable(
            "on PostgreSQL take the database with pg_dump and copy the media folder".into(),
        ));
    }
    if to.exists() {
        return Err(Error::Unavailable(format!("{} is there already", to.display())));
    }
    let half = to.with_extension("half");
    let _ = std::fs::remove_dir_all(&half);
    std::fs::create_dir_all(&half).map_err(|e| said(&half, e))?;
    let data = app.config.data.clone();
    copy_tree(&data.join("media"), &half.join("media"))?;
    app.db.copy_to(half.join("mulin.db")).await?;
    // What was added between the two copies: pictures of cases that are in the database by now.
    copy_tree(&data.join("media"), &half.join("media"))?;
    let secret = data.join("secret.key");
    if secret.exists() {
        copy(&secret, &half.join("secret.key"))?;
    }
    let mut files = BTreeMap::new();
    let mut bytes = 0;
    for path in tree(&half)? {
        bytes += std::fs::metadata(half.join(&path)).map_err(|e| said(&half, e))?.len();
        files.insert(name_of(&path), hash(&half.join(&path))?);
    }
    let list =
        List { format: FORMAT, version: env!("CARGO_PKG_VERSION").into(), taken: app.clock.now().to_string(), files };
    let text = serde_json::to_string_pretty(&list).map_err(Error::internal)?;
    std::fs::write(half.join(LIST), text).map_err(|e| said(&half, e))?;
    std::fs::rename(&half, to).map_err(|e| said(to, e))?;
    Ok(Copied { files: list.files.len(), bytes })
}

/// Puts a backup into `data`, which must be empty; nothing is written when one bit of the backup differs from its list.
///
/// # Errors
/// With the file that differs, is missing, or is not on the list.
pub fn put_back(from: &Path, data: &Path) -> Result<Copied> {
    let text = std::fs::read_to_string(from.join(LIST)).map_err(|e| said(&from.join(LIST), e))?;
    let list: List = serde_json::from_str(&text)
        .map_err(|e| Error::Unavailable(format!("{} cannot be read: {e}", from.join(LIST).display())))?;
    if list.format != FORMAT {
        return Err(Error::Unavailable(format!("this backup has format {}, this program reads {FORMAT}", list.format)));
    }
    let present: Vec<PathBuf> = tree(from)?.into_iter().filter(|path| name_of(path) != LIST).collect();
    for path in &present {
        let name = name_of(path);
        let listed = list.files.get(&name).ok_or_else(|| damaged(&name, "is not on its list"))?;
        if *listed != hash(&from.join(path))? {
            return Err(damaged(&name, "differs from its list"));
        }
    }
    if let Some(name) = list.files.keys().find(|name| !present.iter().any(|path| name_of(path) == **name)) {
        return Err(damaged(name, "is missing"));
    }
    let used = data.exists() && std::fs::read_dir(data).map_err(|e| said(data, e))?.next().is_some();
    if used {
        return Err(Error::Unavailable(format!("{} is not empty", data.display())));
    }
    let mut bytes = 0;
    for path in &present {
        bytes += copy(&from.join(path), &data.join(path))?;
    }
    Ok(Copied { files: present.len(), bytes })
}

fn damaged(name: &str, how: &str) -> Error {
    Error::Unavailable(format!("the backup is damaged: {name} {how}; nothing was restored"))
}

fn said(path: &Path, error: std::io::Error) -> Error {
    Error::Unavailable(format!("{}: {error}", path.display()))
}

/// Every file below a folder, as paths relative to it, in order.
fn tree(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(&next).map_err(|e| said(&next, e))? {
            let path = entry.map_err(|e| said(&next, e))?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if let Ok(inside) = path.strip_prefix(folder) {
                found.push(inside.to_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

fn name_of(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Ok(());
    }
    for path in tree(from)? {
        // A picture half written has another ending and is not part of any case yet.
        let whole = path.extension().is_some_and(|end| end == "jpg");
        if whole && !to.join(&path).exists() && from.join(&path).exists() {
            copy(&from.join(&path), &to.join(&path))?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<u64> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(|e| said(folder, e))?;
    }
    let bytes = std::fs::copy(from, to).map_err(|e| said(from, e))?;
    std::fs::File::open(to).and_then(|file| file.sync_all()).map_err(|e| said(to, e))?;
    Ok(bytes)
}

fn hash(path: &Path) -> Result<String> {
    let mut file = std::fs::File::open(path).map_err(|e| said(path, e))?;
    let (mut sha, mut some) = (Sha256::new(), vec![0_u8; 1 << 16]);
    loop {
        match file.read(&mut some).map_err(|e| said(path, e))? {
            0 => return Ok(hex::encode(sha.finalize())),
            n => sha.update(&some[..n]),
        }
    }
}

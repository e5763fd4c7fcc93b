//! Pictures on the disk: nobody is told that one is kept before it survives a power cut, and nobody is shown half of one.
//!
//! A picture is written under another name, flushed, renamed, and then the folders that name it are flushed as well.

use crate::time::Moment;
use bytes::Bytes;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

/// Unfinished pictures lie here. The folder is also the sign that this is our shelf, and not
/// the empty place where a disk should be mounted.
const HALF: &str = ".half";

/// Makes the shelf ready and clears away what a killed process left unfinished.
pub fn prepare(root: &Path) -> io::Result<()> {
    crate::own::folder(root)?;
    crate::own::folder(&root.join(HALF))?;
    // A shelf from before, which is ours by its sign.
    crate::own::hide(root);
    flush(root)?;
    for left in fs::read_dir(root.join(HALF))? {
        let left = left?.path();
        // Whoever still writes holds the lock; another process may share the shelf. It is held while the file goes, so that
        // a writer who has just made one sees that it is gone.
        if let Ok(file) = File::open(&left)
            && file.try_lock().is_ok()
        {
            forgive_absence(fs::remove_file(&left))?;
        }
    }
    Ok(())
}

/// `name` has the form `tenant/folder/file`. Writing it again replaces it as a whole.
pub fn write(root: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    // Locked until it has its name.
    let (_locked, half) = write_half(root, bytes)?;
    let placed = place(root, name, &half);
    if placed.is_err() {
        // The first failure is told; an unfinished file that stays is cleared at the next start.
        let _ = fs::remove_file(&half);
    }
    placed
}

fn write_half(root: &Path, bytes: &[u8]) -> io::Result<(File, PathBuf)> {
    let (mut file, path) = new_half(root)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if let Err(e) = written {
        let _ = fs::remove_file(&path);
        return Err(e);
    }
    Ok((file, path))
}

/// Every writer has a file of its own, so two that send the same picture never mix their bytes.
fn new_half(root: &Path) -> io::Result<(File, PathBuf)> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let path = root.join(HALF).join(NEXT.fetch_add(1, Ordering::Relaxed).to_string());
        match File::create_new(&path) {
            Ok(file) => {
                // Where the file system knows no locks, nothing is cleared away either.
                let _ = file.lock();
                // Somebody else who made the shelf ready may have cleared it away before it was locked.
                if path.exists() {
                    return Ok((file, path));
                }
            }
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
        }
    }
}

fn place(root: &Path, name: &str, half: &Path) -> io::Result<()> {
    let path = root.join(name);
    let folder = path.parent().ok_or(ErrorKind::InvalidInput)?;
    let tenant = folder.parent().ok_or(ErrorKind::InvalidInput)?;
    // One level after the other: a missing root is a disk that is away, not a folder to make.
    for level in [tenant, folder] {
        match fs::create_dir(level) {
            Err(e) if e.kind() != ErrorKind::AlreadyExists => return Err(e),
            _ => {}
        }
    }
    fs::rename(half, &path)?;
    // All three, even when they were there: a neighbour may have made one a moment ago and not flushed it yet.
    [folder, tenant, root].into_iter().try_for_each(flush)
}

/// `None` when there is no such picture; an error when the shelf itself is gone.
pub fn read(root: &Path, name: &str) -> io::Result<Option<Bytes>> {
    match fs::read(root.join(name)) {
        Ok(bytes) => Ok(Some(bytes.into())),
        Err(e) if e.kind() == ErrorKind::NotFound => is_there(root).map(|()| None),
        Err(e) => Err(e),
    }
}

/// Every file of a shelf by its name, with when it was last changed.
pub fn every(root: &Path) -> io::Result<Vec<(String, Moment)>> {
    is_there(root)?;
    let (mut found, mut waiting) = (Vec::new(), vec![(root.to_owned(), String::new())]);
    while let Some((folder, above)) = waiting.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let name = format!("{above}{}", entry.file_name().to_string_lossy());
            if name == HALF {
                continue;
            }
            // Gone since it was listed: taken back by whoever sent it.
            let about = match entry.metadata() {
                Err(e) if e.kind() == ErrorKind::NotFound => continue,
                about => about?,
            };
            if about.is_dir() {
                waiting.push((entry.path(), format!("{name}/")));
                continue;
            }
            let since = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
            found.push((name, Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))));
        }
    }
    Ok(found)
}

/// When this returns, the picture does not come back after a power cut.
pub fn remove(root: &Path, name: &str) -> io::Result<()> {
    is_there(root)?;
    let path = root.join(name);
    forgive_absence(fs::remove_file(&path))?;
    forgive_absence(flush(path.parent().ok_or(ErrorKind::InvalidInput)?))
}

fn is_there(root: &Path) -> io::Result<()> {
    fs::metadata(root.join(HALF)).map(drop)
}

fn flush(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn forgive_absence(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests;

//! Keys that can be changed while the house is open: a file of its own, the newest key first. What is sealed names its key, so
//! that older keys read what they sealed until it has been sealed anew.
//!
//! The keys in the file are themselves sealed with the master secret: whoever gets hold of one of the two opens nothing.

use super::Secrets;
use crate::time::Moment;
use crate::{Error, Result};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

/// A key's name in front of what it sealed.
pub type KeyId = [u8; 4];

const LABEL: &str = "key-ring";

/// One key.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    pub id: KeyId,
    pub since: Moment,
    pub(super) bytes: [u8; 32],
}

/// The keys of a house. Cloning shares them.
#[derive(Clone)]
pub struct Ring {
    path: PathBuf,
    keys: Arc<RwLock<Vec<Key>>>,
}

impl Ring {
    /// Reads the file, or makes it with a first key.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it cannot be read or written, or belongs to another master secret.
    pub(super) fn open(master: &Secrets, path: &Path, now: Moment) -> Result<Ring> {
        let ring = Ring { path: path.to_owned(), keys: Arc::default() };
        let _alone = ring.lock()?;
        let mut keys = ring.read(master)?;
        if keys.is_empty() {
            keys.push(new_key(master, now)?);
            ring.write(master, &keys)?;
        }
        ring.set(keys);
        Ok(ring)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The keys, the newest first.
    pub fn keys(&self) -> Vec<Key> {
        self.keys.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    pub(super) fn current(&self) -> Result<Key> {
        self.keys().into_iter().next().ok_or_else(|| Error::internal("a ring without a key"))
    }

    /// The key of this name, if need be from the file: another program may have added it.
    pub(super) fn find(&self, master: &Secrets, id: KeyId) -> Option<Key> {
        let known = |keys: Vec<Key>| keys.into_iter().find(|key| key.id == id);
        known(self.keys()).or_else(|| {
            self.refresh(master).ok()?;
            known(self.keys())
        })
    }

    /// Reads the file again.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it is gone or empty.
    pub fn refresh(&self, master: &Secrets) -> Result<()> {
        let keys = self.read(master)?;
        if keys.is_empty() {
            return Err(Error::Unavailable(format!("{} holds no key any more", self.path.display())));
        }
        self.set(keys);
        Ok(())
    }

    /// Adds a key in front; from now on everything is sealed with it.
    pub(super) fn rotate(&self, master: &Secrets, now: Moment) -> Result<KeyId> {
        let _alone = self.lock()?;
        let mut keys = self.read(master)?;
        let key = new_key(master, now)?;
        let id = key.id;
        keys.insert(0, key);
        self.write(master, &keys)?;
        self.set(keys);
        Ok(id)
    }

    /// Takes keys off the ring that nothing needs: not the newest, followed by a newer one since before `before`, not in `used`.
    pub(super) fn forget(&self, master: &Secrets, used: &[KeyId], before: Moment) -> Result<usize> {
        let _alone = self.lock()?;
        let keys = self.read(master)?;
        let stays = |at: usize| at == 0 || used.contains(&keys[at].id) || keys[at - 1].since > before;
        let left: Vec<Key> = (0..keys.len()).filter(|at| stays(*at)).map(|at| keys[at].clone()).collect();
        let gone = keys.len() - left.len();
        if gone > 0 {
            self.write(master, &left)?;
            self.set(left);
        }
        Ok(gone)
    }

    fn set(&self, keys: Vec<Key>) {
        *self.keys.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = keys;
    }

    fn failed(&self, error: impl std::fmt::Display) -> Error {
        Error::Unavailable(format!("{}: {error}", self.path.display()))
    }

    /// Of two programs that change the ring one waits for the other: a key that is lost would be lost for ever.
    fn lock(&self) -> Result<File> {
        let mut name = self.path.clone().into_os_string();
        name.push(".lock");
        let file = private(&PathBuf::from(name), false).map_err(|e| self.failed(e))?;
        file.lock().map_err(|e| self.failed(e))?;
        Ok(file)
    }

    fn read(&self, master: &Secrets) -> Result<Vec<Key>> {
        let text = match std::fs::read_to_string(&self.path) {
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            read => read.map_err(|e| self.failed(e))?,
        };
        let key = |line: &str| line_of(master, line).ok_or_else(|| self.failed("this is no key of this house"));
        text.lines().filter(|line| !line.trim().is_empty()).map(key).collect()
    }

    /// The file is whole and flushed under its name, or the old one stays.
    fn write(&self, master: &Secrets, keys: &[Key]) -> Result<()> {
        let mut text = String::new();
        for key in keys {
            let sealed = hex::encode(master.seal_with_master(LABEL, &key.bytes)?);
            text.push_str(&format!("{} {} {sealed}\n", hex::encode(key.id), key.since.0));
        }
        let mut half = self.path.clone().into_os_string();
        half.push(".half");
        let half = PathBuf::from(half);
        let written = private(&half, true).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.and_then(|()| std::fs::rename(&half, &self.path)).map_err(|e| self.failed(e))?;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| self.failed(e))
    }
}

fn private(path: &Path, anew: bool) -> std::io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(anew);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn line_of(master: &Secrets, line: &str) -> Option<Key> {
    let mut parts = line.split_whitespace();
    let id: KeyId = hex::decode(parts.next()?).ok()?.try_into().ok()?;
    let since = Moment(parts.next()?.parse().ok()?);
    let bytes = master.unseal_with_master(LABEL, &hex::decode(parts.next()?).ok()?)?.try_into().ok()?;
    Some(Key { id, since, bytes })
}

fn new_key(master: &Secrets, now: Moment) -> Result<Key> {
    let bytes = super::random()?;
    let tag = master.mac("key-ring-id", &[&bytes]);
    let id = [tag[0], tag[1], tag[2], tag[3]];
    Ok(Key { id, since: now, bytes })
}

#[cfg(test)]
mod tests;

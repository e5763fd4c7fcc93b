//! The list of a backup: what must be in the folder, bit for bit, and nothing else. Anybody can check it with `sha256sum -c`.

use super::{damaged, flush, private_file, said};
use kit::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::path::Path;

pub const LIST: &str = "backup.json";
/// The digest of the list, in the form that `sha256sum` writes.
pub const LIST_SUM: &str = "backup.sha256";
pub const OPEN: &str = "house.tar";
pub const SEALED: &str = "house.tar.sealed";
pub const FORMAT: u32 = 2;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    pub format: u32,
    pub version: String,
    pub taken: String,
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
}

impl List {
    pub fn write(&self, folder: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).map_err(Error::internal)?;
        let sum = format!("{}  {LIST}\n{}  {}\n", hex::encode(Sha256::digest(&text)), self.sha256, self.file);
        for (name, text) in [(LIST, &text), (LIST_SUM, &sum)] {
            let path = folder.join(name);
            let mut file = private_file(&path)?;
            file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|e| said(&path, e))?;
        }
        flush(folder)
    }

    /// Reads every byte of the folder and finds it as it was written.
    ///
    /// # Errors
    /// With what differs, is missing, or does not belong there.
    pub fn verified(folder: &Path) -> Result<List> {
        let read = |name: &str| std::fs::read(folder.join(name)).map_err(|e| said(&folder.join(name), e));
        let text = read(LIST)?;
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let format: Format =
            serde_json::from_slice(&text).map_err(|e| damaged(format!("{LIST} cannot be read ({e})")))?;
        if format.format != FORMAT {
            let told = format!("this backup has format {}, this program reads {FORMAT}", format.format);
            return Err(Error::Unavailable(told));
        }
        let list: List = serde_json::from_slice(&text).map_err(|e| damaged(format!("{LIST} cannot be read ({e})")))?;
        let sum = format!("{}  {LIST}\n{}  {}\n", hex::encode(Sha256::digest(&text)), list.sha256, list.file);
        if read(LIST_SUM)? != sum.as_bytes() {
            return Err(damaged(format!("{LIST} is not what {LIST_SUM} says")));
        }
        if list.file != OPEN && list.file != SEALED {
            return Err(damaged(format!("{LIST} names a file that is none of ours")));
        }
        for entry in std::fs::read_dir(folder).map_err(|e| said(folder, e))? {
            let name = entry.map_err(|e| said(folder, e))?.file_name().to_string_lossy().into_owned();
            if ![LIST, LIST_SUM, &list.file].contains(&name.as_str()) {
                return Err(damaged(format!("{name} is not on its list")));
            }
        }
        let path = folder.join(&list.file);
        let file = std::fs::File::open(&path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => damaged(format!("{} is missing", list.file)),
            _ => said(&path, e),
        })?;
        let mut counted = Counted::new(file);
        std::io::copy(&mut counted, &mut std::io::sink()).map_err(|e| said(&path, e))?;
        counted.must_be(&list)?;
        Ok(list)
    }
}

/// Passes bytes on, and knows their number and digest.
pub struct Counted<T> {
    pub inner: T,
    pub bytes: u64,
    sha: Sha256,
}

impl<T> Counted<T> {
    pub fn new(inner: T) -> Counted<T> {
        Counted { inner, bytes: 0, sha: Sha256::new() }
    }

    pub fn sha256(&self) -> String {
        hex::encode(self.sha.clone().finalize())
    }

    pub fn must_be(&self, list: &List) -> Result<()> {
        let same = self.bytes == list.bytes && self.sha256() == list.sha256;
        if same { Ok(()) } else { Err(damaged(format!("{} differs from its list", list.file))) }
    }

    fn count(&mut self, bytes: &[u8]) {
        self.sha.update(bytes);
        self.bytes += bytes.len() as u64;
    }
}

impl<T: Read> Read for Counted<T> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let some = self.inner.read(to)?;
        self.count(&to[..some]);
        Ok(some)
    }
}

impl<T: Write> Write for Counted<T> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let some = self.inner.write(bytes)?;
        self.count(&bytes[..some]);
        Ok(some)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

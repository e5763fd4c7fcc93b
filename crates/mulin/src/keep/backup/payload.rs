//! The archive on its way out and in: counted, sealed where there is a key, and never in memory as a whole.

use super::list::{Counted, List, SEALED};
use super::{damaged, said};
use kit::secrets::stream::{Opening, Sealing, StreamKey};
use kit::{Error, Result};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use tokio::sync::mpsc;

/// No member is larger: lots of rows and pictures are both far below.
const MEMBER_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// Members read ahead.
const AHEAD: usize = 2;

type Written = Counted<BufWriter<File>>;

/// Where the archive is written.
pub enum Out {
    Open(Written),
    Sealed(Box<Sealing<Written>>),
}

impl Out {
    pub fn begin(file: File, key: Option<&StreamKey>) -> std::io::Result<Out> {
        let counted = Counted::new(BufWriter::new(file));
        Ok(match key {
            None => Out::Open(counted),
            Some(key) => Out::Sealed(Box::new(Sealing::begin(counted, key)?)),
        })
    }

    /// Everything is on the disk when this returns.
    pub fn finish(self) -> std::io::Result<Written> {
        let mut counted = match self {
            Out::Open(counted) => counted,
            Out::Sealed(sealing) => sealing.finish()?,
        };
        counted.flush()?;
        counted.inner.get_ref().sync_all()?;
        Ok(counted)
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Out::Open(to) => to.write(bytes),
            Out::Sealed(to) => to.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Out::Open(to) => to.flush(),
            Out::Sealed(to) => to.flush(),
        }
    }
}

/// The archive being written.
pub struct Archive {
    tar: tar::Builder<Out>,
    seconds: u64,
}

impl Archive {
    pub fn begin(out: Out, seconds: u64) -> Archive {
        Archive { tar: tar::Builder::new(out), seconds }
    }

    pub fn add(&mut self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(self.seconds);
        self.tar.append_data(&mut header, name, bytes)
    }

    pub fn finish(self) -> std::io::Result<Written> {
        self.tar.into_inner()?.finish()
    }
}

/// What lies in an archive, one after the other, read on a thread of its own. The end is only told when every byte was read
/// and the file is still the one on the list.
pub struct Members(mpsc::Receiver<Result<Member>>);

pub struct Member {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Members {
    pub fn of(folder: &Path, list: List, key: Option<&StreamKey>) -> Result<Members> {
        let path = folder.join(&list.file);
        let file = File::open(&path).map_err(|e| said(&path, e))?;
        let key = match (list.file == SEALED, key) {
            (true, None) => {
                let why = "this backup is sealed; name the file of its key with --key-file, or set MULIN_BACKUP_KEY";
                return Err(Error::Unavailable(why.into()));
            }
            (true, key) => key.cloned(),
            (false, _) => None,
        };
        let (give, take) = mpsc::channel(AHEAD);
        tokio::task::spawn_blocking(move || {
            if let Err(why) = read(file, &list, key.as_ref(), &give) {
                let _ = give.blocking_send(Err(why));
            }
        });
        Ok(Members(take))
    }

    pub async fn next(&mut self) -> Result<Option<Member>> {
        self.0.recv().await.transpose()
    }
}

fn read(file: File, list: &List, key: Option<&StreamKey>, give: &mpsc::Sender<Result<Member>>) -> Result<()> {
    let mut counted = Counted::new(BufReader::new(file));
    match key {
        None => members(&mut counted, give)?,
        Some(key) => members(&mut Opening::begin(&mut counted, key).map_err(told)?, give)?,
    }
    std::io::copy(&mut counted, &mut std::io::sink()).map_err(told)?;
    counted.must_be(list)
}

fn members(from: &mut impl Read, give: &mpsc::Sender<Result<Member>>) -> Result<()> {
    let mut archive = tar::Archive::new(&mut *from);
    for entry in archive.entries().map_err(told)? {
        let mut entry = entry.map_err(told)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if entry.size() > MEMBER_BYTES_MAX {
            return Err(damaged(format!("{name} is larger than anything we write")));
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(told)?;
        if give.blocking_send(Ok(Member { name, bytes })).is_err() {
            // Nobody wants the rest; nobody hears this either.
            return Err(Error::NotFound);
        }
    }
    // What pads the end belongs to it too.
    std::io::copy(from, &mut std::io::sink()).map(drop).map_err(told)
}

fn told(error: std::io::Error) -> Error {
    Error::Unavailable(format!("the backup cannot be read: {error}"))
}

//! Where pictures lie: a folder that is flushed before anyone is told, or any object store.

use super::{Prepared, prepare};
use crate::{Error, Result};
use bytes::Bytes;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Which picture, of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaKey {
    pub tenant: Uuid,
    pub id: Uuid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    Full,
    Thumb,
}

/// The shelf. Cloning shares it.
#[derive(Clone)]
pub struct Media {
    shelf: Shelf,
    /// Decoding takes memory: few at once.
    turns: Arc<Semaphore>,
}

#[derive(Clone)]
enum Shelf {
    Folder(PathBuf),
    Objects(Arc<dyn ObjectStore>),
}

const DECODE_AT_ONCE: usize = 2;

impl Media {
    /// In a folder of this machine.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the folder cannot be made.
    pub fn in_folder(folder: &Path) -> Result<Media> {
        std::fs::create_dir_all(folder).map_err(|e| Error::Unavailable(format!("{}: {e}", folder.display())))?;
        Ok(Media { shelf: Shelf::Folder(folder.to_owned()), turns: Arc::new(Semaphore::new(DECODE_AT_ONCE)) })
    }

    /// In an object store.
    pub fn in_objects(store: Arc<dyn ObjectStore>) -> Media {
        Media { shelf: Shelf::Objects(store), turns: Arc::new(Semaphore::new(DECODE_AT_ONCE)) }
    }

    /// Makes foreign bytes into clean pictures, beside the threads that answer.
    ///
    /// # Errors
    /// As [`prepare`].
    pub async fn accept(&self, bytes: Bytes) -> Result<Prepared> {
        let _turn = self.turns.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(move || prepare(&bytes)).await.map_err(Error::internal)?
    }

    /// Keeps both sizes; when this returns they survive a power cut.
    pub async fn put(&self, key: MediaKey, picture: &Prepared) -> Result<()> {
        self.write(key, Size::Thumb, Bytes::from(picture.thumb.clone())).await?;
        self.write(key, Size::Full, Bytes::from(picture.full.clone())).await
    }

    async fn write(&self, key: MediaKey, size: Size, bytes: Bytes) -> Result<()> {
        match &self.shelf {
            Shelf::Folder(folder) => {
                let path = folder.join(name(key, size));
                tokio::task::spawn_blocking(move || write_durably(&path, &bytes))
                    .await
                    .map_err(Error::internal)?
                    .map_err(|e| Error::Unavailable(format!("a picture cannot be kept: {e}")))
            }
            Shelf::Objects(store) => {
                let put = store.put(&ObjectPath::from(name(key, size)), PutPayload::from(bytes)).await;
                put.map(drop).map_err(|e| Error::Unavailable(format!("a picture cannot be kept: {e}")))
            }
        }
    }

    /// The JPEG bytes, or `None` when there is no such picture.
    pub async fn get(&self, key: MediaKey, size: Size) -> Result<Option<Bytes>> {
        match &self.shelf {
            Shelf::Folder(folder) => match tokio::fs::read(folder.join(name(key, size))).await {
                Ok(bytes) => Ok(Some(bytes.into())),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(e) => Err(Error::Unavailable(e.to_string())),
            },
            Shelf::Objects(store) => match store.get(&ObjectPath::from(name(key, size))).await {
                Ok(found) => found.bytes().await.map(Some).map_err(|e| Error::Unavailable(e.to_string())),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(e) => Err(Error::Unavailable(e.to_string())),
            },
        }
    }

    /// Takes both sizes away; nothing happens when they are gone.
    pub async fn remove(&self, key: MediaKey) -> Result<()> {
        for size in [Size::Full, Size::Thumb] {
            let gone = match &self.shelf {
                Shelf::Folder(folder) => match tokio::fs::remove_file(folder.join(name(key, size))).await {
                    Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.to_string()),
                    _ => Ok(()),
                },
                Shelf::Objects(store) => match store.delete(&ObjectPath::from(name(key, size))).await {
                    Err(e) if !matches!(e, object_store::Error::NotFound { .. }) => Err(e.to_string()),
                    _ => Ok(()),
                },
            };
            gone.map_err(Error::Unavailable)?;
        }
        Ok(())
    }
}

fn name(key: MediaKey, size: Size) -> String {
    let id = key.id.simple().to_string();
    let size = if size == Size::Full { "full" } else { "thumb" };
    // The last two digits spread over folders; the first ones of a time-ordered id do not.
    format!("{}/{}/{id}-{size}.jpg", key.tenant.simple(), &id[30..])
}

fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().ok_or(std::io::ErrorKind::InvalidInput)?;
    std::fs::create_dir_all(folder)?;
    let half = path.with_extension("half");
    let mut file = std::fs::File::create(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&half, path)?;
    std::fs::File::open(folder)?.sync_all()
}

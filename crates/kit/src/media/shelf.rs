//! Where pictures lie: a folder that is flushed before anyone is told, or any object store.

use super::{Prepared, Voice, folder, prepare};
use crate::time::Moment;
use crate::{Error, Result};
use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Which picture, of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MediaKey {
    pub tenant: Uuid,
    pub id: Uuid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Size {
    Full,
    Thumb,
    /// A voice note instead of a picture.
    Voice,
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
    /// Where the setting says: a URL such as `s3://bucket/pictures`, or without one the folder `media` in `data`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the folder cannot be made, or the URL names a store this binary was built without.
    pub fn open(setting: Option<&str>, data: &Path) -> Result<Media> {
        match setting {
            None => Media::in_folder(&data.join("media")),
            Some(url) => super::objects::at(url).map(Media::in_objects),
        }
    }

    /// In a folder of this machine.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the folder cannot be made.
    pub fn in_folder(root: &Path) -> Result<Media> {
        folder::prepare(root).map_err(|e| Error::Unavailable(format!("{}: {e}", root.display())))?;
        Ok(Media { shelf: Shelf::Folder(root.to_owned()), turns: Arc::new(Semaphore::new(DECODE_AT_ONCE)) })
    }

    /// Whether it is an object store, and so perhaps another company's machine.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self.shelf, Shelf::Objects(_))
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
        self.in_turn(move || prepare(&bytes)).await
    }

    /// The work keeps its turn even when the visitor leaves before it is done, because it goes on all the same.
    pub(super) async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let turn = self.turns.clone().acquire_owned().await.map_err(Error::internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(Error::internal)?
    }

    #[cfg(test)]
    pub(super) fn turns_free(&self) -> usize {
        self.turns.available_permits()
    }

    /// Keeps both sizes; when this returns they survive a power cut.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the disk or the object store is away or full; then at most the thumb is kept.
    pub async fn put(&self, key: MediaKey, picture: &Prepared) -> Result<()> {
        self.write(key, Size::Thumb, Bytes::from(picture.thumb.clone())).await?;
        self.write(key, Size::Full, Bytes::from(picture.full.clone())).await
    }

    async fn write(&self, key: MediaKey, size: Size, bytes: Bytes) -> Result<()> {
        let name = name_of(key, size);
        match &self.shelf {
            Shelf::Folder(root) => on_disk(root, move |root| folder::write(root, &name, &bytes)).await,
            Shelf::Objects(store) => {
                let put = store.put(&ObjectPath::from(name), PutPayload::from(bytes)).await;
                put.map(drop).map_err(away)
            }
        }
    }

    /// The JPEG bytes, or `None` when there is no such picture.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the disk or the object store is away.
    pub async fn get(&self, key: MediaKey, size: Size) -> Result<Option<Bytes>> {
        let name = name_of(key, size);
        match &self.shelf {
            Shelf::Folder(root) => on_disk(root, move |root| folder::read(root, &name)).await,
            Shelf::Objects(store) => match store.get(&ObjectPath::from(name)).await {
                Ok(found) => found.bytes().await.map(Some).map_err(away),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(e) => Err(away(e)),
            },
        }
    }

    /// Keeps a voice note; when this returns it survives a power cut.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the disk or the object store is away or full.
    pub async fn put_voice(&self, key: MediaKey, voice: &Voice) -> Result<()> {
        self.write(key, Size::Voice, Bytes::from(voice.bytes.clone())).await
    }

    /// The sound, or `None` when there is no such voice note.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the disk or the object store is away.
    pub async fn get_voice(&self, key: MediaKey) -> Result<Option<Bytes>> {
        self.get(key, Size::Voice).await
    }

    /// Keeps bytes that were on a shelf before, as they are; when this returns they survive a power cut.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the disk or the object store is away or full.
    pub async fn keep(&self, key: MediaKey, size: Size, bytes: Bytes) -> Result<()> {
        self.write(key, size, bytes).await
    }

    /// Everything that lies on the shelf, in no particular order; what is only half written is left out.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the disk or the object store is away.
    pub async fn lying(&self) -> Result<Vec<Lying>> {
        let all = match &self.shelf {
            Shelf::Folder(root) => on_disk(root, folder::every).await?,
            Shelf::Objects(store) => {
                let found: Vec<_> = store.list(None).try_collect().await.map_err(away)?;
                let moment = |of: &object_store::ObjectMeta| Moment(of.last_modified.timestamp_millis());
                found.iter().map(|of| (of.location.to_string(), moment(of))).collect()
            }
        };
        Ok(all.into_iter().map(|(name, changed)| Lying { what: key_of(&name), name, changed }).collect())
    }

    /// Takes everything kept under a key away for good; nothing happens when they are gone.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the disk or the object store is away: the pictures may still be there.
    pub async fn remove(&self, key: MediaKey) -> Result<()> {
        for size in [Size::Full, Size::Thumb, Size::Voice] {
            let name = name_of(key, size);
            match &self.shelf {
                Shelf::Folder(root) => on_disk(root, move |root| folder::remove(root, &name)).await?,
                Shelf::Objects(store) => match store.delete(&ObjectPath::from(name)).await {
                    Err(e) if !matches!(e, object_store::Error::NotFound { .. }) => return Err(away(e)),
                    _ => {}
                },
            }
        }
        Ok(())
    }
}

/// Where something lies: `tenant/folder/id-full.jpg`.
pub fn name_of(key: MediaKey, size: Size) -> String {
    let id = key.id.simple().to_string();
    let end = match size {
        Size::Full => "full.jpg",
        Size::Thumb => "thumb.jpg",
        Size::Voice => "voice",
    };
    // The last two digits spread over folders; the first ones of a time-ordered id do not.
    format!("{}/{}/{id}-{end}", key.tenant.simple(), &id[30..])
}

/// What lies under a name; `None` when the name is none of ours.
pub fn key_of(name: &str) -> Option<(MediaKey, Size)> {
    let (folders, file) = name.rsplit_once('/')?;
    let (id, end) = file.split_once('-')?;
    let size = match end {
        "full.jpg" => Size::Full,
        "thumb.jpg" => Size::Thumb,
        "voice" => Size::Voice,
        _ => return None,
    };
    let key = MediaKey { tenant: folders.split('/').next()?.parse().ok()?, id: id.parse().ok()? };
    (name_of(key, size) == name).then_some((key, size))
}

/// Something on the shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lying {
    pub name: String,
    /// `None` for what is none of ours.
    pub what: Option<(MediaKey, Size)>,
    pub changed: Moment,
}

async fn on_disk<T: Send + 'static>(
    root: &Path,
    work: impl FnOnce(&Path) -> std::io::Result<T> + Send + 'static,
) -> Result<T> {
    let root = root.to_owned();
    tokio::task::spawn_blocking(move || work(&root)).await.map_err(Error::internal)?.map_err(away)
}

fn away(why: impl std::fmt::Display) -> Error {
    Error::Unavailable(format!("the pictures are out of reach: {why}"))
}

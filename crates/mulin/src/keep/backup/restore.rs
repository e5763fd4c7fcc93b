//! The way back: everything is looked at before anything is written, and nobody can start a house that is half there.
//!
//! What is made lies in a folder of its own until it is whole. While that folder exists, the house refuses to start.

use super::list::List;
use super::payload::{Member, Members};
use super::rows::{self, Adding};
use super::take::{head_of, kept};
use super::{HEAD, Head, RING, SECRET, SUMS, Sums, TableHead, damaged, flush, private_file, private_folder, said};
use crate::boot::{self, Settings};
use crate::keep::store;
use crate::migrations;
use kit::db::snapshot::{Column, Kind, Table};
use kit::db::{Context, Db, DbUrl, Dialect, Migration, Tx, Value};
use kit::media::Media;
use kit::secrets::Secrets;
use kit::secrets::stream::StreamKey;
use kit::time::Clock;
use kit::{Error, Result};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use tokio::sync::Mutex;

/// Where a house lies until it is whole.
const UNFINISHED: &str = ".restoring";

/// What a restored data folder holds.
const MADE: &[&str] = &["mulin.db", "mulin.db-wal", "mulin.db-shm", "media", SECRET, RING];

/// What was put back.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Restored {
    /// When it was taken.
    pub taken: String,
    pub tables: usize,
    pub rows: u64,
    pub pictures: u64,
    /// Whether the house's secret was in it.
    pub secret: bool,
    /// Whether the keys for contacts were in it.
    pub ring: bool,
    /// Characters NUL that PostgreSQL cannot keep and that were left out.
    pub nul_left_out: u64,
}

/// Whether a restore into this folder began and did not end.
pub fn unfinished(data: &Path) -> bool {
    data.join(UNFINISHED).exists()
}

/// Puts a backup back into an empty data folder and an empty database of either kind.
///
/// # Errors
/// With what is wrong with the backup, its key, or the place; then nothing was written.
pub async fn put_back(from: &Path, settings: &Settings, key: Option<&StreamKey>) -> Result<Restored> {
    let list = List::verified(from)?;
    let mut members = Members::of(from, list, key)?;
    let head = head(&mut members).await?;
    let old = known(&head)?;
    let data = &settings.data;
    must_be_empty(data)?;
    let url = boot::database(settings);
    if let DbUrl::Postgres(_) = url {
        must_hold_nothing(&Db::open(&url).await?).await?;
    }
    let made = !data.exists();
    let half = data.join(UNFINISHED);
    if unfinished(data) {
        clear_away(data, &half)?;
    }
    private_folder(&half)?;
    flush(data)?;
    let restored = build(settings, &half, members, &head, &old).await;
    closed(&half).await;
    let restored = restored.and_then(|restored| settle(data, &half).map(|()| restored));
    if restored.is_err() {
        let _ = std::fs::remove_dir_all(&half);
        if made {
            let _ = std::fs::remove_dir(data);
        }
    }
    restored
}

async fn head(members: &mut Members) -> Result<Head> {
    match members.next().await? {
        Some(Member { name, bytes }) if name == HEAD => {
            serde_json::from_slice(&bytes).map_err(|e| damaged(format!("{HEAD} cannot be read ({e})")))
        }
        _ => Err(damaged(format!("it does not begin with {HEAD}"))),
    }
}

/// The migrations that the tables of the backup have seen.
fn known(head: &Head) -> Result<Vec<Migration>> {
    let all = migrations();
    let find = |(name, checksum): &(String, String)| {
        let found = all.iter().find(|one| one.name == name && one.checksum() == *checksum);
        found.copied().ok_or_else(|| {
            let told = format!("this backup is of version {}, which knows {name}; this program does not", head.version);
            Error::Unavailable(told)
        })
    };
    head.migrations.iter().map(find).collect()
}

fn must_be_empty(data: &Path) -> Result<()> {
    if !data.exists() {
        return Ok(());
    }
    let left = unfinished(data);
    for entry in std::fs::read_dir(data).map_err(|e| said(data, e))? {
        let name = entry.map_err(|e| said(data, e))?.file_name();
        let ours = name == UNFINISHED || left && MADE.iter().any(|made| name == *made);
        if !ours {
            return Err(Error::Unavailable(format!("{} is not empty", data.display())));
        }
    }
    Ok(())
}

/// Takes away what a killed restore left: while its folder is there, nothing else was done here.
fn clear_away(data: &Path, half: &Path) -> Result<()> {
    for path in MADE.iter().map(|name| data.join(name)) {
        let gone = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        match gone {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(said(&path, e)),
            _ => {}
        }
    }
    std::fs::remove_dir_all(half).map_err(|e| said(half, e))
}

/// A database with anything in it is left alone.
async fn must_hold_nothing(db: &Db) -> Result<()> {
    let mut look = db.snapshot().await?;
    for table in look.tables().await? {
        if table.name != super::SCHEMA && !look.is_empty(&table).await? {
            let why =
                format!("the database is not empty: {} has rows. If a restore was cut off, make it anew", table.name);
            return Err(Error::Unavailable(why));
        }
    }
    Ok(())
}

async fn build(settings: &Settings, half: &Path, members: Members, head: &Head, old: &[Migration]) -> Result<Restored> {
    let url = match boot::database(settings) {
        DbUrl::Sqlite(_) => DbUrl::Sqlite(boot::file(half)),
        postgres => postgres,
    };
    let db = Db::open(&url).await?;
    db.migrate(old).await?;
    let tables = tables_of(&db, head).await?;
    let media = Media::open(settings.media.as_deref(), half)?;
    let loading = Loading {
        members: Mutex::new(Some(members)),
        tables,
        media,
        half,
        postgres: db.dialect() == Dialect::Postgres,
    };
    let context = Context { now: Clock::System.now(), ids: Default::default(), by: Default::default(), listeners: &[] };
    // An older house is brought up to date before its search is made.
    let current = old.len() == migrations().len();
    let loading = &loading;
    let mut restored = db
        .transact(&context, |tx| {
            Box::pin(async move {
                let restored = loading.load(tx).await?;
                if current {
                    reindex(tx).await?;
                }
                Ok(restored)
            })
        })
        .await?;
    if !current {
        // Opened anew: migrations want the database for themselves, and the deed before may still be letting go of it.
        drop(db);
        let db = Db::open(&url).await?;
        db.migrate(&migrations()).await?;
        db.transact(&context, |tx| Box::pin(async move { reindex(tx).await })).await?;
    }
    restored.taken.clone_from(&head.taken);
    Ok(restored)
}

/// The tables as the backup has them, when the migrated database has the very same.
async fn tables_of(db: &Db, head: &Head) -> Result<BTreeMap<String, Table>> {
    let mut there: Vec<TableHead> = kept(db.snapshot().await?.tables().await?).iter().map(head_of).collect();
    let mut tables = BTreeMap::new();
    for table in &head.tables {
        let sorted = |table: &TableHead| {
            let mut columns = table.columns.clone();
            columns.sort();
            columns
        };
        let at = there.iter().position(|one| one.name == table.name && sorted(one) == sorted(table));
        let at = at.ok_or_else(|| Error::Unavailable(format!("this program has no such table {}", table.name)))?;
        there.remove(at);
        let column = |(name, kind): &(String, String)| Column { name: name.clone(), kind: Kind::parse(kind) };
        let columns = table.columns.iter().map(column).collect();
        tables.insert(table.name.clone(), Table { name: table.name.clone(), columns });
    }
    match there.first() {
        Some(table) => Err(damaged(format!("the table {} is not in it", table.name))),
        None => Ok(tables),
    }
}

/// What is needed while the archive is read into the database.
struct Loading<'a> {
    /// Taken once: an archive cannot be read backwards.
    members: Mutex<Option<Members>>,
    tables: BTreeMap<String, Table>,
    media: Media,
    half: &'a Path,
    postgres: bool,
}

impl Loading<'_> {
    async fn load(&self, tx: &mut Tx<'_>) -> Result<Restored> {
        let taken = self.members.lock().await.take();
        let mut members =
            taken.ok_or_else(|| Error::Unavailable("others write into this database; nothing was restored".into()))?;
        for table in self.tables.values() {
            tx.empty(table).await?;
        }
        let mut restored = Restored { tables: self.tables.len(), ..Restored::default() };
        let mut sums = Sums::default();
        let mut adding: BTreeMap<&str, Adding> =
            self.tables.keys().map(|name| (name.as_str(), Adding::default())).collect();
        let mut told: Option<Sums> = None;
        while let Some(Member { name, bytes }) = members.next().await? {
            if told.is_some() {
                return Err(damaged(format!("{name} stands behind the end")));
            }
            if name == SUMS {
                told = Some(serde_json::from_slice(&bytes).map_err(|e| damaged(format!("{SUMS}: {e}")))?);
            } else if name == SECRET {
                self.keep_private(&Secrets::file(self.half), &bytes)?;
                sums.secret = true;
            } else if name == RING {
                self.keep_private(&crate::boot::ring(self.half), &bytes)?;
                sums.ring = true;
            } else if let Some(media) = name.strip_prefix("media/") {
                let (key, size) = kit::media::key_of(media).ok_or_else(|| damaged(format!("{name} is no picture")))?;
                self.media.keep(key, size, bytes.into()).await?;
                sums.pictures += 1;
            } else {
                let table = name.strip_prefix("tables/").and_then(|rest| rest.split('/').next()).unwrap_or_default();
                let table = self.tables.get(table).ok_or_else(|| damaged(format!("{name} belongs to no table")))?;
                let adding = adding.entry(&table.name).or_default();
                restored.nul_left_out += self.rows(tx, table, &bytes, adding).await?;
            }
        }
        sums.tables = adding.iter().map(|(name, adding)| ((*name).to_owned(), adding.sum())).collect();
        if told.as_ref() != Some(&sums) {
            return Err(damaged("it does not hold what its end says"));
        }
        restored.rows = sums.tables.values().map(|sum| sum.rows).sum();
        Ok(Restored { pictures: sums.pictures, secret: sums.secret, ring: sums.ring, ..restored })
    }

    async fn rows(&self, tx: &mut Tx<'_>, table: &Table, bytes: &[u8], adding: &mut Adding) -> Result<u64> {
        let (mut some, mut nul) = (Vec::new(), 0);
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            adding.add(line);
            let row = rows::read(table, line)?;
            if self.postgres {
                nul += row.iter().filter(|value| matches!(value, Value::Text(text) if text.contains('\0'))).count();
            }
            some.push(row);
        }
        tx.load(table, &some).await?;
        Ok(nul as u64)
    }

    fn keep_private(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let mut file = private_file(path)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|e| said(path, e))
    }
}

/// Makes the search from what the cases say.
async fn reindex(tx: &mut Tx<'_>) -> Result<()> {
    let mut after = None;
    loop {
        let lot = store::every_case(tx, after).await?;
        let Some(last) = lot.last() else { return Ok(()) };
        after = Some(*last);
        for (tenant, id) in &lot {
            let case = commons::case::store::find(tx, *tenant, *id).await?;
            crate::say::requests::actions::reindex(tx, &case).await?;
        }
    }
}

/// Waits until SQLite has put everything into the one file, which it does when its last connection ends.
async fn closed(half: &Path) {
    for _ in 0..500 {
        if !half.join("mulin.db-wal").exists() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

/// Gives everything its place. The folder it came from goes last: until then nobody starts.
fn settle(data: &Path, half: &Path) -> Result<()> {
    let entries = std::fs::read_dir(half).map_err(|e| said(half, e))?;
    let made: Vec<PathBuf> =
        entries.map(|entry| Ok(entry.map_err(|e| said(half, e))?.path())).collect::<Result<_>>()?;
    for path in made {
        let place = data.join(path.file_name().unwrap_or_default());
        std::fs::rename(&path, &place).map_err(|e| said(&place, e))?;
    }
    flush(data)?;
    std::fs::remove_dir(half).map_err(|e| said(half, e))?;
    flush(data)
}

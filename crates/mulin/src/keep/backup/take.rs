//! Taking a backup: rows first, all of one instant; then what lies on the shelf for them.

use super::list::{FORMAT, List, OPEN, SEALED};
use super::payload::{Archive, Out};
use super::rows::{self, Adding};
use super::{
    DERIVED, HEAD, Head, RING, SCHEMA, SECRET, SUMS, Sums, TableHead, flush, private_file, private_folder, said,
};
use crate::keep::store;
use kit::db::snapshot::{Snapshot, Table};
use kit::db::{FromValue, Value};
use kit::media::{MediaKey, Size};
use kit::secrets::Secrets;
use kit::secrets::stream::StreamKey;
use kit::web::App;
use kit::{Error, Result, Uuid};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Rows are written in lots of about this size.
const LOT_BYTES: usize = 2 * 1024 * 1024;
/// Tables whose rows stand for something on the shelf, and in which sizes.
const SHELVED: &[(&str, &[Size])] = &[("photo", &[Size::Full, Size::Thumb]), ("voice", &[Size::Voice])];

/// What was kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Taken {
    pub tables: usize,
    pub rows: u64,
    /// Pictures and voices, every size of each.
    pub pictures: u64,
    /// Those that should be on the shelf and are not.
    pub pictures_missing: u64,
    pub bytes: u64,
    pub sealed: bool,
    /// Whether the house's secret is in it.
    pub secret: bool,
    /// Whether the keys for contacts are in it.
    pub ring: bool,
}

/// Keeps everything in `to`, which must not exist yet. Others may go on writing meanwhile.
///
/// # Errors
/// When something cannot be read or written; then nothing stays behind.
pub async fn take(app: &App, to: &Path, key: Option<&StreamKey>) -> Result<Taken> {
    if to.exists() {
        return Err(Error::Unavailable(format!("{} is there already", to.display())));
    }
    let half = half_of(to)?;
    let _ = std::fs::remove_dir_all(&half);
    private_folder(&half)?;
    let taken = write(app, &half, key).await.and_then(|taken| {
        std::fs::rename(&half, to).map_err(|e| said(to, e))?;
        match to.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            Some(parent) => flush(parent)?,
            None => flush(Path::new("."))?,
        }
        Ok(taken)
    });
    if taken.is_err() {
        let _ = std::fs::remove_dir_all(&half);
    }
    taken
}

/// Beside `to`, so that it can be given its name in one step.
fn half_of(to: &Path) -> Result<PathBuf> {
    let name = to.file_name().ok_or_else(|| Error::Unavailable(format!("{} has no name", to.display())))?;
    Ok(to.with_file_name(format!(".{}.half", name.to_string_lossy())))
}

async fn write(app: &App, folder: &Path, key: Option<&StreamKey>) -> Result<Taken> {
    let name = if key.is_some() { SEALED } else { OPEN };
    let path = folder.join(name);
    let failed = |e: std::io::Error| said(&path, e);
    let now = app.clock.now();
    let mut archive = {
        let out = Out::begin(private_file(&path)?, key).map_err(failed)?;
        Archive::begin(out, u64::try_from(now.0 / 1000).unwrap_or(0))
    };
    let mut snapshot = app.db.snapshot().await?;
    let all = snapshot.tables().await?;
    let seen = seen(&mut snapshot, &all).await?;
    let tables = kept(all);
    let head = Head {
        version: env!("CARGO_PKG_VERSION").into(),
        taken: now.to_string(),
        migrations: seen,
        tables: tables.iter().map(head_of).collect(),
    };
    archive.add(HEAD, &json(&head)?).map_err(failed)?;
    let mut sums = Sums::default();
    // A house whose secret comes from its surroundings keeps none here.
    let ring = crate::boot::ring(&app.config.data);
    if app.secrets.ring().is_some_and(|used| used.path() == ring) {
        archive.add(RING, &std::fs::read(&ring).map_err(|e| said(&ring, e))?).map_err(failed)?;
        sums.ring = true;
    }
    let secret = Secrets::file(&app.config.data);
    if std::env::var_os("MULIN_SECRET").is_none() && secret.exists() {
        archive.add(SECRET, &std::fs::read(&secret).map_err(|e| said(&secret, e))?).map_err(failed)?;
        sums.secret = true;
    }
    for table in &tables {
        let sum = add_table(&mut snapshot, &mut archive, table).await?;
        sums.tables.insert(table.name.clone(), sum);
    }
    let missing = add_shelf(app, &mut snapshot, &mut archive, &tables, &mut sums).await?;
    archive.add(SUMS, &json(&sums)?).map_err(failed)?;
    let counted = archive.finish().map_err(failed)?;
    let list = List {
        format: FORMAT,
        version: head.version,
        taken: head.taken,
        file: name.to_owned(),
        bytes: counted.bytes,
        sha256: counted.sha256(),
    };
    list.write(folder)?;
    Ok(Taken {
        tables: tables.len(),
        rows: sums.tables.values().map(|sum| sum.rows).sum(),
        pictures: sums.pictures,
        pictures_missing: missing,
        bytes: counted.bytes,
        sealed: key.is_some(),
        secret: sums.secret,
        ring: sums.ring,
    })
}

/// What the database itself says of the migrations it has seen.
async fn seen(snapshot: &mut Snapshot, all: &[Table]) -> Result<Vec<(String, String)>> {
    let found = all.iter().find(|table| table.name == SCHEMA);
    let table = found.ok_or_else(|| Error::Unavailable("the database holds no house".into()))?;
    let at = |name: &str| table.columns.iter().position(|column| column.name == name);
    let (Some(name), Some(checksum)) = (at("name"), at("checksum")) else {
        return Err(Error::internal("the table of migrations has other columns"));
    };
    let mut seen = Vec::new();
    let mut each = |row: Vec<Value>| {
        let text = |at: usize| String::from_value(&row[at]).ok_or_else(|| Error::internal("a migration has a name"));
        seen.push((text(name)?, text(checksum)?));
        Ok(())
    };
    snapshot.rows(table, &mut each).await?;
    seen.sort();
    Ok(seen)
}

/// The tables that are kept row by row: all but those that are made anew.
pub fn kept(all: Vec<Table>) -> Vec<Table> {
    all.into_iter().filter(|table| table.name != SCHEMA && !DERIVED.contains(&table.name.as_str())).collect()
}

pub fn head_of(table: &Table) -> TableHead {
    let kind = |column: &kit::db::snapshot::Column| column.kind.map_or("", kit::db::snapshot::Kind::name).to_owned();
    let columns = table.columns.iter().map(|column| (column.name.clone(), kind(column))).collect();
    TableHead { name: table.name.clone(), columns }
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec_pretty(value).map_err(Error::internal)
}

async fn add_table(snapshot: &mut Snapshot, archive: &mut Archive, table: &Table) -> Result<rows::Sum> {
    let (mut adding, mut lot, mut number) = (Adding::default(), Vec::new(), 0_u64);
    let mut write = |lot: &mut Vec<u8>| {
        let name = format!("tables/{}/{number:06}.jsonl", table.name);
        number += 1;
        archive.add(&name, &std::mem::take(lot)).map_err(|e| Error::Unavailable(e.to_string()))
    };
    let mut each = |row: Vec<Value>| {
        let line = rows::line(&row);
        adding.add(&line);
        lot.extend_from_slice(&line);
        lot.push(b'\n');
        if lot.len() >= LOT_BYTES { write(&mut lot) } else { Ok(()) }
    };
    snapshot.rows(table, &mut each).await?;
    if !lot.is_empty() {
        write(&mut lot)?;
    }
    Ok(adding.sum())
}

/// Adds what the rows stand for, and tells how much of it is missing.
async fn add_shelf(
    app: &App,
    snapshot: &mut Snapshot,
    archive: &mut Archive,
    tables: &[Table],
    sums: &mut Sums,
) -> Result<u64> {
    let mut missing = Vec::new();
    for (name, sizes) in SHELVED {
        let Some(table) = tables.iter().find(|table| table.name == *name) else { continue };
        for (key, withdrawn) in keys_of(snapshot, table).await? {
            for size in *sizes {
                match app.media.get(key, *size).await? {
                    Some(bytes) => {
                        let name = format!("media/{}", kit::media::name_of(key, *size));
                        archive.add(&name, &bytes).map_err(|e| Error::Unavailable(e.to_string()))?;
                        sums.pictures += 1;
                    }
                    None if withdrawn => {}
                    None => missing.push(key),
                }
            }
        }
    }
    if missing.is_empty() {
        return Ok(0);
    }
    // What was taken back since that instant is gone for good, and should be.
    let mut there: HashSet<(Uuid, Uuid)> = HashSet::new();
    there.extend(store::photos(&app.db).await?.iter().map(|(tenant, id)| (tenant.0, id.0)));
    there.extend(store::voices(&app.db).await?.iter().map(|(tenant, id)| (tenant.0, id.0)));
    Ok(missing.iter().filter(|key| there.contains(&(key.tenant, key.id))).count() as u64)
}

async fn keys_of(snapshot: &mut Snapshot, table: &Table) -> Result<Vec<(MediaKey, bool)>> {
    let at = |name: &str| {
        let found = table.columns.iter().position(|column| column.name == name);
        found.ok_or_else(|| Error::internal(format!("{} has no column {name}", table.name)))
    };
    let (tenant, id, withdrawn) = (at("tenant")?, at("id")?, at("withdrawn")?);
    let mut keys = Vec::new();
    let mut each = |row: Vec<Value>| {
        let uuid = |at: usize| Uuid::from_value(&row[at]).ok_or_else(|| Error::internal("an id has 16 bytes"));
        keys.push((MediaKey { tenant: uuid(tenant)?, id: uuid(id)? }, row[withdrawn] != Value::Null));
        Ok(())
    };
    snapshot.rows(table, &mut each).await?;
    Ok(keys)
}

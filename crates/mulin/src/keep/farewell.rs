//! A community leaves the house: first everything of it is written into one file, and only then nothing of it is left, no row
//! in any table and no file on the shelf. Accounts that also live elsewhere in the house stay.
//!
//! Tables are read from the schema, so that one which a migration adds is not forgotten.

use super::backup::{Counted, private_file};
use super::records::{Form, write};
use super::{export, store};
use commons::place::{Tenant, TenantKind, store as places};
use kit::book::Activity;
use kit::db::snapshot::Table;
use kit::db::{FromValue, Value};
use kit::jobs::{self, Job};
use kit::web::App;
use kit::{Error, Result, Uuid};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

/// The kind of job that takes the files away, should the one who deletes be cut off before.
pub const FILES_GONE: &str = "community-files-gone";
/// What only this house understands, and what is made anew from the rest.
const LEFT_OUT: &[&str] = &["search_doc", "request_key", "job"];
/// What opens a door, or says whom a door was opened to, is worth nothing elsewhere.
const SECRETS: &[(&str, &str)] = &[
    ("invitation", "code"),
    ("stand_in", "code"),
    ("way_back", "code"),
    ("duty_feed", "token"),
    ("token", "hash"),
    ("channel", "secret"),
    ("provider", "secret"),
    ("provider_link", "hash"),
    ("request", "pickup"),
    // Opened, it stands with the requests.
    ("request", "contact"),
];

/// What an export holds.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Exported {
    pub community: String,
    pub rows: i64,
    pub files: usize,
    pub bytes: u64,
    pub sha256: String,
    /// Rows of each table at that instant, to see whether anybody went on writing.
    tables: BTreeMap<String, i64>,
}

/// What is gone.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Gone {
    pub rows: i64,
    pub accounts: i64,
    pub files: usize,
}

fn said(path: &Path, why: impl std::fmt::Display) -> Error {
    Error::Unavailable(format!("{}: {why}", path.display()))
}

/// Writes everything of a community into a new file, a tar of its requests with contacts in the clear, its places, the rows of
/// every table and its pictures and voices.
///
/// # Errors
/// When the file is there already or cannot be written to the disk, or something cannot be read.
pub async fn export(app: &App, tenant: &Tenant, to: &Path) -> Result<Exported> {
    let mut archive = Archive { tar: tar::Builder::new(private_file(to)?), path: to, sums: Map::new() };
    let mut requests = archive.part(app)?;
    // First, for the book says that the contacts went out, and that line belongs into the export as well.
    write::requests(app, tenant, Form::Lines, true, &mut requests).await?;
    archive.add_part("requests.jsonl", requests)?;
    let sheet = export::places_sheet(app, tenant, commons::sheet::Format::Csv).await?;
    archive.add("places.csv", &sheet)?;
    let mut snapshot = app.db.snapshot().await?;
    let (mut tables, mut rows) = (BTreeMap::new(), 0);
    for table in snapshot.tables().await?.iter().filter(|table| tenant_at(table).is_some()) {
        if LEFT_OUT.contains(&table.name.as_str()) {
            continue;
        }
        let (mut lines, mut count, at) = (archive.part(app)?, 0, tenant_at(table));
        let mut each = |row: Vec<Value>| {
            if at.and_then(|at| Uuid::from_value(&row[at])) == Some(tenant.id.0) {
                count += 1;
                let mut text = serde_json::to_vec(&line(table, &row)).map_err(Error::internal)?;
                text.push(b'\n');
                lines.write_all(&text).map_err(|e| said(to, e))?;
            }
            Ok(())
        };
        snapshot.rows(table, &mut each).await?;
        if count > 0 {
            archive.add_part(&format!("tables/{}.jsonl", table.name), lines)?;
        }
        rows += count;
        tables.insert(table.name.clone(), count);
    }
    let mut files = 0;
    for lying in app.media.lying().await? {
        let Some((key, size)) = lying.what.filter(|(key, _)| key.tenant == tenant.id.0) else { continue };
        if let Some(bytes) = app.media.get(key, size).await? {
            archive.add(&format!("media/{}", lying.name), &bytes)?;
            files += 1;
        }
    }
    let head = json!({ "community": tenant.code, "name": tenant.name, "version": env!("CARGO_PKG_VERSION"),
        "rows": rows, "files": files, "sha256": archive.sums });
    archive.add("export.json", &serde_json::to_vec_pretty(&head).map_err(Error::internal)?)?;
    let mut file = archive.tar.into_inner().map_err(|e| said(to, e))?;
    file.flush().and_then(|()| file.sync_all()).map_err(|e| said(to, e))?;
    let (bytes, sha256) = read_back(to)?;
    Ok(Exported { community: tenant.code.clone(), rows, files, bytes, sha256, tables })
}

/// The file while it is written, and the digest of each part of it.
struct Archive<'a> {
    tar: tar::Builder<std::fs::File>,
    path: &'a Path,
    sums: Map<String, Json>,
}

/// A part while it is written, in a file beside the archive that has no name any more: as large as it may become, it is never in
/// memory, and nothing stays of it, not after a kill either.
type Part = std::io::BufWriter<Counted<std::fs::File>>;

impl Archive<'_> {
    fn part(&self, app: &App) -> Result<Part> {
        let path = self.path.with_file_name(format!(".{}.part", app.ids.row(app.clock.now())));
        let mut options = std::fs::OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|e| said(&path, e))?;
        std::fs::remove_file(&path).map_err(|e| said(&path, e))?;
        Ok(std::io::BufWriter::new(Counted::new(file)))
    }

    fn add_part(&mut self, name: &str, part: Part) -> Result<()> {
        let failed = |e: std::io::Error| said(self.path, e);
        let counted = part.into_inner().map_err(|e| failed(e.into_error()))?;
        self.sums.insert(name.to_owned(), counted.sha256().into());
        let (mut file, bytes) = (counted.inner, counted.bytes);
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        self.tar.append_data(&mut header(bytes), name, file).map_err(failed)
    }

    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.sums.insert(name.to_owned(), hex::encode(Sha256::digest(bytes)).into());
        self.tar.append_data(&mut header(bytes.len() as u64), name, bytes).map_err(|e| said(self.path, e))
    }
}

fn header(bytes: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header
}

/// What was written is read once more before anything relies on it.
fn read_back(path: &Path) -> Result<(u64, String)> {
    let file = std::fs::File::open(path).map_err(|e| said(path, e))?;
    let mut counted = Counted::new(file);
    std::io::copy(&mut counted, &mut std::io::sink()).map_err(|e| said(path, e))?;
    let mut archive = tar::Archive::new(std::fs::File::open(path).map_err(|e| said(path, e))?);
    let mut last = String::new();
    for entry in archive.entries().map_err(|e| said(path, e))? {
        let entry = entry.map_err(|e| said(path, e))?;
        last = entry.path().map_err(|e| said(path, e))?.display().to_string();
    }
    match last.as_str() {
        "export.json" => Ok((counted.bytes, counted.sha256())),
        _ => Err(said(path, "the export does not end as it should")),
    }
}

fn tenant_at(table: &Table) -> Option<usize> {
    let own = if table.name == "tenant" { "id" } else { "tenant" };
    table.columns.iter().position(|column| column.name == own)
}

fn line(table: &Table, row: &[Value]) -> Json {
    let cell = |value: &Value| match value {
        Value::Null => Json::Null,
        Value::Int(n) => (*n).into(),
        Value::Bool(b) => (*b).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Blob(bytes) => hex::encode(bytes).into(),
    };
    let told = |name: &str| !SECRETS.contains(&(table.name.as_str(), name));
    let columns = table.columns.iter().zip(row).filter(|(column, _)| told(&column.name));
    Json::Object(columns.map(|(column, value)| (column.name.clone(), cell(value))).collect())
}

/// Deletes a community of which `exported` was written: every row, every file, every account that lives nowhere else.
///
/// # Errors
/// When somebody went on writing after the export, or a subdistrict still has communities: then nothing is deleted.
pub async fn delete(app: &App, tenant: &Tenant, exported: &Exported) -> Result<Gone> {
    let below = places::tenants(&app.db).await?.iter().filter(|one| one.parent == Some(tenant.id)).count();
    if exported.community != tenant.code || (tenant.kind == TenantKind::Subdistrict && below > 0) {
        return Err(Error::conflict("farewell/not-this"));
    }
    let tables: Vec<Table> = app.db.snapshot().await?.tables().await?;
    let (id, tables) = (tenant.id, &tables);
    let (rows, accounts, job) = app
        .db
        .transact(&app.context(), |tx| {
            Box::pin(async move {
                for (table, count) in &exported.tables {
                    if store::rows_of(tx, table, id).await? != *count {
                        return Err(Error::conflict("farewell/went-on"));
                    }
                }
                let accounts = store::drop_accounts(tx, id).await?;
                kit::search::forget(tx, id.0).await?;
                let mut rows = 0;
                for table in tables.iter().filter(|table| tenant_at(table).is_some()) {
                    rows += store::drop_rows(tx, &table.name, id).await?;
                }
                // In the book of the house itself: that it was, and which export came before.
                let facts = json!({ "community": exported.community, "rows": rows, "export": exported.sha256 });
                tx.record(Activity::of(Uuid::nil(), "house/community-deleted", "farewell", id.0).with(facts)).await?;
                let job = jobs::enqueue(tx, Uuid::nil(), FILES_GONE, &json!({ "tenant": id }), tx.now()).await?;
                Ok((rows, accounts, job))
            })
        })
        .await?;
    let files = drop_files(app, tenant.id.0).await?;
    app.db.transact(&app.context(), |tx| Box::pin(async move { jobs::done(tx, job).await })).await?;
    crate::leaving::settle(app).await;
    Ok(Gone { rows, accounts, files })
}

/// Takes every file of a community off the shelf.
async fn drop_files(app: &App, tenant: Uuid) -> Result<usize> {
    let mut files = 0;
    for lying in app.media.lying().await? {
        if let Some((key, _)) = lying.what.filter(|(key, _)| key.tenant == tenant) {
            app.media.remove(key).await?;
            files += 1;
        }
    }
    Ok(files)
}

/// Goes on where a deletion was cut off between the rows and the files.
///
/// # Errors
/// When the shelf is away; then it is tried again later.
pub async fn files_gone(app: &App, job: &Job) -> Result<()> {
    let tenant = job.payload.get("tenant").and_then(|value| value.as_str()).unwrap_or_default();
    drop_files(app, tenant.parse().map_err(Error::internal)?).await?;
    let id = job.id;
    app.db.transact(&app.context(), |tx| Box::pin(async move { jobs::done(tx, id).await })).await.map(drop)
}

//! The page: write, take home, delete.

use super::policy;
use crate::keep::farewell::{self, Exported};
use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::IntoResponse;
use commons::place::{Tenant, store as places};
use kit::web::answer::{Answer, see_other};
use kit::web::form::Problems;
use kit::web::{App, Form, keys};
use kit::{Error, Result, Uuid};
use std::path::PathBuf;
use tokio::io::AsyncReadExt;

/// Digits of the export's digest in the name of its file.
const MARK_DIGITS: usize = 8;
const READ_AT_ONCE: usize = 1 << 16;
/// Where the keys of an export are kept: a row of the community's own would be one that the export does not hold.
const NOBODYS: Uuid = Uuid::nil();
/// One at a time writes a file or deletes a community: both are rare, and neither is half done beside the other.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// `GET /office/farewell`.
#[derive(Template)]
#[template(path = "office/farewell/templates/farewell.html")]
pub struct FarewellPage {
    pub v: View,
    pub wrong: Wrong,
    pub name: String,
    pub written: Option<Written>,
    pub typed_name: String,
    pub typed_mark: String,
}

/// An export that lies ready.
pub struct Written {
    pub rows: i64,
    pub files: usize,
    pub digest: String,
}

/// Where an export lies until it is taken home, and what is known of it.
fn files(app: &App, tenant: &Tenant) -> [PathBuf; 2] {
    let folder = app.config.data.join("leaving");
    ["tar", "json"].map(|end| folder.join(format!("{}.{end}", tenant.code)))
}

fn written(app: &App, tenant: &Tenant) -> Option<Exported> {
    let [tar, told] = files(app, tenant);
    let text = std::fs::read(told).ok().filter(|_| tar.is_file())?;
    serde_json::from_slice(&text).ok()
}

fn mark(exported: &Exported) -> &str {
    exported.sha256.get(..MARK_DIGITS).unwrap_or_default()
}

async fn tenant_of(visit: &Visit) -> Result<Tenant> {
    visit.call.in_person()?;
    let id = policy::leave(&visit.actor)?;
    places::tenants(&visit.app.db).await?.into_iter().find(|tenant| tenant.id == id).ok_or(Error::NotFound)
}

fn farewell_page(visit: &Visit, tenant: &Tenant, wrong: Wrong, typed: (&str, &str)) -> FarewellPage {
    let v = visit.view("farewell-title");
    let exported = written(&visit.app, tenant);
    FarewellPage {
        wrong,
        name: v.pick(&tenant.name, &tenant.name_en).to_owned(),
        written: exported.map(|one| Written { rows: one.rows, files: one.files, digest: one.sha256 }),
        typed_name: typed.0.to_owned(),
        typed_mark: typed.1.to_owned(),
        v,
    }
}

pub async fn show(visit: Visit) -> Answer {
    let tenant = tenant_of(&visit).await?;
    page(&farewell_page(&visit, &tenant, Wrong::default(), ("", "")))
}

/// `POST /office/farewell/export`: a new one takes the place of an older one. Whoever presses twice has one written: two at once
/// would take each other's file away.
pub async fn write(visit: Visit, form: Form) -> Answer {
    let tenant = tenant_of(&visit).await?;
    let _alone = ALONE.lock().await;
    if keys::answered(&visit.app, NOBODYS, &form.key).await?.is_some() {
        return Ok(see_other("/office/farewell"));
    }
    let cannot = |e: std::io::Error| Error::Unavailable(format!("the export cannot be written: {e}"));
    let [tar, told] = files(&visit.app, &tenant);
    for old in [&tar, &told] {
        match std::fs::remove_file(old) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(cannot(e).into()),
            _ => {}
        }
    }
    kit::own::folder(&visit.app.config.data.join("leaving")).map_err(cannot)?;
    let exported = farewell::export(&visit.app, &tenant, &tar).await?;
    std::fs::write(&told, serde_json::to_vec(&exported).map_err(Error::internal)?).map_err(cannot)?;
    keys::once(&visit.app, &visit.app.context(), NOBODYS, &form.key, &|_| Box::pin(async { Ok("{}".to_owned()) }))
        .await?;
    Ok(see_other("/office/farewell"))
}

/// `GET /office/farewell/export`: the file, under a name that ends in the first digits of its digest.
pub async fn take(visit: Visit) -> Answer {
    let tenant = tenant_of(&visit).await?;
    let exported = written(&visit.app, &tenant).ok_or(Error::NotFound)?;
    let file = tokio::fs::File::open(&files(&visit.app, &tenant)[0]).await.map_err(|_| Error::NotFound)?;
    let stream = futures_util::stream::unfold(file, |mut file| async move {
        let mut some = vec![0; READ_AT_ONCE];
        match file.read(&mut some).await {
            Ok(0) => None,
            Ok(read) => {
                some.truncate(read);
                Some((Ok(Bytes::from(some)), file))
            }
            Err(error) => Some((Err(error), file)),
        }
    });
    let name = format!("attachment; filename=\"{}-{}.tar\"", tenant.code, mark(&exported));
    let headers = [
        (header::CONTENT_TYPE, "application/x-tar".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CONTENT_LENGTH, exported.bytes.to_string()),
    ];
    Ok((headers, Body::from_stream(stream)).into_response())
}

/// `POST /office/farewell/delete`.
pub async fn delete(visit: Visit, form: Form) -> Answer {
    let tenant = tenant_of(&visit).await?;
    let _alone = ALONE.lock().await;
    let exported = written(&visit.app, &tenant).ok_or(Error::conflict("farewell/no-export"))?;
    let (name, typed) = (form.text("name").trim(), form.text("mark").trim().to_lowercase());
    let mut problems = Problems::default();
    problems.when(name != tenant.name && name != tenant.name_en, "name", "farewell/name");
    problems.when(typed != mark(&exported), "mark", "farewell/mark");
    if let Err(error) = problems.none() {
        let wrong = Wrong::of(visit.call.lang, error)?;
        return page_again(&farewell_page(&visit, &tenant, wrong, (name, &typed)));
    }
    farewell::delete(&visit.app, &tenant, &exported).await?;
    // It was taken home, and nothing of it stays here.
    for file in files(&visit.app, &tenant) {
        let _ = std::fs::remove_file(file);
    }
    Ok(see_other("/"))
}

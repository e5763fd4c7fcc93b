//! Everything about me to take along: as JSON, and as a ZIP with a page to read, the JSON, and my pictures and voices.

use crate::layout::show::rfc3339;
use crate::layout::{View, Visit, render};
use askama::Template;
use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use commons::kept::{MOMENTS, Part, store};
use commons::people::Person;
use kit::db::{Row, Value};
use kit::media::{MediaKey, Size};
use kit::time::Moment;
use kit::web::App;
use kit::web::answer::Answer;
use kit::web::limits::Knock;
use kit::{Error, Result, Uuid};
use serde_json::{Map, Value as Json_, json};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// So many files go into one ZIP; whoever has more finds the others behind the links of the page.
const FILES_MAX: usize = 500;

/// A part with its rows, as somebody can read it.
pub struct Section {
    pub part: &'static str,
    pub rows: Vec<Map<String, Json_>>,
}

/// A page to read without the house.
#[derive(Template)]
#[template(path = "hall/data/templates/export.html")]
pub struct ExportPage {
    pub v: View,
    pub at: String,
    pub persons: Vec<Vec<Read>>,
}

/// A section of that page: title, and lines of name and value.
pub struct Read {
    pub title: String,
    pub rows: Vec<Vec<(String, String)>>,
}

fn told(app: &App, part: &Part, name: &str, value: &Value) -> Json_ {
    match value {
        Value::Null => Json_::Null,
        Value::Bool(truth) => json!(truth),
        Value::Int(n) if MOMENTS.contains(&name) => json!(rfc3339(Moment(*n))),
        Value::Int(n) => json!(n),
        Value::Text(text) => json!(text),
        Value::Blob(bytes) => match part.sealed.iter().find(|(column, _)| *column == name) {
            Some((_, label)) => {
                let plain = app.secrets.unseal(label, bytes).and_then(|plain| String::from_utf8(plain).ok());
                // What waits to be sent is a letter in JSON; an address is plain.
                plain.map_or(Json_::Null, |text| serde_json::from_str(&text).unwrap_or(Json_::String(text)))
            }
            None => Uuid::from_slice(bytes).map_or_else(|_| json!(hex::encode(bytes)), |id| json!(id)),
        },
    }
}

fn object(app: &App, part: &Part, row: &Row) -> Map<String, Json_> {
    row.iter().map(|(name, value)| (name.to_owned(), told(app, part, name, value))).collect()
}

/// Everything about one person, part by part.
pub async fn sections(app: &App, person: &Person) -> Result<Vec<Section>> {
    let mut all = Vec::new();
    for part in store::PARTS {
        let rows = store::rows(&app.db, part, person.tenant, person.id).await?;
        let rows = rows.iter().map(|row| object(app, part, row)).collect();
        all.push(Section { part: part.name, rows });
    }
    Ok(all)
}

/// The document: a list of persons, since one account may be known in several communities.
pub async fn document(visit: &Visit) -> Result<Json_> {
    visit.call.in_person()?;
    visit.app.limits.check(Knock::Export, &visit.call.in_person()?.to_string())?;
    let mut persons = Vec::new();
    for person in &visit.actor.persons {
        let parts = sections(&visit.app, person).await?.into_iter();
        persons.push(Json_::Object(parts.map(|section| (section.part.to_owned(), json!(section.rows))).collect()));
    }
    Ok(json!({ "format": "mulin-my-data-1", "at": rfc3339(visit.call.now), "persons": persons }))
}

/// `GET /me/data/export.json`.
pub async fn json(visit: Visit) -> Answer {
    let headers =
        [(header::CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\""), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Json(document(&visit).await?)).into_response())
}

/// `GET /me/data/export.zip`.
pub async fn zip(visit: Visit) -> Answer {
    let document = document(&visit).await?;
    let page = render(&readable(&visit, &document))?;
    let mut files = vec![
        ("my-data.html".to_owned(), page.into_bytes()),
        ("my-data.json".to_owned(), serde_json::to_vec_pretty(&document).map_err(Error::internal)?),
    ];
    for (at, person) in visit.actor.persons.iter().enumerate() {
        files.extend(media(&visit.app, person, &document["persons"][at]).await?);
    }
    let bytes = packed(files)?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"my-data.zip\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, bytes).into_response())
}

async fn media(app: &App, person: &Person, told: &Json_) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for (part, size) in [("photos", Size::Full), ("voices", Size::Voice)] {
        for one in told[part].as_array().into_iter().flatten().take(FILES_MAX) {
            let id: Uuid = one["file"].as_str().unwrap_or_default().parse().map_err(Error::internal)?;
            let end = if size == Size::Full { "jpg" } else { one["form"].as_str().unwrap_or("bin") };
            if let Some(bytes) = app.media.get(MediaKey { tenant: person.tenant.0, id }, size).await? {
                files.push((format!("{part}/{id}.{end}"), bytes.to_vec()));
            }
        }
    }
    Ok(files)
}

fn packed(files: Vec<(String, Vec<u8>)>) -> Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).map_err(Error::internal)?;
        zip.write_all(&bytes).map_err(Error::internal)?;
    }
    Ok(zip.finish().map_err(Error::internal)?.into_inner())
}

fn readable(visit: &Visit, document: &Json_) -> ExportPage {
    let v = visit.view("data-title");
    let section = |(name, rows): (&String, &Json_)| {
        let row = |row: &Json_| {
            let cells = row.as_object().into_iter().flatten();
            cells.filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), plain(value))).collect()
        };
        Read {
            title: v.t(&format!("data-part-{}", name.replace('_', "-"))).to_string(),
            rows: rows.as_array().into_iter().flatten().map(row).collect(),
        }
    };
    let persons = document["persons"].as_array().into_iter().flatten();
    let persons = persons.map(|person| person.as_object().into_iter().flatten().map(section).collect()).collect();
    ExportPage { at: v.moment(visit.call.now, visit.call.now), persons, v }
}

fn plain(value: &Json_) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

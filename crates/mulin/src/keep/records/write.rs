//! Records on their way out.

use super::refs::{Own, Refs};
use super::{ANSWERS, CONTACT, ENTRIES, FORMAT, Field, Form, HANDOVERS, PARTS, Part, REQUEST, Shape, columns, store};
use crate::layout::show::rfc3339;
use commons::case::{CaseId, Kind, State};
use commons::place::Tenant;
use commons::sheet::guarded;
use kit::book::Activity;
use kit::db::{Row, Value};
use kit::time::Moment;
use kit::web::App;
use kit::{Error, Result, Uuid};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;
use std::io::Write;

/// Requests written at once.
const LOT: usize = 200;

/// Writes every request of a community, the oldest first, and tells how many. With `contacts` also how to reach those who said
/// them, which is written into the book.
///
/// # Errors
/// When something cannot be read or written.
pub async fn requests(
    app: &App,
    tenant: &Tenant,
    form: Form,
    contacts: bool,
    to: &mut (dyn Write + Send),
) -> Result<usize> {
    let refs = Refs::of(&app.db, tenant.id).await?;
    let names = store::category_names(&app.db, tenant.id).await?;
    let mut index = store::index(&app.db, tenant.id).await?;
    // By time, then by number: an order that another house has too.
    index.sort_by(|one, other| (one.said, numbered(&one.code)).cmp(&(other.said, numbered(&other.code))));
    let columns = columns(contacts);
    if form == Form::Csv {
        // By this mark spreadsheets know that it is UTF-8.
        write(to, b"\xEF\xBB\xBF")?;
        write(to, &csv_row(&columns.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())?)?;
    }
    for lot in index.chunks(LOT) {
        let ids: Vec<CaseId> = lot.iter().map(|one| one.id).collect();
        let rows = store::requests(&app.db, tenant.id, &ids).await?;
        let mut parts = Vec::new();
        for part in PARTS {
            parts.push((part, store::part(&app.db, part, tenant.id, &ids).await?));
        }
        for id in &ids {
            let Some(row) = rows.get(&id.0) else { continue };
            let mut record = record(&refs, row, &parts, id.0)?;
            let slug = record.get("category").and_then(Json::as_str).unwrap_or_default();
            let (name, name_en) = names.get(slug).cloned().unwrap_or_default();
            record.insert("category_name".into(), name.into());
            record.insert("category_name_en".into(), name_en.into());
            if contacts {
                let sealed: Option<Vec<u8>> = row.get("contact")?;
                let opened = sealed.and_then(|sealed| app.secrets.unseal("contact", &sealed));
                let text = opened.and_then(|bytes| String::from_utf8(bytes).ok());
                record.insert(CONTACT.into(), text.into());
            }
            write(to, &told(&record, form, &columns)?)?;
        }
    }
    if contacts {
        let (id, count) = (tenant.id, index.len());
        let context = app.context();
        let told = app.db.transact(&context, |tx| {
            Box::pin(async move {
                let activity = Activity::of(id, "requests/contacts-exported", "tenant", id);
                tx.record(activity.with(serde_json::json!({ "rows": count }))).await.map(drop)
            })
        });
        told.await?;
    }
    Ok(index.len())
}

fn numbered(code: &str) -> (&str, u64) {
    let (compound, number) = code.rsplit_once('-').unwrap_or((code, ""));
    (compound, number.parse().unwrap_or(0))
}

fn write(to: &mut (dyn Write + Send), bytes: &[u8]) -> Result<()> {
    to.write_all(bytes).map_err(|e| Error::Unavailable(format!("cannot write: {e}")))
}

fn record(refs: &Refs, row: &Row, parts: &[(&Part, HashMap<Uuid, Vec<Row>>)], id: Uuid) -> Result<Map<String, Json>> {
    let rows = |part: &Part| {
        let found = parts.iter().find(|(one, _)| one.name == part.name).and_then(|(_, all)| all.get(&id));
        found.map_or(&[][..], Vec::as_slice)
    };
    let ids = |part: &Part| rows(part).iter().map(|row| row.get("own")).collect::<Result<Vec<Uuid>>>();
    let own = Own { entries: ids(&ENTRIES)?, handovers: ids(&HANDOVERS)? };
    let mut record = fields(refs, row, REQUEST, &own)?;
    record.insert("format".into(), FORMAT.into());
    let state: State = row.get("state")?;
    let public = !row.get::<bool>("private")? && row.get::<Kind>("kind")? != Kind::Dispute && state != State::Withdrawn;
    record.insert("public".into(), public.into());
    for (part, _) in parts {
        let mut list: Vec<Map<String, Json>> =
            rows(part).iter().map(|row| fields(refs, row, part.fields, &own)).collect::<Result<_>>()?;
        if !part.has_id {
            list.sort_by_cached_key(|row| {
                part.fields.iter().map(|field| row[field.name].to_string()).collect::<Vec<_>>()
            });
        }
        let list = match part.name {
            ANSWERS => Json::Object(list.iter().filter_map(answer).collect()),
            _ => list.into_iter().map(Json::Object).collect(),
        };
        record.insert(part.name.into(), list);
    }
    Ok(record)
}

/// Code and value of an answer to a category's own question.
fn answer(row: &Map<String, Json>) -> Option<(String, Json)> {
    Some((row.get("code")?.as_str()?.to_owned(), row.get("value")?.clone()))
}

fn fields(refs: &Refs, row: &Row, fields: &[Field], own: &Own) -> Result<Map<String, Json>> {
    let mut all = Map::new();
    for field in fields {
        let value = row.iter().find(|(name, _)| *name == field.column).map_or(&Value::Null, |(_, value)| value);
        all.insert(field.name.into(), shown(refs, field, value, own)?);
    }
    Ok(all)
}

fn shown(refs: &Refs, field: &Field, value: &Value, own: &Own) -> Result<Json> {
    let id = |bytes: &[u8]| Uuid::from_slice(bytes).map_err(Error::internal);
    Ok(match (field.shape, value) {
        (_, Value::Null) => Json::Null,
        (Shape::Time, Value::Int(ms)) => time(Moment(*ms)).into(),
        (Shape::Bool, Value::Int(n)) => (*n != 0).into(),
        (Shape::Place, Value::Blob(bytes)) => refs.path(id(bytes)?).into(),
        (Shape::Case, Value::Blob(bytes)) => refs.code(id(bytes)?).into(),
        (Shape::Facts, Value::Text(text)) => refs.outwards(serde_json::from_str(text).map_err(Error::internal)?, own),
        (_, Value::Int(n)) => (*n).into(),
        (_, Value::Bool(yes)) => (*yes).into(),
        (_, Value::Text(text)) => text.as_str().into(),
        (_, Value::Blob(_)) => return Err(Error::internal(format!("{} holds bytes", field.name))),
    })
}

/// To the millisecond where there are some.
fn time(at: Moment) -> String {
    if at.0 % 1000 == 0 { rfc3339(at) } else { at.to_string() }
}

fn told(record: &Map<String, Json>, form: Form, columns: &[&str]) -> Result<Vec<u8>> {
    match form {
        Form::Lines => {
            let mut line = serde_json::to_vec(record).map_err(Error::internal)?;
            line.push(b'\n');
            Ok(line)
        }
        Form::Csv => csv_row(&columns.iter().map(|name| cell(record.get(*name))).collect::<Vec<_>>()),
    }
}

fn cell(value: Option<&Json>) -> String {
    match value {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// A cell that a spreadsheet would run begins with a quote, which reading takes away again.
fn csv_row(cells: &[String]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells.iter().map(|cell| guarded(cell))).map_err(Error::internal)?;
    writer.into_inner().map_err(Error::internal)
}

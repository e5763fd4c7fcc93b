//! `mulin export`: requests as CSV or JSON lines, places as CSV or XLSX, for other programs.

use super::store;
use crate::layout::show::rfc3339;
use commons::place::{Tenant, store as places};
use commons::sheet::{self, Format};
use kit::db::{Row, Value};
use kit::time::Moment;
use kit::web::App;
use kit::{Error, Result};

/// Columns that hold instants, told as RFC 3339.
const INSTANTS: &[&str] = &["said", "changed", "closed", "due"];
const TRUTHS: &[&str] = &["private", "solved"];

/// The tenant with this code; the only one when none is named.
///
/// # Errors
/// When there is none, or several and none was named.
pub async fn tenant(app: &App, code: Option<&str>) -> Result<Tenant> {
    let all = places::tenants(&app.db).await?;
    let names: Vec<String> = all.iter().map(|tenant| tenant.code.clone()).collect();
    let wrong = |why: &str| Error::Unavailable(format!("{why}; there are: {}", names.join(", ")));
    let found = match code {
        Some(code) => all.into_iter().find(|tenant| tenant.code == code),
        None if all.len() == 1 => all.into_iter().next(),
        None => return Err(wrong("name a community with --tenant")),
    };
    found.ok_or_else(|| wrong("no such community"))
}

/// The places of a tenant as a sheet that can be imported again.
pub async fn places_sheet(app: &App, tenant: &Tenant, format: Format) -> Result<Vec<u8>> {
    commons::place::sheet::write(&places::all(&app.db, tenant.id).await?, format)
}

/// The requests of a tenant, as CSV.
pub async fn requests_csv(app: &App, tenant: &Tenant) -> Result<Vec<u8>> {
    let rows = store::requests(&app.db, tenant.id).await?;
    let answers = store::answers(&app.db, tenant.id).await?;
    let names = |row: &Row| row.iter().map(|(name, _)| name.to_owned()).chain(["fields".to_owned()]).collect();
    let header = rows.first().map(names).unwrap_or_default();
    let fields = |row: &Row| {
        let given = row.get::<String>("code").ok().and_then(|code| answers.get(&code));
        given.map(|given| serde_json::Value::from(given.clone()).to_string()).unwrap_or_default()
    };
    let text = |row: &Row| {
        row.iter().map(|(name, value)| shown(name, value).unwrap_or_default()).chain([fields(row)]).collect()
    };
    let all: Vec<Vec<String>> = std::iter::once(header).chain(rows.iter().map(text)).collect();
    sheet::write(&all, Format::Csv)
}

/// The requests of a tenant, a JSON object a line.
pub async fn requests_lines(app: &App, tenant: &Tenant) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let answers = store::answers(&app.db, tenant.id).await?;
    for row in store::requests(&app.db, tenant.id).await? {
        let mut fields: serde_json::Map<String, serde_json::Value> = row
            .iter()
            .map(|(name, value)| {
                let told = match value {
                    Value::Null => serde_json::Value::Null,
                    Value::Int(n) if TRUTHS.contains(&name) => (*n != 0).into(),
                    Value::Int(n) if !INSTANTS.contains(&name) => (*n).into(),
                    Value::Bool(yes) => (*yes).into(),
                    other => shown(name, other).map_or(serde_json::Value::Null, Into::into),
                };
                (name.to_owned(), told)
            })
            .collect();
        let given = answers.get(&row.get::<String>("code")?).cloned().unwrap_or_default();
        fields.insert("fields".into(), given.into());
        serde_json::to_writer(&mut out, &fields).map_err(Error::internal)?;
        out.push(b'\n');
    }
    Ok(out)
}

fn shown(name: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Int(n) if INSTANTS.contains(&name) => Some(rfc3339(Moment(*n))),
        Value::Int(n) if TRUTHS.contains(&name) => Some((*n != 0).to_string()),
        Value::Int(n) => Some(n.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Text(text) => Some(text.clone()),
        Value::Blob(bytes) => Some(hex::encode(bytes)),
    }
}

//! A view of the desk as a table to take along.
//!
//! The table holds what the list shows and nothing more: places down to the building, no names, no contacts. Taking one along
//! is written in the book.

use super::pages::rows_of;
use super::query::DeskQuery;
use crate::layout::show::rfc3339;
use crate::layout::{View, Visit};
use axum::http::header;
use axum::response::IntoResponse;
use commons::case::store::CaseRow;
use commons::sheet::{self, Format};
use kit::Result;
use kit::book::Activity;
use kit::web::answer::Answer;
use kit::web::keys::RequestKey;
use kit::web::{Form, keys};
use serde_json::json;

/// Rows in one table at most.
const ROWS_MAX: i64 = 20_000;
const COLUMNS: [&str; 11] =
    ["code", "words", "place", "category", "state", "door", "holder", "said", "due", "overdue", "closed"];

/// `POST /office/desk/export`: the fields are those of the view's address.
pub async fn csv(visit: Visit, form: Form) -> Answer {
    let text = |name: &str| form.text(name).to_owned();
    let query = DeskQuery {
        scope: text("scope"),
        show: text("show"),
        category: text("category"),
        at: text("at"),
        q: text("q"),
        of: text("of"),
        from: 0,
    };
    taken(&visit, &query, &form.key).await
}

/// The table of a view; that it was taken along is written down.
pub async fn taken(visit: &Visit, query: &DeskQuery, key: &RequestKey) -> Answer {
    let (desk, rows) = rows_of(visit, query, ROWS_MAX).await?;
    let (tenant, count, scope) = (desk.tenant, rows.len(), query.scope());
    let context = visit.context(tenant, None);
    keys::once(&visit.app, &context, tenant.0, key, &|tx| {
        Box::pin(async move {
            let facts = json!({ "rows": count, "scope": scope });
            tx.record(Activity::of(tenant, "desk/exported", "tenant", tenant).with(facts)).await?;
            Ok(String::new())
        })
    })
    .await?;
    let bytes = table(&visit.view("desk-title"), &rows, visit.call.now)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"desk.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, bytes).into_response())
}

fn table(v: &View, rows: &[CaseRow], now: kit::time::Moment) -> Result<Vec<u8>> {
    let line = |row: &CaseRow| {
        let case = &row.case;
        vec![
            case.code.clone(),
            case.words.clone(),
            v.pick(&row.public_label, &row.public_label_en).to_owned(),
            v.pick(&row.category_name, &row.category_name_en).to_owned(),
            v.state(case.state_at(now)).to_string(),
            v.door(case.door).to_string(),
            format!("{} {}", v.pick(&row.holder_label, &row.holder_label_en), v.office(case.holder.office)),
            rfc3339(case.said),
            case.due.map(rfc3339).unwrap_or_default(),
            if case.is_overdue(now) { v.t("badge-overdue").to_string() } else { String::new() },
            case.closed.map(rfc3339).unwrap_or_default(),
        ]
    };
    let head = COLUMNS.iter().map(|name| v.t(&format!("desk-column-{name}")).to_string()).collect();
    let table: Vec<Vec<String>> = std::iter::once(head).chain(rows.iter().map(line)).collect();
    sheet::write(&table, Format::Csv)
}

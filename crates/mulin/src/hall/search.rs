//! Search: any Chinese word, newest first, never what the one who asks may not see.

use crate::layout::line::Line;
use crate::layout::{View, Visit, Wrong, page};
use askama::Template;
use commons::case::store::{self, CaseRow};
use commons::case::{CaseId, Kind};
use commons::people::Office;
use commons::place::TenantId;
use kit::Result;
use kit::search;
use kit::web::Query;
use kit::web::answer::Answer;
use kit::web::limits::Knock;
use serde::Deserialize;

const PAGE: i64 = 25;

#[derive(Debug, Default, Deserialize)]
pub struct SearchQuery {
    #[serde(default)]
    q: String,
    before: Option<i64>,
}

/// `GET /search?q=…`.
#[derive(Template)]
#[template(path = "hall/templates/search.html")]
pub struct SearchPage {
    pub v: View,
    pub q: String,
    pub wrong: Wrong,
    pub asked: bool,
    pub lines: Vec<Line>,
    pub next: Option<String>,
}

pub async fn show(visit: Visit, Query(query): Query<SearchQuery>) -> Answer {
    let v = visit.view("search-title");
    let q: String = query.q.trim().chars().take(100).collect();
    let mut shown = SearchPage { v, asked: !q.is_empty(), q, wrong: Wrong::default(), lines: Vec::new(), next: None };
    if !shown.asked {
        return page(&shown);
    }
    match found(&visit, &shown.q, query.before, PAGE).await {
        Ok((rows, next)) => {
            shown.lines = rows.iter().map(|row| Line::of(&shown.v, row, visit.call.now)).collect();
            let q = crate::layout::line::encoded(&shown.q);
            shown.next = next.map(|last| format!("/search?q={q}&before={last}"));
        }
        Err(error) => shown.wrong = Wrong::of(visit.call.lang, error)?,
    }
    page(&shown)
}

/// What holds the words and may be seen, newest first, and behind which one there is more.
///
/// # Errors
/// [`kit::Error::Invalid`] on `q` when it holds nothing to look for.
pub async fn found(visit: &Visit, q: &str, before: Option<i64>, limit: i64) -> Result<(Vec<CaseRow>, Option<i64>)> {
    visit.app.limits.check(Knock::Search, &visit.call.address.to_string())?;
    // A community's staff search through everything of their own, quarrels excepted; everybody through what is public
    // and what they said themselves.
    let offices = visit.actor.mandates.iter().filter(|mandate| mandate.office == Office::Community);
    let staff: Vec<kit::Uuid> = offices.map(|mandate| mandate.tenant.0).collect();
    let own: Vec<String> = visit.actor.persons.iter().map(|person| store::author_mark(person.id)).collect();
    let marks: Vec<&str> = std::iter::once("public").chain(own.iter().map(String::as_str)).collect();
    let found = search::find(&visit.app.db, &staff, &marks, q, before, limit + 1).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let ids: Vec<(TenantId, CaseId)> =
        found.iter().take(wanted).map(|one| (TenantId(one.tenant), CaseId(one.thing))).collect();
    let mut rows = store::by_ids(&visit.app.db, &ids).await?;
    rows.retain(|row| {
        row.case.is_public()
            || visit.actor.is(row.case.tenant, row.case.author)
            || (staff.contains(&row.case.tenant.0) && row.case.kind != Kind::Dispute)
    });
    let next = found.get(wanted.saturating_sub(1)).filter(|_| found.len() > wanted).map(|last| last.doc);
    Ok((rows, next))
}

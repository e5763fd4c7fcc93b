//! Search: any Chinese word, newest first, never what the one who asks may not see.

use crate::layout::line::Line;
use crate::layout::{View, Visit, Wrong, page};
use askama::Template;
use commons::case::store::{self, CaseRow};
use commons::case::{CaseId, Kind};
use commons::people::Office;
use commons::place::TenantId;
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
    visit.app.limits.check(Knock::Search, &visit.call.address.to_string())?;
    // A community's staff search through everything of their own, quarrels excepted; everybody through what is public
    // and what they said themselves.
    let offices = visit.actor.mandates.iter().filter(|mandate| mandate.office == Office::Community);
    let staff: Vec<kit::Uuid> = offices.map(|mandate| mandate.tenant.0).collect();
    let own: Vec<String> = visit.actor.persons.iter().map(|person| store::author_mark(person.id)).collect();
    let marks: Vec<&str> = std::iter::once("public").chain(own.iter().map(String::as_str)).collect();
    let found = match search::find(&visit.app.db, &staff, &marks, &shown.q, query.before, PAGE + 1).await {
        Ok(found) => found,
        Err(error) => {
            shown.wrong = Wrong::of(visit.call.lang, error)?;
            return page(&shown);
        }
    };
    let ids: Vec<(TenantId, CaseId)> =
        found.iter().take(PAGE as usize).map(|one| (TenantId(one.tenant), CaseId(one.thing))).collect();
    let rows = store::by_ids(&visit.app.db, &ids).await?;
    let may = |row: &&CaseRow| {
        row.case.is_public()
            || visit.actor.is(row.case.tenant, row.case.author)
            || (staff.contains(&row.case.tenant.0) && row.case.kind != Kind::Dispute)
    };
    shown.lines = rows.iter().filter(may).map(|row| Line::of(&shown.v, row, visit.call.now)).collect();
    if found.len() as i64 > PAGE {
        let last = found[PAGE as usize - 1].doc;
        shown.next = Some(format!("/search?q={}&before={last}", crate::layout::line::encoded(&shown.q)));
    }
    page(&shown)
}

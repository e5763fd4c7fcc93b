//! The desk as a page; its filters live in the address, so a view can be kept or sent.

use crate::layout::line::{Line, encoded};
use crate::layout::{View, Visit, page};
use askama::Template;
use axum::extract::Query;
use commons::case::store::{self, DeskFilter};
use commons::case::{Category, State};
use kit::Error;
use kit::web::answer::{Answer, see_other};
use serde::Deserialize;

const PAGE: i64 = 50;

#[derive(Debug, Default, Deserialize)]
pub struct DeskQuery {
    #[serde(default)]
    show: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    from: i64,
}

/// An offer that waits for an answer.
pub struct OfferLine {
    pub line: Line,
    pub from: String,
    pub reason: String,
}

/// `GET /office/desk`.
#[derive(Template)]
#[template(path = "office/desk/templates/desk.html")]
pub struct DeskPage {
    pub v: View,
    pub offers: Vec<OfferLine>,
    pub lines: Vec<Line>,
    pub show: String,
    pub category: String,
    pub categories: Vec<Category>,
    pub next: Option<String>,
    pub hats: Vec<String>,
    pub files: bool,
    /// Keeps the community's register.
    pub keeps: bool,
}

/// `GET /office`.
pub async fn office() -> Answer {
    Ok(see_other("/office/desk"))
}

pub async fn show(visit: Visit, Query(query): Query<DeskQuery>) -> Answer {
    visit.call.account()?;
    if !visit.is_staff() {
        return Err(Error::denied("desk/not-staff").into());
    }
    let v = visit.view("desk-title");
    let (db, now) = (&visit.app.db, visit.call.now);
    let filter = DeskFilter {
        state: State::parse(&query.show),
        overdue_only: query.show == "overdue",
        category: Some(query.category.clone()).filter(|slug| !slug.is_empty()),
        offset: query.from.clamp(0, 100_000),
    };
    let (mut offers, mut lines, mut categories) = (Vec::new(), Vec::new(), Vec::new());
    for person in &visit.actor.persons {
        let rows = store::desk(db, (person.tenant, person.id), now, &filter, PAGE + 1).await?;
        lines.extend(rows.iter().map(|row| Line::of(&v, row, now)));
        let offered = store::offered_to(db, person.tenant, person.id, now).await?;
        let ids: Vec<_> = offered.iter().map(|offer| offer.case).collect();
        for row in store::by_ids(db, &ids).await? {
            let Some(offer) = offered.iter().find(|offer| offer.case == row.case.id) else { continue };
            let from = format!("{} {}", v.pick(&offer.from_label, &offer.from_label_en), v.office(offer.from_office));
            offers.push(OfferLine { line: Line::of(&v, &row, now), from, reason: offer.reason.clone() });
        }
        if categories.is_empty() {
            categories = store::categories(db, person.tenant).await?;
        }
    }
    let more = lines.len() as i64 > PAGE;
    lines.truncate(PAGE as usize);
    let next = more.then(|| {
        let (show, category) = (encoded(&query.show), encoded(&query.category));
        format!("/office/desk?show={show}&category={category}&from={}", filter.offset + PAGE)
    });
    let hats = v.me.as_ref().map(|me| me.hats.clone()).unwrap_or_default();
    let files = visit.actor.has_any(commons::people::Office::FILING);
    let keeps = visit.actor.has_any(&[commons::people::Office::Community, commons::people::Office::Operator]);
    page(&DeskPage {
        offers,
        lines,
        show: query.show,
        category: query.category,
        categories,
        next,
        hats,
        files,
        keeps,
        v,
    })
}

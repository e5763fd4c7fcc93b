//! The feed, answered with 304 when a reader has it already.

use super::rss::{Feed, Item, http_date};
use crate::layout::line::shortened;
use crate::layout::scope::{Scope, ScopeQuery};
use crate::layout::{View, Visit, link};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use commons::case::store::{self, CaseRow, Sees};
use jiff::fmt::rfc2822::DateTimeParser;
use kit::Result;
use kit::db::Db;
use kit::time::Moment;
use kit::web::Query;
use kit::web::answer::Answer;
use sha2::{Digest, Sha256};

const ITEMS_MAX: i64 = 50;

/// `GET /say/feed?compound=…&building=…&category=…`, or `?case=…`.
pub async fn show(visit: Visit, Query(query): Query<ScopeQuery>, headers: HeaderMap) -> Answer {
    let (db, now) = (&visit.app.db, visit.call.now);
    let scope = Scope::of(db, &query).await?;
    let v = visit.view("feed-title");
    let base = link::base(&visit.app, &headers);
    let items = match &scope.case {
        Some(row) => steps(db, &v, row, &base).await?,
        None => {
            let rows = store::list(db, &scope.filter(), Sees::Public, ITEMS_MAX).await?;
            rows.iter().map(|row| item(&v, row, now, &base)).collect()
        }
    };
    let page = match &scope.case {
        Some(row) => format!("{base}/say/requests/{}", row.case.code),
        None => format!("{base}/say/requests?{}", scope.query()),
    };
    let feed = Feed {
        title: v.a("feed-of", "what", scope.label(&v)),
        about: v.t("feed-about").to_string(),
        lang: v.code(),
        link: page,
        own: format!("{base}/say/feed?{}&lang={}", scope.query(), v.code()),
        items,
    };
    let (changed, xml) = (feed.changed(), feed.written());
    // Weak, because the door may compress the same feed or not.
    let tag = format!("W/\"{}\"", hex::encode(&Sha256::digest(xml.as_bytes())[..16]));
    let told = [
        (header::ETAG, tag.clone()),
        (header::LAST_MODIFIED, http_date(changed)),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::VARY, "accept-language, cookie".to_owned()),
    ];
    if has_it(&headers, &tag, changed) {
        return Ok((StatusCode::NOT_MODIFIED, told).into_response());
    }
    Ok((told, [(header::CONTENT_TYPE, "application/rss+xml; charset=utf-8")], xml).into_response())
}

/// Whether the reader has this very feed. A tag says it exactly; a date only where no tag came along.
fn has_it(headers: &HeaderMap, tag: &str, changed: Moment) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    match (text(header::IF_NONE_MATCH), text(header::IF_MODIFIED_SINCE)) {
        (Some(tags), _) => tags.split(',').any(|one| one.trim() == "*" || bare(one) == bare(tag)),
        (None, Some(since)) => {
            let since = DateTimeParser::new().parse_timestamp(since);
            since.is_ok_and(|since| changed.0 / 1000 <= since.as_second())
        }
        (None, None) => false,
    }
}

/// A case as one item: what was said, and how far it is.
fn item(v: &View, row: &CaseRow, now: Moment, base: &str) -> Item {
    let case = &row.case;
    let words = words_of(v, row);
    let category = v.pick(&row.category_name, &row.category_name_en);
    let holder = v.pick(&row.holder_label, &row.holder_label_en);
    let state = v.state(case.state_at(now));
    let place = v.pick(&row.public_label, &row.public_label_en);
    let about = format!("{words}\n\n{place} · {category} · {state} · {holder} {}", v.office(case.holder.office));
    Item {
        title: shortened(&words, 60),
        about,
        link: format!("{base}/say/requests/{}", case.code),
        guid: format!("urn:uuid:{}", case.id),
        category: category.to_owned(),
        at: case.said,
        changed: case.changed,
    }
}

/// The steps of one case that everybody may hear of, the newest first.
async fn steps(db: &Db, v: &View, row: &CaseRow, base: &str) -> Result<Vec<Item>> {
    let case = &row.case;
    let book = kit::book::of_thing(db, case.tenant.0, case.id.0).await?;
    let words = shortened(&words_of(v, row), 60);
    let step = |line: &kit::book::Entry| {
        Some(Item {
            title: v.went(&line.stem, &line.facts)?.to_string(),
            about: words.clone(),
            link: format!("{base}/say/requests/{}", case.code),
            guid: format!("urn:uuid:{}", line.id),
            category: String::new(),
            at: line.at,
            changed: line.at.max(case.said),
        })
    };
    Ok(book.iter().rev().filter_map(step).take(ITEMS_MAX as usize).collect())
}

fn words_of(v: &View, row: &CaseRow) -> String {
    if row.case.words.is_empty() { v.t("requests-words-erased").to_string() } else { row.case.words.clone() }
}

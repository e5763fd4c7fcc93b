//! What the JSON faces share: a case in the words of programs, pages with a cursor, and files that are sent.

use super::line::encoded;
use super::show::rfc3339;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, RequestExt};
use commons::case::store::CaseRow;
use commons::case::{CaseId, State};
use kit::time::Moment;
use kit::web::keys::is_key;
use kit::web::{App, Call, Fault, Form};
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};

/// Lines on a page when nobody says how many, and at most.
pub const PAGE: i64 = 25;
pub const PAGE_MAX: i64 = 100;

/// A body that says nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// How many lines a caller gets.
///
/// # Errors
/// [`Error::Invalid`] on `limit` for a number that no page has.
pub fn limit(asked: Option<i64>) -> Result<i64> {
    let asked = asked.unwrap_or(PAGE);
    if (1..=PAGE_MAX).contains(&asked) { Ok(asked) } else { Err(Error::invalid("limit", "house/limit")) }
}

/// A case as lists and deeds tell of it.
pub fn case_json(row: &CaseRow, now: Moment) -> Value {
    let case = &row.case;
    let state = case.state_at(now);
    json!({
        "code": case.code,
        "words": case.words,
        "category": case.category,
        "kind": case.kind,
        "door": case.door,
        "state": state,
        "holder": { "office": case.holder.office, "place": row.holder_label },
        "place": row.public_label,
        "private": !case.was_public(),
        "round": case.round,
        "said": rfc3339(case.said),
        "changed": rfc3339(case.changed),
        "due": case.due.map(rfc3339),
        "overdue": case.is_overdue(now),
        "closed": case.closed.map(rfc3339),
        "outcome": case.outcome,
        "solved": case.solved,
        "closed_as": (state == State::Closed).then(|| if case.is_solved_at(now) { "solved" } else { "unrated" }),
        "satisfaction": case.satisfaction,
        "photos": case.photos,
        "households": case.supporters + 1,
        "lat_e7": case.lat_e7,
        "lon_e7": case.lon_e7,
    })
}

/// A cursor that means nothing here.
pub fn cursor_bad(field: &'static str) -> Error {
    Error::invalid(field, "house/cursor-bad")
}

/// The place in a list by time where somebody goes on: `1795485600000_<id>`.
///
/// # Errors
/// [`Error::Invalid`] on `before`.
pub fn before(text: Option<&str>) -> Result<Option<(Moment, CaseId)>> {
    let Some(text) = text else { return Ok(None) };
    let read = || {
        let (at, id) = text.split_once('_')?;
        Some((Moment(at.parse().ok()?), id.parse().ok()?))
    };
    read().map(Some).ok_or_else(|| cursor_bad("before"))
}

/// The cursor behind the last of the rows, where there are more: `rows` holds one more than the page then.
pub fn next_before(rows: &mut Vec<CaseRow>, limit: i64) -> Option<String> {
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    rows.last().filter(|_| more).map(|row| format!("{}_{}", row.case.said.0, row.case.id))
}

/// The part of a list that lies behind `after` in the order of `key`, with the cursor of what comes next. The one it goes on
/// behind may be gone meanwhile.
pub fn behind<T, K: Ord>(mut all: Vec<T>, key: impl Fn(&T) -> K, after: Option<&K>, limit: i64) -> (Vec<T>, Option<K>) {
    all.sort_by_key(&key);
    if let Some(after) = after {
        all.retain(|one| key(one) > *after);
    }
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = all.len() > wanted;
    all.truncate(wanted);
    let next = all.last().filter(|_| more).map(key);
    (all, next)
}

/// A page of a list: `next` in the body, and the address of the next page in a `Link` header.
pub fn paged(call: &Call, mut body: Value, cursor: &str, next: Option<String>) -> Response {
    body["next"] = json!(next);
    let mut response = Json(body).into_response();
    let Some(next) = next else { return response };
    let (path, query) = call.here.split_once('?').unwrap_or((&call.here, ""));
    let other = |pair: &&str| !pair.is_empty() && pair.split('=').next() != Some(cursor);
    let mut pairs: Vec<String> = query.split('&').filter(other).map(str::to_owned).collect();
    pairs.push(format!("{cursor}={}", encoded(&next)));
    if let Ok(link) = HeaderValue::from_str(&format!("<{path}?{}>; rel=\"next\"", pairs.join("&"))) {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

/// The answer of a deed, as it was kept under its key.
pub fn told(status: StatusCode, kept: &str) -> std::result::Result<Response, Fault> {
    let body: Value = serde_json::from_str(kept).map_err(Error::internal)?;
    Ok((status, Json(body)).into_response())
}

/// Files that a program sends as `multipart/form-data`, with its key in a header.
#[derive(Debug)]
pub struct Files(pub Form);

impl FromRequest<App> for Files {
    type Rejection = Fault;

    async fn from_request(mut request: Request, app: &App) -> std::result::Result<Self, Fault> {
        let call: Call = request.extract_parts_with_state(app).await?;
        let key = request.headers().get("idempotency-key").and_then(|value| value.to_str().ok());
        if !key.is_some_and(is_key) {
            return Err(Error::invalid("Idempotency-Key", "form/no-key").into());
        }
        // A browser asks first before it sends such a header across sites, and without a session nothing is leaned on:
        // so there is no page of ours to prove.
        if call.session.is_none()
            && let Ok(csrf) = HeaderValue::from_str(&call.csrf)
        {
            request.headers_mut().insert("x-csrf-token", csrf);
        }
        Form::from_request(request, app).await.map(Files)
    }
}

//! Answers: a page, a redirect, or an error told in the way the caller understands.

use crate::error::FieldError;
use crate::{Error, Reason};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The same key came with other words.
pub const OTHER_BODY: Reason = Reason("request-key/other-body");

/// What a handler gives.
pub type Answer = std::result::Result<Response, Fault>;

/// An error on its way out. The door turns it into a page or a problem document.
#[derive(Debug)]
pub struct Fault(pub Error);

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault(error)
    }
}

/// What is told of an error: never more than the caller may know.
#[derive(Clone, Debug)]
pub struct Told {
    pub status: StatusCode,
    /// The stem of the reason, e.g. `requests/accept-not-holder` or `house/not-found`.
    pub reason: Reason,
    pub fields: Vec<FieldError>,
    /// Fields that are not as they were when their key came first.
    pub differing: Vec<String>,
    /// Where the log has more; only for internal errors.
    pub incident: Option<String>,
    pub retry_after: Option<u32>,
    /// `WWW-Authenticate`: what a program should show instead.
    pub challenge: Option<String>,
}

/// Reasons for which a program is asked for a token.
const UNKNOWN: &[&str] = &["token/unknown", "account/sign-in-first"];

impl Told {
    pub fn of(error: &Error) -> Told {
        let (status, reason) = match error {
            Error::NotFound => (StatusCode::NOT_FOUND, Reason("house/not-found")),
            // HTTP has its own words for these, and programs act on them.
            Error::Denied(reason @ Reason("form/too-large" | "form/too-long")) => {
                (StatusCode::PAYLOAD_TOO_LARGE, *reason)
            }
            Error::Denied(reason @ Reason("form/too-slow")) => (StatusCode::REQUEST_TIMEOUT, *reason),
            Error::Denied(reason @ Reason("house/method")) => (StatusCode::METHOD_NOT_ALLOWED, *reason),
            Error::Denied(reason @ Reason("house/query")) => (StatusCode::BAD_REQUEST, *reason),
            Error::Denied(reason @ Reason("token/unknown")) => (StatusCode::UNAUTHORIZED, *reason),
            Error::Denied(reason) => (StatusCode::FORBIDDEN, *reason),
            Error::Invalid(fields) => {
                (StatusCode::UNPROCESSABLE_ENTITY, fields.first().map_or(Reason("house/invalid"), |field| field.reason))
            }
            Error::Conflict(reason) => (StatusCode::CONFLICT, *reason),
            Error::OtherBody(_) => (StatusCode::CONFLICT, OTHER_BODY),
            Error::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, Reason("house/too-many")),
            Error::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, Reason("house/unavailable")),
            Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, Reason("house/internal")),
        };
        let incident = match error {
            Error::Internal(why) => {
                let mut bytes = [0_u8; 4];
                let _ = getrandom::fill(&mut bytes);
                let incident = hex::encode(bytes);
                tracing::error!(incident, "internal: {why:#}");
                Some(incident)
            }
            Error::Unavailable(why) => {
                tracing::warn!("unavailable: {why}");
                None
            }
            _ => None,
        };
        let fields = if let Error::Invalid(fields) = error { fields.clone() } else { Vec::new() };
        let differing = if let Error::OtherBody(fields) = error { fields.clone() } else { Vec::new() };
        let retry_after = match error {
            Error::TooMany(seconds) => Some(*seconds),
            Error::Unavailable(_) => Some(5),
            _ => None,
        };
        Told { status, reason, fields, differing, incident, retry_after, challenge: challenge(reason) }
    }

    /// RFC 9457. A program that is not known is told so by the status; people are led to a page.
    pub fn problem(&self) -> Response {
        if self.status == StatusCode::FORBIDDEN && UNKNOWN.contains(&self.reason.0) {
            return Told { status: StatusCode::UNAUTHORIZED, ..self.clone() }.problem();
        }
        let wrong = self.fields.iter().map(|field| json!({ "field": field.field, "reason": field.reason.0 }));
        let other = self.differing.iter().map(|field| json!({ "field": field, "reason": self.reason.0 }));
        let fields: Vec<_> = wrong.chain(other).collect();
        let mut body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("error"),
            "status": self.status.as_u16(),
            "reason": self.reason.0,
        });
        if !fields.is_empty() {
            body["errors"] = fields.into();
        }
        if let Some(incident) = &self.incident {
            body["incident"] = incident.as_str().into();
        }
        let mut response = (self.status, Json(body)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        self.dress(response)
    }

    /// Headers that belong to the error however it is told.
    pub fn dress(&self, mut response: Response) -> Response {
        *response.status_mut() = self.status;
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(line) = self.challenge.as_ref().and_then(|line| HeaderValue::from_str(line).ok()) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, line);
        }
        response
    }
}

/// As RFC 6750 says it. `token/needs-office-write` is the scope `office:write`.
fn challenge(reason: Reason) -> Option<String> {
    match reason.0 {
        "account/sign-in-first" => Some("Bearer".to_owned()),
        "token/unknown" => Some("Bearer error=\"invalid_token\"".to_owned()),
        stem => {
            let scope = stem.strip_prefix("token/needs-")?.replacen('-', ":", 1);
            Some(format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\""))
        }
    }
}

/// Marks a response whose error the door still has to tell.
#[derive(Clone)]
pub(super) struct Untold(pub std::sync::Arc<Error>);

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Untold(std::sync::Arc::new(self.0)));
        response
    }
}

/// After a deed: look at the page that shows it.
pub fn see_other(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(),
        Err(_) => Fault(Error::internal("a place to go that is no header")).into_response(),
    }
}

/// A page.
pub fn html(page: String) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

/// The same form again, with what is wrong.
pub fn unprocessable(page: String) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, html(page)).into_response()
}

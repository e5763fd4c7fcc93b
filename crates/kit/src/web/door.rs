//! The door itself: every call passes here, in and out.

use super::answer::{Fault, Told, Untold};
use super::app::App;
use super::call::{Call, cookie, set_cookie};
use super::form::is_upload;
use super::serve::Peer;
use super::session;
use crate::i18n::Lang;
use crate::{Error, Result};
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, Version, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use std::net::{IpAddr, Ipv4Addr};
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::timeout::RequestBodyTimeoutLayer;

const VISITOR_COOKIE: &str = "mulin_v";
const LANG_COOKIE: &str = "mulin_lang";
const ELDER_COOKIE: &str = "mulin_elder";
const COOKIE_DAYS: i64 = 400;
const BODY_BYTES_MAX: usize = 31 * 1024 * 1024;
const PLAIN_BODY_BYTES_MAX: u64 = 256 * 1024;
const BODY_PAUSE_MAX: Duration = Duration::from_secs(10);
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
const UPLOAD_WITHIN: Duration = Duration::from_secs(90);

const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Puts the door in front of a router.
pub fn guard(app: &App, routes: Router<App>) -> Router<App> {
    routes
        .fallback(async || Fault(Error::NotFound))
        .method_not_allowed_fallback(async || Fault(Error::NotFound))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(app.clone(), enter))
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE_MAX))
        .layer(CompressionLayer::new().gzip(true).quality(CompressionLevel::Fastest))
}

async fn enter(State(app): State<App>, request: Request, next: Next) -> Response {
    // How long an answer took is the one thing for which the machine's own clock is asked here.
    let begun = Instant::now();
    let (mut parts, body) = request.into_parts();
    let call = match call(&app, &parts).await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    parts.extensions.insert(call.clone());
    let request = Request::from_parts(parts, body);
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let within = if is_upload(request.headers()) { UPLOAD_WITHIN } else { ANSWER_WITHIN };
    let answering = AssertUnwindSafe(next.run(request)).catch_unwind();
    let outcome = if safe {
        tokio::time::timeout(within, answering).await.ok()
    } else {
        // A caller that hangs up must not stop a deed in its middle.
        let running = tokio::spawn(answering);
        match tokio::time::timeout(within, running).await {
            Ok(Ok(outcome)) => Some(outcome),
            Ok(Err(gone)) => Some(Err(Box::new(gone) as Box<dyn std::any::Any + Send>)),
            Err(_) => None,
        }
    };
    let response = match outcome {
        Some(Ok(response)) => response,
        Some(Err(_)) => Fault(Error::internal("a handler panicked")).into_response(),
        None => Fault(Error::Unavailable("no answer in time".into())).into_response(),
    };
    let mut response = tell(&app, &call, response);
    dress(&app, &call, &mut response);
    note(&call, &response, begun.elapsed());
    response
}

async fn call(app: &App, request: &Parts) -> std::result::Result<Call, Response> {
    let headers = &request.headers;
    let plain = |status: StatusCode, why: &'static str| (status, why).into_response();
    if !one_host(request.version, headers, &request.uri) {
        return Err(plain(StatusCode::BAD_REQUEST, "exactly one Host is needed\n"));
    }
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if !is_upload(headers) && declared.is_some_and(|bytes| bytes > PLAIN_BODY_BYTES_MAX) {
        return Err(plain(StatusCode::PAYLOAD_TOO_LARGE, "too large\n"));
    }
    let now = app.clock.now();
    let query: Vec<(String, String)> =
        request.uri.query().and_then(|query| serde_urlencoded::from_str(query).ok()).unwrap_or_default();
    let asked = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let lang = asked("lang")
        .and_then(Lang::parse)
        .or_else(|| cookie(headers, LANG_COOKIE).and_then(Lang::parse))
        .or_else(|| headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Lang::accepted))
        .unwrap_or_default();
    let elder = asked("elder").or_else(|| cookie(headers, ELDER_COOKIE)).is_some_and(|value| value == "1");
    let visitor = cookie(headers, VISITOR_COOKIE).filter(|value| is_token(value)).map(str::to_owned);
    let visitor = visitor.unwrap_or_else(|| hex::encode(app.ids.secret()));
    let session = match cookie(headers, session::COOKIE).filter(|value| is_token(value)) {
        // A database that is away must not hide the pages that say so.
        Some(token) => session::find(&app.db, token, now).await.unwrap_or_default(),
        None => None,
    };
    let bound_to = session.as_ref().map_or(visitor.as_bytes(), |session| session.token_hash.as_slice());
    let path = request.uri.path().to_owned();
    Ok(Call {
        now,
        lang,
        elder,
        csrf: hex::encode(&app.secrets.mac("csrf", &[bound_to])[..16]),
        visitor,
        session,
        method: request.method.clone(),
        here: request.uri.path_and_query().map_or_else(|| path.clone(), ToString::to_string),
        route: request.extensions.get::<MatchedPath>().map_or_else(String::new, |route| route.as_str().to_owned()),
        address: address(app, request),
        api: path.starts_with("/api/") || path.starts_with("/open311/"),
        path,
    })
}

fn is_token(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Two hosts, or none, are how one server is made to believe what another does not.
fn one_host(version: Version, headers: &HeaderMap, uri: &Uri) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let first = hosts.next().and_then(|host| host.to_str().ok());
    if hosts.next().is_some() {
        return false;
    }
    let well_formed = |host: &str| {
        !host.is_empty()
            && host.len() <= 255
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']' | b'_'))
    };
    match first {
        Some(host) => well_formed(host),
        None => version == Version::HTTP_2 && uri.host().is_some_and(well_formed),
    }
}

fn address(app: &App, request: &Parts) -> IpAddr {
    let peer = request.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
    if !app.config.trusted_proxy {
        return peer;
    }
    let named = request.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    named.and_then(|chain| chain.rsplit(',').next()?.trim().parse().ok()).unwrap_or(peer)
}

/// Says an error that a handler left: a problem document to programs, a page to people.
fn tell(app: &App, call: &Call, mut response: Response) -> Response {
    let Some(untold) = response.extensions_mut().remove::<Untold>() else { return response };
    let told = Told::of(&untold.0);
    if call.api {
        return told.problem();
    }
    let page = (app.error_page)(call, &told);
    told.dress(super::answer::html(page))
}

fn dress(app: &App, call: &Call, response: &mut Response) {
    let secure = app.config.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::CONTENT_SECURITY_POLICY, CSP);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "same-origin");
    put(header::CACHE_CONTROL, "no-store");
    put(HeaderName::from_static("permissions-policy"), "geolocation=(self), camera=(self), microphone=()");
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if secure {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if call.api {
        return;
    }
    let mut cookie = |name: &str, value: &str| {
        if let Ok(line) = HeaderValue::from_str(&set_cookie(name, value, COOKIE_DAYS, secure)) {
            headers.append(header::SET_COOKIE, line);
        }
    };
    cookie(VISITOR_COOKIE, &call.visitor);
    if call.here.contains("lang=") {
        cookie(LANG_COOKIE, call.lang.code());
    }
    if call.here.contains("elder=") {
        cookie(ELDER_COOKIE, if call.elder { "1" } else { "0" });
    }
}

/// Logs show the pattern of the route, never the path: a path may hold a code.
fn note(call: &Call, response: &Response, took: Duration) {
    let route = if call.route.is_empty() { "none" } else { call.route.as_str() };
    let status = response.status().as_u16();
    let labels = [("method", call.method.to_string()), ("route", route.to_owned()), ("status", status.to_string())];
    metrics::counter!("mulin_requests_total", &labels).increment(1);
    metrics::histogram!("mulin_request_seconds", "route" => route.to_owned()).record(took.as_secs_f64());
    tracing::info!(method = %call.method, route, status, ms = took.as_millis() as u64, "answered");
}

/// Whether a caller may read the metrics: from this very machine, or with the token.
///
/// # Errors
/// [`Error::NotFound`] to everybody else.
pub fn may_read_metrics(app: &App, call: &Call, headers: &HeaderMap) -> Result<()> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let token = app.config.metrics_token.as_deref();
    if token.is_some() && bearer == token || token.is_none() && call.address.is_loopback() {
        return Ok(());
    }
    Err(Error::NotFound)
}

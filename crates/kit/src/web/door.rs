//! The door itself: every call passes here, in and out.

use super::answer::{Fault, Told, Untold};
use super::app::App;
use super::body::Bounded;
use super::call::{Call, cookie, set_cookie};
use super::form::is_upload;
use super::metrics::{self, Running, method_label};
use super::serve::Peer;
use super::session;
use super::token::{self, Token};
use super::watched;
use crate::i18n::Lang;
use crate::time::Moment;
use crate::{Error, Result};
use axum::Router;
use axum::body::HttpBody;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
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
use tracing::Instrument;

const VISITOR_COOKIE: &str = "mulin_v";
const LANG_COOKIE: &str = "mulin_lang";
const ELDER_COOKIE: &str = "mulin_elder";
const FORWARDED_FOR: &str = "x-forwarded-for";
const COOKIE_DAYS: i64 = 400;
const UPLOAD_BYTES_MAX: u64 = 31 * 1024 * 1024;
const PLAIN_BYTES_MAX: u64 = 256 * 1024;
/// A session notes a visit no more often than this: a write is dear, and the limit is counted in days.
const SEEN_EVERY: i64 = Moment::hours(6);

/// How long a call may take.
#[derive(Clone, Copy, Debug)]
pub struct Within {
    /// Without a further piece of the body.
    pub pause: Duration,
    /// Until a form's body is here, however little comes at a time.
    pub plain: Duration,
    /// Until the body of a form with files is here.
    pub upload: Duration,
    /// Until a form with files has brought its first quarter of a megabyte, or is here.
    pub brisk: Duration,
    /// From then until the answer begins. Live updates are not touched: their answer begins at once.
    pub answer: Duration,
}

impl Default for Within {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Within { pause: seconds(10), plain: seconds(15), upload: seconds(60), brisk: seconds(25), answer: seconds(30) }
    }
}

const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Puts the door in front of a router.
pub fn guard(app: &App, routes: Router<App>) -> Router<App> {
    guard_within(app, routes, Within::default())
}

/// The same with another patience.
pub fn guard_within(app: &App, routes: Router<App>, within: Within) -> Router<App> {
    let app = app.clone();
    routes
        .fallback(async || Fault(Error::NotFound))
        .method_not_allowed_fallback(async || Fault(Error::denied("house/method")))
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn(move |request: Request, next: Next| enter(app.clone(), within, request, next)))
        .layer(RequestBodyTimeoutLayer::new(within.pause))
        // Guessing a form's token from the size of compressed pages would need pages fetched with a visitor's cookies
        // from elsewhere: the cookies are SameSite=Lax and do not come along.
        .layer(CompressionLayer::new().gzip(true).quality(CompressionLevel::Fastest))
}

async fn enter(app: App, within: Within, request: Request, next: Next) -> Response {
    // How long an answer took is the one thing for which the machine's own clock is asked here.
    let begun = Instant::now();
    let _running = Running::begin();
    let id = hex::encode(&app.ids.secret()[..8]);
    let span = tracing::info_span!("call", id);
    answer(app, within, request, next, begun).instrument(span).await
}

async fn answer(app: App, within: Within, request: Request, next: Next, begun: Instant) -> Response {
    let (mut parts, body) = request.into_parts();
    if !one_host(parts.version, &parts.headers, &parts.uri) {
        metrics::answered(&parts.method, "none", 400, begun.elapsed().as_secs_f64());
        return (StatusCode::BAD_REQUEST, "exactly one Host is needed\n").into_response();
    }
    let (call, known) = call(&app, &parts).await;
    let upload = is_upload(&parts.headers) || is_letter(&parts.headers);
    let (bytes, time) = if upload { (UPLOAD_BYTES_MAX, within.upload) } else { (PLAIN_BYTES_MAX, within.plain) };
    let refused = refused(&parts, bytes).or(known.err().filter(|error| stops(error, &call.method)));
    parts.extensions.insert(call.clone());
    let response = match refused {
        Some(error) => Fault(error).into_response(),
        None => {
            let request = Request::from_parts(parts, Bounded::of(body, bytes, time, within.brisk));
            run(request, next, is_safe(&call.method), time + within.answer).await
        }
    };
    let (mut response, told) = tell(&app, &call, response);
    watched::answered(&call, response.status(), told.as_ref(), !is_safe(&call.method));
    dress(&app, &call, &mut response);
    note(&call, &response, begun.elapsed());
    note_visit(app, call);
    response
}

/// Whether a caller who is not known for a reason is turned away: one whose token does not open anything always, one whose
/// session cannot be read now only when something would be done.
fn stops(error: &Error, method: &Method) -> bool {
    matches!(error, Error::Denied(_)) || !is_safe(method)
}

/// Notes that a session or a token was used, now and then and beside the answer.
fn note_visit(app: App, call: Call) {
    let session = call.session.filter(|session| call.now - session.seen > SEEN_EVERY);
    let token = call.token.filter(|token| token.is_first_today(call.now)).map(|token| token.id);
    if session.is_none() && token.is_none() {
        return;
    }
    tokio::spawn(async move {
        let context = app.context();
        let noted = app.db.transact(&context, |tx| {
            let session = session.clone();
            Box::pin(async move {
                match (session, token) {
                    (Some(session), _) => session::see(tx, &session).await,
                    (None, Some(token)) => token::see(tx, token).await,
                    (None, None) => Ok(()),
                }
            })
        });
        if let Err(error) = noted.await {
            tracing::warn!(%error, "a visit was not noted");
        }
    });
}

/// A letter with photos in it, as mail servers hand them in.
fn is_letter(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().eq_ignore_ascii_case(b"message/rfc822"))
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses by what the headers say, before anything is read.
fn refused(request: &Parts, bytes_max: u64) -> Option<Error> {
    let declared = request.headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse::<u64>().ok()?;
    let plain = request
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded"));
    let reason = if plain { "form/too-long" } else { "form/too-large" };
    (declared > bytes_max).then_some(Error::denied(reason))
}

/// Lets the handler answer. A caller that hangs up must not stop a deed in its middle, so unsafe calls run by themselves.
async fn run(request: Request, next: Next, safe: bool, within: Duration) -> Response {
    let answering = AssertUnwindSafe(next.run(request)).catch_unwind();
    let outcome = if safe {
        tokio::time::timeout(within, answering).await.ok()
    } else {
        let running = tokio::spawn(answering.in_current_span());
        match tokio::time::timeout(within, running).await {
            Ok(Ok(outcome)) => Some(outcome),
            Ok(Err(gone)) => Some(Err(Box::new(gone) as Box<dyn std::any::Any + Send>)),
            Err(_) => None,
        }
    };
    match outcome {
        Some(Ok(response)) => response,
        Some(Err(panic)) => Fault(Error::internal(format!("a handler panicked: {}", said(&panic)))).into_response(),
        None => Fault(Error::Unavailable("no answer in time".into())).into_response(),
    }
}

fn said(panic: &Box<dyn std::any::Any + Send>) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word")
}

/// Who calls and how. A database that is away must not hide the pages that say so: then the caller counts as not signed
/// in, and the error is given back beside the call, for deeds must not go on without knowing who does them.
async fn call(app: &App, request: &Parts) -> (Call, Result<()>) {
    let headers = &request.headers;
    let secure = app.config.secure();
    let now = app.clock.now();
    let query: Vec<(String, String)> =
        request.uri.query().and_then(|query| serde_urlencoded::from_str(query).ok()).unwrap_or_default();
    let asked = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let lang = asked("lang")
        .and_then(Lang::parse)
        .or_else(|| cookie(headers, LANG_COOKIE, secure).and_then(Lang::parse))
        .or_else(|| headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Lang::accepted))
        .unwrap_or_default();
    let elder = asked("elder").or_else(|| cookie(headers, ELDER_COOKIE, secure)).is_some_and(|value| value == "1");
    let visitor = cookie(headers, VISITOR_COOKIE, secure).filter(|value| is_token(value)).map(str::to_owned);
    let visitor = visitor.unwrap_or_else(|| hex::encode(app.ids.secret()));
    let path = request.uri.path().to_owned();
    let api = path.starts_with("/api/") || path.starts_with("/open311/");
    let (session, token, known) = match who(app, headers, api, now).await {
        Ok((session, token)) => (session, token, Ok(())),
        Err(error) => (None, None, Err(error)),
    };
    let bound_to = session.as_ref().map_or(visitor.as_bytes(), |session| session.token_hash.as_slice());
    // A form that was opened in one part is not sent in another.
    let hat = session.as_ref().and_then(|session| session.hat);
    let bound_to: Vec<&[u8]> = [bound_to].into_iter().chain(hat.as_ref().map(|hat| &hat.as_bytes()[..])).collect();
    let call = Call {
        now,
        lang,
        elder,
        csrf: hex::encode(&app.secrets.mac("csrf", &bound_to)[..16]),
        visitor,
        session,
        token,
        method: request.method.clone(),
        here: request.uri.path_and_query().map_or_else(|| path.clone(), ToString::to_string),
        route: request.extensions.get::<MatchedPath>().map_or_else(String::new, |route| route.as_str().to_owned()),
        address: address(app, request),
        device: session::device(
            headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default(),
        ),
        api,
        path,
    };
    (call, known)
}

/// The session of a cookie, or the token of a program; a program that shows a token is not the browser it may run in.
async fn who(
    app: &App,
    headers: &HeaderMap,
    api: bool,
    now: Moment,
) -> Result<(Option<session::SessionInfo>, Option<Token>)> {
    if let Some(text) = bearer(headers).filter(|_| api) {
        return Ok((None, Some(token::find(&app.db, text, now).await?)));
    }
    match cookie(headers, session::COOKIE, app.config.secure()).filter(|value| is_token(value)) {
        Some(token) => Ok((session::find(&app.db, token, now).await?, None)),
        None => Ok((None, None)),
    }
}

/// What stands behind `Bearer` in `Authorization`.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, rest) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| rest.trim())
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
    // A request line or an HTTP/2 call may name a host too; then it must be the same one.
    let named = uri.authority().map(|authority| authority.as_str());
    match (first, named) {
        (Some(host), Some(named)) => well_formed(host) && host.eq_ignore_ascii_case(named),
        (Some(host), None) => well_formed(host),
        (None, Some(named)) => version == Version::HTTP_2 && well_formed(named),
        (None, None) => false,
    }
}

fn address(app: &App, request: &Parts) -> IpAddr {
    let peer = request.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
    let named = app.config.trusted_proxy.then(|| last_hop(&request.headers)).flatten();
    named.unwrap_or(peer).to_canonical()
}

/// The caller as our own proxy saw it: it adds to the end, and what stands before may be invented. A proxy may also add
/// a line of its own instead of a further name in the line that is there.
pub(crate) fn last_hop(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all(FORWARDED_FOR).iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
    let with_port = || last.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    last.parse().ok().or_else(with_port)
}

/// Says an error that a handler left: a problem document, or what their standard has, to programs; a page to people.
fn tell(app: &App, call: &Call, mut response: Response) -> (Response, Option<Told>) {
    let Some(untold) = response.extensions_mut().remove::<Untold>() else { return (response, None) };
    let told = Told::of(&untold.0);
    let answer = match (app.error_answer)(call, &told) {
        Some(answer) => answer,
        None if call.api => told.problem(),
        None => told.dress(super::answer::html((app.error_page)(call, &told))),
    };
    (answer, Some(told))
}

fn dress(app: &App, call: &Call, response: &mut Response) {
    let secure = app.config.secure();
    let page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::CONTENT_SECURITY_POLICY, CSP);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "same-origin");
    put(header::CACHE_CONTROL, "no-store");
    put(HeaderName::from_static("permissions-policy"), "geolocation=(self), camera=(self), microphone=(self)");
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if secure {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    // What a cache between us may keep and give to others must not name a visitor: pages are never kept, styles are.
    if call.api || headers.get(header::CACHE_CONTROL).is_none_or(|how| how != "no-store") {
        return;
    }
    let mut cookie = |name: &str, value: &str| {
        if let Ok(line) = HeaderValue::from_str(&set_cookie(name, value, COOKIE_DAYS, secure)) {
            headers.append(header::SET_COOKIE, line);
        }
    };
    if page {
        cookie(VISITOR_COOKIE, &call.visitor);
    }
    let query = call.here.split_once('?').map_or("", |(_, query)| query);
    let asked = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
    if asked("lang") {
        cookie(LANG_COOKIE, call.lang.code());
    }
    if asked("elder") {
        cookie(ELDER_COOKIE, if call.elder { "1" } else { "0" });
    }
}

/// Logs show the pattern of the route, never the path: a path may hold a code.
fn note(call: &Call, response: &Response, took: Duration) {
    let route = if call.route.is_empty() { "none" } else { call.route.as_str() };
    let status = response.status().as_u16();
    metrics::answered(&call.method, route, status, took.as_secs_f64());
    let (method, ms) = (method_label(&call.method), took.as_millis() as u64);
    // Known before compression; unknown for streams.
    let bytes = response.body().size_hint().exact();
    tracing::info!(method, route, status, ms, bytes, "answered");
}

/// Whether a caller may read the metrics: from this very machine, or with the token.
///
/// # Errors
/// [`Error::NotFound`] to everybody else.
pub fn may_read_metrics(app: &App, call: &Call, headers: &HeaderMap) -> Result<()> {
    let bearer = bearer(headers);
    let may = match &app.config.metrics_token {
        Some(token) => {
            bool::from(subtle::ConstantTimeEq::ct_eq(bearer.unwrap_or_default().as_bytes(), token.as_bytes()))
        }
        // Behind a proxy that nobody told us of, everybody comes from this machine.
        None => call.address.is_loopback() && (app.config.trusted_proxy || !headers.contains_key(FORWARDED_FOR)),
    };
    if may { Ok(()) } else { Err(Error::NotFound) }
}

//! What nobody sends on purpose, sent to every address: the answer is a page or a problem document that says so, and never
//! that we slipped. Of a call it is one that its description declares.

use super::samples::say::RED;
use super::samples::{Said, Sample, Sent, Stage};
use super::twice::stage;
use crate::holds::{declared, store, unsafe_calls};
use crate::village::described::{self, Exchange};
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, header};
use kit::db::{Db, Dialect, testing};
use std::sync::Arc;
use std::time::Duration;

const BYTES_MAX: usize = 32 << 20;
/// What may stand in an address, as it is written there.
const PARTS: &[&str] =
    &["%00", "%FF%FE", "-1", "99999999999999999999999", "..%2F..%2Fetc", "%F0%9F%92%A1", "a%0D%0Ab", "'", "%25", "."];
/// What a query or a form may ask for.
const NAMES: &[&str] = &[
    "at",
    "before",
    "after",
    "bbox",
    "building",
    "case",
    "category",
    "code",
    "compound",
    "done",
    "edit",
    "end_date",
    "for",
    "from",
    "held",
    "id",
    "jurisdiction_id",
    "lang",
    "elder",
    "lat",
    "limit",
    "long",
    "map",
    "month",
    "note",
    "of",
    "open",
    "p.x",
    "p.y",
    "page",
    "page_size",
    "paper",
    "place",
    "q",
    "said",
    "scope",
    "service_code",
    "service_request_id",
    "show",
    "sign",
    "start_date",
    "status",
    "template",
    "text",
    "to",
    "week",
    "wide",
    "within",
    "words",
    "x",
    "y",
    "year",
];
/// And with what value.
const VALUES: &[&str] = &[
    "",
    "%00",
    "%FF",
    "-1",
    "0",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999999",
    "NaN",
    "1e309",
    "2026-02-30",
    "9999-99-99T99:99:99Z",
    "0000-00-00",
    "-9223372036854775808_00000000-0000-0000-0000-000000000000",
    "9223372036854775807_ffffffff-ffff-ffff-ffff-ffffffffffff",
    "91.5,181,-91,-181",
    "%E2%80%AE%F0%9F%92%A1",
    "'%22%3Cb%3E",
    "shiliu%2F1%2F..",
    "%",
];
/// The same as typed text.
const TYPED: &[&str] = &[
    "",
    "\0",
    "a\0b",
    "-1",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999999",
    "NaN",
    "1e309",
    "2026-02-30",
    "\u{202e}\u{feff}",
    "'\"<b>",
    "00:60",
    "25:00",
    "10:00-09:00",
    "year = 99999\nsource = \"x\"",
    "year = ",
    "property:x",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "1-99999999",
    "1-4294967296",
];
const HEADERS: &[(&str, &[u8])] = &[
    ("cookie", b"mulin_s=\xff\xfe; mulin_v=\x80x"),
    ("cookie", b"mulin_s=zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz; mulin_lang=%00; =; ;;;"),
    ("accept-language", b"\xff\xfe;q=9e999,zh;q=-1,*;;;,,,"),
    ("range", b"bytes=18446744073709551615-18446744073709551615,-"),
    ("if-none-match", b"\xff"),
    ("authorization", b"Bearer \xff\xfe"),
    ("x-pickup-code", b"\xff\xfe"),
    ("x-forwarded-for", b"\xff, 999.1.1.1, ::::, 1.2.3.4:99999"),
    ("x-forwarded-proto", b"gopher"),
    ("last-event-id", b"\xff"),
];

/// Sends it and says what is wrong with the answer. Streams of live updates are not read: they never end.
async fn fault(stage: &Stage, name: &str, request: Request<Body>) -> Option<String> {
    let (method, path) = (request.method().clone(), request.uri().to_string());
    let api = path.starts_with("/api/");
    // Cities have their own way to be told, and nobody reads what is said of a missing style.
    let own = ["/open311/", "/assets/"].iter().any(|path| request.uri().path().starts_with(path));
    let answering = tokio::time::timeout(Duration::from_secs(60), stage.village.answer(request));
    let Ok(answer) = answering.await else { return Some(format!("{name}: no answer at all")) };
    let (status, kind) = (answer.status(), kind(&answer));
    if kind.starts_with("text/event-stream") {
        return None;
    }
    let headers = answer.headers().clone();
    let body = to_bytes(answer.into_body(), BYTES_MAX).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&body);
    let told = Exchange { method: &method, path: &path, sent: &[], status, headers: &headers, body: &body };
    if let Err(undeclared) = described::answer_fits(&told) {
        return Some(format!("{name}: {}", undeclared.chars().take(300).collect::<String>()));
    }
    let slipped = status.is_server_error() && status.as_u16() != 503;
    let told = match (status.is_client_error() || status.is_server_error(), api, own) {
        (false, ..) | (_, _, true) => true,
        (true, true, _) => kind.starts_with("application/problem+json") && text.contains("\"reason\""),
        (true, false, _) => kind.starts_with("text/html") && text.contains("<h1"),
    };
    let say = || format!("{name}: {status} {kind} {}", text.chars().take(200).collect::<String>());
    (slipped || !told).then(say)
}

fn kind(answer: &Response<Body>) -> String {
    answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned()
}

/// An address with its parts filled in: by things that are there, or each by `bad`.
fn filled(path: &str, there: &[(&str, String)], bad: Option<&str>) -> String {
    let mut out = String::new();
    for step in path.split('/').skip(1) {
        out.push('/');
        match step.strip_prefix('{').and_then(|step| step.strip_suffix('}')) {
            None => out.push_str(step),
            Some(name) => {
                let real = there.iter().find(|(one, _)| *one == name).map_or("x", |(_, value)| value.as_str());
                out.push_str(bad.unwrap_or(real));
            }
        }
    }
    if out.is_empty() { "/".to_owned() } else { out }
}

async fn things(stage: &Stage) -> Vec<(&'static str, String)> {
    let told = stage.said("granny", "lift", 0).await;
    vec![
        ("code", told.code),
        ("pickup", told.pickup),
        ("tenant", stage.tenant.to_string()),
        ("size", "full".into()),
        ("photo", kit::Uuid::nil().to_string()),
        ("id", kit::Uuid::nil().to_string()),
        ("slug", "lift".into()),
        ("file", "requests.json".into()),
        ("format", "csv".into()),
        ("token", "x.y".into()),
        ("name", "style.css".into()),
        ("deed", "add".into()),
    ]
}

async fn looks(stage: &Stage) -> Vec<String> {
    let there = things(stage).await;
    let mut faults = Vec::new();
    let mut count = 0;
    let codes = [there.clone(), replaced(&there, "code", "liuhua"), replaced(&there, "code", "shiliu")];
    for route in declared().into_iter().filter(|route| route.method == "get") {
        let mut paths: Vec<String> = codes.iter().map(|there| filled(&route.path, there, None)).collect();
        paths.dedup();
        if route.path.contains('{') {
            paths.extend(PARTS.iter().map(|part| filled(&route.path, &there, Some(part))));
            paths.push(filled(&route.path, &there, Some(&"a".repeat(5_000))));
        }
        let base = paths[0].clone();
        for (at, name) in NAMES.iter().enumerate() {
            // Every name with a few values, every value with many names: over all routes, each pair.
            for step in 0..2 {
                let value = VALUES[(at * 7 + step * 3 + route.path.len()) % VALUES.len()];
                paths.push(format!("{base}?{name}={value}"));
            }
        }
        for value in VALUES {
            paths.push(format!(
                "{base}?{}",
                NAMES.iter().take(12).map(|name| format!("{name}={value}")).collect::<Vec<_>>().join("&")
            ));
            paths.push(format!("{base}?compound=shiliu&limit={value}&before={value}&bbox={value}&month={value}&week={value}&from={value}"));
        }
        paths.extend(
            ["?", "?&&&=&=", "?%FF=%FE", "?a=%00", "?compound[]=1&compound=2&compound=3"]
                .map(|query| format!("{base}{query}")),
        );
        paths.push(format!("{base}?{}", "a=b&".repeat(2_000)));
        for who in ["stranger", "community"] {
            // Strangers come no further than the front of most; every third way to ask is enough of them.
            for path in paths.iter().step_by(if who == "stranger" { 3 } else { 1 }) {
                count += 1;
                let Ok(request) = stage.village.request(who, "GET", "/").uri(path).body(Body::empty()) else {
                    continue;
                };
                faults.extend(fault(stage, &format!("{who} GET {path}"), request).await);
            }
            for (name, value) in HEADERS {
                let request =
                    stage.village.request(who, "GET", &base).header(*name, *value).body(Body::empty()).unwrap();
                faults.extend(fault(stage, &format!("{who} GET {base} with {name}"), request).await);
            }
        }
    }
    assert!(count > 5_000, "{count} looks are few");
    faults
}

fn replaced(there: &[(&'static str, String)], name: &str, value: &str) -> Vec<(&'static str, String)> {
    there.iter().map(|(one, old)| (*one, if *one == name { value.to_owned() } else { old.clone() })).collect()
}

/// A call as it should be, with `change` made to its fields, or to its body as a whole.
fn variants(sent: &Sent) -> Vec<(String, Sent)> {
    let mut all = Vec::new();
    let mut push = |name: String, said: Said| all.push((name, Sent { said, ..sent.clone() }));
    let typed = |at: usize, step: usize| TYPED[(at * 5 + step + sent.path.len()) % TYPED.len()];
    match &sent.said {
        Said::Form(fields) => {
            let with = |at: usize, value: &str| {
                let mut fields = fields.clone();
                if fields[at].0.starts_with("file:") {
                    fields[at].1 = hex::encode(value);
                } else {
                    fields[at].1 = value.to_owned();
                }
                Said::Form(fields)
            };
            for (at, (name, _)) in fields.iter().enumerate() {
                for step in 0..5 {
                    push(format!("{name}={:?}", typed(at, step)), with(at, typed(at, step)));
                }
                push(format!("a long {name}"), with(at, &"长".repeat(6_000)));
            }
            push(
                "every field the same".into(),
                Said::Form(
                    fields
                        .iter()
                        .map(|(name, _)| (name.clone(), if name.starts_with("file:") { "00" } else { "\0" }.into()))
                        .collect(),
                ),
            );
            push("no fields".into(), Said::Form(Vec::new()));
            push("endless fields".into(), Said::Form((0..10_000).map(|n| (format!("f{n}"), String::new())).collect()));
            push(
                "a file for a field".into(),
                Said::Form(fields.iter().map(|(name, _)| (format!("file:{name}"), RED.into())).collect()),
            );
            push(
                "a broken photo".into(),
                Said::Form([&fields[..], &[("file:photo".to_owned(), RED[..60].to_owned())]].concat()),
            );
        }
        Said::Json(body) => {
            let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
            let names: Vec<String> = body.as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default();
            for (at, name) in names.iter().enumerate() {
                let mut values: Vec<serde_json::Value> = (0..5).map(|step| typed(at, step).into()).collect();
                values.extend([
                    serde_json::json!(null),
                    0.into(),
                    (-1).into(),
                    serde_json::json!(1e308),
                    true.into(),
                    serde_json::json!([]),
                    serde_json::json!([[["x"]]]),
                    serde_json::json!({ "a": 1 }),
                ]);
                for value in values {
                    let mut body = body.clone();
                    body[name] = value.clone();
                    push(format!("{name}={value}"), Said::Json(body));
                }
                push(
                    format!("deep {name}"),
                    Said::Raw("application/json", body.to_string().replacen('{', &format!("{{\"{name}\":{deep},"), 1)),
                );
            }
            for (name, body) in [
                ("deep", deep.as_str()),
                ("nothing", ""),
                ("cut", "{\"a\":"),
                ("a text", "\"x\""),
                ("a list", "[]"),
                ("null", "null"),
                ("twice", "{}{}"),
                ("numbers", "1e999999"),
            ] {
                push(name.into(), Said::Raw("application/json", body.to_owned()));
            }
        }
        Said::Raw(kind, body) => {
            for cut in [0, body.len() / 2] {
                push(format!("cut at {cut}"), Said::Raw(kind, body[..cut].to_owned()));
            }
            push("zeros".into(), Said::Raw(kind, "\0".repeat(1_000)));
            for value in VALUES {
                push(
                    format!("={value}"),
                    Said::Raw(kind, format!("{body}&lat={value}&long={value}&page={value}&attribute[{value}]={value}")),
                );
            }
        }
    }
    let kinds = [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "application/x-www-form-urlencoded",
        "application/json",
        "text/plain",
        "message/rfc822",
        "\u{b5}",
    ];
    for kind in kinds.into_iter().filter(|kind| kind.is_ascii()) {
        for body in ["--b", "%FF=%FE&a", "{", "\0"] {
            all.push((format!("{kind}: {body:?}"), Sent { said: Said::Raw(kind, body.to_owned()), ..sent.clone() }));
        }
    }
    all
}

async fn sends(stage: &Stage) -> Vec<String> {
    let there = things(stage).await;
    let mut faults = Vec::new();
    let mut count = 0;
    for (at, call) in unsafe_calls().into_iter().enumerate() {
        let sent = match stage.sample(&call, 100 + at).await {
            Some(Sample::Keyed(sent, ..) | Sample::Same(sent, _) | Sample::Status(sent, _)) => sent,
            _ => {
                let path = filled(call.trim_start_matches("POST "), &there, None);
                let fields = [("login", "nobody"), ("password", "x"), ("code", "x")];
                super::samples::form("stranger", path, &fields)
            }
        };
        // Nobody is signed out on the way: those who come after are still wanted.
        let csrf = stage.csrf(sent.who).await;
        for (name, sent) in variants(&sent).into_iter().filter(|_| sent.path != "/sign-out") {
            count += 1;
            let request = stage.request(&sent, &stage.key(), &csrf);
            faults.extend(fault(stage, &format!("{call} ({}): {name}", sent.path), request).await);
        }
        for part in PARTS {
            let path = filled(call.trim_start_matches("POST "), &there, Some(part));
            let bad = Sent { path, ..sent.clone() };
            let Ok(uri) = bad.path.parse::<axum::http::Uri>() else { continue };
            let mut request = stage.request(&Sent { path: "/".into(), ..bad.clone() }, &stage.key(), &csrf);
            *request.uri_mut() = uri;
            if sent.path != "/sign-out" {
                faults.extend(fault(stage, &format!("{call} at {}", bad.path), request).await);
            }
        }
        for (name, value) in HEADERS.iter().chain(&[
            ("idempotency-key", b"\xff\xfe".as_slice()),
            ("x-csrf-token", b"\xff"),
            ("origin", b"\xff"),
            ("content-type", b"\xff"),
        ]) {
            let mut request = stage.request(&sent, &stage.key(), &csrf);
            request
                .headers_mut()
                .insert(*name, header::HeaderValue::from_bytes(value).unwrap_or(header::HeaderValue::from_static("")));
            if sent.path != "/sign-out" {
                faults.extend(fault(stage, &format!("{call} with {name}"), request).await);
            }
        }
    }
    assert!(count > 2_000, "{count} calls are few");
    faults
}

async fn never_a_slip(db: Db) {
    let stage: Arc<Stage> = stage(db.clone()).await;
    let (looks, sends) = (looks(&stage).await, sends(&stage).await);
    let faults = [looks, sends].concat();
    assert!(faults.is_empty(), "{}:\n{}", faults.len(), faults[..faults.len().min(60)].join("\n"));
    // Whatever of it was taken as a deed is whole.
    for (what, sql) in crate::keep::store::MUST_BE_ZERO {
        assert_eq!(crate::keep::store::broken(&db, sql).await.unwrap(), 0, "{what}");
    }
    assert!(store::rows(&db).await["request"] > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_sent_makes_the_house_slip_on_sqlite() {
    let fresh = testing::fresh(Dialect::Sqlite, &crate::migrations()).await.expect("SQLite is always there.");
    never_a_slip(fresh.db.clone()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_sent_makes_the_house_slip_on_postgres() {
    if let Some(fresh) = testing::fresh(Dialect::Postgres, &crate::migrations()).await {
        never_a_slip(fresh.db.clone()).await;
    }
}

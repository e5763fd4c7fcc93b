//! The same call sixteen times at once is one deed with one answer; with other words it is a conflict that names the field.

use super::samples::{Said, Sample, Sent, Stage, form};
use crate::holds::store::{between, rows};
use crate::holds::{declared, unsafe_calls};
use crate::village::{Seen, Village, parts_on};
use axum::http::StatusCode;
use kit::db::{Db, Dialect, testing};
use kit::outgoing::Outgoing;
use kit::web::App;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::task::LocalSet;

const AT_ONCE: usize = 16;
/// Whoever comes in gets a session with each answer: its token is told once and kept by nobody, so it cannot be told again.
const LETS_IN: &[&str] = &[
    "POST /sign-in/letter",
    "POST /sign-in/join",
    "POST /sign-in/back",
    "POST /sign-in/passkey",
    "POST /sign-in/office/back",
    "POST /sign-in/phone/code",
];

/// Each of the sixteen laid its photo on the shelf before one of them was first: what nobody comes for is swept, by a job each.
const LAYS: &str = "POST /api/v1/photos";

/// What is beside a deed: its key, what is still to be done for it, who is in, and questions that wait some minutes for an answer.
const BESIDE: &[&str] = &["request_key", "job", "session", "ceremony", "phone_code"];
/// What leaves rows without a line in the book, and why.
const UNBOOKED: &[(&str, &str)] = &[
    ("POST /api/v1/me/phone", "a number is nobody's before it is confirmed, and that stands in the book"),
    ("POST /me/devices/phone", "a number is nobody's before it is confirmed, and that stands in the book"),
    (
        "POST /api/v1/me/wishes",
        "when somebody sleeps is nobody's business; that they agree to letters stands in the book",
    ),
];

/// Whatever leaves rows, or takes some away, stands in the book.
fn booked(call: &str, left: &BTreeMap<String, i64>) -> Option<String> {
    let left: Vec<&String> = left.keys().filter(|table| !BESIDE.contains(&table.as_str())).collect();
    let written = left.iter().any(|table| *table == "activity");
    match UNBOOKED.iter().find(|(one, _)| *one == call) {
        Some((_, why)) if reasoned(call, why) && !written && !left.is_empty() => None,
        Some(_) => Some(format!("stands in the book by now, or leaves nothing: {left:?}")),
        None => (!left.is_empty() && !written).then(|| format!("leaves {left:?} and no line in the book")),
    }
}

/// Whether a conflict names the field in which the two calls differ, as a program or a reader is told.
fn named(answer: &Seen, path: &str, field: &str) -> bool {
    if path.starts_with("/api/") || answer.header("content-type").contains("json") {
        let told = answer.json();
        let fields: Vec<&str> =
            told["errors"].as_array().into_iter().flatten().filter_map(|one| one["field"].as_str()).collect();
        return told["reason"] == "request-key/other-body" && fields == [field];
    }
    let name = crate::layout::field_name(kit::i18n::Lang::Zh, field);
    answer.text().contains(&format!("和这次不一样的是：{name}。"))
}

/// A village that writes letters and calls robots on this machine, none of which are there.
pub async fn stage(db: Db) -> Arc<Stage> {
    let mut parts = parts_on(db, true);
    parts.config.public_url = Some("http://mulin.localhost".into());
    let from = "睦邻 <mulin@mulin.example>";
    parts.mail = Some(kit::mail::Mailer::open("smtp://127.0.0.1:1", None, from).unwrap());
    parts.outgoing = Outgoing::new(true);
    parts.sms = Some(super::samples::gateway());
    Arc::new(Stage::of(Village::of(App::new(parts)).await).await)
}

/// What somebody sees, without what is new on every page: keys, tokens, codes.
fn seen(answer: &Seen) -> (StatusCode, String, String) {
    let mut body = String::new();
    let mut digits = String::new();
    for c in answer.body.chars().chain(['\n']) {
        if c.is_ascii_hexdigit() && digits.len() < 64 {
            digits.push(c);
            continue;
        }
        body.push_str(if digits.len() >= 32 { "…" } else { &digits });
        digits.clear();
        body.push(c);
    }
    (answer.status, answer.location.clone(), body)
}

/// The same call, `times` at once, with one key.
pub async fn at_once(stage: &Arc<Stage>, sent: &Sent, key: &str, times: usize) -> Vec<Seen> {
    let csrf = stage.csrf(sent.who).await;
    let mut all = Vec::new();
    for _ in 0..times {
        let (stage, request) = (stage.clone(), stage.request(sent, key, &csrf));
        all.push(tokio::spawn(async move { stage.village.send(request).await }));
    }
    let mut answers = Vec::new();
    for one in all {
        answers.push(one.await.unwrap());
    }
    answers
}

/// The call with one field changed.
fn changed(sent: &Sent, field: &str, value: &Value) -> Sent {
    let said = match &sent.said {
        Said::Form(fields) => {
            let text = value.as_str().unwrap_or_default();
            let mut fields: Vec<(String, String)> = fields.iter().filter(|(name, _)| name != field).cloned().collect();
            fields.push((field.to_owned(), text.to_owned()));
            Said::Form(fields)
        }
        Said::Json(body) => {
            let mut body = body.clone();
            body[field] = value.clone();
            Said::Json(body)
        }
        Said::Raw(kind, body) => {
            let kept = body.split('&').filter(|pair| !pair.starts_with(field));
            let pairs: Vec<String> =
                kept.map(str::to_owned).chain([format!("{field}={}", value.as_str().unwrap())]).collect();
            Said::Raw(kind, pairs.join("&"))
        }
    };
    Sent { said, ..sent.clone() }
}

/// Everything that a call left, and what was answered.
async fn leaves(stage: &Arc<Stage>, sent: &Sent, key: &str, times: usize) -> (BTreeMap<String, i64>, Vec<Seen>) {
    let db = &stage.village.app.db;
    let before = rows(db).await;
    let answers = at_once(stage, sent, key, times).await;
    (between(&before, &rows(db).await), answers)
}

/// Whoever leaves something out says why.
fn reasoned(call: &str, why: &str) -> bool {
    assert!(why.len() > 20, "{call}: {why}");
    true
}

async fn tried(stage: &Arc<Stage>, call: &str) -> Result<(), String> {
    let missing = || format!("{call} has no sample; write one in holds/tests/samples");
    let (one, strict) = match stage.sample(call, 1).await.ok_or_else(missing)? {
        Sample::Keyed(one, ..) => (one, true),
        Sample::Same(one, why) => (one, reasoned(call, why)),
        Sample::Status(one, why) => (one, !reasoned(call, why)),
        Sample::Left(why) => {
            reasoned(call, why);
            return Ok(());
        }
    };
    let (alone, answers) = leaves(stage, &one, &stage.key(), 1).await;
    let fine = answers[0].status.is_success() || answers[0].status.is_redirection();
    if !fine {
        return Err(format!("{call}: its sample is answered {} {}", answers[0].status, answers[0].text()));
    }
    let many = stage.sample(call, 2).await.ok_or_else(missing)?;
    let (sent, other) = match many {
        Sample::Keyed(sent, field, value) => (sent, Some((field, value))),
        Sample::Same(sent, _) | Sample::Status(sent, _) => (sent, None),
        Sample::Left(_) => return Err(format!("{call} is left out once and tried once")),
    };
    let key = stage.key();
    let (together, answers) = leaves(stage, &sent, &key, AT_ONCE).await;
    let mut faults: Vec<String> = booked(call, &alone).into_iter().collect();
    let count = |mut left: BTreeMap<String, i64>| {
        left.retain(|table, _| table != "session" || !LETS_IN.contains(&call));
        left.retain(|table, _| table != "job" || call != LAYS);
        left
    };
    let (alone, together) = (count(alone), count(together));
    if alone != together {
        faults.push(format!("one call leaves {alone:?}, sixteen leave {together:?}"));
    }
    if other.is_some() && together.get("request_key") != Some(&1) {
        faults.push(format!("its key is not kept: {together:?}"));
    }
    let first = seen(&answers[0]);
    for answer in &answers[1..] {
        let same = if strict { seen(answer) == first } else { answer.status == first.0 };
        if !same {
            faults.push(format!("one is answered {} {} {}", answers[0].status, answers[0].location, answers[0].text()));
            faults.push(format!("another {} {} {}", answer.status, answer.location, answer.text()));
            break;
        }
    }
    if let Some((field, value)) = other {
        let (left, answers) = leaves(stage, &changed(&sent, field, &value), &key, 1).await;
        let open311 = sent.path.starts_with("/open311/") && answers[0].body.contains("request-key/other-body");
        let named = answers[0].status == StatusCode::CONFLICT && (open311 || named(&answers[0], &sent.path, field));
        if !named || !left.is_empty() {
            let text: String = answers[0].text().chars().take(300).collect();
            faults.push(format!("another {field} is answered {} {text} and leaves {left:?}", answers[0].status));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(format!("{call}: {}", faults.join("\n    "))) }
}

async fn each_call_once(db: Db) {
    let stage = stage(db).await;
    let mut faults = Vec::new();
    let only = std::env::var("MULIN_ONLY").ok();
    for call in unsafe_calls().iter().filter(|call| only.as_ref().is_none_or(|only| call.contains(only))) {
        let begun = stage.village.app.clock.now();
        // One sample that cannot be set up hides no other.
        let (on, of) = (stage.clone(), call.clone());
        let trying = async { tokio::task::spawn_local(async move { tried(&on, &of).await }).await };
        let outcome = LocalSet::new().run_until(trying).await;
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => faults.push(fault),
            Err(_) => faults.push(format!("{call}: its sample cannot be set up; see above")),
        }
        stage.village.wait(1_000);
        assert!(stage.village.app.clock.now() > begun);
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), unsafe_calls().len(), faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_call_sent_sixteen_times_at_once_is_one_deed_with_one_answer_on_sqlite() {
    let fresh = testing::fresh(Dialect::Sqlite, &crate::migrations()).await.expect("SQLite is always there.");
    each_call_once(fresh.db.clone()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_call_sent_sixteen_times_at_once_is_one_deed_with_one_answer_on_postgres() {
    if let Some(fresh) = testing::fresh(Dialect::Postgres, &crate::migrations()).await {
        each_call_once(fresh.db.clone()).await;
    }
}

#[test]
fn the_list_of_calls_is_read_from_the_sources() {
    let routes = declared();
    for (method, path) in [
        ("get", "/"),
        ("post", "/say/requests"),
        ("post", "/hooks/mail"),
        ("get", "/gallery/{id}"),
        ("post", "/api/v1/requests"),
    ] {
        assert!(routes.iter().any(|route| route.method == method && route.path == path), "{method} {path}");
    }
    let calls = unsafe_calls();
    for call in [
        "POST /say/requests/{code}/take-over",
        "POST /say/requests/{code}/hide",
        "POST /api/v1/requests/{code}/withdraw",
        "POST /office/channels/{id}/go-on",
        "POST /office/categories/{slug}/ask",
    ] {
        assert!(calls.iter().any(|one| one == call), "{call} in {calls:?}");
    }
}

kit::on_both! { &crate::migrations();
    async fn an_empty_house_that_is_set_up_sixteen_times_at_once_is_set_up_once(db) {
        let village = Village::empty(db.clone());
        let fields = [("code", "abcde-fghjk"), ("community", "榴花社区"), ("compound", "石榴园"), ("compound_code", "shiliu"),
            ("name", "沈云舟"), ("login", "shen"), ("password", "石榴园的春天很长")];
        let nothing = (kit::Uuid::nil().into(), kit::Uuid::nil().into());
        let stage = Arc::new(Stage { village, tenant: nothing.0, compound: nothing.1 });
        let (sent, key) = (form("anybody", "/first-run", &fields), stage.key());
        let answers = at_once(&stage, &sent, &key, AT_ONCE).await;
        for answer in &answers {
            assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, "/office/compounds/shiliu"), "{}", answer.text());
        }
        let rows = rows(&db).await;
        assert_eq!((rows["account"], rows["tenant"], rows["person"]), (1, 1, 1));
        let other = at_once(&stage, &changed(&sent, "name", &"别人".into()), &key, 1).await;
        assert_eq!(other[0].status, StatusCode::CONFLICT);
        other[0].says("名称");
    }
}

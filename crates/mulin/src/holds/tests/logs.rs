//! What opens a door, and what somebody said, is in no log line, whatever is called and however much is logged.

use super::cast::Cast;
use super::samples::{Said, Sample, Sent};
use crate::holds::unsafe_calls;
use axum::body::Body;
use axum::http::header;
use kit::db::Db;
use kit::web::heard::Heard;
use std::collections::BTreeSet;

/// Fields of forms and calls that hold what nobody else should read.
const KEPT: &[&str] = &[
    "password", "old", "new", "code", "pickup", "token", "secret", "contact", "mail", "phone", "words", "text",
    "address", "_key",
];

/// What a call brings that should not be logged.
fn secrets_of(sent: &Sent, all: &mut BTreeSet<String>) {
    match &sent.said {
        Said::Form(fields) => {
            all.extend(fields.iter().filter(|(name, _)| KEPT.contains(&name.as_str())).map(|(_, value)| value.clone()))
        }
        Said::Json(body) => {
            let fields = body.as_object().into_iter().flatten();
            all.extend(
                fields
                    .filter(|(name, _)| KEPT.contains(&name.as_str()))
                    .filter_map(|(_, value)| value.as_str().map(str::to_owned)),
            );
        }
        Said::Raw(..) => {}
    }
}

/// The lines without the moment at which each begins: its parts of a second look like any code.
fn without_times(logged: &str) -> String {
    let untimed = |line: &str| match line.strip_prefix("{\"timestamp\":\"").and_then(|rest| rest.split_once('"')) {
        Some((_, rest)) => rest.to_owned(),
        None => line.to_owned(),
    };
    logged.lines().map(untimed).collect::<Vec<_>>().join("\n")
}

/// A code of digits alone is one where nothing else is written on to it; within an id or a size it is chance.
fn stands_in(logged: &str, secret: &str) -> bool {
    if secret.len() > 8 || !secret.bytes().all(|b| b.is_ascii_digit()) {
        return logged.contains(secret);
    }
    logged.match_indices(secret).any(|(at, _)| {
        let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !joins(logged[..at].chars().next_back()) && !joins(logged[at + secret.len()..].chars().next())
    })
}

async fn nothing_is_logged(db: Db) {
    let heard = Heard::from("debug");
    let cast = Cast::on(db).await;
    let (stage, mut secrets) = (&cast.stage, BTreeSet::new());
    let [code, pickup, _] = cast.private("granny", "shiliu/1").await;
    secrets.extend([pickup.clone(), pickup.to_lowercase(), "13800138000".into(), "睡不着".into()]);
    for (at, call) in unsafe_calls().iter().enumerate() {
        if call == "POST /sign-out" {
            continue;
        }
        let Some(Sample::Keyed(sent, ..) | Sample::Same(sent, _) | Sample::Status(sent, _)) =
            stage.sample(call, 800 + at).await
        else {
            continue;
        };
        secrets_of(&sent, &mut secrets);
        let (key, csrf) = (stage.key(), stage.csrf(sent.who).await);
        let request = stage.request(&sent, &key, &csrf);
        secrets.extend([key, csrf]);
        let cookies = request.headers().get(header::COOKIE).unwrap().to_str().unwrap().to_owned();
        secrets.extend(cookies.split("; ").filter_map(|one| one.strip_prefix("mulin_s=")).map(str::to_owned));
        let answer = stage.village.send(request).await;
        // What is told once, such as a token or a code of a letter.
        if let Ok(told) = serde_json::from_str::<serde_json::Value>(&answer.body) {
            for name in ["token", "code", "letter", "link"] {
                let value = told[name].as_str().filter(|text| text.len() > 8 && !text.starts_with("shiliu"));
                secrets.extend(value.map(str::to_owned));
            }
        }
        secrets.extend(answer.session);
        stage.village.wait(1_000);
    }
    // A program's token, the code of a slip in a header, a password that is wrong, an address with secrets in it.
    for kind in super::cast::CAST.iter().filter(|kind| kind.who.starts_with('#')) {
        let request = stage.village.request(kind.who, "GET", "/api/v1/me").body(Body::empty()).unwrap();
        let request = cast.as_kind(kind, request);
        let shown = request.headers().get(header::AUTHORIZATION).unwrap().to_str().unwrap();
        secrets.insert(shown.trim_start_matches("Bearer ").to_owned());
        stage.village.answer(request).await;
    }
    let slip =
        stage.village.request("stranger", "GET", &format!("/api/v1/requests/{code}")).header("x-pickup-code", &pickup);
    stage.village.answer(slip.body(Body::empty()).unwrap()).await;
    secrets.insert("wrong-password-of-granny".into());
    stage.village.forge("stranger", "/sign-in", &[("login", "granny"), ("password", "wrong-password-of-granny")]).await;
    secrets.insert("secret-of-the-gateway".into());
    secrets.insert("secretinanaddress".into());
    stage.village.get("stranger", "/search?q=secretinanaddress").await;
    stage.village.get("stranger", "/say/follow/stop/secretinanaddress").await;
    stage.village.listeners().await;
    stage.village.post_all().await;
    crate::chores::round(&stage.village.app).await.unwrap();
    let logged = heard.lines();
    assert!(
        logged.lines().filter(|line| line.contains("answered")).count() > 500,
        "the log is short: {}",
        logged.len()
    );
    secrets.retain(|secret| secret.chars().count() >= 6 || (!secret.is_ascii() && secret.chars().count() >= 3));
    assert!(secrets.len() > 300, "{} secrets are few", secrets.len());
    let logged = without_times(&logged);
    let told: Vec<&String> = secrets.iter().filter(|secret| stands_in(&logged, secret)).collect();
    let line = told.first().and_then(|secret| logged.lines().find(|line| line.contains(secret.as_str())));
    assert!(told.is_empty(), "{told:?} stands in {line:?}");
}

kit::on_both! { &crate::migrations();
    async fn no_secret_and_nothing_that_was_said_stands_in_a_log(db) {
        nothing_is_logged(db).await;
    }
}

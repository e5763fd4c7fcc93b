//! What belongs to another community does not exist: some two thousand identifiers of it, put into every address and every call
//! that takes one, by those who could do most with them here.

use super::cast::Cast;
use super::samples::{Said, Sample, Sent};
use crate::holds::{declared, store, unsafe_calls};
use axum::body::Body;
use axum::http::StatusCode;
use kit::db::Db;
use kit::foreign::Dice;
use serde_json::{Value, json};

/// Whose ids stand for nothing that is public. The rest of what a community has is tried with the calls that take it, where people
/// of another one come over.
const TABLES: &[&str] =
    &["request", "entry", "photo", "voice", "channel", "template", "mandate", "person", "token", "activity"];

/// What somebody of the other community has, beside what everybody may see.
async fn possessions(cast: &Cast) -> Vec<String> {
    let stage = &cast.stage;
    let mut codes = Vec::new();
    for _ in 0..3 {
        // The code of a slip is no name of a thing: it opens what it belongs to, for whoever holds it.
        let [code, _, photo] = cast.private("far", "taoli/1").await;
        codes.extend([code, photo]);
    }
    let place = places(&stage.village.app.db, cast).await;
    stage
        .calls(
            "elsewhere",
            "/api/v1/channels",
            json!({ "name": "维修组", "place": place, "kind": "wecom",
        "address": "http://127.0.0.1:1/hook", "events": ["new"], "from": "21:00", "to": "08:00", "lang": "zh-CN" }),
        )
        .await;
    stage
        .calls("far-property", "/api/v1/templates", json!({ "place": place, "title": "到了", "text": "师傅到楼下了" }))
        .await;
    stage
        .calls(
            "elsewhere",
            "/api/v1/integrations",
            json!({ "name": "工单", "scopes": ["requests:read"], "days": 30,
        "office": "property", "at": "taoli" }),
        )
        .await;
    let mut all = Vec::new();
    for table in TABLES {
        let ids = store::ids_of(&stage.village.app.db, cast.other.0, &[table]).await;
        assert!(!ids.is_empty(), "they have no {table}");
        all.extend(ids.iter().map(ToString::to_string));
    }
    all.extend(codes);
    all
}

async fn places(db: &Db, cast: &Cast) -> String {
    let (_, compound) = commons::place::store::by_code(db, "taoli").await.unwrap().unwrap();
    assert_ne!(cast.stage.compound, compound);
    compound.to_string()
}

/// One of theirs, as it is or with one digit turned.
fn fuzzed(dice: &mut Dice, all: &[String]) -> String {
    let mut one = all[dice.below(all.len())].clone();
    if dice.below(4) == 0 {
        let at = dice.below(one.len());
        let turned = if one.as_bytes()[at] == b'7' { "3" } else { "7" };
        if one.is_char_boundary(at) && one.as_bytes()[at].is_ascii_hexdigit() {
            one.replace_range(at..=at, turned);
        }
    }
    one
}

fn with_ids(path: &str, dice: &mut Dice, all: &[String], cast: &Cast) -> Option<String> {
    let mut taken = false;
    let steps = path.split('/').map(|step| match step.strip_prefix('{').and_then(|step| step.strip_suffix('}')) {
        None => step.to_owned(),
        Some("size") => "full".into(),
        Some("format") => "csv".into(),
        // The right tenant with somebody else's photo, or theirs with it.
        Some("tenant") => {
            if dice.below(2) == 0 {
                cast.stage.tenant.to_string()
            } else {
                cast.other.to_string()
            }
        }
        Some(_) => {
            taken = true;
            fuzzed(dice, all)
        }
    });
    let path = steps.collect::<Vec<_>>().join("/");
    taken.then_some(path)
}

/// The call with every id in its body one of theirs; nothing where it has none.
fn with_theirs(said: &Said, dice: &mut Dice, all: &[String]) -> Option<Said> {
    let is_id = |text: &str| text.len() == 36 && text.parse::<kit::Uuid>().is_ok();
    let mut taken = false;
    let said = match said {
        Said::Form(fields) => Said::Form(
            fields
                .iter()
                .map(|(name, value)| {
                    let value = if is_id(value) {
                        taken = true;
                        fuzzed(dice, all)
                    } else {
                        value.clone()
                    };
                    (name.clone(), value)
                })
                .collect(),
        ),
        Said::Json(body) => {
            let mut body = body.clone();
            for (_, value) in body.as_object_mut().into_iter().flatten() {
                if value.as_str().is_some_and(is_id) {
                    taken = true;
                    *value = Value::from(fuzzed(dice, all));
                }
            }
            Said::Json(body)
        }
        Said::Raw(..) => return None,
    };
    taken.then_some(said)
}

async fn nothing_is_found(db: Db) {
    let cast = Cast::on(db.clone()).await;
    let all = possessions(&cast).await;
    assert!(all.len() > 35, "{}", all.len());
    let stage = &cast.stage;
    let (mut dice, mut faults, mut tried) = (Dice(20_261_130), Vec::new(), 0);
    let before = store::of_tenant(&db, cast.other.0).await;
    let nowhere: Vec<String> = (1..40_u128).map(|n| kit::Uuid::from_u128(n << 64 | n).to_string()).collect();
    let whos = ["community", "captain", "granny"];
    let ids = |path: &str| {
        path.contains('{')
            && !path.contains("{token}")
            && !["{name}", "{file}", "/gallery/"].iter().any(|one| path.contains(one))
    };
    for route in declared().into_iter().filter(|route| route.method == "get" && ids(&route.path)) {
        for round in 0..30 {
            let Some(path) = with_ids(&route.path, &mut dice, &all, &cast) else { break };
            let who = whos[round % whos.len()];
            let answer =
                stage.village.answer(stage.village.request(who, "GET", &path).body(Body::empty()).unwrap()).await;
            tried += 1;
            let status = answer.status();
            // Whoever may do nothing here at all hears that, of what is nowhere as well.
            let nowhere = with_ids(&route.path, &mut dice, &nowhere, &cast).unwrap_or_default();
            let nowhere = stage.village.request(who, "GET", &nowhere).body(Body::empty()).unwrap();
            let same = status == StatusCode::FORBIDDEN
                && who != "community"
                && stage.village.answer(nowhere).await.status() == status;
            if status != StatusCode::NOT_FOUND && !same {
                faults.push(format!("{who} GET {} {path}: {status}", route.path));
            }
        }
    }
    let csrf = stage.csrf("community").await;
    for (at, call) in unsafe_calls().iter().enumerate() {
        let Some(Sample::Keyed(sent, ..) | Sample::Same(sent, _) | Sample::Status(sent, _)) =
            stage.sample(call, 600 + at).await
        else {
            continue;
        };
        let (method, path) = call.split_once(' ').unwrap();
        assert_eq!(method, "POST");
        let own = stage.csrf(sent.who).await;
        for round in 0..12 {
            // The one who may do it here, and the one who may do most.
            let (who, csrf) = if round % 2 == 0 { (sent.who, &own) } else { ("community", &csrf) };
            let in_path = ids(path).then(|| with_ids(path, &mut dice, &all, &cast)).flatten();
            let named = in_path.is_some();
            let said = with_theirs(&sent.said, &mut dice, &all);
            if in_path.is_none() && said.is_none() {
                break;
            }
            let changed = Sent {
                who,
                path: in_path.unwrap_or_else(|| sent.path.clone()),
                said: said.unwrap_or_else(|| sent.said.clone()),
            };
            let answer = stage.village.answer(stage.request(&changed, &stage.key(), csrf)).await;
            tried += 1;
            let status = answer.status();
            // What stands in a body may also be a field that cannot be taken; whoever may not do it at all hears that, of what
            // is nowhere as well.
            let mut fine = status == StatusCode::NOT_FOUND || (!named && matches!(status.as_u16(), 403 | 409 | 422));
            if !fine && status == StatusCode::FORBIDDEN {
                let path = with_ids(path, &mut dice, &nowhere, &cast).unwrap_or_default();
                let request = stage.request(&Sent { path, ..changed.clone() }, &stage.key(), csrf);
                fine = stage.village.answer(request).await.status() == status;
            }
            if !fine {
                faults.push(format!("{who} {call} {}: {status}", changed.path));
            }
        }
    }
    assert!(tried >= 2_000, "{tried} are few");
    let shown = faults.len().min(120);
    assert!(faults.is_empty(), "{} of {tried}:\n{}", faults.len(), faults[..shown].join("\n"));
    assert_eq!(store::of_tenant(&db, cast.other.0).await, before);
}

kit::on_both! { &crate::migrations();
    async fn two_thousand_identifiers_of_another_community_are_found_nowhere_and_change_nothing(db) {
        nothing_is_found(db).await;
    }
}

//! The other way round: each deed of the house made ready here, with the ids it needs, and then done by those of another community
//! who have the same part there. The id is of the right kind and its thing in the right state, so that only the border stops them.

use super::cast::Cast;
use super::matrix;
use super::samples::{Said, Sample, Sent};
use crate::holds::{declared, store, unsafe_calls};
use axum::body::Body;
use axum::http::StatusCode;
use commons::place::store as places;
use kit::db::Db;
use serde_json::Value;
use std::collections::BTreeSet;

/// Tables of whose rows one at least stands in a call that takes just that.
const TABLES: &[&str] = &[
    "channel",
    "duty_claim",
    "incident",
    "joining",
    "key_loan",
    "mandate",
    "opinion",
    "opinion_topic",
    "passkey",
    "person",
    "photo",
    "post",
    "post_entry",
    "room_key",
    "shift",
    "stand_in",
    "subscription",
    "swap",
    "talk",
    "template",
    "token",
    "unit",
    "voice",
    "walk_in",
    "way_back",
];
/// Each step of an address here, and what is at the same height there.
const HEIGHTS: [&str; 4] = ["taoli", "taoli/1", "taoli/1/1", "taoli/1/1/101"];
/// What a caller's own slip or link opens opens for everybody who holds it.
const HELD: &[&str] = &["{pickup}", "{token}"];

/// Who has the same part there.
fn there(who: &str) -> &'static str {
    match who {
        "community" => "elsewhere",
        "captain" | "other-captain" => "far-captain",
        "property" | "guard" => "far-property",
        "committee" => "far-committee",
        "hub" => "far-hub",
        _ => "far",
    }
}

struct Border {
    /// Names of places here, and the same there.
    compounds: [String; 2],
}

impl Border {
    /// The same words about the places there.
    fn moved(&self, text: &str) -> String {
        let [here, over] = &self.compounds;
        let text = text.replace(here.as_str(), over);
        match text.strip_prefix("shiliu") {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                HEIGHTS[rest.matches('/').count().min(3)].to_owned()
            }
            _ => text,
        }
    }

    fn moved_said(&self, said: &Said) -> Option<Said> {
        Some(match said {
            Said::Form(fields) => {
                Said::Form(fields.iter().map(|(name, value)| (name.clone(), self.moved(value))).collect())
            }
            Said::Json(body) => {
                let mut body = body.clone();
                for (_, value) in body.as_object_mut().into_iter().flatten() {
                    if let Some(text) = value.as_str() {
                        *value = Value::from(self.moved(text));
                    }
                }
                Said::Json(body)
            }
            Said::Raw(..) => return None,
        })
    }
}

fn ids_in(text: &str) -> BTreeSet<String> {
    let parts = text.split(['/', '=', '&', '?', '"', ':', ',']);
    parts.filter(|part| part.len() == 36 && part.parse::<kit::Uuid>().is_ok()).map(str::to_owned).collect()
}

fn said_text(said: &Said) -> String {
    match said {
        Said::Form(fields) => fields.iter().map(|(_, value)| format!("{value}&")).collect(),
        Said::Json(body) => body.to_string(),
        Said::Raw(..) => String::new(),
    }
}

/// Whether the same is answered to what is nowhere at all, by whoever may not do it there either.
async fn as_nowhere(cast: &Cast, sent: &Sent, csrf: &str, ids: &BTreeSet<String>, status: StatusCode) -> bool {
    let nowhere = kit::Uuid::from_u128(7 << 64 | 7).to_string();
    let path = ids.iter().fold(sent.path.clone(), |path, id| path.replace(id, &nowhere));
    let sent = Sent { path, ..sent.clone() };
    cast.stage.village.answer(cast.stage.request(&sent, &cast.stage.key(), csrf)).await.status() == status
}

async fn nobody_comes_over(db: Db) {
    let cast = Cast::on(db.clone()).await;
    let stage = &cast.stage;
    let (_, over) = places::by_code(&db, "taoli").await.unwrap().unwrap();
    let border = Border { compounds: [stage.compound.to_string(), over.to_string()] };
    let ours = [cast.other.to_string(), stage.tenant.to_string(), over.to_string(), kit::Uuid::nil().to_string()];
    let own_ids =
        |text: &str| -> BTreeSet<String> { ids_in(text).into_iter().filter(|id| !ours.contains(id)).collect() };
    let looked = matrix::things(&cast).await;
    let mut ready = Vec::new();
    for (at, call) in unsafe_calls().into_iter().enumerate() {
        if HELD.iter().any(|held| call.contains(held)) || call == "POST /sign-out" {
            continue;
        }
        let Some(Sample::Keyed(sent, ..) | Sample::Same(sent, _) | Sample::Status(sent, _)) =
            stage.sample(&call, 800 + at).await
        else {
            continue;
        };
        let Some(said) = border.moved_said(&sent.said) else { continue };
        let path = sent.path.split('?').map(|part| border.moved(part)).collect::<Vec<_>>().join("?");
        let sent = Sent { who: there(sent.who), path, said };
        let (in_path, in_body) = (own_ids(&sent.path), own_ids(&said_text(&sent.said)));
        if !in_path.is_empty() || !in_body.is_empty() {
            ready.push((call, sent, in_path, in_body));
        }
    }
    let before = store::of_tenant(&db, stage.tenant.0).await;
    let (mut faults, mut tried) = (Vec::new(), BTreeSet::new());
    for route in declared().into_iter().filter(|route| route.method == "get") {
        let path = matrix::address(&route.path, &looked).replace("compound=shiliu", "compound=taoli");
        let named = own_ids(&path);
        let held = HELD.iter().any(|held| route.path.contains(held));
        let coded = path.split('?').next().is_some_and(|path| path.contains(&looked["code"]));
        if held || (named.is_empty() && !coded) {
            continue;
        }
        tried.extend(named);
        for who in ["elsewhere", "far-captain", "far"] {
            let request = stage.village.request(who, "GET", &path).body(Body::empty()).unwrap();
            let status = stage.village.answer(request).await.status();
            let fine = status == StatusCode::NOT_FOUND || (status == StatusCode::FORBIDDEN && who != "elsewhere");
            if !fine {
                faults.push(format!("{who} GET {path}: {status}"));
            }
        }
    }
    for (call, sent, in_path, in_body) in &ready {
        let csrf = stage.csrf(sent.who).await;
        let answer = stage.village.send(stage.request(sent, &stage.key(), &csrf)).await;
        tried.extend(in_path.iter().chain(in_body).cloned());
        let fine = match answer.status {
            StatusCode::NOT_FOUND => true,
            // What stands in a body may also be a field that cannot be taken.
            StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => in_path.is_empty(),
            StatusCode::FORBIDDEN if in_path.is_empty() => true,
            StatusCode::FORBIDDEN => as_nowhere(&cast, sent, &csrf, in_path, answer.status).await,
            _ => false,
        };
        if !fine {
            let text: String = answer.text().chars().take(120).collect();
            faults.push(format!("{} {call} {} {:?}: {} {text}", sent.who, sent.path, sent.said, answer.status));
        }
    }
    let mut missing = Vec::new();
    for table in TABLES {
        if store::every_id(&db, stage.tenant.0, table).await.intersection(&tried).next().is_none() {
            missing.push(table);
        }
    }
    assert!(missing.is_empty(), "of these none was tried: {missing:?}");
    assert!(ready.len() > 120, "{} deeds are few", ready.len());
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), ready.len(), faults.join("\n"));
    assert_eq!(store::of_tenant(&db, stage.tenant.0).await, before);
}

kit::on_both! { &crate::migrations();
    async fn whoever_has_the_same_part_in_another_community_does_nothing_here(db) {
        nobody_comes_over(db).await;
    }
}

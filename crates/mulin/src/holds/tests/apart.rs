//! What the samples leave out, sixteen times at once, each in a house of its own: what ends those who do it, what plays another's
//! part from then on, and what nobody may do with a slip.

use super::cast::Cast;
use super::samples::{Stage, form, json};
use super::twice::at_once;
use crate::holds::store::{between, rows};
use axum::body::{Body, to_bytes};
use axum::http::{StatusCode, header};
use commons::place::store as places;
use kit::db::Db;
use serde_json::json as object;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

const AT_ONCE: usize = 16;

async fn stage(db: &Db) -> Arc<Stage> {
    let Cast { stage, .. } = Cast::on(db.clone()).await;
    Arc::new(stage)
}

/// Nothing but what was counted.
async fn left(db: &Db, before: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
    between(before, &rows(db).await)
}

kit::on_both! { &crate::migrations();
    async fn whoever_is_erased_by_sixteen_calls_at_once_is_erased_once(db) {
        let stage = stage(&db).await;
        let (tenant, key) = (stage.tenant, stage.key());
        let sent = json("tenant", "/api/v1/me/data/erase", object!({ "sure": true }));
        for answer in at_once(&stage, &sent, &key, AT_ONCE).await {
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        }
        assert_eq!(commons::kept::store::erased_count(&db, tenant).await.unwrap(), 1);
        // Nobody is here any more, so another body is nobody's.
        let other = json("tenant", "/api/v1/me/data/erase", object!({ "sure": true, "words": true }));
        let before = rows(&db).await;
        at_once(&stage, &other, &key, 1).await;
        assert_eq!(left(&db, &before).await, BTreeMap::new());
    }

    async fn a_part_that_is_begun_by_sixteen_calls_at_once_is_begun_once(db) {
        let stage = stage(&db).await;
        stage.calls("substitute", "/api/v1/me/standing/stop", object!({})).await;
        let told = stage.village.get("substitute", "/api/v1/me/standing").await.json();
        let id = told["by_me"][0]["id"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned();
        let sent = json("substitute", format!("/api/v1/me/standing/{id}/begin"), object!({}));
        let before = rows(&db).await;
        let answers = at_once(&stage, &sent, &stage.key(), AT_ONCE).await;
        for answer in &answers {
            assert_eq!((answer.status, &answer.body), (StatusCode::OK, &answers[0].body), "{}", answer.body);
        }
        // Whose part a session plays is no deed: what is done in it stands in the book with both names.
        assert_eq!(left(&db, &before).await, BTreeMap::from([("request_key".to_owned(), 1)]));
        assert_eq!(stage.village.get("substitute", "/api/v1/me/standing").await.json()["acting"], id.as_str());
    }

    async fn what_a_slip_does_not_open_is_refused_sixteen_times_alike(db) {
        let stage = stage(&db).await;
        let told = stage.said("neighbour", "lift", 1).await;
        for deed in ["support", "unsupport", "unmerge"] {
            let sent = form("stranger", format!("/say/requests/slip/{}/{deed}", told.pickup), &[("words", "我也是")]);
            let before = rows(&db).await;
            let answers = at_once(&stage, &sent, &stage.key(), AT_ONCE).await;
            for answer in &answers {
                assert_eq!((answer.status, answer.text()), (answers[0].status, answers[0].text()), "{deed}");
                assert!(matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::CONFLICT), "{deed}: {}", answer.text());
            }
            assert_eq!(left(&db, &before).await, BTreeMap::new(), "{deed}");
        }
    }

    async fn a_community_that_is_exported_and_deleted_sixteen_times_at_once_is_whole_and_then_gone(db) {
        let stage = stage(&db).await;
        stage.said("granny", "lift", 1).await;
        let (page, export) = ("/office/farewell", "/office/farewell/export");
        let sent = form("operator", export, &[]);
        for answer in at_once(&stage, &sent, &stage.key(), AT_ONCE).await {
            assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, page), "{}", answer.text());
        }
        // The file is the one whose digest stands in its name.
        let request = stage.village.request("operator", "GET", export).body(Body::empty()).unwrap();
        let taken = stage.village.answer(request).await;
        let name = taken.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
        let mark = name.split("liuhua-").nth(1).unwrap().split('.').next().unwrap().to_owned();
        let bytes = to_bytes(taken.into_body(), 64 << 20).await.unwrap();
        assert!(hex::encode(Sha256::digest(&bytes)).starts_with(&mark), "{mark}");

        let delete = form("operator", "/office/farewell/delete", &[("name", "榴花社区"), ("mark", &mark)]);
        let answers = at_once(&stage, &delete, &stage.key(), AT_ONCE).await;
        // Whoever comes when it is gone is nobody here any more.
        let fine = |status: u16| matches!(status, 303 | 403 | 404 | 409);
        for answer in &answers {
            assert!(fine(answer.status.as_u16()), "{} {}", answer.status, answer.text());
        }
        assert!(answers.iter().any(|answer| answer.location == "/"), "one of them is told that it is done");
        let names: Vec<String> = places::tenants(&db).await.unwrap().into_iter().map(|one| one.code).collect();
        assert_eq!(names.len(), 2, "the others stay: {names:?}");
        assert!(!names.contains(&"liuhua".to_owned()));
    }
}

//! The desk by calls: the same view, in pages that do not shift.

use super::says;
use crate::village::Village;
use kit::on_both;
use serde_json::{Value, json};

fn codes(told: &Value) -> Vec<String> {
    told["requests"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

on_both! { &crate::migrations();
    async fn a_desk_comes_in_pages_though_others_say_something_meanwhile(db) {
        let village = Village::on(db).await;
        for n in 1..=4 {
            says(&village, "granny", "shiliu/1", &format!("第{n}盏灯不亮"), "lighting").await;
            village.wait(60_000);
        }
        village.get("property", "/api/v1/desk?limit=0").await.refuses(422, "house/limit");
        village.get("property", "/api/v1/desk?show=").await.refuses(422, "desk/show");
        let first = village.get("property", "/api/v1/desk?limit=2").await;
        let (seen, next) = (codes(&first.answers(200)), first.json()["next"].as_str().unwrap().to_owned());
        assert!(first.header("link").contains("rel=\"next\""));
        // What is taken leaves the list of the door's open ones in its place; what is new comes behind.
        village.call("property", &format!("/api/v1/requests/{}/report", seen[0]), "report", &json!({ "outcome": "solved" })).await.answers(200);
        says(&village, "tenant", "shiliu/2", "又一盏灯不亮", "lighting").await;
        let second = village.get("property", &format!("/api/v1/desk?limit=2&after={next}")).await.answers(200);
        let third = village.get("property", &format!("/api/v1/desk?limit=2&after={}", second["next"].as_str().unwrap())).await.answers(200);
        let all = [seen, codes(&second), codes(&third)].concat();
        assert_eq!(all, ["shiliu-1", "shiliu-2", "shiliu-3", "shiliu-4", "shiliu-5"]);
        assert_eq!(third["next"], Value::Null);
        let closed = village.get("property", "/api/v1/desk?show=reported").await.answers(200);
        assert_eq!(codes(&closed), ["shiliu-1"]);
        for (query, status, reason) in [
            ("after=x", 422, "house/cursor-bad"),
            ("scope=moon", 422, "desk/scope"),
            ("show=moon", 422, "desk/show"),
            ("from=2", 400, "house/query"),
            ("of=moon", 404, "house/not-found"),
        ] {
            village.get("property", &format!("/api/v1/desk?{query}")).await.refuses(status, reason);
        }
        village.get("granny", "/api/v1/desk").await.refuses(403, "desk/not-staff");
    }

    async fn offers_counts_stairs_and_a_table_are_there_for_programs_too(db) {
        let village = Village::on(db).await;
        says(&village, "granny", "shiliu/1/1/301", "楼上拖椅子", "noise").await;
        let one = village.get("captain", "/api/v1/requests/shiliu-1").await.answers(200);
        let seat = one["seats"].as_array().unwrap().iter().find(|seat| seat["office"] == "property").unwrap()["to"].clone();
        let asked = village.get("captain", "/api/v1/requests/hand-over?cases=shiliu-1,shiliu-9").await.answers(200);
        assert_eq!(asked["cases"], json!(["shiliu-1"]));
        assert!(asked["seats"].as_array().unwrap().iter().any(|one| one["to"] == seat));
        let offer = json!({ "to": seat, "words": "要找物业" });
        village.call("captain", "/api/v1/requests/shiliu-1/offer", "offer", &offer).await.answers(200);
        let offers = village.get("property", "/api/v1/desk/offers").await.answers(200);
        assert_eq!((offers["offers"][0]["reason"].as_str(), offers["offers"][0]["from"]["office"].as_str()), (Some("要找物业"), Some("captain")));
        let counts = village.get("captain", "/api/v1/desk/counts").await.answers(200);
        assert_eq!((counts["door"].as_u64(), counts["places"].as_array().unwrap().is_empty()), (Some(1), false));
        village.get("captain", "/api/v1/desk/counts?limit=3").await.refuses(400, "house/query");
        let steps = |told: Value| told["steps"][0].clone();
        let held = steps(village.get("captain", "/api/v1/desk/stairs?at=shiliu/1").await.answers(200));
        assert_eq!((held["home"].as_str(), held["held"].as_bool()), (Some("301"), Some(true)));
        let seen = steps(village.get("property", "/api/v1/desk/stairs?at=shiliu/1").await.answers(200));
        assert_eq!((seen["home"].as_str(), seen["held"].as_bool()), (None, Some(false)));
        village.get("property", "/api/v1/desk/stairs").await.refuses(400, "house/query");
        let table = village.call("captain", "/api/v1/desk/export", "export", &json!({ "at": "shiliu/1" })).await;
        table.says("楼上拖椅子").says_not(" 301").says_not("/301");
        let (tenant, _) = commons::place::store::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
        let book = kit::book::of_thing(&village.app.db, tenant.0, tenant.0).await.unwrap();
        assert_eq!(book.iter().filter(|line| line.stem == "desk/exported").count(), 1);
        village.call("granny", "/api/v1/desk/export", "export", &json!({})).await.refuses(403, "desk/not-staff");
    }
}

//! Mandates by calls.

use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;
use serde_json::{Value, json};

const ALL: &str = "/api/v1/people";

on_both! { &crate::migrations();
    async fn a_resident_who_is_trusted_with_something_gets_no_second_self(db) {
        let village = Village::on(db).await;
        let body = json!({ "name": "granny", "office": "captain", "source": "appointment", "at": "shiliu/2" });
        village.call("community", ALL, "again", &body).await.refuses(422, "people/name-here");
        let with = |field: &str, value: serde_json::Value| {
            let mut body = body.clone();
            body["same"] = json!(true);
            body[field] = value;
            body
        };
        village.call("community", ALL, "who", &with("name", json!("没有这个人"))).await.refuses(422, "people/nobody-so-called");
        village.call("community", ALL, "letter", &with("letter", json!(true))).await.refuses(422, "people/same-enters");
        village.call("community", ALL, "same", &with("same", json!(true))).await.answers(201);
        assert_eq!(village.get("granny", "/office/desk").await.status, axum::http::StatusCode::OK);
        village.get("granny", "/me").await.says("有新的岗位给您");
    }

    async fn a_mandate_is_given_with_a_letter_and_ended_by_calls(db) {
        let village = Village::on(db).await;
        let new = json!({ "name": "周明", "office": "captain", "source": "election", "at": "shiliu/1", "letter": true });
        let given = village.call("community", ALL, "give", &new).await;
        let told = given.answers(201);
        let code = told["letter"].as_str().unwrap();
        assert_eq!(village.call("community", ALL, "give", &new).await.body, given.body);
        village.get("community", "/office/compounds/shiliu/letters").await.says("周明");
        let letters = village.get("community", "/api/v1/compounds/shiliu/letters").await.answers(200);
        assert_eq!((letters["letters"][0]["code"].as_str(), letters["letters"].as_array().unwrap().len()), (Some(code), 1));
        let fields = [("code", code), ("login", "zhouming"), ("password", "three plain words")];
        let let_in = village.fill("somebody", "/sign-in/letter", "/sign-in/letter", &fields).await;
        assert_eq!(let_in.status, StatusCode::SEE_OTHER, "{}", let_in.text());
        let end = format!("{ALL}/{}/end", told["id"].as_str().unwrap());
        village.get("community", ALL).await.says("周明").says("zhouming");
        village.call("community", &end, "end", &json!({})).await.answers(200);
        village.call("community", &end, "end", &json!({})).await.answers(200);
        village.call("community", &end, "end-2", &json!({})).await.refuses(404, "house/not-found");
        village.get("community", ALL).await.says_not("周明");
    }

    async fn an_office_is_named_on_the_page_with_a_letter_that_is_printed_next(db) {
        let village = Village::on(db).await;
        let page = village.get("community", "/office/people").await;
        page.says("印一封信").says("href=\"/office/compounds/shiliu/letters\"").says("href=\"/office/compounds/-/letters\"");
        village.get("community", "/office/places?at=shiliu/1").await.says("href=\"/office/compounds/shiliu/letters\"");
        for (name, office, at, letters) in [
            ("周明", "captain", "shiliu/1", "/office/compounds/shiliu/letters"),
            ("吴静", "community", "", "/office/compounds/-/letters"),
        ] {
            let fields = [("name", name), ("office", office), ("at", at), ("source", "appointment"), ("letter", "1")];
            let named = village.fill("community", "/office/people", "/office/people", &fields).await;
            assert_eq!(named.location, letters, "{}", named.text());
            village.get("community", letters).await.says(name);
            assert_eq!(village.get("captain", letters).await.status, StatusCode::FORBIDDEN);
        }
        village.get("community", "/office/compounds/shiliu/letters").await.says_not("吴静");
        let own = village.get("community", "/api/v1/compounds/-/letters").await.answers(200);
        assert_eq!(own["letters"][0]["name"], "吴静");
        let both = [("name", "郑好"), ("office", "guard"), ("at", "shiliu"), ("source", "contract"), ("letter", "1"),
            ("login", "zhenghao"), ("password", "石榴园的春天很长")];
        let refused = village.fill("community", "/office/people", "/office/people", &both).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    }

    async fn mandates_come_in_pages_that_do_not_shift(db) {
        let village = Village::on(db).await;
        let (mut names, mut at) = (Vec::new(), format!("{ALL}?limit=2"));
        loop {
            let seen = village.get("community", &at).await;
            let told = seen.answers(200);
            let page: Vec<String> = told["mandates"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect();
            assert!(page.len() <= 2);
            names.extend(page);
            if names.len() == 2 {
                let new = json!({ "name": "新来的", "office": "guard", "source": "contract", "at": "shiliu" });
                village.call("community", ALL, "new", &new).await.answers(201);
            }
            let Some(next) = told["next"].as_str() else { break };
            at = format!("{ALL}?limit=2&after={next}");
            assert_eq!(seen.header("link"), format!("<{at}>; rel=\"next\""));
        }
        let mut once = names.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), names.len(), "nobody stands there twice: {names:?}");
        assert!(names.contains(&"新来的".to_owned()) && names.contains(&"captain".to_owned()));
        assert!(!names.contains(&"granny".to_owned()), "homes are nobody's business");
        village.get("community", &format!("{ALL}?after=yesterday")).await.refuses(422, "house/cursor-bad");
        village.get("community", &format!("{ALL}?page=2")).await.refuses(400, "house/query");
    }

    async fn only_keepers_give_and_what_makes_no_sense_is_said(db) {
        let village = Village::on(db).await;
        let new = json!({ "name": "周明", "office": "captain", "source": "election", "at": "shiliu/1" });
        for who in ["granny", "captain", "property", "committee"] {
            village.get(who, ALL).await.refuses(403, "people/not-keeper");
            village.call(who, ALL, "give", &new).await.refuses(403, "people/not-keeper");
        }
        village.call("stranger", ALL, "give", &new).await.refuses(401, "account/sign-in-first");
        let wrong = |field: &str, value: Value| {
            let mut wrong = new.clone();
            wrong[field] = value;
            wrong
        };
        for (at, (field, value, reason)) in [
            ("at", json!("shiliu"), "people/at-building"),
            ("at", json!("nowhere"), "people/place"),
            ("years", json!(11), "people/years"),
            ("office", json!("king"), "people/office"),
            ("name", json!(""), "people/name"),
            ("login", json!("granny"), "first-run/login-taken"),
        ].into_iter().enumerate() {
            let mut body = wrong(field, value);
            body["password"] = json!("three plain words");
            village.call("community", ALL, &format!("wrong{at}"), &body).await.refuses(422, reason);
        }
        let mut both = wrong("login", json!("zhouming"));
        both["letter"] = json!(true);
        village.call("community", ALL, "both", &both).await.refuses(422, "people/letter-or-login");
        let all = village.get("community", &format!("{ALL}?limit=100")).await.answers(200);
        let keeper = all["mandates"].as_array().unwrap().iter().find(|one| one["office"] == "community").unwrap();
        let end = format!("{ALL}/{}/end", keeper["id"].as_str().unwrap());
        village.call("community", &end, "last", &json!({})).await.refuses(409, "people/last-keeper");
    }
}

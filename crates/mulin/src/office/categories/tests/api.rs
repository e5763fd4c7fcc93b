//! The categories by calls: the same rules as on the page.

use crate::village::Village;
use kit::on_both;
use serde_json::json;

const ALL: &str = "/api/v1/office/categories";

on_both! { &crate::migrations();
    async fn a_category_is_added_changed_asked_about_and_retired_by_calls(db) {
        let village = Village::on(db).await;
        let new = json!({ "name": "游泳池", "kind": "repair", "door": "compound", "office": "property" });
        let added = village.call("community", ALL, "add", &new).await;
        let slug = added.answers(201)["slug"].as_str().unwrap().to_owned();
        assert_eq!(village.call("community", ALL, "add", &new).await.body, added.body, "the same key, the same answer");
        village.call("community", ALL, "add", &json!({ "name": "x", "kind": "help", "door": "home" })).await.refuses(409, "request-key/other-body");
        let one = format!("{ALL}/{slug}");
        let told = village.get("community", &one).await.answers(200);
        assert_eq!((told["name"].as_str(), told["name_en"].as_str(), told["retired"].as_bool()), (Some("游泳池"), Some("游泳池"), Some(false)));
        let other = json!({ "name": "泳池", "name_en": "Pool", "kind": "complaint", "door": "compound", "private": true });
        assert_eq!(village.call("community", &one, "change", &other).await.answers(200)["private"], true);
        let ask = json!({ "name": "深水还是浅水", "kind": "singlevaluelist", "required": true,
            "options": [{ "name": "深水", "name_en": "Deep" }, { "name": "浅水" }] });
        let asked = village.call("community", &format!("{one}/ask"), "ask", &ask).await.answers(200);
        assert_eq!(asked["fields"][0]["options"], json!([{ "name": "深水", "name_en": "Deep" }, { "name": "浅水", "name_en": "" }]));
        let again = village.call("community", &format!("{one}/ask"), "ask", &ask).await.answers(200);
        assert_eq!(again["fields"].as_array().unwrap().len(), 1, "asked once");
        let shorter = json!({ "code": "q1", "name": "深浅", "options": [{ "name": "深" }, { "name": "浅" }] });
        let asked = village.call("community", &format!("{one}/ask"), "ask-2", &shorter).await.answers(200);
        assert_eq!((asked["fields"][0]["name"].as_str(), asked["fields"][0]["kind"].as_str()), (Some("深浅"), Some("singlevaluelist")));
        let gone = village.call("community", &format!("{one}/ask-no-more"), "no-more", &json!({ "code": "q1" })).await;
        assert_eq!(gone.answers(200)["fields"], json!([]));
        let order = async || {
            let all = village.get("community", ALL).await.answers(200)["categories"].clone();
            all.as_array().unwrap().iter().map(|one| one["slug"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let before = order().await;
        assert_eq!(before.last(), Some(&slug));
        village.call("community", &format!("{one}/move"), "up", &json!({ "to": "up" })).await.answers(200);
        assert_eq!(order().await[before.len() - 2], slug);
        village.call("community", &format!("{one}/retire"), "retire", &json!({})).await.answers(200);
        village.get("stranger", "/api/v1/categories?compound=shiliu").await.says_not("泳池");
        assert_eq!(village.get("community", &one).await.answers(200)["retired"], true);
        assert_eq!(village.call("community", &format!("{one}/bring-back"), "back", &json!({})).await.answers(200)["retired"], false);
    }

    async fn who_does_not_keep_categories_is_told_so_and_a_wrong_one_is_not_taken(db) {
        let village = Village::on(db).await;
        for who in ["granny", "captain", "property", "stranger"] {
            let (status, reason) = if who == "stranger" { (401, "account/sign-in-first") } else { (403, "categories/not-staff") };
            village.get(who, ALL).await.refuses(status, reason);
            let new = json!({ "name": "x", "kind": "help", "door": "home" });
            village.call(who, ALL, "add", &new).await.refuses(status, reason);
        }
        let wrong = json!({ "name": "", "kind": "party", "door": "window", "office": "captain" });
        let told = village.call("community", ALL, "wrong", &wrong).await;
        told.refuses(422, "categories/name");
        assert_eq!(told.json()["errors"].as_array().unwrap().len(), 3);
        village.call("community", ALL, "odd", &json!({ "name": "x", "kind": "help", "door": "home", "colour": "red" })).await.refuses(422, "form/json-bad");
        let lift = format!("{ALL}/lift");
        village.call("community", &format!("{lift}/dance"), "dance", &json!({})).await.refuses(404, "house/not-found");
        village.call("community", &format!("{lift}/move"), "move", &json!({ "to": "left" })).await.refuses(422, "categories/move-to");
        let few = json!({ "name": "几楼", "kind": "singlevaluelist", "options": [{ "name": "一楼" }] });
        village.call("community", &format!("{lift}/ask"), "few", &few).await.refuses(422, "categories/options-few");
        let sign = json!({ "name": "几楼", "kind": "singlevaluelist", "options": [{ "name": "一|二" }, { "name": "三" }] });
        village.call("community", &format!("{lift}/ask"), "sign", &sign).await.refuses(422, "categories/options-sign");
        village.get("community", &format!("{ALL}/nothing")).await.refuses(404, "house/not-found");
    }

    async fn a_committee_keeps_its_own_categories_and_no_others(db) {
        let village = Village::on(db).await;
        let new = json!({ "name": "快递柜", "kind": "repair", "door": "compound" });
        let slug = village.call("committee", ALL, "add", &new).await.answers(201)["slug"].as_str().unwrap().to_owned();
        let mine = village.get("committee", ALL).await.answers(200);
        assert_eq!(mine["categories"].as_array().unwrap().len(), 1);
        assert!(mine["categories"][0]["compound"].is_string());
        village.call("committee", &format!("{ALL}/{slug}/move"), "move", &json!({ "to": "up" })).await.refuses(403, "categories/not-staff");
        village.call("committee", &format!("{ALL}/lift/retire"), "retire", &json!({})).await.refuses(404, "house/not-found");
    }
}

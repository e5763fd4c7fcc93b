//! Requests by calls: the list's filters and pages, everything on a page, deeds, the letter's link, and slips.

use crate::say::requests::answer;
use crate::village::Village;
use commons::case::store;
use kit::on_both;
use serde_json::{Value, json};

const ALL: &str = "/api/v1/requests";

pub async fn files(village: &Village, who: &str, key: &str, body: &Value) -> Value {
    village.call(who, ALL, key, body).await.answers(201)
}

fn codes(told: &Value) -> Vec<&str> {
    told["requests"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}

on_both! { &crate::migrations();
    async fn the_list_is_narrowed_and_comes_in_pages_that_do_not_shift(db) {
        let village = Village::on(db).await;
        for (n, (place, words, category, private)) in [
            ("shiliu/1", "路灯不亮", "lighting", false),
            ("shiliu/2", "电梯停了", "lift", false),
            ("shiliu/1", "楼上吵", "noise", false),
            ("shiliu/1", "家里的事", "lighting", true),
        ].into_iter().enumerate() {
            files(&village, "granny", &format!("say{n}"), &json!({ "place": place, "words": words, "category": category, "private": private })).await;
            village.wait(60_000);
        }
        let list = async |who: &str, query: &str| {
            let told = village.get(who, &format!("{ALL}?compound=shiliu{query}")).await.answers(200);
            codes(&told).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(list("stranger", "").await, ["shiliu-3", "shiliu-2", "shiliu-1"]);
        assert_eq!(list("stranger", "&building=2").await, ["shiliu-2"]);
        assert_eq!(list("stranger", "&building=shiliu/1&category=lighting").await, ["shiliu-1"]);
        assert_eq!(list("stranger", "&door=home").await, ["shiliu-3"]);
        assert_eq!(list("granny", "&mine=true").await, ["shiliu-4", "shiliu-3", "shiliu-2", "shiliu-1"]);
        assert_eq!(list("tenant", "&mine=true").await, Vec::<String>::new());
        assert_eq!(list("stranger", "&q=%E7%94%B5%E6%A2%AF").await, ["shiliu-2"]);
        assert_eq!(list("stranger", "&overdue=true").await, Vec::<String>::new());
        village.call("property", &format!("{ALL}/shiliu-1/report"), "report", &json!({ "outcome": "solved" })).await.answers(200);
        assert_eq!(list("stranger", "&state=reported").await, ["shiliu-1"]);
        assert_eq!(list("stranger", "&state=said&open=true").await, ["shiliu-3", "shiliu-2"]);
        let first = village.get("stranger", &format!("{ALL}?compound=shiliu&limit=2")).await;
        files(&village, "tenant", "new", &json!({ "place": "shiliu/2", "words": "新的一件", "category": "lift" })).await;
        let next = first.json()["next"].as_str().unwrap().to_owned();
        assert_eq!(first.header("link"), format!("<{ALL}?compound=shiliu&limit=2&before={next}>; rel=\"next\""));
        let second = village.get("stranger", &format!("{ALL}?compound=shiliu&limit=2&before={next}")).await;
        assert_eq!((codes(&second.json()), second.header("link")), (vec!["shiliu-1"], String::new()));
        village.wait(kit::time::Moment::days(40));
        assert!(list("stranger", "&overdue=true&door=compound").await.contains(&"shiliu-2".to_owned()));
        for (query, status, reason) in [
            ("?compound=shiliu&before=x", 422, "house/cursor-bad"),
            ("?compound=shiliu&q=%E7%81%AF%E7%81%AF&before=x", 422, "house/cursor-bad"),
            ("?compound=shiliu&state=x", 422, "requests/state-unknown"),
            ("?compound=shiliu&door=x", 422, "requests/door-unknown"),
            ("?compound=shiliu&page=2", 400, "house/query"),
            ("?compound=shiliu&mine=true", 401, "account/sign-in-first"),
            ("?compound=shiliu&building=9", 404, "house/not-found"),
            ("?compound=nowhere", 404, "house/not-found"),
            ("", 400, "house/query"),
        ] {
            village.get("stranger", &format!("{ALL}{query}")).await.refuses(status, reason);
        }
    }

    async fn a_request_is_told_as_its_page_tells_it_to_each_caller(db) {
        let village = Village::on(db).await;
        let said = json!({ "place": "shiliu/1/1/301", "words": "水管漏水", "category": "lighting", "contact": "13800000001" });
        let filed = files(&village, "granny", "say", &said).await;
        let one = format!("{ALL}/{}", filed["code"].as_str().unwrap());
        let holder = village.get("stranger", &one).await.answers(200)["holder"]["office"].as_str().unwrap().to_owned();
        let holder = holder.as_str();
        let mine = village.get("granny", &one).await.answers(200);
        assert_eq!((mine["mine"].as_bool(), mine["exact_place"].as_str().is_some_and(|place| place.contains("301")), &mine["looks"]), (Some(true), true, &json!([])));
        assert!(mine["can"].as_array().unwrap().contains(&json!("edit")));
        let seen = village.get("stranger", &one).await.answers(200);
        assert_eq!((&seen["exact_place"], &seen["can"], &seen["looks"], &seen["seats"]), (&Value::Null, &json!([]), &Value::Null, &json!([])));
        let held = village.get(holder, &one).await.answers(200);
        assert!(!held["seats"].as_array().unwrap().is_empty());
        assert!(held["can"].as_array().unwrap().contains(&json!("contact")));
        village.call(holder, &format!("{one}/note"), "aside", &json!({ "words": "先关总阀", "public": false })).await.answers(200);
        let words = async |who: &str| {
            let told = village.get(who, &one).await.answers(200);
            told["entries"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(words("stranger").await, ["水管漏水"]);
        assert_eq!(words("granny").await, ["水管漏水", "先关总阀"]);
        let contact = format!("{one}/contact");
        assert_eq!(village.call(holder, &contact, "look", &json!({})).await.answers(200)["contact"], "13800000001");
        village.call(holder, &contact, "look", &json!({})).await.answers(200);
        for who in ["granny", "tenant", "stranger"] {
            village.call(who, &contact, "look", &json!({})).await.refuses(403, "requests/contact-not-holder");
        }
        let looks = village.get("granny", &one).await.answers(200)["looks"].clone();
        assert_eq!(looks.as_array().map(Vec::len), Some(1), "the same key is one look: {looks}");
        assert!(village.get("stranger", &one).await.answers(200)["timeline"].as_array().unwrap().iter().all(|step| step["did"] != "requests/contact-viewed"));
        village.call(holder, &format!("{one}/accept"), "accept", &json!({})).await.answers(200);
        village.call(holder, &format!("{one}/pause"), "pause", &json!({ "reason": "part", "words": "等配件" })).await.answers(200);
        assert_eq!(village.get("granny", &one).await.answers(200)["paused"]["reason"], "part");
        village.call(holder, &format!("{one}/resume"), "resume", &json!({})).await.answers(200);
        village.get("stranger", &format!("{one}/hotline")).await.says("水管漏水");
        let entry = mine["entries"][0]["id"].clone();
        village.call("granny", &format!("{one}/edit"), "edit", &json!({ "entry": entry, "words": "水管漏水了" })).await.answers(200);
        assert!(village.get("granny", &one).await.answers(200)["entries"][0]["edited"].is_string());
        village.get("stranger", &format!("{ALL}/shiliu-9")).await.refuses(404, "house/not-found");
        village.get("stranger", &format!("{ALL}/shiliu-9/hotline")).await.refuses(404, "house/not-found");
    }

    async fn a_deed_takes_what_is_described_and_nothing_else(db) {
        let village = Village::on(db).await;
        files(&village, "granny", "say", &json!({ "place": "shiliu/1", "words": "灯不亮", "category": "lighting" })).await;
        let one = format!("{ALL}/shiliu-1");
        village.call("property", &format!("{one}/accept"), "odd", &json!({ "colour": "red" })).await.refuses(422, "form/json-bad");
        village.call("property", &format!("{one}/dance"), "dance", &json!({})).await.refuses(404, "house/not-found");
        village.call("property", &format!("{one}/report"), "none", &json!({})).await.refuses(422, "requests/report-outcome");
        village.call("property", &format!("{one}/accept"), "photos", &json!({ "photos": [] })).await.answers(200);
        village.call("property", &format!("{one}/accept"), "again", &json!({})).await.refuses(409, "requests/accept-not-waiting");
        village.call("property", &format!("{one}/report"), "report", &json!({ "outcome": "solved" })).await.answers(200);
        let judge = json!({ "solved": true, "satisfaction": "good", "words": "谢谢" });
        village.call("property", &format!("{one}/judge"), "judge", &judge).await.refuses(403, "requests/judge-not-yours");
        let told = village.call("granny", &format!("{one}/judge"), "judge", &judge).await.answers(200);
        assert_eq!((told["closed_as"].as_str(), told["satisfaction"].as_str()), (Some("solved"), Some("good")));
        village.call("granny", &format!("{one}/judge"), "judge", &judge).await.answers(200);
        village.json("granny", "POST", &format!("{one}/add"), "short", "{}").await.refuses(422, "form/no-key");
        village.call("granny", &format!("{one}/sort"), "sort", &json!({ "kind": "praise" })).await.answers(200);
        assert_eq!(village.get("granny", &one).await.answers(200)["kind"], "praise");
    }

    async fn the_end_of_a_letters_link_answers_once_for_each_report(db) {
        let village = Village::on(db).await;
        files(&village, "stranger", "say", &json!({ "place": "shiliu/1", "words": "灯不亮", "category": "lighting" })).await;
        village.call("property", &format!("{ALL}/shiliu-1/report"), "report", &json!({ "outcome": "answered", "words": "换好了" })).await.answers(200);
        let case = store::by_code(&village.app.db, "shiliu-1").await.unwrap().unwrap().row.case;
        let at = format!("/api/v1/answers/{}", answer::token(&village.app.secrets, &case, 1));
        let asked = village.get("anybody", &at).await.answers(200);
        assert_eq!((asked["asks"].as_bool(), asked["report"].as_str(), &asked["answered"]), (Some(true), Some("换好了"), &Value::Null));
        village.call("anybody", &at, "half", &json!({ "words": "嗯" })).await.refuses(422, "form/json-bad");
        let no = json!({ "solved": false, "words": "还是不亮" });
        let told = village.call("anybody", &at, "no", &no).await;
        assert_eq!((told.answers(200)["asks"].as_bool(), told.json()["answered"].as_bool()), (Some(false), Some(false)));
        assert_eq!(village.call("anybody", &at, "no", &no).await.body, told.body);
        village.call("anybody", &at, "again", &json!({ "solved": true })).await.refuses(409, "requests/answer-already");
        village.get("anybody", "/api/v1/answers/shiliu-1.GUESS").await.refuses(404, "house/not-found");
    }

    async fn a_slip_opens_its_own_request_and_no_other(db) {
        let village = Village::on(db).await;
        let filed = files(&village, "nobody", "say", &json!({ "place": "shiliu/1", "words": "家里的事", "category": "lighting", "private": true })).await;
        files(&village, "granny", "other", &json!({ "place": "shiliu/1", "words": "别人的事", "category": "lighting", "private": true })).await;
        let slip = [("x-pickup-code", filed["pickup"].as_str().unwrap())];
        let told = village.get_with("nobody", "/api/v1/requests/slip", &slip).await.answers(200);
        assert_eq!((told["code"].as_str(), told["mine"].as_bool()), (Some("shiliu-1"), Some(true)));
        village.get_with("nobody", &format!("{ALL}/shiliu-1"), &slip).await.says("家里的事");
        village.get("nobody", &format!("{ALL}/shiliu-1")).await.refuses(404, "house/not-found");
        village.get_with("nobody", &format!("{ALL}/shiliu-2"), &slip).await.refuses(404, "house/not-found");
        village.get_with("nobody", "/api/v1/requests/slip", &[("x-pickup-code", "ABCDEFGHJK")]).await.refuses(404, "house/not-found");
        village.get("nobody", "/api/v1/requests/slip").await.refuses(422, "requests/code-shape");
        let add = (r#"{"words":"又漏了"}"#, format!("{ALL}/shiliu-1/add"));
        village.json_with("nobody", "POST", &add.1, ("add-0123456789abcdef", add.0), &slip).await.answers(200);
        village.json("nobody", "POST", &add.1, "add-0123456789abcdef", add.0).await.refuses(404, "house/not-found");
    }

    async fn what_tells_too_much_is_found_and_covered_by_calls(db) {
        let village = Village::on(db).await;
        let said = json!({ "place": "shiliu/1", "words": "请打13800138000找我", "category": "lighting", "personal": "as-is" });
        files(&village, "granny", "say", &said).await;
        let one = format!("{ALL}/shiliu-1");
        let found = village.get("granny", &format!("{one}/private")).await.answers(200);
        assert_eq!((found["texts"][0]["found"].clone(), found["whys"].clone()), (json!(["13800138000"]), json!([])));
        assert!(!village.get("property", &format!("{one}/private")).await.answers(200)["whys"].as_array().unwrap().is_empty());
        for who in ["tenant", "stranger"] {
            village.get(who, &format!("{one}/private")).await.refuses(403, "requests/hide-not-yours");
        }
        let hide = json!({ "pieces": ["13800138000"] });
        village.call("property", &format!("{one}/hide"), "no-why", &hide).await.refuses(422, "requests/hide-why");
        village.call("granny", &format!("{one}/hide"), "hide", &hide).await.answers(200);
        village.get("stranger", &one).await.says_not("13800138000");
        let bare = json!({ "place": "shiliu/1", "words": "请打13800138001找我", "category": "lighting" });
        village.call("granny", ALL, "bare", &bare).await.refuses(422, "private/found");
    }

    async fn whoever_writes_is_helped_and_asked(db) {
        let village = Village::on(db).await;
        let inside = async |at: &str| {
            let told = village.get("stranger", &format!("{ALL}/places?at={at}")).await.answers(200);
            told["places"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(inside("shiliu").await, ["shiliu/1", "shiliu/2"]);
        assert_eq!(inside("shiliu/1").await, ["shiliu/1/1"]);
        assert_eq!(inside("shiliu/1/1").await, Vec::<String>::new());
        village.get("stranger", &format!("{ALL}/places?at=nowhere")).await.refuses(404, "house/not-found");
        let words = [("x-words", "%E5%8E%A8%E6%88%BF%E7%9D%80%E7%81%AB%E4%BA%86")];
        let told = village.get_with("stranger", "/api/v1/requests/suggest?at=shiliu/1", &words).await.answers(200);
        assert_eq!(told["alarm"][0]["call"], "119");
        let lift = [("x-words", "%E7%94%B5%E6%A2%AF%E5%81%9C%E4%BA%86")];
        assert_eq!(village.get_with("stranger", "/api/v1/requests/suggest?at=shiliu/1", &lift).await.answers(200)["category"], "lift");
        let ask = json!({ "name": "里面有没有人", "kind": "singlevaluelist", "required": true, "options": [{ "name": "没有人" }, { "name": "有人" }] });
        village.call("community", "/api/v1/office/categories/lift/ask", "ask", &ask).await.answers(200);
        let told = village.get("stranger", "/api/v1/requests/suggest?at=shiliu/1&category=lift").await.answers(200);
        assert_eq!(told["fields"][0]["options"], json!(["没有人", "有人"]));
        let bare = json!({ "place": "shiliu/1", "words": "电梯停了", "category": "lift" });
        village.call("granny", ALL, "bare", &bare).await.refuses(422, "requests/field-needed");
        let mut full = bare.clone();
        full["fields"] = json!({ "q1": "没有人" });
        files(&village, "granny", "full", &full).await;
        assert_eq!(village.get("stranger", &format!("{ALL}/shiliu-1")).await.answers(200)["fields"], json!({ "q1": "没有人" }));
        village.get("stranger", "/api/v1/requests/suggest?at=nowhere").await.refuses(404, "house/not-found");
        village.get("stranger", "/api/v1/requests/similar?at=shiliu/1&words=x&more=1").await.refuses(400, "house/query");
    }
}

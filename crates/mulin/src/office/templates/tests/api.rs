//! Reply templates by calls.

use crate::village::Village;
use kit::on_both;
use serde_json::json;

const ALL: &str = "/api/v1/templates";

on_both! { &crate::migrations();
    async fn a_template_is_written_changed_moved_and_retired_by_calls(db) {
        let village = Village::on(db).await;
        let place = village.get("community", "/api/v1/me").await.answers(200)["mandates"][0]["place"].clone();
        let mut ids = Vec::new();
        for title in ["第一条", "第二条"] {
            let new = json!({ "place": place, "title": title, "text": "好的" });
            let added = village.call("community", ALL, title.len().to_string().as_str(), &new).await;
            ids.push(added.json()["id"].as_str().map(str::to_owned));
        }
        // The same key with other words is a conflict, so only the first was kept.
        assert_eq!((ids[0].is_some(), ids[1].is_some()), (true, false));
        let new = json!({ "place": place, "title": "第二条", "text": "好的" });
        let second = village.call("community", ALL, "second", &new).await.answers(201)["id"].as_str().unwrap().to_owned();
        let one = format!("{ALL}/{second}");
        let changed = village.call("community", &one, "change", &json!({ "title": "换灯", "text": "换好了", "outcome": "solved" })).await.answers(200);
        assert_eq!((changed["title"].as_str(), changed["outcome"].as_str()), (Some("换灯"), Some("solved")));
        village.call("community", &format!("{one}/up"), "up", &json!({})).await.answers(200);
        assert_eq!(village.get("community", ALL).await.answers(200)["templates"][0]["title"], "换灯");
        assert_eq!(village.call("community", &format!("{one}/retire"), "retire", &json!({})).await.answers(200)["retired"], true);
        assert_eq!(village.call("community", &format!("{one}/restore"), "restore", &json!({})).await.answers(200)["retired"], false);
        village.call("community", &format!("{one}/burn"), "burn", &json!({})).await.refuses(404, "house/not-found");
        village.call("community", &one, "long", &json!({ "title": "", "text": "x" })).await.refuses(422, "templates/title");
        for who in ["property", "captain"] {
            village.call(who, &one, "not-mine", &json!({ "title": "我的", "text": "x" })).await.refuses(403, "templates/not-keeper");
            village.call(who, &format!("{one}/retire"), "not-mine-2", &json!({})).await.refuses(403, "templates/not-keeper");
        }
        village.call("granny", &one, "granny", &json!({ "title": "我的", "text": "x" })).await.refuses(403, "templates/not-staff");
    }
}

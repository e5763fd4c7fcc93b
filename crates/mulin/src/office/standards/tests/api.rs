//! Limits, office hours and the calendar by calls.

use crate::village::Village;
use kit::on_both;
use serde_json::{Value, json};

const AT: &str = "/api/v1/standards";

fn limit(told: &Value, category: &str) -> (Value, Value) {
    let all = told["standards"].as_array().unwrap();
    let one =
        all.iter().find(|one| one["category"] == category && one["door"] == "compound" && one["clock"] == "accept");
    (one.unwrap()["amount"].clone(), one.unwrap()["origin"].clone())
}

on_both! { &crate::migrations();
    async fn a_limit_and_hours_are_set_and_taken_back_by_calls(db) {
        let village = Village::on(db).await;
        let usual = limit(&village.get("stranger", "/api/v1/standards?compound=shiliu").await.answers(200), "lighting");
        let set = json!({ "compound": "shiliu", "what": "set", "category": "lighting", "door": "compound", "clock": "accept", "amount": 2, "unit": "hours" });
        let told = village.call("committee", AT, "set", &set).await.answers(200);
        assert_eq!(limit(&told, "lighting"), (json!(2), json!("compound_category")));
        let drop = json!({ "compound": "shiliu", "what": "drop", "category": "lighting", "door": "compound", "clock": "accept" });
        let told = village.call("committee", AT, "drop", &drop).await.answers(200);
        assert_eq!(limit(&told, "lighting"), usual);
        village.call("committee", AT, "drop", &drop).await.answers(200);
        village.call("committee", AT, "drop-2", &drop).await.refuses(422, "standards/nothing-set");
        let hours = json!({ "compound": "shiliu", "door": "compound", "hours": "9：00－11：30" });
        let told = village.call("committee", "/api/v1/standards/hours", "hours", &hours).await.answers(200);
        let door = told["office_hours"].as_array().unwrap().iter().find(|one| one["door"] == "compound").unwrap();
        assert_eq!((door["hours"].as_str(), door["origin"].as_str()), (Some("9:00-11:30"), Some("compound")));
        let own = json!({ "what": "set", "door": "compound", "clock": "accept", "amount": 3, "unit": "hours" });
        let told = village.call("community", AT, "own", &own).await.answers(200);
        assert_eq!(limit(&told, "lighting"), (json!(3), json!("community")));
        assert_eq!(limit(&village.get("property", AT).await.answers(200), "lighting").1, "community");
    }

    async fn nobody_sets_what_is_not_theirs_and_nonsense_is_said(db) {
        let village = Village::on(db).await;
        let set = json!({ "compound": "shiliu", "what": "set", "door": "compound", "clock": "accept", "amount": 2, "unit": "hours" });
        for (who, status, reason) in [("property", 403, "standards/not-yours"), ("captain", 403, "standards/not-yours"), ("granny", 403, "standards/not-staff"), ("stranger", 401, "account/sign-in-first")] {
            village.call(who, AT, "set", &set).await.refuses(status, reason);
        }
        village.get("stranger", AT).await.refuses(401, "account/sign-in-first");
        let own = json!({ "what": "set", "door": "compound", "clock": "accept", "amount": 2, "unit": "hours" });
        village.call("committee", AT, "own", &own).await.refuses(403, "standards/not-yours");
        let mut wrong = set.clone();
        wrong["amount"] = json!(777_777);
        village.call("committee", AT, "wrong", &wrong).await.refuses(422, "standards/amount");
        wrong["compound"] = json!("nowhere");
        village.call("committee", AT, "nowhere", &wrong).await.refuses(404, "house/not-found");
        village.call("committee", "/api/v1/standards/hours", "h", &json!({ "compound": "shiliu", "door": "compound", "hours": "后门一直开" })).await.refuses(422, "calendar/office-unreadable");
        let year = json!({ "year": "no year at all" });
        village.call("committee", "/api/v1/standards/calendar", "y", &year).await.refuses(403, "standards/calendar-not-yours");
        assert_eq!(village.call("community", "/api/v1/standards/calendar", "y", &year).await.status.as_u16(), 422);
        village.call("community", "/api/v1/standards/calendar", "z", &json!({ "year": "" })).await.refuses(422, "standards/year-empty");
    }
}

//! How rates are worked out, set by calls.

use crate::village::Village;
use kit::on_both;
use serde_json::json;

const AT: &str = "/api/v1/figures/liuhua/settings";

on_both! { &crate::migrations();
    async fn the_staff_set_how_rates_are_worked_out_by_a_call(db) {
        let village = Village::on(db).await;
        let mut set = village.get("community", AT).await.answers(200);
        set["weights"] = json!({ "response": 20, "solving": 50, "satisfaction": 30 });
        set["few"] = json!(7);
        assert_eq!(village.call("community", AT, "set", &set).await.answers(200), set);
        village.call("community", AT, "set", &set).await.answers(200);
        assert_eq!(village.get("community", AT).await.answers(200), set);
        assert_eq!(village.get("stranger", "/api/v1/figures?compound=shiliu").await.answers(200)["settings"], set);
        set["few"] = json!(8);
        village.call("community", AT, "set", &set).await.refuses(409, "request-key/other-body");
        set["weights"]["solving"] = json!(60);
        village.call("community", AT, "sum", &set).await.refuses(422, "figures/weights-sum");
        set["month_day"] = json!(31);
        village.call("community", AT, "day", &set).await.refuses(422, "figures/setting-range");
        for who in ["granny", "property"] {
            village.get(who, AT).await.refuses(403, "figures/settings-not-staff");
            village.call(who, AT, "set", &set).await.refuses(403, "figures/settings-not-staff");
        }
        village.get("stranger", AT).await.refuses(401, "account/sign-in-first");
        village.get("community", "/api/v1/figures/nowhere/settings").await.refuses(404, "house/not-found");
    }
}

//! Stories of incidents.

use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;
use serde_json::json;

const HERE: &str = "/office/incidents";

on_both! { &crate::migrations();
    async fn an_incident_is_written_down_told_and_taken_along(db) {
        let village = Village::on(db).await;
        let typed = [("found", "2026-11-23"), ("what", "一台办公电脑被偷"), ("kinds", "联系电话"), ("affected", "1号楼约30户"),
            ("harm", "可能接到骚扰电话"), ("measures", "已换密钥，已结束登录")];
        let short = village.fill("community", HERE, HERE, &typed[..3]).await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        short.says("一台办公电脑被偷");
        let later = [&[("found", "2026-11-25")], &typed[1..]].concat();
        assert_eq!(village.fill("community", HERE, HERE, &later).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(village.fill("community", HERE, HERE, &typed).await.status, StatusCode::SEE_OTHER);
        let id = village.get("community", "/api/v1/incidents").await.answers(200)["incidents"][0]["id"].as_str().unwrap().to_owned();
        village.fill("community", HERE, "/office/incidents/step", &[("incident", &id), ("step", "people")]).await;
        village.call("community", &format!("/api/v1/incidents/{id}/authority"), "auth", &json!({})).await.answers(200);
        let table = village.get("community", "/office/incidents/table.csv").await;
        table.says("一台办公电脑被偷").says("1号楼约30户").says("11月24日");
        for nobody in ["granny", "captain", "property", "nobody"] {
            let seen = village.get(nobody, HERE).await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{nobody}");
            seen.says_not("办公电脑");
        }
    }
}

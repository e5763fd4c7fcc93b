//! The map as data.

use crate::village::Village;
use kit::on_both;

on_both! { &crate::migrations();
    async fn places_are_counted_for_programs_without_what_is_private(db) {
        let village = Village::on(db).await;
        for (at, private) in [("shiliu/1", ""), ("shiliu/1", "1"), ("shiliu/2", "")] {
            let fields = [("at", at), ("words", "灯不亮"), ("category", "lighting"), ("private", private)];
            village.fill("granny", &format!("/say/requests/new?at={at}"), "/say/requests", &fields).await;
        }
        let told = village.get("stranger", "/api/v1/map?compound=shiliu&category=lighting").await.answers(200);
        let of = |path: &str| told["places"].as_array().unwrap().iter().find(|one| one["path"] == path).unwrap()["requests"].clone();
        assert_eq!((of("shiliu/1").as_i64(), of("shiliu/2").as_i64()), (Some(1), Some(1)));
        let closed = village.get("stranger", "/api/v1/map?compound=shiliu&show=closed").await.answers(200);
        assert!(closed["places"].as_array().unwrap().iter().all(|one| one["requests"] == 0));
        village.get("stranger", "/api/v1/map?compound=shiliu&show=moon").await.refuses(422, "map/show");
        village.get("stranger", "/api/v1/map?compound=nowhere").await.refuses(404, "house/not-found");
        village.get("stranger", "/api/v1/map").await.refuses(400, "house/query");
    }
}

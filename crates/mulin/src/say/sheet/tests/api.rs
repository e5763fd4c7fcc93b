//! The week's sheet as data.

use crate::village::Village;
use kit::on_both;

on_both! { &crate::migrations();
    async fn a_week_is_told_to_programs_without_what_is_private(db) {
        let village = Village::on(db).await;
        for (words, private) in [("单元门关不上", ""), ("隔壁吵架", "1")] {
            let fields = [("at", "shiliu/1"), ("words", words), ("category", "lighting"), ("private", private)];
            village.fill("granny", "/say/requests/new?at=shiliu/1", "/say/requests", &fields).await;
        }
        let told = village.get("stranger", "/api/v1/sheet?building=shiliu/1").await.answers(200);
        assert_eq!((told["week"].as_str(), told["since"].as_str(), told["until"].as_str()), (Some("2026-W48"), Some("2026-11-23"), Some("2026-11-30")));
        assert_eq!((told["captains"][0]["name"].as_str(), told["parts"]["said"]["all"].as_i64()), (Some("captain"), Some(1)));
        assert_eq!(told["parts"]["said"]["requests"][0]["words"], "单元门关不上");
        assert_eq!(village.get("stranger", "/api/v1/sheet?compound=shiliu&week=2026-W01").await.answers(200)["parts"]["said"]["all"], 0);
        village.get("stranger", "/api/v1/sheet?compound=shiliu&week=soon").await.refuses(422, "sheet/week");
        village.get("stranger", "/api/v1/sheet?compound=nowhere").await.refuses(404, "house/not-found");
        village.get("stranger", "/api/v1/sheet?day=1").await.refuses(400, "house/query");
        assert_eq!(village.get("captain", "/api/v1/sheet").await.answers(200)["at"], "shiliu/1");
    }
}

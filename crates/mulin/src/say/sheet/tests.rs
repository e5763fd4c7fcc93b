//! The sheet on the staircase door.

mod api;

use super::store;
use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;
use kit::time::Moment;

async fn says(village: &Village, words: &str, more: &[(&str, &str)]) -> String {
    let fields = [&[("at", "shiliu/1"), ("words", words)][..], more].concat();
    let seen = village.fill("granny", "/say/requests/new?at=shiliu/1", "/say/requests", &fields).await;
    seen.location.split('?').next().unwrap_or_default().to_owned()
}

on_both! { &crate::migrations();
    async fn the_sheet_tells_a_building_its_week_without_names_or_homes(db) {
        let village = Village::on(db).await;
        says(&village, "声控灯不亮", &[("category", "lighting")]).await;
        says(&village, "只给办事的人看的话", &[("private", "1")]).await;
        let mended = says(&village, "门禁坏了", &[("category", "lighting")]).await;
        let told = says(&village, "水管滴水", &[("category", "lighting")]).await;
        for page in [&mended, &told] {
            let fields = [("outcome", "solved"), ("words", "修了")];
            village.fill("property", page, &format!("{page}/report"), &fields).await;
        }
        village.fill("granny", &mended, &format!("{mended}/judge"), &[("solved", "yes")]).await;
        let sheet = village.get("stranger", "/say/sheet?building=shiliu/1").await;
        assert_eq!(sheet.status, StatusCode::OK);
        sheet.says("这周说了3件，办结1件，1件等提出的人说好不好，0件超时").says("声控灯不亮").says("等提出的人说好不好");
        sheet.says("楼栋长：captain").says("<svg").says("11月23日 – 11月29日");
        sheet.says_not("只给办事的人看的话").says_not("granny").says_not(" 301").says_not("/301");
        village.wait(Moment::days(5));
        village.get("stranger", "/say/sheet?building=shiliu/1").await.says("1件超时").says("小区门 · 石榴园 物业 · 超了");
        village.get("stranger", "/say/sheet?building=shiliu/2").await.says("这周没有人说什么").says_not("声控灯");
        village.get("stranger", "/say/sheet?compound=shiliu").await.says("声控灯不亮");
        village.get("captain", "/say/sheet").await.says("1号楼").says("声控灯不亮");
        village.get("stranger", "/say/sheet?building=shiliu/1&week=2026-W47").await.says_not("门禁坏了").says("2026-W48");
        for nothing in ["building=shiliu/9", "building=shiliu/1&week=2026-W60", "compound=x"] {
            let seen = village.get("stranger", &format!("/say/sheet?{nothing}")).await;
            assert_eq!(seen.status, StatusCode::NOT_FOUND, "{nothing}");
        }
    }

    async fn what_does_not_fit_on_the_page_is_told_as_a_number(db) {
        let village = Village::on(db).await;
        for n in 0..9 {
            says(&village, &format!("第{n}件"), &[("category", "lighting")]).await;
            village.wait(1_000);
        }
        let sheet = village.get("captain", "/say/sheet?building=shiliu/1").await;
        sheet.says("这周说了9件").says("还有5件，见网上").says("第8件").says_not("第2件");
    }

    async fn the_statements_of_the_sheet_are_understood(db) {
        for sql in store::statements() {
            db.prepare(&sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        }
    }
}

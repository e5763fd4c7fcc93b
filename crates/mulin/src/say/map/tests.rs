//! The map: numbers where things are, with the same as a list, and nothing that is not public.

mod api;

use crate::village::Village;
use axum::http::StatusCode;
use commons::place::{PlaceKind, store as places};
use kit::on_both;
use kit::time::Moment;

async fn says(village: &Village, at: &str, words: &str, more: &[(&str, &str)]) -> String {
    let new = format!("/say/requests/new?at={at}");
    let fields = [&[("at", at), ("words", words)][..], more].concat();
    let seen = village.fill("granny", &new, "/say/requests", &fields).await;
    seen.location.split('?').next().unwrap_or_default().to_owned()
}

/// Gives the houses of the village their ground.
async fn survey(village: &Village) {
    let app = &village.app;
    let (tenant, compound) = places::by_code(&app.db, "shiliu").await.unwrap().unwrap();
    let houses = places::in_compound(&app.db, tenant, compound, PlaceKind::Building).await.unwrap();
    let houses = &houses;
    app.db
        .transact(&app.context(), |tx| {
            Box::pin(async move {
                for (n, house) in houses.iter().enumerate() {
                    let (mut house, x) = (house.clone(), n * 60_000);
                    house.ground.footprint =
                        Some(format!("[[{x},0],[{},0],[{},12000],[{x},12000]]", x + 40_000, x + 40_000));
                    places::update(tx, &house).await?;
                }
                places::add_street(tx, tenant, ("lane", "榴花路", "Liuhua Lane"), 6_000, "[[0,-20000],[100000,-20000]]")
                    .await
            })
        })
        .await
        .unwrap();
}

on_both! { &crate::migrations();
    async fn each_house_bears_the_number_of_what_was_said_there(db) {
        let village = Village::on(db).await;
        survey(&village).await;
        says(&village, "shiliu/1", "三楼灯不亮", &[("category", "lighting")]).await;
        let mended = says(&village, "shiliu/1", "门禁坏了", &[("category", "lighting")]).await;
        says(&village, "shiliu/1", "只给办事的人看的话", &[("private", "1")]).await;
        says(&village, "shiliu/2", "楼道里堆了柜子", &[("category", "clutter")]).await;
        village.fill("property", &mended, &format!("{mended}/report"), &[("outcome", "solved"), ("words", "好了")]).await;
        village.fill("granny", &mended, &format!("{mended}/judge"), &[("solved", "yes")]).await;
        let map = village.get("stranger", "/say/map?compound=shiliu").await;
        assert_eq!(map.status, StatusCode::OK);
        map.says("<svg class=\"ground\"").says("1号楼 · 2件").says("2号楼 · 1件").says("石榴园 · 3件").says("class=\"street\"");
        map.says("/say/requests?compound=shiliu&#38;building=1&#38;show=").says_not("只给办事");
        let open = village.get("stranger", "/say/map?compound=shiliu&show=open&category=lighting").await;
        open.says("1号楼 · 1件").says_not("2号楼 · ");
        village.get("stranger", "/say/map?compound=shiliu&show=closed").await.says("1号楼 · 1件").says_not("2号楼 · ");
        village.wait(Moment::days(31));
        village.get("stranger", "/say/map?compound=shiliu&show=closed").await.says("这里现在没有");
        village.get("stranger", "/say/map?compound=shiliu").await.says("1件超时");
        for nothing in ["?compound=nowhere", "?category=x"] {
            assert_eq!(village.get("stranger", &format!("/say/map{nothing}")).await.status, StatusCode::NOT_FOUND);
        }
    }

    async fn without_ground_there_is_still_the_list(db) {
        let village = Village::on(db).await;
        says(&village, "shiliu/1", "三楼灯不亮", &[]).await;
        let map = village.get("stranger", "/say/map").await;
        map.says("1号楼").says("1件").says_not("<svg class=\"ground\"");
        village.get("stranger", "/say/map?area=1,2,3").await.says("1号楼");
        village.get("stranger", "/say/map?area=0,10,0,10").await.says("看整个小区");
    }
}

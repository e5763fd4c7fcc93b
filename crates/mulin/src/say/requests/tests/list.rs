//! The public list, narrowed.

use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;

async fn says(village: &Village, at: &str, words: &str, more: &[(&str, &str)]) {
    let fields = [&[("at", at), ("words", words)][..], more].concat();
    village.fill("granny", &format!("/say/requests/new?at={at}"), "/say/requests", &fields).await;
}

on_both! { &crate::migrations();
    async fn the_list_is_narrowed_by_building_category_state_and_words(db) {
        let village = Village::on(db).await;
        says(&village, "shiliu/1", "三楼声控灯不亮", &[("category", "lighting")]).await;
        says(&village, "shiliu/2", "一楼声控灯不亮", &[("category", "lighting")]).await;
        says(&village, "shiliu/1", "楼道里堆了柜子", &[("category", "clutter")]).await;
        says(&village, "shiliu/1", "声控灯的私房话", &[("private", "1")]).await;
        village.fill("property", "/say/requests/shiliu-1", "/say/requests/shiliu-1/accept", &[]).await;
        let list = async |query: &str| village.get("stranger", &format!("/say/requests?compound=shiliu&{query}")).await;
        list("").await.says("一共3件").says_not("私房话").says("/say/map?compound=shiliu");
        list("building=1").await.says("三楼声控灯").says("柜子").says_not("一楼声控灯").says("/say/feed?compound=shiliu&#38;building=1");
        list("category=clutter").await.says("柜子").says_not("声控灯");
        list("show=accepted").await.says("三楼声控灯").says_not("柜子");
        list("show=said").await.says("柜子").says_not("三楼声控灯");
        list("q=声控灯").await.says("三楼声控灯").says("一楼声控灯").says_not("柜子").says_not("私房话");
        list("q=声控灯&building=2&show=open").await.says("一楼声控灯").says_not("三楼声控灯").says("value=\"声控灯\"");
        list("q=没有这个词").await.says("没有符合的");
        assert_eq!(list("building=9").await.status, StatusCode::NOT_FOUND);
    }

    async fn every_page_of_a_search_in_the_list_goes_on_where_the_last_one_ended(db) {
        let village = Village::on(db).await;
        for n in 0..30 {
            says(&village, "shiliu/1", &format!("第{n}盏灯坏了"), &[]).await;
            village.wait(1_000);
        }
        for query in ["q=灯坏", "show=open"] {
            let first = village.get("stranger", &format!("/say/requests?compound=shiliu&{query}")).await;
            first.says("第29盏").says("第5盏").says_not("第4盏");
            let next = first.body.split("href=\"").find(|part| part.contains("before=")).unwrap();
            let next = next.split('"').next().unwrap().replace("&#38;", "&");
            village.get("stranger", &next).await.says("第4盏").says("第0盏").says_not("第5盏");
        }
    }
    async fn a_report_that_nobody_answered_in_time_is_closed_in_every_list_though_no_job_has_run(db) {
        let village = Village::on(db).await;
        says(&village, "shiliu/1", "三楼声控灯不亮", &[("category", "lighting")]).await;
        let page = "/say/requests/shiliu-1";
        village.fill("property", page, &format!("{page}/report"), &[("outcome", "solved"), ("words", "换了")]).await;
        let seen = async |who: &str, path: &str| village.get(who, path).await.body.contains("三楼声控灯不亮");
        let lists = ["/say/requests?compound=shiliu&show=", "/office/desk?scope=place&show="];
        for list in lists {
            assert!(seen("property", &format!("{list}reported")).await, "{list}");
            assert!(!seen("property", &format!("{list}closed")).await, "{list}");
        }
        village.wait(kit::time::Moment::days(12));
        for list in lists {
            assert!(!seen("property", &format!("{list}reported")).await, "{list}");
            assert!(seen("property", &format!("{list}closed")).await, "{list}");
        }
        assert!(!seen("stranger", "/say/requests?compound=shiliu&show=open").await);
        assert!(!seen("stranger", "/").await);
    }
}

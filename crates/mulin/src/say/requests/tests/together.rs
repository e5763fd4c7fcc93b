//! 我也是, and one matter said twice.

use super::stories::{denied, does, offered, says};
use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;

on_both! { &crate::migrations();
    async fn a_neighbour_says_same_here_once_a_household_and_hears_of_every_step(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "大门口的路灯整夜不亮", "lighting").await;
        village.get("tenant", &page).await.says("我也是");
        does(&village, "tenant", &page, "support", &[]).await;
        let again = village.forge("tenant", &format!("{page}/support"), &[]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        village.get("stranger", &page).await.says("另有1户也这么说");
        village.get("tenant", &page).await.says("您家已经算上了");
        village.get("tenant", "/me").await.says("我也说过的").says("大门口的路灯整夜不亮");
        does(&village, "property", &page, "accept", &[]).await;
        village.listeners().await;
        village.get("tenant", "/me").await.says("” 有人接了");
        does(&village, "property", &page, "report", &[("outcome", "solved")]).await;
        does(&village, "granny", &page, "judge", &[("solved", "yes")]).await;
        village.listeners().await;
        village.get("tenant", "/me").await.says("” 说解决了");
        denied(&village.forge("granny", &format!("{page}/support"), &[]).await, "您自己家");
        denied(&village.forge("stranger", &format!("{page}/support"), &[]).await, "按户算");
        village.get("stranger", &page).await.says("又有一户说“我也是”");
        denied(&village.forge("property", &format!("{page}/support"), &[]).await, "按户算");
    }

    async fn somebody_of_the_same_household_is_no_second_household(db) {
        let mut village = Village::on(db).await;
        let (tenant, _) = commons::place::store::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
        let homes = village.get("granny", "/api/v1/me/homes").await.answers(200);
        let path = homes["members"][0]["at"].as_str().unwrap_or("shiliu/1/1/301").to_owned();
        let home = commons::place::store::by_path(&village.app.db, tenant, &path).await.unwrap().unwrap();
        village.joins("grandson", tenant, commons::people::Office::Family, home.id, None).await;
        let page = says(&village, "granny", "大门口的路灯整夜不亮", "lighting").await;
        does(&village, "grandson", &page, "support", &[]).await;
        village.get("stranger", &page).await.says("同一户的家人也说了").says_not("又有一户").says_not("另有1户");
        does(&village, "grandson", &page, "unsupport", &[]).await;
        village.get("stranger", &page).await.says("同一户的家人收回了").says_not("有一户收回了");
    }

    async fn whoever_joined_a_matter_hears_that_its_author_left_it_and_can_go_on(db) {
        let village = Village::on(db).await;
        for deed in ["withdraw", "erase"] {
            let page = says(&village, "granny", "大门口的路灯整夜不亮", "lighting").await;
            does(&village, "tenant", &page, "support", &[]).await;
            does(&village, "granny", &page, deed, &[]).await;
            village.listeners().await;
            village.get("tenant", "/me").await.says("您也说过的");
            village.get("tenant", &page).await.says("提出的人不再说这件事了").says("/say/requests/new?at=shiliu").says_not("/support\"");
            assert_eq!(village.get("stranger", &page).await.status, StatusCode::NOT_FOUND);
        }
    }

    async fn no_office_puts_away_by_joining_what_waits_for_its_authors_word(db) {
        let village = Village::on(db).await;
        let other = says(&village, "tenant", "草坪秃了一块", "greenery").await;
        let page = says(&village, "granny", "大门口的路灯整夜不亮", "lighting").await;
        assert_eq!(other, "/say/requests/shiliu-1");
        let into = [("into", "shiliu-1")];
        let joins = async || village.forge("property", &format!("{page}/merge"), &into).await;
        // In hand and in time an office may, and the author may part it again; then it stays apart.
        assert_eq!(joins().await.status, StatusCode::SEE_OTHER);
        does(&village, "granny", &page, "unmerge", &[]).await;
        denied(&joins().await, "只有提出的人自己能并");
        let third = says(&village, "granny", "二号楼门口的灯也不亮", "lighting").await;
        does(&village, "property", &third, "report", &[("outcome", "not_possible"), ("words", "办不了")]).await;
        denied(&village.forge("property", &format!("{third}/merge"), &into).await, "只有提出的人自己能并");
        village.get("granny", &third).await.says("解决了吗");
        does(&village, "granny", &third, "judge", &[("solved", "no")]).await;
        denied(&village.forge("property", &format!("{third}/merge"), &into).await, "只有提出的人自己能并");
        let own = village.forge("granny", &format!("{third}/merge"), &into).await;
        assert_eq!(own.status, StatusCode::SEE_OTHER, "its author always may: {}", own.text());
    }

    async fn whoever_joined_what_became_a_quarrel_sees_it_no_more(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "楼上半夜剁馅，吵得睡不着", "noise").await;
        does(&village, "tenant", &page, "support", &[]).await;
        does(&village, "granny", &page, "sort", &[("kind", "dispute")]).await;
        assert_eq!(village.get("tenant", &page).await.status, StatusCode::NOT_FOUND);
        village.get("tenant", "/me").await.says_not("剁馅");
    }

    async fn an_offer_ends_with_the_case_that_its_author_takes_back(db) {
        let village = Village::on(db).await;
        let (page, _) = offered(&village).await;
        does(&village, "granny", &page, "withdraw", &[]).await;
        for deed in ["turn-down", "take-over"] {
            let late = village.forge("property", &format!("{page}/{deed}"), &[("words", "先贴通知")]).await;
            assert!(matches!(late.status, StatusCode::CONFLICT | StatusCode::NOT_FOUND), "{deed}: {}", late.text());
        }
    }

    async fn a_household_takes_its_voice_back(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "大门口的路灯整夜不亮", "lighting").await;
        does(&village, "tenant", &page, "support", &[]).await;
        does(&village, "tenant", &page, "unsupport", &[]).await;
        village.get("stranger", &page).await.says_not("另有1户");
    }

    async fn what_was_said_before_is_offered_while_writing_and_what_is_private_never(db) {
        let village = Village::on(db).await;
        says(&village, "granny", "二号楼门口的路灯整夜不亮，摔了人", "lighting").await;
        says(&village, "granny", "楼上半夜总吵架，路灯整夜不亮也吵", "dispute").await;
        let asked = "/say/requests/similar?at=shiliu/1&words=%E9%97%A8%E5%8F%A3%E8%B7%AF%E7%81%AF%E6%95%B4%E5%A4%9C%E4%B8%8D%E4%BA%AE";
        village.get("tenant", asked).await.says("二号楼门口的路灯").says("我也是").says_not("吵架");
        village.get("stranger", asked).await.says("二号楼门口的路灯").says_not("我也是");
        village.get("program", &format!("/api/v1{}", &asked[4..])).await.says("shiliu-1").says_not("吵架");
        let nothing = "/say/requests/similar?at=shiliu/1&words=%E6%83%B3%E5%80%9F%E4%B8%80%E6%8A%8A%E6%A2%AF%E5%AD%90";
        village.get("tenant", nothing).await.says_not("有人说过");
        assert_eq!(village.get("tenant", "/say/requests/similar?at=nowhere&words=x").await.status, StatusCode::NOT_FOUND);
    }

    async fn the_author_joins_what_was_said_before_with_one_press(db) {
        let village = Village::on(db).await;
        says(&village, "granny", "大门口的路灯整夜不亮", "lighting").await;
        let second = says(&village, "tenant", "门口的路灯整夜都不亮", "lighting").await;
        let fresh = format!("{second}?said=1");
        village.get("tenant", &fresh).await.says("是不是同一件事").says("就是这件");
        let joined = village.fill("tenant", &fresh, &format!("{second}/merge"), &[("into", "shiliu-1")]).await;
        assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
        let again = village.forge("tenant", &format!("{second}/merge"), &[("into", "shiliu-1")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text());
    }

    async fn merged_cases_are_told_and_come_back_whole(db) {
        let village = Village::on(db).await;
        let first = says(&village, "granny", "大门口的路灯整夜不亮", "lighting").await;
        let second = says(&village, "tenant", "门口的路灯整夜都不亮", "lighting").await;
        let third = says(&village, "granny", "电梯停在五楼", "lift").await;
        let path = format!("/api/v1{}", &second[4..]);
        let before = village.get("program", &path).await.body;
        let wrong = village.forge("tenant", &format!("{second}/merge"), &[("into", "shiliu-99")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("没有这样一件");
        denied(&village.forge("captain", &format!("{second}/merge"), &[("into", "shiliu-1")]).await, "只有提出的人");
        village.forge("property", &format!("{second}/merge"), &[("into", "shiliu-1")]).await;
        village.get("tenant", &second).await.says("这件并进了另一件").says("shiliu-1");
        village.get("stranger", &first).await.says("又有一件同样的事并了进来").says("另有1户也这么说");
        does(&village, "property", &first, "accept", &[]).await;
        village.listeners().await;
        village.get("tenant", "/me").await.says("” 并进了另一件").says("” 有人接了");
        let over = village.forge("property", &format!("{third}/merge"), &[("into", "shiliu-2")]).await;
        assert_eq!(over.status, StatusCode::UNPROCESSABLE_ENTITY, "what has joined another is over here");
        does(&village, "tenant", &second, "unmerge", &[]).await;
        let after = village.get("program", &path).await.body;
        let cut = |body: &str| body.split("\"entries\"").next().unwrap_or_default().to_owned();
        assert_eq!(cut(&before), cut(&after));
        village.get("stranger", &first).await.says_not("另有1户");
        village.get("tenant", &second).await.says("门口的路灯整夜都不亮").says("分了出来");
        village.forge("tenant", &format!("{second}/merge"), &[("into", "shiliu-1")]).await;
        does(&village, "granny", &first, "withdraw", &[]).await;
        village.get("program", &path).await.says("\"state\":\"said\"");
    }
}

//! Clocks, pauses and what goes up by itself.

use super::stories::seat;
use crate::say::requests::climbing;
use crate::village::{Seen, Village};
use axum::http::StatusCode;
use kit::on_both;
use kit::time::Moment;

async fn says(village: &Village, who: &str, words: &str, category: &str) -> String {
    let fields = [("at", "shiliu/1"), ("words", words), ("category", category)];
    let seen = village.fill(who, "/say/requests/new?at=shiliu/1", "/say/requests", &fields).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
    seen.location.split('?').next().unwrap_or_default().to_owned()
}

async fn does(village: &Village, who: &str, page: &str, deed: &str, fields: &[(&str, &str)]) -> Seen {
    village.fill(who, page, &format!("{page}/{deed}"), fields).await
}

async fn goes(village: &Village, who: &str, page: &str, deed: &str, fields: &[(&str, &str)]) {
    let seen = does(village, who, page, deed, fields).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{deed}: {}", seen.text());
}

on_both! { &crate::migrations();
    async fn a_case_that_came_back_down_goes_up_again_when_it_is_late_again(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "楼道里堆了柜子", "clutter").await;
        village.wait(Moment::days(2));
        assert_eq!(climbing::climb_all(&village.app).await.unwrap(), 1);
        assert_eq!(climbing::climb_all(&village.app).await.unwrap(), 0);
        village.wait(Moment::hours(1));
        goes(&village, "property", &page, "accept", &[]).await;
        let to = seat(&village, "property", &page, "captain").await;
        goes(&village, "property", &page, "offer", &[("to", &to), ("words", "楼里自己能搬")]).await;
        goes(&village, "captain", &page, "take-over", &[]).await;
        village.get("granny", &page).await.says("name=\"door\" value=\"home\"");
        assert_eq!(climbing::climb_all(&village.app).await.unwrap(), 0);
        village.wait(Moment::days(20));
        assert_eq!(climbing::climb_all(&village.app).await.unwrap(), 1);
        village.get("granny", &page).await.says("name=\"door\" value=\"compound\"");
        crate::chores::round(&village.app).await.unwrap();
        let found = crate::keep::check::run(&village.app).await.unwrap();
        assert_eq!(found, [], "the check agrees");
    }

    async fn a_move_up_that_meets_the_chore_goes_one_door_and_not_two(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "楼道里堆了柜子", "clutter").await;
        let seen = village.get("granny", &page).await;
        seen.says("name=\"door\" value=\"home\"");
        village.wait(Moment::days(2));
        assert_eq!(climbing::climb_all(&village.app).await.unwrap(), 1);
        let late = village.forge("granny", &format!("{page}/up"), &[("door", "home")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text());
        late.says("已经往上交了一道门");
        village.get("granny", &page).await.says("name=\"door\" value=\"compound\"");
        goes(&village, "granny", &page, "up", &[("door", "compound")]).await;
    }

    async fn the_page_says_what_the_door_has_promised_and_what_is_nearest(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "门口路灯不亮", "lighting").await;
        let promised = "1个工作日内有人接，3个工作日内答复怎么办，7个工作日内办好";
        village.get("granny", &page).await.says(promised).says("先等有人接").says("11月25日 17:30");
        goes(&village, "property", &page, "accept", &[]).await;
        village.get("granny", &page).await.says("先等答复怎么办").says("11月27日 17:30");
        goes(&village, "property", &page, "note", &[("words", "内部说一句")]).await;
        village.get("granny", &page).await.says("11月27日 17:30");
        goes(&village, "property", &page, "note", &[("words", "周四换灯"), ("public", "1")]).await;
        village.get("granny", &page).await.says("等办好").says("12月3日 17:30");
        goes(&village, "property", &page, "report", &[("outcome", "solved"), ("words", "换好了")]).await;
        village.get("granny", &page).await.says_not("这道门答应的").says("12月1日");
    }

    async fn a_pause_is_seen_by_all_and_moves_the_due_time_by_the_working_time_it_took(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "单元门关不上", "lighting").await;
        let early = village.forge("property", &format!("{page}/pause"), &[("reason", "part")]).await;
        assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.text());
        goes(&village, "property", &page, "accept", &[]).await;
        let none = does(&village, "property", &page, "pause", &[]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        none.says("请选等什么");
        let other = village.forge("captain", &format!("{page}/pause"), &[("reason", "part")]).await;
        assert_eq!(other.status, StatusCode::FORBIDDEN);
        goes(&village, "property", &page, "pause", &[("reason", "part"), ("words", "闭门器周四到")]).await;
        for who in ["granny", "tenant", "stranger"] {
            village.get(who, &page).await.says("停着").says("等配件").says("闭门器周四到").says("先停着，等到了接着办");
        }
        let twice = village.forge("property", &format!("{page}/pause"), &[("reason", "weather")]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);
        village.wait(Moment::days(2));
        goes(&village, "property", &page, "resume", &[]).await;
        // Wednesday's 7.5 hours and Thursday's first hour and a half, added after 3 December.
        village.get("granny", &page).await.says("12月7日 10:00").says_not("最晚接着走");
        let again = does(&village, "property", &page, "pause", &[("reason", "part")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        again.says("已经停过一次");
        let nothing = village.forge("property", &format!("{page}/resume"), &[]).await;
        assert_eq!(nothing.status, StatusCode::CONFLICT);
        village.listeners().await;
        village.get("granny", "/me").await.says("先停一停，原因写在上面").says("接着办了");
        goes(&village, "property", &page, "pause", &[("reason", "weather")]).await;
        goes(&village, "granny", &page, "up", &[]).await;
        village.get("granny", &page).await.says_not("最晚接着走").says("榴花社区 社区");
        assert_eq!(crate::keep::check::run(&village.app).await.unwrap(), vec![]);
    }

    async fn a_pause_ends_by_itself_when_it_may_last_no_longer(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "单元门关不上", "lighting").await;
        goes(&village, "property", &page, "accept", &[]).await;
        goes(&village, "property", &page, "pause", &[("reason", "permit")]).await;
        village.wait(Moment::days(13));
        village.get("granny", &page).await.says("最晚接着走");
        assert_eq!(climbing::climb_all(&village.app).await.unwrap(), 0);
        village.wait(Moment::days(1));
        village.get("granny", &page).await.says_not("最晚接着走").says("正在办");
        village.wait(Moment::days(14));
        village.get("granny", &page).await.says("过了期限，会自动往上一道门");
        assert_eq!(climbing::climb_all(&village.app).await.unwrap(), 1);
        crate::chores::round(&village.app).await.unwrap();
        assert_eq!(crate::keep::check::run(&village.app).await.unwrap(), vec![]);
    }

    async fn what_is_overdue_goes_up_door_by_door_once_each_and_everybody_concerned_is_told(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "楼道里堆了柜子", "clutter").await;
        assert_eq!(climbing::climb_all(&village.app).await.unwrap(), 0, "nothing is overdue yet");
        goes(&village, "captain", &page, "accept", &[]).await;
        let to = seat(&village, "captain", &page, "property").await;
        goes(&village, "captain", &page, "offer", &[("to", &to), ("words", "要用车")]).await;
        village.wait(Moment::days(4));
        // With every chore stopped the page is right.
        village.get("granny", &page).await.says("过了期限，会自动往上一道门").says("1号楼 楼栋长");
        assert_eq!(climbing::climb_all(&village.app).await.unwrap(), 1);
        assert_eq!(climbing::climb_all(&village.app).await.unwrap(), 0);
        village.get("granny", &page).await.says("超时，自动往上一道门").says("石榴园 物业").says_not("想转给：");
        let gone = village.forge("property", &format!("{page}/take-over"), &[]).await;
        assert_eq!(gone.status, StatusCode::CONFLICT);
        village.listeners().await;
        for who in ["granny", "captain", "property"] {
            village.get(who, "/me").await.says("” 往上走了一道门");
        }
        village.wait(Moment::days(4));
        assert_eq!(climbing::climb_all(&village.app).await.unwrap(), 1);
        village.get("granny", &page).await.says("榴花社区 社区");
        village.wait(Moment::days(10));
        village.get("granny", &page).await.says("已经是最后一道门");
        assert_eq!(climbing::climb_all(&village.app).await.unwrap(), 1, "the last door is told once");
        assert_eq!(climbing::climb_all(&village.app).await.unwrap(), 0);
        village.listeners().await;
        for who in ["granny", "community"] {
            village.get(who, "/me").await.says("” 过了期限，已经是最后一道门");
        }
        village.get("granny", &page).await.says("榴花社区 社区").says("12345");
        crate::chores::round(&village.app).await.unwrap();
        assert_eq!(crate::keep::check::run(&village.app).await.unwrap(), vec![]);
    }

    async fn many_chores_and_a_resident_at_once_make_one_step(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "楼道里堆了柜子", "clutter").await;
        village.wait(Moment::days(2));
        let app = &village.app;
        let (a, b, c) = tokio::join!(climbing::climb_all(app), climbing::climb_all(app), climbing::climb_all(app));
        assert_eq!(a.unwrap() + b.unwrap() + c.unwrap(), 1);
        village.get("granny", &page).await.says("石榴园 物业");
    }

    async fn a_year_that_is_published_later_moves_provisional_due_times_and_says_so(db) {
        let village = Village::on(db).await;
        let fields = [("door", "compound"), ("clock", "settle"), ("amount", "40"), ("unit", "working_days"), ("what", "set")];
        let set = village.fill("community", "/office/standards", "/office/standards", &fields).await;
        assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text());
        let page = says(&village, "granny", "大门要重做", "gate").await;
        goes(&village, "property", &page, "accept", &[]).await;
        goes(&village, "property", &page, "note", &[("words", "要做四十天"), ("public", "1")]).await;
        village.get("granny", &page).await.says("2027年1月19日 17:30");
        let wrong = village.fill("community", "/office/standards", "/office/standards/calendar", &[("year", "year = x")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("year = x");
        let year = "year = 2027\nsource = \"为故事编的安排\"\n[[holiday]]\nname = \"元旦\"\noff = [\"01-01/01-03\"]\n";
        let loaded = village.fill("community", "/office/standards", "/office/standards/calendar", &[("year", year)]).await;
        assert_eq!(loaded.status, StatusCode::SEE_OTHER, "{}", loaded.text());
        village.listeners().await;
        village.get("granny", &page).await.says("2027年1月20日 17:30").says("放假安排公布了，期限重新算过");
        assert_eq!(crate::keep::check::run(&village.app).await.unwrap(), vec![]);
    }

    async fn whoever_checks_sees_a_clock_that_was_moved_and_a_step_that_was_taken_away(db) {
        let village = Village::on(db.clone()).await;
        says(&village, "granny", "楼道里堆了柜子", "clutter").await;
        village.wait(Moment::days(2));
        assert_eq!(climbing::climb_all(&village.app).await.unwrap(), 1);
        let found = async || {
            let all = crate::keep::check::run(&village.app).await.unwrap();
            all.into_iter().map(|finding| finding.what).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(found().await, "");
        db.transact(&village.app.context(), |tx| Box::pin(async move { crate::keep::store::spoil::clock(tx).await }))
            .await
            .unwrap();
        assert!(found().await.contains("clocks-differ-from-book: shiliu-1"), "{}", found().await);
        db.transact(&village.app.context(), |tx| Box::pin(async move { crate::keep::store::spoil::steps(tx).await }))
            .await
            .unwrap();
        assert!(found().await.contains("activities-without-step-up"), "{}", found().await);
    }
}

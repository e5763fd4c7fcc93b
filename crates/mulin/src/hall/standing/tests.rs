//! Stories of standing in.

use crate::village::{Seen, Village};
use axum::http::StatusCode;
use commons::case::store as cases;
use commons::people::Office;
use commons::place::store as places;
use kit::on_both;
use kit::time::Moment;
use serde_json::json;

const HERE: &str = "/me/standing";
const SAID: &[(&str, &str)] = &[("at", "shiliu/1"), ("words", "一楼的灯又不亮了"), ("category", "lighting")];

/// What a page offers to send in a field.
fn value(page: &Seen, field: &str) -> String {
    let before = format!("name=\"{field}\" value=\"");
    let mut parts = page.body.split(&before);
    parts.nth(1).unwrap_or_else(|| panic!("no {field}: {}", page.text())).split('"').next().unwrap().to_owned()
}

/// The code that stands on a page.
fn code(page: &Seen) -> String {
    page.body.split("<span class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

/// A neighbour whom granny asked; gives the name of it.
async fn asked(village: &mut Village) -> String {
    let (tenant, _) = places::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
    let home = places::by_path(&village.app.db, tenant, "shiliu/1/1/101").await.unwrap().unwrap();
    village.joins("neighbour", tenant, Office::Owner, home.id, None).await;
    village.get("granny", HERE).await.says("不公开的也在内").says("改刚写的话").says("撤回");
    let agreed = village.fill("granny", HERE, HERE, &[("days", "90")]).await;
    assert_eq!(agreed.location, HERE, "{}", agreed.text());
    let page = village.get("granny", HERE).await;
    page.says("等对方填码");
    let accepted = village.fill("neighbour", HERE, "/me/standing/accept", &[("code", &code(&page))]).await;
    assert_eq!(accepted.location, HERE, "{}", accepted.text());
    village.get("granny", HERE).await.says("有效").says_not("等对方填码");
    value(&village.get("neighbour", HERE).await, "stand")
}

async fn begins(village: &Village, id: &str) {
    let begun = village.fill("neighbour", HERE, &format!("/me/standing/{id}/begin"), &[]).await;
    assert_eq!(begun.location, HERE, "{}", begun.text());
}

on_both! { &crate::migrations();
    async fn a_neighbour_acts_for_her_and_every_act_shows_both(db) {
        let mut village = Village::on(db).await;
        let id = asked(&mut village).await;
        begins(&village, &id).await;
        village.get("neighbour", HERE).await.says("您正在替").says("的事");
        let filed = village.fill("neighbour", "/say/requests/new?at=shiliu/1", "/say/requests", SAID).await;
        let at = filed.location.split('?').next().unwrap().to_owned();
        let code = at.rsplit('/').next().unwrap().to_owned();
        let case = cases::by_code(&village.app.db, &code).await.unwrap().unwrap().row.case;
        let granny = village.get("granny", "/me").await;
        granny.says("一楼的灯又不亮了");
        village.get("neighbour", HERE).await.says("一楼的灯又不亮了");
        // Those outside read that it was somebody else; the parties read who.
        village.get("nobody", &at).await.says("请人代办");
        village.get("granny", &at).await.says("代办）").says_not("请人代办");
        let book = kit::book::of_thing(&village.app.db, case.tenant.0, case.id.0).await.unwrap();
        let said = book.iter().find(|line| line.stem == "requests/said").unwrap();
        assert_eq!(said.on_behalf, case.author.map(|author| author.0));
        assert!(said.person.is_some() && said.person != said.on_behalf);
        village.get("granny", HERE).await.says("替我办过的事").says("替您说事、办事").says(&code);
        village.get("granny", "/me/data").await.says("替人办事");
        // What cannot be brought back is hers to do.
        let erased = village.forge("neighbour", &format!("{at}/erase"), &[]).await;
        assert_eq!(erased.status, StatusCode::FORBIDDEN);
        erased.says("要他本人来做");
        // Done: what they say now is their own.
        let stopped = village.fill("neighbour", HERE, "/me/standing/stop", &[]).await;
        assert_eq!(stopped.location, HERE);
        village.get("neighbour", HERE).await.says_not("您正在替");
        village.get("neighbour", "/me").await.says_not("一楼的灯又不亮了");
    }

    async fn in_her_part_only_what_a_resident_says_is_open(db) {
        let mut village = Village::on(db).await;
        let id = asked(&mut village).await;
        let own = village.get("neighbour", "/say/requests/new?at=shiliu/1").await;
        begins(&village, &id).await;
        for path in ["/me", "/me/data", "/me/devices", "/me/homes", "/me/notices", "/me/tokens", "/say/follow", "/office/desk",
            "/api/v1/me/homes", "/api/v1/me/devices", "/api/v1/me/notices"] {
            let seen = village.get("neighbour", path).await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{path}");
        }
        for (path, fields) in [
            ("/me/standing", &[("days", "90")][..]),
            ("/me/standing/accept", &[("code", "ABCDEFGHJK")]),
            ("/me/standing/end", &[("stand", &id)]),
            ("/me/devices/end-others", &[]),
            ("/me/data/withdraw", &[("consent", "mail")]),
            ("/help/captain/teams", &[]),
        ] {
            let seen = village.forge("neighbour", path, fields).await;
            assert!(matches!(seen.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND), "{path}: {}", seen.status);
        }
        // A form that was opened in one's own part is not sent in hers.
        let (csrf, key) = (value(&own, "_csrf"), value(&own, "_key"));
        let stale = village.post("neighbour", "/say/requests", &csrf, &key, SAID).await;
        assert_eq!(stale.status, StatusCode::FORBIDDEN);
        stale.says("放得太久");
    }

    async fn she_ends_it_and_nothing_more_is_done_in_her_name(db) {
        let mut village = Village::on(db).await;
        let id = asked(&mut village).await;
        begins(&village, &id).await;
        let open = village.get("neighbour", "/say/requests/new?at=shiliu/1").await;
        village.fill("granny", HERE, "/me/standing/end", &[("stand", &id)]).await;
        let (csrf, key) = (value(&open, "_csrf"), value(&open, "_key"));
        let refused = village.post("neighbour", "/say/requests", &csrf, &key, SAID).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        refused.says("已经结束了委托");
        let page = village.get("neighbour", "/say/requests").await;
        page.says("已经结束了委托").says("知道了");
        village.fill("neighbour", "/say/requests", "/me/standing/stop", &[]).await;
        let own = village.fill("neighbour", "/say/requests/new?at=shiliu/1", "/say/requests", SAID).await;
        assert_eq!(own.status, StatusCode::SEE_OTHER, "{}", own.text());
        village.get("granny", "/me").await.says_not("一楼的灯又不亮了");
        let again = village.forge("neighbour", &format!("/me/standing/{id}/begin"), &[]).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
    }

    async fn she_finds_it_among_her_consents_and_takes_it_back_there(db) {
        let mut village = Village::on(db).await;
        village.get("granny", "/me/data").await.says_not("有人代我办事");
        let id = asked(&mut village).await;
        village.get("neighbour", "/me/data").await.says_not("有人代我办事");
        village.get("granny", "/me/data").await.says("有人代我办事");
        let done = village.fill("granny", "/me/data", "/me/data/withdraw", &[("consent", "standing")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        village.get("granny", "/me/data").await.says_not("有人代我办事");
        let begun = village.forge("neighbour", &format!("/me/standing/{id}/begin"), &[]).await;
        assert!(!begun.status.is_redirection() || village.get("neighbour", HERE).await.text().contains("已经结束"), "{}", begun.text());
        let told = village.get("neighbour", "/api/v1/me/notices").await.answers(200);
        assert!(told["notices"].as_array().unwrap().iter().any(|one| one["stem"] == "standing/ended"), "{told}");
    }

    async fn it_ends_by_its_day_and_by_moving_out(db) {
        let mut village = Village::on(db).await;
        let id = asked(&mut village).await;
        begins(&village, &id).await;
        village.wait(Moment::days(29));
        village.get("neighbour", HERE).await.says("您正在替");
        let home = value(&village.get("granny", "/me/homes").await, "member");
        village.fill("granny", "/me/homes", "/me/homes/end", &[("member", &home)]).await;
        village.get("neighbour", "/say/requests").await.says("已经结束了委托");
        let mine = village.get("granny", "/api/v1/me/standing").await.answers(200);
        assert_eq!(mine["for_me"][0]["runs"], false);
    }

    async fn her_word_before_the_captain_is_recorded_for_whoever_has_no_telephone(db) {
        let mut village = Village::on(db).await;
        let (tenant, _) = places::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
        let home = places::by_path(&village.app.db, tenant, "shiliu/1/1/101").await.unwrap().unwrap();
        village.joins("neighbour", tenant, Office::Owner, home.id, None).await;
                let body = json!({ "at": "shiliu/1/1/301", "name": "不上网的奶奶", "as": "family", "proof": "known" });
        let member = village.call("captain", "/api/v1/homes/members", "add-her", &body).await.answers(201);
        let member = member["id"].as_str().unwrap();
        // Not by the household itself, and not without saying how.
        let own = village.forge("granny", "/office/homes/standing", &[("member", member), ("consent", "spoken"), ("days", "30")]).await;
        assert!(own.status.is_client_error());
        let how = format!("/api/v1/homes/members/{member}/standing");
        let vague = json!({ "consent": "own", "days": 30 });
        village.call("captain", &how, "vague", &vague).await.refuses(422, "standing/consent");
        let heard = village.call("captain", &how, "heard", &json!({ "consent": "spoken", "days": 30 })).await.answers(201);
        village.get("captain", &format!("/office/homes/standing?member={member}")).await.says("本人当面说的");
        let listed = village.get("captain", &how).await.answers(200);
        assert_eq!(listed["standing"][0]["consent"], "spoken");
        let code = json!({ "code": heard["code"] });
        let accepted = village.call("neighbour", "/api/v1/me/standing/accept", "bring", &code).await.answers(201);
        let id = accepted["id"].as_str().unwrap();
        village.call("neighbour", "/api/v1/me/standing/accept", "bring-again", &code).await.refuses(422, "standing/code");
        begins(&village, id).await;
        village.fill("neighbour", "/say/requests/new?at=shiliu/1", "/say/requests", SAID).await.status.is_redirection();
        let sheet = village.get("captain", &format!("/office/homes/standing/done?member={member}")).await;
        sheet.says("替不上网的奶奶办过的事").says("替您说事、办事 · shiliu-");
        // At her word the captain ends it.
        let page = format!("/office/homes/standing?member={member}");
        let ended = village.fill("captain", &page, "/office/homes/standing/end", &[("member", member), ("stand", id)]).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text());
        village.get("neighbour", "/say/requests").await.says("已经结束了委托");
        assert_eq!(village.get("other-captain", &format!("/office/homes/standing/done?member={member}")).await.status, StatusCode::NOT_FOUND);
    }

    async fn whoever_works_here_says_nothing_about_that_work_in_her_name(db) {
        let village = Village::on(db).await;
        village.fill("granny", HERE, HERE, &[("days", "30")]).await;
        let code = code(&village.get("granny", HERE).await);
        let filed = village.fill("granny", "/say/requests/new?at=shiliu/1", "/say/requests", SAID).await;
        let at = filed.location.split('?').next().unwrap().to_owned();
        let page = village.get("captain", &at).await;
        page.says("一楼的灯又不亮了");
        let report = &[("outcome", "solved"), ("words", "换了新灯")];
        for who in ["captain", "property"] {
            village.forge(who, &format!("{at}/report"), report).await;
        }
        village.fill("captain", HERE, "/me/standing/accept", &[("code", &code)]).await;
        let id = value(&village.get("captain", HERE).await, "stand");
        village.fill("captain", HERE, &format!("/me/standing/{id}/begin"), &[]).await;
        let judged = village.forge("captain", &format!("{at}/judge"), &[("solved", "yes")]).await;
        assert_eq!(judged.status, StatusCode::FORBIDDEN);
        judged.says("有岗位");
    }

    async fn begun_and_stopped_sixteen_times_at_once_it_is_one_part(db) {
        let mut village = Village::on(db).await;
        let id = asked(&mut village).await;
        for (from, to) in [(HERE, format!("/me/standing/{id}/begin")), (HERE, "/me/standing/stop".to_owned())] {
            let page = village.get("neighbour", from).await;
            let (csrf, key) = (value(&page, "_csrf"), value(&page, "_key"));
            let all = (0..16).map(|_| village.post("neighbour", &to, &csrf, &key, &[]));
            for seen in futures_util::future::join_all(all).await {
                assert_eq!((seen.status, seen.location.as_str()), (StatusCode::SEE_OTHER, HERE), "{to}: {}", seen.text());
            }
        }
        let calls = |path: String, key: &'static str| {
            let village = &village;
            async move { village.call("neighbour", &path, key, &json!({})).await.answers(200) }
        };
        calls(format!("/api/v1/me/standing/{id}/begin"), "begin").await;
        let acting = village.get("neighbour", "/api/v1/me/standing").await.answers(200);
        assert_eq!(acting["acting"], id.as_str());
        calls("/api/v1/me/standing/stop".to_owned(), "stop").await;
        let acting = village.get("neighbour", "/api/v1/me/standing").await.answers(200);
        assert_eq!(acting["acting"], serde_json::Value::Null);
    }

    async fn a_code_is_good_for_one_and_not_for_oneself(db) {
        let mut village = Village::on(db).await;
        let (tenant, _) = places::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
        let home = places::by_path(&village.app.db, tenant, "shiliu/1/1/101").await.unwrap().unwrap();
        village.joins("neighbour", tenant, Office::Owner, home.id, None).await;
        let (here, accept) = ("/api/v1/me/standing", "/api/v1/me/standing/accept");
        village.call("granny", here, "days", &json!({ "days": 31 })).await.refuses(422, "standing/days");
        let made = village.call("granny", here, "agree", &json!({ "days": 30 })).await.answers(201);
        let code = json!({ "code": made["code"] });
        village.call("granny", accept, "own", &code).await.refuses(422, "standing/oneself");
        village.call("neighbour", accept, "wrong", &json!({ "code": "ABCDE-FGHJK" })).await.refuses(422, "standing/code");
        village.wait(Moment::days(8));
        village.call("neighbour", accept, "late", &code).await.refuses(422, "standing/code");
        for n in 0..5 {
            village.call("granny", here, &format!("more-{n}"), &json!({ "days": 30 })).await.answers(201);
        }
        village.call("granny", here, "enough", &json!({ "days": 30 })).await.refuses(409, "standing/enough");
        // Of whom offices alone are known here, there is nobody to stand in for.
        village.call("property", here, "office", &json!({ "days": 30 })).await.refuses(403, "standing/no-home");
    }
}

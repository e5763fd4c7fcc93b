//! The loop, the three doors, the slip, the retries, and everybody who tries what is not theirs.

use crate::village::{Seen, Village};
use axum::http::StatusCode;
use kit::on_both;
use kit::time::Moment;

pub(super) const NEW: &str = "/say/requests/new?at=shiliu/1";

/// Somebody says something about building 1 and lands on its page.
pub async fn says(village: &Village, who: &str, words: &str, category: &str) -> String {
    let seen =
        village.fill(who, NEW, "/say/requests", &[("at", "shiliu/1"), ("words", words), ("category", category)]).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
    seen.location.split('?').next().unwrap_or_default().to_owned()
}

pub async fn does(village: &Village, who: &str, page: &str, deed: &str, fields: &[(&str, &str)]) -> Seen {
    village.fill(who, page, &format!("{page}/{deed}"), fields).await
}

/// An office's seat, as the form that hands a case over names it.
pub async fn seat(village: &Village, who: &str, page: &str, office: &str) -> String {
    let form = village.get(who, page).await;
    let place = form.body.split(&format!("value=\"{office}:")).nth(1).and_then(|rest| rest.split('"').next());
    format!("{office}:{}", place.unwrap_or_else(|| panic!("{office} is not offered: {}", form.text())))
}

/// A case that the captain has in hand and offers to the property service, and that seat.
pub async fn offered(village: &Village) -> (String, String) {
    let page = says(village, "granny", "楼道里堆了柜子", "clutter").await;
    does(village, "captain", &page, "accept", &[]).await;
    let to = seat(village, "captain", &page, "property").await;
    does(village, "captain", &page, "offer", &[("to", &to), ("words", "要用车拉走")]).await;
    (page, to)
}

pub(super) fn denied(seen: &Seen, words: &str) {
    assert_eq!(seen.status, StatusCode::FORBIDDEN, "{}", seen.text());
    seen.says(words);
}

on_both! { &crate::migrations();
    async fn nobody_who_serves_there_judges_by_the_slip_and_an_answer_by_slip_says_so(db) {
        let village = Village::on(db).await;
        let form = "/say/requests/new?for=caller&at=shiliu/1";
        let typed = [("at", "shiliu/1"), ("words", "楼道灯坏了"), ("category", "lighting"), ("for_caller", "1")];
        let slip = village.fill("property", form, "/say/requests", &typed).await.location;
        let slip = slip.split('?').next().unwrap_or_default().to_owned();
        assert!(slip.starts_with("/say/requests/slip/"), "{slip}");
        let page = "/say/requests/shiliu-1";
        does(&village, "property", page, "report", &[("outcome", "solved"), ("words", "换好了")]).await;
        for staff in ["property", "captain", "other-captain", "community"] {
            let answer = [("solved", "yes"), ("satisfaction", "good")];
            denied(&village.forge(staff, &format!("{slip}/judge"), &answer).await, "不能代评");
        }
        denied(&village.forge("tenant", &format!("{page}/judge"), &[("solved", "yes")]).await, "只由提出的人说");
        does(&village, "caller", &slip, "judge", &[("solved", "yes")]).await;
        village.get("stranger", page).await.says("提出的人（凭取件码）说：解决了");
    }

    async fn an_offer_that_nobody_answers_is_taken_back_and_the_work_goes_on(db) {
        let village = Village::on(db).await;
        let (page, _) = offered(&village).await;
        denied(&village.forge("property", &format!("{page}/recall"), &[]).await, "");
        village.get("captain", &page).await.says("收回，我继续办");
        does(&village, "captain", &page, "recall", &[]).await;
        village.get("granny", &page).await.says("的请求收回了");
        village.listeners().await;
        village.get("property", "/me").await.says("不转给您了");
        assert_eq!(village.forge("property", &format!("{page}/take-over"), &[]).await.status, StatusCode::CONFLICT);
        let done = does(&village, "captain", &page, "report", &[("outcome", "solved"), ("words", "搬走了")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        does(&village, "granny", &page, "judge", &[("solved", "no")]).await;
        village.get("granny", &page).await.says("没解决，回到石榴园 1号楼 楼栋长接着办");
    }

    async fn a_lamp_is_reported_mended_found_wanting_and_mended_again(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "三楼声控灯不亮了", "").await;
        assert_eq!(page, "/say/requests/shiliu-1");
        let shown = village.get("granny", &page).await;
        shown.says("三楼声控灯不亮了").says("石榴园 物业").says("路灯楼道灯").says("11月25日 17:30");
        village.get("property", "/office/desk").await.says("三楼声控灯不亮了");
        does(&village, "property", &page, "accept", &[]).await;
        does(&village, "property", &page, "report", &[("outcome", "solved"), ("words", "换了灯头")]).await;
        village.get("granny", &page).await.says("解决了吗").says("换了灯头");
        does(&village, "granny", &page, "judge", &[("solved", "no"), ("words", "又灭了")]).await;
        village.get("property", &page).await.says("又灭了").says("正在办，办完会回话");
        does(&village, "property", &page, "report", &[("outcome", "solved"), ("words", "换了整盏灯")]).await;
        let closed = does(&village, "granny", &page, "judge", &[("solved", "yes"), ("satisfaction", "good")]).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER);
        village.get("granny", &page).await.says("已了结").says("不行了？");
        village.get("stranger", "/search?q=声控灯").await.says("三楼声控灯不亮了");
    }

    async fn the_captain_hands_it_up_and_stays_responsible_until_property_says_yes(db) {
        let village = Village::on(db).await;
        let (page, to) = offered(&village).await;
        village.get("granny", &page).await.says("1号楼 楼栋长").says("想转给：石榴园 物业");
        village.get("property", "/office/desk").await.says("想转给您的");
        does(&village, "property", &page, "turn-down", &[("words", "先贴通知")]).await;
        village.get("granny", &page).await.says("1号楼 楼栋长").says("先贴通知");
        does(&village, "captain", &page, "offer", &[("to", &to), ("words", "通知贴过了")]).await;
        does(&village, "property", &page, "take-over", &[]).await;
        let shown = village.get("granny", &page).await;
        shown.says("石榴园 物业接手了");
        let refused = village.forge("captain", &format!("{page}/report"), &[("outcome", "solved")]).await;
        denied(&refused, "这件事现在不在您手上");
    }

    async fn not_solved_for_the_second_time_goes_up_a_door_by_itself(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "广场舞太吵", "noise").await;
        for _ in 0..2 {
            does(&village, "captain", &page, "report", &[("outcome", "answered"), ("words", "说过了")]).await;
            does(&village, "granny", &page, "judge", &[("solved", "no")]).await;
        }
        let shown = village.get("granny", &page).await;
        shown.says("两次没解决，自动往上一道门").says("石榴园 物业").says("等这道门的人接");
        let up = does(&village, "granny", &page, "up", &[("words", "还是吵")]).await;
        assert_eq!(up.status, StatusCode::SEE_OTHER);
        village.get("granny", &page).await.says("榴花社区 社区");
        let beyond = village.forge("granny", &format!("{page}/up"), &[]).await;
        assert_eq!(beyond.status, StatusCode::CONFLICT);
        beyond.says("12345");
        village.get("granny", &format!("{page}/hotline")).await.says("广场舞太吵").says("shiliu-1");
    }

    async fn somebody_without_an_account_keeps_a_slip_that_does_everything(db) {
        let village = Village::on(db).await;
        let slip = says(&village, "passer-by", "南门路灯坏了", "lighting").await;
        assert!(slip.starts_with("/say/requests/slip/"));
        village.get("passer-by", &slip).await.says("取件码").says("shiliu-1");
        let code = slip.rsplit('/').next().unwrap().to_lowercase();
        let opened = village.fill("another-phone", "/say/requests/open", "/say/requests/open", &[("code", &code)]).await;
        assert_eq!(opened.location, slip);
        does(&village, "another-phone", &slip, "add", &[("words", "靠近车棚那盏")]).await;
        does(&village, "property", "/say/requests/shiliu-1", "report", &[("outcome", "solved"), ("words", "好了")]).await;
        does(&village, "another-phone", &slip, "judge", &[("solved", "yes"), ("satisfaction", "fair")]).await;
        village.get("another-phone", &slip).await.says("已了结");
        does(&village, "another-phone", &slip, "judge", &[("solved", "no")]).await;
        village.get("property", "/office/desk").await.says("南门路灯坏了");
        does(&village, "another-phone", &slip, "erase", &[]).await;
        village.get("another-phone", &slip).await.says_not("南门路灯坏了").says_not("靠近车棚");
        village.get("stranger", "/search?q=路灯坏").await.says("没有找到");
        let wrong = village.fill("guesser", "/say/requests/open", "/say/requests/open", &[("code", "ABCDE-23456")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("没有找到这个码").says("ABCDE-23456");
    }

    async fn staff_file_for_a_caller_and_the_record_says_who_typed(db) {
        let village = Village::on(db).await;
        let fields = [("at", "shiliu/2"), ("words", "老人想请人换灯泡"), ("for_caller", "1"), ("contact", "敲门就行")];
        let filed = village.fill("property", "/say/requests/new?at=shiliu/2&for=caller", "/say/requests", &fields).await;
        assert!(filed.location.starts_with("/say/requests/slip/"), "{}", filed.text());
        let slip = filed.location.split('?').next().unwrap().to_owned();
        village.get("property", &slip).await.says("物业替人登记了这件事");
        let judged = village.forge("property", "/say/requests/shiliu-1/judge", &[("solved", "yes")]).await;
        assert!(matches!(judged.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND), "{}", judged.text());
        let stranger = village.forge("granny", "/say/requests", &[("at", "shiliu/2"), ("words", "x"), ("for_caller", "1")]).await;
        denied(&stranger, "替人登记");
    }

    async fn the_contact_is_for_the_holder_and_each_look_is_written_down(db) {
        let village = Village::on(db).await;
        let fields = [("at", "shiliu/1"), ("words", "水管漏"), ("category", "leak"), ("contact", "门铃按两下")];
        village.fill("granny", NEW, "/say/requests", &fields).await;
        let page = "/say/requests/shiliu-1";
        let seen = does(&village, "property", page, "contact", &[]).await;
        seen.says("门铃按两下");
        village.get("granny", page).await.says("物业看了联系方式").says_not("门铃按两下");
        village.get("captain", page).await.says_not("看了联系方式");
        denied(&village.forge("captain", "/say/requests/shiliu-1/contact", &[]).await, "联系方式只给正在办的人看");
    }

    async fn a_quarrel_is_for_the_parties_only_and_does_not_exist_for_others(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "楼上总是滴水吵架了", "dispute").await;
        village.get("captain", &page).await.says("楼上总是滴水");
        for other in ["tenant", "property", "community", "stranger", "other-captain"] {
            assert_eq!(village.get(other, &page).await.status, StatusCode::NOT_FOUND, "{other}");
            let forged = village.forge(other, &format!("{page}/accept"), &[]).await;
            assert_eq!(forged.status, StatusCode::NOT_FOUND, "{other}");
        }
        village.get("stranger", "/say/requests?compound=shiliu").await.says_not("楼上总是滴水");
        village.get("stranger", "/search?q=滴水").await.says_not("楼上总是滴水");
        assert_eq!(village.get("stranger", "/api/v1/requests/shiliu-1").await.status, StatusCode::NOT_FOUND);
    }

    async fn a_form_sent_twice_is_one_case_and_other_words_under_the_same_key_are_a_conflict(db) {
        let village = Village::on(db).await;
        let fields = [("at", "shiliu/1"), ("words", "垃圾没清"), ("category", "garbage")];
        let page = village.get("granny", NEW).await;
        let csrf = page.body.split("name=\"_csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let key = "0123456789abcdef-new";
        let first = village.post("granny", "/say/requests", csrf, key, &fields).await;
        let second = village.post("granny", "/say/requests", csrf, key, &fields).await;
        assert_eq!(first.location, second.location);
        let other = [("at", "shiliu/1"), ("words", "别的事"), ("category", "garbage")];
        let third = village.post("granny", "/say/requests", csrf, key, &other).await;
        assert_eq!(third.status, StatusCode::CONFLICT);
        third.says("已经交过一次");
        village.get("granny", "/me").await.says("shiliu-1").says_not("shiliu-2");
    }

    async fn what_is_wrong_with_a_form_is_said_and_what_was_typed_is_kept(db) {
        let village = Village::on(db).await;
        let long = "长".repeat(2_001);
        let fields = [("at", "shiliu/1"), ("words", long.as_str()), ("private", "1"), ("contact", "302")];
        let seen = village.fill("granny", NEW, "/say/requests", &fields).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.says("最多2000个字").says(&long).says("value=\"302\"").says("checked");
        let svg = hex::encode("<svg onload=alert(1)>");
        let fields = [("at", "shiliu/1"), ("words", "看照片"), ("file:photo", svg.as_str())];
        let seen = village.fill("granny", NEW, "/say/requests", &fields).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.says("只收 JPEG").says("看照片");
    }

    async fn those_concerned_are_told_once_and_a_report_without_answer_closes_unrated(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "草坪秃了一块", "greenery").await;
        village.listeners().await;
        village.get("property", "/me").await.says("有一件新的事等您接：“草坪");
        does(&village, "property", &page, "report", &[("outcome", "answered"), ("words", "春天补种")]).await;
        village.listeners().await;
        village.listeners().await;
        let told = village.get("granny", "/me").await;
        assert_eq!(told.body.matches("” 回话了").count(), 1);
        village.wait(Moment::days(7) + 1);
        village.get("granny", &page).await.says("已了结");
        crate::chores::round(&village.app).await.unwrap();
        crate::chores::round(&village.app).await.unwrap();
        let shown = village.get("granny", &page).await;
        assert_eq!(shown.body.matches("按未评价办结").count(), 1);
        let back = does(&village, "granny", &page, "judge", &[("solved", "no")]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER);
    }

    async fn a_mandate_that_has_ended_opens_nothing(db) {
        let village = Village::on(db).await;
        let fields = [("at", "shiliu/2"), ("words", "楼道堆了纸箱"), ("category", "clutter")];
        village.fill("tenant", "/say/requests/new?at=shiliu/2", "/say/requests", &fields).await;
        let page = "/say/requests/shiliu-1";
        assert_eq!(does(&village, "other-captain", page, "accept", &[]).await.status, StatusCode::SEE_OTHER);
        village.wait(Moment::days(31));
        let late = village.forge("other-captain", &format!("{page}/report"), &[("outcome", "solved")]).await;
        assert!(matches!(late.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND), "{}", late.text());
    }

    async fn programs_do_the_same_deeds_with_the_same_answers(db) {
        let village = Village::on(db).await;
        let body = r#"{"place":"shiliu/1","words":"电梯停在五楼","category":"lift"}"#;
        let filed = village.json("program", "POST", "/api/v1/requests", "api-key-0123456789", body).await;
        assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.body);
        let again = village.json("program", "POST", "/api/v1/requests", "api-key-0123456789", body).await;
        assert_eq!(filed.body, again.body);
        let other = village.json("program", "POST", "/api/v1/requests", "api-key-0123456789", &body.replace('五', "六")).await;
        assert_eq!(other.status, StatusCode::CONFLICT);
        other.says("request-key/other-body");
        let path = "/api/v1/requests/shiliu-1";
        village.get("program", path).await.says("\"state\":\"said\"").says("电梯停在五楼");
        let done = village.json("property", "POST", &format!("{path}/accept"), "api-key-accept-0001", "{}").await;
        done.says("\"state\":\"accepted\"");
        let staff = village.json("property", "POST", &format!("{path}/judge"), "api-key-judge-00001", r#"{"solved":true}"#).await;
        assert_eq!(staff.status, StatusCode::FORBIDDEN);
        staff.says("requests/judge-not-yours").says("\"status\":403");
        let wrong = village.json("program", "POST", "/api/v1/requests", "api-key-wrong-00001", r#"{"place":"nowhere/1","words":"x"}"#).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("requests/place-unknown");
        village.get("program", "/api/v1/requests?compound=shiliu").await.says("shiliu-1");
    }

    async fn every_page_of_the_hall_opens_for_everybody(db) {
        let village = Village::on(db).await;
        for who in ["stranger", "granny", "captain", "property", "community"] {
            for path in ["/", "/about", "/search", "/search?q=灯", "/me", "/sign-in", "/say/requests", "/say/requests/new", "/say/requests/open"] {
                for lang in ["", "lang=en", "elder=1"] {
                    let joint = if path.contains('?') { '&' } else { '?' };
                    let seen = village.get(who, &format!("{path}{joint}{lang}")).await;
                    assert_eq!(seen.status, StatusCode::OK, "{who} {path} {lang}");
                    seen.says("<h1");
                }
            }
        }
        denied(&village.get("stranger", "/office/desk").await, "要先登录");
        denied(&village.get("granny", "/office/desk").await, "这一页给");
        assert_eq!(village.get("stranger", "/nowhere").await.status, StatusCode::NOT_FOUND);
        assert_eq!(village.get("stranger", "/first-run").await.status, StatusCode::NOT_FOUND);
    }

    async fn a_citys_programs_file_and_read_through_open311_and_wrong_calls_are_told_in_its_words(db) {
        let village = Village::on(db).await;
        let base = "/open311/v2";
        village.get("city", &format!("{base}/services.json")).await.says("\"service_code\":\"lift\"").says_not("dispute");
        village.get("city", &format!("{base}/services.xml")).await.says("<service_code>lift</service_code>").says("<metadata>false</metadata>");
        village.get("city", &format!("{base}/discovery.xml")).await.says("GeoReport_v2");
        let file = |body: String| {
            let village = &village;
            async move { village.plain_form("city", &format!("{base}/requests.json"), &body).await }
        };
        let good = "api_key=key-of-the-city&service_code=lift&address_id=shiliu/1&description=%E7%94%B5%E6%A2%AF%3C%E5%81%9C%3E";
        let filed = file(good.into()).await;
        assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.body);
        filed.says("\"service_request_id\":\"shiliu-1\"");
        village.get("city", &format!("{base}/requests/shiliu-1.xml")).await.says("<status>open</status>").says("电梯&lt;停&gt;").says("石榴园 1号楼");
        village.get("city", &format!("{base}/requests.json?service_code=lift&status=open")).await.says("shiliu-1");
        village.get("city", &format!("{base}/requests.json?status=closed")).await.says_not("shiliu-1");
        let wrong = [
            (good.replace("key-of-the-city", "guess"), 403), (good.replace("lift", "none"), 404), (good.replace("service_code=lift", ""), 400),
            (good.replace("address_id=shiliu/1", ""), 400), (format!("{good}&jurisdiction_id=nowhere"), 404),
            (good.replace("description=", &format!("description={}", "x".repeat(4_001))), 400),
        ];
        for (body, status) in wrong {
            let told = file(body.clone()).await;
            assert_eq!(told.status.as_u16(), status, "{body}");
            told.says("\"description\":");
        }
        for path in ["requests/nothing-1.xml", "tokens/abc.xml", "services/none.xml", "nothing.xml", "requests.xml?jurisdiction_id=nowhere"] {
            let told = village.get("city", &format!("{base}/{path}")).await;
            assert_eq!(told.status, StatusCode::NOT_FOUND, "{path}");
            told.says("<errors><error><code>404</code>");
        }
    }
}

//! The story of a compound from nothing to a case that was handled, and of who may not make one.

mod api;

use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;

const FIELDS: &[(&str, &str)] = &[
    ("name", "芙蓉里"),
    ("code", "furong"),
    ("buildings", "1-3"),
    ("entrances", "2"),
    ("floors", "6"),
    ("per_floor", "2"),
    ("property", "安居物业"),
    ("manager", "马经理"),
    ("captains", "1 周明\n3号楼：李兰"),
];

on_both! { &crate::migrations();
    async fn a_new_compound_is_made_its_captain_let_in_and_its_first_case_handled(db) {
        let mut village = Village::on(db).await;
        let new = "/office/compounds/new";
        let made = village.fill("community", new, new, FIELDS).await;
        assert_eq!(made.location, "/office/compounds/furong", "{}", made.text());
        village.get("community", &made.location).await.says("芙蓉里").says("72").says("/office/places/signs?at=furong");
        let letters = village.get("community", "/office/compounds/furong/letters").await;
        letters.says("周明").says("芙蓉里 1号楼").says("李兰").says("马经理");
        letters.says("的邀请：“睦邻”").says("芙蓉里 物业负责人").says("问给您这封信的社区工作人员");
        let code = letters.body.split("周明").nth(1).unwrap().split("class=\"code\">").nth(1).unwrap()[..11].to_owned();
        // A neighbour without an account says something before any captain has come.
        let said = [("at", "furong/1"), ("inside", "furong/1/1"), ("words", "楼上拖椅子"), ("category", "noise")];
        let filed = village.fill("neighbour", "/say/requests/new?at=furong/1", "/say/requests", &said).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text());
        let slip = filed.location.split('?').next().unwrap().to_owned();
        // The captain comes in with the letter, once.
        let letter = "/sign-in/letter";
        let fields = [("code", code.as_str()), ("login", "zhouming"), ("password", "石榴花开满院都红")];
        let entered = village.fill("new-captain", letter, letter, &fields).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text());
        village.remember("new-captain", &entered);
        let short = village.fill("thief", letter, letter, &[("code", "ABCDE-FGH"), ("login", "x2"), ("password", "石榴花开满院都红")]).await;
        short.says("码一共10个字，再数一数").says("密码要再打一遍");
        let again = village.fill("thief", letter, letter, &[("code", code.as_str()), ("login", "x2"), ("password", "石榴花开满院都红")]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        village.get("new-captain", "/office/desk").await.says("楼上拖椅子");
        let case = "/say/requests/furong-1";
        village.fill("new-captain", case, &format!("{case}/accept"), &[]).await;
        let done = [("outcome", "solved"), ("words", "说好了，垫了脚垫")];
        village.fill("new-captain", case, &format!("{case}/report"), &done).await;
        village.fill("neighbour", &slip, &format!("{slip}/judge"), &[("solved", "yes"), ("satisfaction", "good")]).await;
        village.get("neighbour", &slip).await.says("说好了，垫了脚垫").says("已了结");
        // A letter that was used is not printed again.
        village.get("community", "/office/compounds/furong/letters").await.says_not("周明").says("李兰");
    }

    async fn what_is_wrong_is_said_and_nothing_is_built(db) {
        let village = Village::on(db).await;
        let new = "/office/compounds/new";
        let fields = [("name", "芙蓉里"), ("code", "shiliu"), ("buildings", "1-3"), ("captains", "1 周明")];
        let taken = village.fill("community", new, new, &fields).await;
        assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
        taken.says("这个代号已经有了").says("1 周明");
        let fields = [("name", "芙蓉里"), ("code", "furong"), ("buildings", "东边"), ("captains", "9 周明")];
        village.fill("community", new, new, &fields).await.says("楼栋要像").says("每行先写楼栋").says("东边");
        assert_eq!(village.get("stranger", "/say/requests/new?at=furong").await.status, StatusCode::NOT_FOUND);
        for who in ["granny", "captain", "property", "guard"] {
            assert_eq!(village.get(who, new).await.status, StatusCode::FORBIDDEN, "{who}");
            assert_eq!(village.forge(who, new, FIELDS).await.status, StatusCode::FORBIDDEN, "{who}");
            let letters = village.get(who, "/office/compounds/shiliu/letters").await;
            assert_eq!(letters.status, StatusCode::FORBIDDEN, "{who}");
        }
    }

    async fn a_program_makes_a_compound_too_and_a_letter_ends(db) {
        let village = Village::on(db).await;
        let body = r#"{"name":"梧桐院","code":"wutong","buildings":"1-2","floors":3,"captains":[["2","孙梅"]]}"#;
        let made = village.json("community", "POST", "/api/v1/compounds", "0123456789abcdef-c", body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let again = village.json("community", "POST", "/api/v1/compounds", "0123456789abcdef-c", body).await;
        assert_eq!(again.body, made.body);
        village.get("community", "/office/compounds/wutong/letters").await.says("孙梅");
        let letters = village.get("community", "/office/compounds/wutong/letters").await;
        let code = letters.body.split("class=\"code\">").nth(1).unwrap()[..11].to_owned();
        village.wait(kit::time::Moment::days(31));
        let fields = [("code", code.as_str()), ("login", "sunmei"), ("password", "石榴花开满院都红")];
        let late = village.fill("late", "/sign-in/letter", "/sign-in/letter", &fields).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        late.says("用过了，或者过了日子");
    }

    async fn a_captain_of_a_new_compound_is_elected_for_three_years_and_the_company_stays_until_it_is_ended(db) {
        let village = Village::on(db).await;
        village.fill("community", "/office/compounds/new", "/office/compounds/new", FIELDS).await;
        let page = village.get("community", "/office/people").await;
        let line = |name: &str| page.body.split(&format!("<h2>{name} ·")).nth(1).unwrap().split("</p>").next().unwrap().to_owned();
        assert!(line("周明").contains("2029年11月23日"), "{}", line("周明"));
        assert!(line("马经理").contains("长期"), "{}", line("马经理"));
    }

    async fn a_compound_without_buildings_gets_them_by_the_pattern_once(db) {
        let village = Village::on(db).await;
        let sheet = hex::encode("小区代号,小区\nwutong,梧桐里\n");
        let places = "/office/places";
        village.fill("community", places, places, &[("file:file", &sheet), ("really", "1")]).await;
        village.get("community", "/").await.says("还有小区没有楼栋").says("/office/compounds/wutong").says_not("/office/compounds/shiliu");
        village.get("property", "/").await.says_not("还有小区没有楼栋");
        let (page, raise) = ("/office/compounds/wutong", "/office/compounds/wutong/buildings");
        let wrong = village.fill("community", page, raise, &[("buildings", "东边"), ("floors", "3")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("楼栋要像").says("东边");
        let fields = [("buildings", "1-2"), ("entrances", "1"), ("floors", "3"), ("per_floor", "2")];
        assert_eq!(village.forge("property", raise, &fields).await.status, StatusCode::FORBIDDEN);
        let raised = village.fill("community", page, raise, &fields).await;
        assert_eq!(raised.location, page, "{}", raised.text());
        village.get("community", page).await.says("<dd>12</dd>").says("再添一栋楼");
        village.get("community", "/").await.says_not("还有小区没有楼栋");
        village.get("anybody", "/say/requests/new?at=wutong").await.says("2号楼");
    }

    async fn a_building_is_added_later_with_its_homes_and_none_twice(db) {
        let village = Village::on(db).await;
        village.get("community", "/office/places?at=shiliu").await.says("/office/compounds/shiliu#raise");
        village.get("property", "/office/places?at=shiliu").await.says_not("/office/compounds/shiliu#raise");
        let (page, raise) = ("/office/compounds/shiliu", "/office/compounds/shiliu/buildings");
        let there = [("buildings", "2-3"), ("entrances", "1"), ("floors", "2"), ("per_floor", "2")];
        let refused = village.fill("community", page, raise, &there).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("已经登记过的楼栋").says("value=\"2-3\"");
        village.get("anybody", "/say/requests/new?at=shiliu").await.says_not("3号楼");
        let more = [("buildings", "3"), ("entrances", "2"), ("floors", "2"), ("per_floor", "2")];
        let raised = village.fill("community", page, raise, &more).await;
        assert_eq!(raised.location, page, "{}", raised.text());
        let homes = village.get("community", "/api/v1/places?at=shiliu/3/2").await.answers(200);
        assert_eq!(homes["places"].as_array().map(Vec::len), Some(4), "{homes}");
        village.get("anybody", "/say/requests/new?at=shiliu").await.says("3号楼");
        let pattern = serde_json::json!({ "buildings": "3" });
        village.call("community", "/api/v1/compounds/shiliu/buildings", "more", &pattern).await.refuses(422, "compounds/building-there");
    }
}

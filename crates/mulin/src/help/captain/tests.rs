//! Stories about captains, teams and boards.

use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;
use serde_json::json;

const AT: &str = "/help/captain?at=shiliu/1";
const BUILDING: &str = "/help/captain/building?at=shiliu/1";
const BOARD: &str = "/help/captain/board?at=shiliu/1";

on_both! { &crate::migrations();
    async fn granny_finds_her_captain_in_one_tap_and_rings_once_the_number_is_published(db) {
        let village = Village::on(db).await;
        let front = village.get("granny", "/").await;
        front.says("href=\"/help/captain\"");
        let page = village.get("granny", "/help/captain").await;
        page.says("1号楼").says("captain").says("没有公布电话").says_not("tel:");
        let card = [("at", "shiliu/1"), ("office", "captain"), ("phone", "0512-6000 1234"), ("duties", "先问我一声")];
        let seen = village.fill("captain", BUILDING, "/help/captain/card", &card).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
        village.get("granny", "/help/captain").await.says("tel:051260001234").says("先问我一声");
        village.get("stranger", AT).await.says("tel:051260001234");
        let card = [("at", "shiliu/1"), ("office", "captain"), ("duties", "先问我一声")];
        village.fill("captain", BUILDING, "/help/captain/card", &card).await;
        village.get("granny", "/help/captain").await.says_not("tel:").says("先问我一声");
    }

    async fn a_number_goes_with_the_one_who_gave_it(db) {
        let village = Village::on(db).await;
        let card = [("at", "shiliu/2"), ("office", "captain"), ("phone", "0512-6000 1234"), ("duties", "找我")];
        village.fill("other-captain", "/help/captain/building?at=shiliu/2", "/help/captain/card", &card).await;
        village.get("tenant", "/help/captain").await.says("tel:051260001234");
        // Their term ends in thirty days.
        village.wait(kit::time::Moment::days(31));
        village.get("tenant", "/help/captain?at=shiliu/2").await.says_not("tel:").says("现在没有楼栋长");
        village.get("tenant", "/api/v1/captains?at=shiliu/2").await.says_not("6000");
    }

    async fn what_is_written_to_the_captain_is_private_and_waits_at_their_door(db) {
        let village = Village::on(db).await;
        village.get("granny", AT).await.says("/say/requests/new?at=shiliu/1&amp;to=captain");
        let new = "/say/requests/new?at=shiliu/1&to=captain";
        let page = village.get("granny", new).await;
        page.says("name=\"private\" value=\"1\" checked").says("value=\"other\" selected");
        page.says("先交给这栋楼的楼栋长").says("自己往上走一道门").says("楼栋长看不到是谁写的").says_not("除非勾了不公开");
        // How to be reached stands openly, before what is folded.
        let open = page.body.split("<details").next().unwrap();
        assert!(open.contains("name=\"contact\""), "{}", page.text());
        let empty = village.fill("granny", new, "/say/requests", &[("at", "shiliu/1"), ("to", "captain"), ("private", "1")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        empty.says("先交给这栋楼的楼栋长");
        let fields = [("at", "shiliu/1"), ("words", "想请您来家里坐坐，说说楼上的事"), ("category", "other"), ("private", "1")];
        let seen = village.fill("granny", new, "/say/requests", &fields).await;
        let path = seen.location.split('?').next().unwrap().to_owned();
        let shown = village.get("captain", &path).await;
        shown.says("想请您来家里坐坐").says("告诉提出的人（不公开，").says("到时间没人接，自己往上走一道门").says_not("会公开");
        village.get("captain", "/office/desk").await.says("想请您来家里坐坐");
        for who in ["tenant", "property", "stranger"] {
            assert_eq!(village.get(who, &path).await.status, StatusCode::NOT_FOUND, "{who}");
        }
    }

    async fn a_team_is_joined_and_left_by_oneself_alone(db) {
        let village = Village::on(db).await;
        let join = [("at", "shiliu/1"), ("duty", "care")];
        village.fill("granny", AT, "/help/captain/join", &join).await;
        village.get("granny", AT).await.says("我在里面").says("granny");
        let told = village.get("stranger", "/api/v1/captains?at=shiliu/1").await.answers(200);
        assert_eq!(told["teams"][3], json!({ "duty": "care", "people": 1, "mine": false }));
        village.get("stranger", AT).await.says("1人").says_not("granny");
        village.get("captain", BUILDING).await.says("granny");
        let seen = village.forge("granny", "/help/captain/join", &join).await;
        assert_eq!(seen.status, StatusCode::CONFLICT);
        for (who, status) in [("stranger", 403), ("property", 403), ("guard", 403), ("community", 403), ("tenant", 303)] {
            let seen = village.forge(who, "/help/captain/join", &join).await;
            assert_eq!(seen.status.as_u16(), status, "{who}");
        }
        village.fill("granny", AT, "/help/captain/leave", &join).await;
        village.get("captain", BUILDING).await.says_not("granny").says("tenant");
        assert_eq!(village.forge("granny", "/help/captain/leave", &join).await.status, StatusCode::CONFLICT);
        let seen = village.call("granny", "/api/v1/captains/join", "wrong", &json!({ "at": "shiliu/1", "duty": "spying" })).await;
        seen.refuses(422, "captains/duty");
    }

    async fn a_captain_sees_doors_and_nobody_on_them(db) {
        let village = Village::on(db).await;
        let new = "/say/requests/new?at=shiliu/1/1/301";
        let fields = [("at", "shiliu/1/1/301"), ("words", "楼道灯不亮"), ("category", "clutter")];
        village.fill("granny", new, "/say/requests", &fields).await;
        // A quarrel that waits for the captain counts for the captain and for nobody else.
        let fields = [("at", "shiliu/1/1/101"), ("words", "楼上吵得睡不着"), ("category", "noise"), ("private", "1")];
        village.fill("granny", "/say/requests/new?at=shiliu/1/1/101", "/say/requests", &fields).await;
        village.get("captain", BUILDING).await.says("301").says("1件").says_not("granny");
        let open = async |who: &str| {
            let told = village.get(who, "/api/v1/captains/building?at=shiliu/1").await.answers(200);
            let doors: Vec<i64> = told["doors"].as_array().unwrap().iter().map(|door| door["open"].as_i64().unwrap()).collect();
            doors
        };
        assert_eq!(open("captain").await, [1, 1]);
        assert_eq!(open("committee").await, [0, 1]);
        for who in ["granny", "tenant", "other-captain", "property", "guard", "stranger"] {
            assert_eq!(village.get(who, BUILDING).await.status, StatusCode::FORBIDDEN, "{who}");
            assert_eq!(village.get(who, "/help/captain/notice?at=shiliu/1").await.status, StatusCode::FORBIDDEN, "{who}");
            let seen = village.get(who, "/api/v1/captains/building?at=shiliu/1").await;
            seen.refuses(403, "captains/not-yours");
        }
        let notice = "/help/captain/notice?at=shiliu/1&title=%E5%81%9C%E6%B0%B4&text=%E6%98%8E%E5%A4%A9%E4%B8%8A%E5%8D%88";
        village.get("captain", notice).await.says("停水").says("明天上午");
    }

    async fn a_board_says_what_it_lacks_and_the_community_fills_it_in(db) {
        let village = Village::on(db).await;
        let page = village.get("stranger", BOARD).await;
        page.says("监督电话").says_not("还缺这些").says_not("还没有划进网格").says_not("action=\"/help/captain/board\"");
        for who in ["captain", "community"] {
            village.get(who, BOARD).await.says("还缺这些").says("还没有划进网格").says("社区的电话");
        }
        village.get("granny", BOARD).await.says_not("还缺这些");
        let fields = [("at", "shiliu/1"), ("supervision", "0512-6111 0000")];
        let seen = village.fill("community", BOARD, "/help/captain/board", &fields).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
        let seen = village.fill("community", BOARD, "/help/captain/board", &[("at", "shiliu/1"), ("supervision", "hello")]).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.says("这不像电话号码");
        let card = [("at", "shiliu/1"), ("office", "community"), ("phone", "0512-6222"), ("duties", "统筹"), ("from", "board")];
        village.fill("community", BOARD, "/help/captain/card", &card).await;
        village.get("stranger", BOARD).await.says("0512-6222").says("0512-6111 0000");
        village.get("community", BOARD).await.says_not("社区的电话");
        let told = village.get("stranger", "/api/v1/captains/board?at=shiliu/1").await.answers(200);
        assert_eq!(told["missing"], json!(["grid", "captain:duties"]));
        for who in ["granny", "captain", "property", "stranger"] {
            let seen = village.forge(who, "/help/captain/board", &fields).await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{who}");
        }
        for who in ["granny", "other-captain", "property", "stranger"] {
            let card = [("at", "shiliu/1"), ("office", "captain"), ("duties", "x")];
            let seen = village.forge(who, "/help/captain/card", &card).await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{who}");
        }
    }

    async fn the_community_says_what_a_captain_does_but_never_gives_their_number(db) {
        let village = Village::on(db).await;
        let own = [("at", "shiliu/1"), ("office", "captain"), ("phone", "0512-6000"), ("duties", "一")];
        village.fill("captain", BUILDING, "/help/captain/card", &own).await;
        let other = json!({ "at": "shiliu/1", "office": "captain", "phone": "0512-9999", "duties": "二" });
        village.call("community", "/api/v1/captains/card", "give", &other).await.refuses(403, "captains/phone-own");
        let duties = json!({ "at": "shiliu/1", "office": "captain", "duties": "二" });
        village.call("community", "/api/v1/captains/card", "duties", &duties).await.answers(200);
        village.get("granny", "/help/captain").await.says("0512-6000").says("二");
    }

    async fn while_the_captain_is_away_everybody_finds_who_stands_in(db) {
        let village = Village::on(db).await;
        let own = [("at", "shiliu/1"), ("office", "captain"), ("phone", "0512-6000"), ("duties", "先问我一声")];
        village.fill("captain", BUILDING, "/help/captain/card", &own).await;
        let seat = village.get("captain", "/api/v1/people/mine").await.answers(200)["seats"][0]["id"].as_str().unwrap().to_owned();
        let one = village.get("captain", &format!("/api/v1/people/{seat}")).await.answers(200);
        let granny = one["candidates"].as_array().unwrap().iter().find(|one| one["name"] == "granny").unwrap()["id"].clone();
        village.call("captain", &format!("/api/v1/people/{seat}/deputy"), "deputy", &json!({ "to": granny })).await.answers(200);
        let days = json!({ "from": "2026-11-25", "until": "2026-11-27" });
        village.call("captain", &format!("/api/v1/people/{seat}/away"), "away", &days).await.answers(200);
        village.get("tenant", AT).await.says("tel:05126000").says_not("顶到");
        village.wait(kit::time::Moment::days(1));
        let away = village.get("captain", BUILDING).await;
        assert_eq!(away.status, StatusCode::FORBIDDEN);
        away.says("您请假了，这栋楼现在由代理人照看").says("/office/people/mine");
        village.get("granny", "/me").await.says("代楼栋长");
        for page in [AT, BOARD] {
            village.get("tenant", page).await.says("granny").says("代captain，顶到11月27日").says_not("6000");
        }
        village.get("granny", "/help/captain").await.says("代captain").says("我这栋楼");
        let told = village.get("stranger", "/api/v1/captains?at=shiliu/1").await.answers(200);
        let seat = told["seats"].as_array().unwrap().iter().find(|seat| seat["office"] == "captain").unwrap().clone();
        assert_eq!((&seat["name"], &seat["stands_in_for"], &seat["phone"]), (&json!("granny"), &json!("captain"), &json!(null)));
        // Who stands in gives their own number, and the captain's card is as it was.
        let card = [("at", "shiliu/1"), ("office", "captain"), ("phone", "0512-7000")];
        village.get("granny", BUILDING).await.says("您在代班").says_not("6000");
        let seen = village.fill("granny", BUILDING, "/help/captain/card", &card).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
        village.get("tenant", AT).await.says("tel:05127000").says("先问我一声");
        village.wait(kit::time::Moment::days(3));
        village.get("tenant", AT).await.says("tel:05126000").says_not("7000").says_not("granny").says_not("顶到");
    }
}

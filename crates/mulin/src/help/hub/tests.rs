//! Stories about the hub.

use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;
use kit::time::Moment;
use serde_json::json;

const HUB: &str = "/help/hub?compound=shiliu";
const ENTRIES: &str = "/help/hub/entries?compound=shiliu";

async fn post(village: &Village) -> String {
    let fields = [("compound", "shiliu"), ("name", "议事岗"), ("duties", "请大家来说，把意见记下来"), ("desk", "1")];
    let seen = village.fill("community", HUB, "/help/hub/post", &fields).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
    let told = village.get("stranger", "/api/v1/hub?compound=shiliu").await.answers(200);
    told["posts"][0]["id"].as_str().unwrap().to_owned()
}

on_both! { &crate::migrations();
    async fn whoever_moves_away_holds_no_post_any_more(db) {
        let village = Village::on(db).await;
        let id = post(&village).await;
        let one = [("compound", "shiliu"), ("id", id.as_str())];
        village.fill("granny", HUB, "/help/hub/hold", &one).await;
        village.get("granny", HUB).await.says("等红小楼确认");
        village.fill("community", HUB, "/help/hub/confirm", &one).await;
        assert_eq!(village.get("granny", "/help/hub/desk?compound=shiliu").await.status, StatusCode::OK);
        let homes = village.get("granny", "/api/v1/me/homes").await.answers(200);
        let end = format!("/api/v1/me/homes/members/{}/end", homes["members"][0]["id"].as_str().unwrap());
        village.call("granny", &end, "moves-out", &json!({})).await.answers(200);
        assert_eq!(village.get("granny", "/help/hub/desk?compound=shiliu").await.status, StatusCode::FORBIDDEN);
        village.get("stranger", HUB).await.says_not("granny").says("还没有人");
    }

    async fn what_was_typed_comes_back_with_what_is_wrong(db) {
        let village = Village::on(db).await;
        let here = ("compound", "shiliu");
        for (from, deed, fields, back) in [
            (HUB, "/help/hub/hours", &[here, ("d1", "9点到11点"), ("d2", "09:00-11:30")][..], &["value=\"9点到11点\"", "value=\"09:00-11:30\""][..]),
            (HUB, "/help/hub/exception", &[here, ("day", "2026-12-25"), ("spans", "全天"), ("why", "盘点")], &["value=\"2026-12-25\"", "value=\"全天\"", "value=\"盘点\""]),
            (HUB, "/help/hub/post", &[here, ("name", ""), ("duties", "看着楼道里的灯")], &["看着楼道里的灯"]),
            ("/help/roster?compound=shiliu&month=2026-12", "/help/roster/shifts",
                &[here, ("month", "2026-12"), ("weekdays", "2"), ("starts", "15:00"), ("ends", "14:10"), ("skill", "talks"), ("need", "3")],
                &["value=\"15:00\"", "value=\"14:10\"", "value=\"3\"", "value=\"2\" checked"]),
        ] {
            let seen = village.fill("community", from, deed, fields).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{deed}");
            for one in back {
                assert!(seen.body.contains(one), "{deed} loses {one}: {}", seen.text());
            }
        }
        let ready = [here, ("weekdays", "3"), ("skills", "talks"), ("month_max", "999"), ("rest_days", "2"), ("named", "1")];
        let seen = village.fill("granny", "/help/roster/mine?compound=shiliu", "/help/roster/ready", &ready).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        for one in ["value=\"3\" checked", "value=\"talks\" checked", "value=\"999\"", "value=\"2\"", "name=\"named\" value=\"1\" checked"] {
            assert!(seen.body.contains(one), "ready loses {one}: {}", seen.text());
        }
    }

    async fn the_hub_says_whether_it_is_open_and_why_not_today(db) {
        let village = Village::on(db).await;
        village.get("stranger", HUB).await.says("还没有写开放时间");
        // It is Tuesday, ten in the morning.
        let week = [("compound", "shiliu"), ("d2", "9:00-11:30,14:00-17:00"), ("d3", "9:00-11:30")];
        let seen = village.fill("community", HUB, "/help/hub/hours", &week).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
        village.get("stranger", HUB).await.says("开着").says("11:30");
        village.get("stranger", "/help/hub/wall?compound=shiliu").await.says("10:00").says("http-equiv=\"refresh\"");
        village.wait(Moment::hours(2));
        village.get("stranger", HUB).await.says("14:00");
        let told = village.get("stranger", "/api/v1/hub?compound=shiliu").await.answers(200);
        assert_eq!((&told["open"], &told["opens_next"]), (&json!(false), &json!("2026-11-24T14:00")));
        let fields = [("compound", "shiliu"), ("day", "2026-11-24"), ("why", "停电检修")];
        village.fill("community", HUB, "/help/hub/exception", &fields).await;
        village.get("stranger", HUB).await.says("停电检修").says_not("14:00开门");
        village.fill("community", HUB, "/help/hub/usual", &[("compound", "shiliu"), ("day", "2026-11-24")]).await;
        village.get("stranger", HUB).await.says_not("停电检修");
        let bad = village.fill("community", HUB, "/help/hub/hours", &[("compound", "shiliu"), ("d1", "17-9")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        bad.says("这样写");
        assert!(bad.text().contains("开放时间 周一不开"), "{}", bad.text());
        assert!(bad.body.contains("value=\"17-9\""), "{}", bad.text());
        let wide = [("compound", "shiliu"), ("d1", "9：00－11：30；14：00～17：00")];
        village.fill("community", HUB, "/help/hub/hours", &wide).await;
        village.get("stranger", "/api/v1/hub?compound=shiliu").await.says("09:00-11:30,14:00-17:00");
    }

    async fn a_post_is_taken_by_ones_own_yes_and_what_was_done_stands_a_line_each(db) {
        let village = Village::on(db).await;
        let id = post(&village).await;
        village.fill("granny", HUB, "/help/hub/hold", &[("compound", "shiliu"), ("id", &id)]).await;
        // Before the hub says yes the name is between the two of them.
        village.get("stranger", HUB).await.says_not("granny").says("有人报了名，等红小楼确认").says("议事岗");
        let told = village.get("tenant", "/api/v1/hub?compound=shiliu").await.answers(200)["posts"][0].clone();
        assert_eq!((&told["holder"], &told["taken"], &told["desk"]), (&json!(null), &json!(true), &json!(true)));
        village.get("community", "/me").await.says("有人认了红小楼的岗，等您确认");
        village.get("community", HUB).await.says("granny").says("确认以后，他看得到今天的前台");
        village.fill("community", HUB, "/help/hub/confirm", &[("compound", "shiliu"), ("id", &id)]).await;
        village.get("stranger", HUB).await.says("granny").says("坐前台");
        village.get("granny", "/me").await.says("您在红小楼的岗，确认了");
        let again = village.forge("tenant", "/help/hub/hold", &[("compound", "shiliu"), ("id", &id)]).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        let entry = [("compound", "shiliu"), ("id", id.as_str()), ("text", "听3号楼说晾衣架的事")];
        let seen = village.fill("granny", ENTRIES, "/help/hub/entry", &entry).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
        village.get("community", ENTRIES).await.says("听3号楼说晾衣架的事").says("1条");
        assert_eq!(village.forge("tenant", "/help/hub/entry", &entry).await.status, StatusCode::FORBIDDEN);
        let told = village.get("granny", "/api/v1/hub/entries?compound=shiliu").await.answers(200);
        let line = told["entries"][0]["id"].as_str().unwrap().to_owned();
        let other = village.forge("tenant", "/help/hub/withdraw", &[("compound", "shiliu"), ("id", &line)]).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND);
        village.fill("granny", ENTRIES, "/help/hub/withdraw", &[("compound", "shiliu"), ("id", &line)]).await;
        village.get("community", ENTRIES).await.says_not("晾衣架");
        village.fill("granny", HUB, "/help/hub/give-back", &[("compound", "shiliu"), ("id", &id)]).await;
        village.get("stranger", HUB).await.says("还没有人").says_not("granny");
        village.fill("community", HUB, "/help/hub/end", &[("compound", "shiliu"), ("id", &id)]).await;
        village.get("stranger", HUB).await.says_not("议事岗");
    }

    async fn a_post_that_does_not_sit_at_the_desk_opens_nothing_of_it(db) {
        let village = Village::on(db).await;
        let corner = json!({ "compound": "shiliu", "name": "图书角", "duties": "整理书架" });
        village.call("community", "/api/v1/hub/post", "corner", &corner).await.answers(200);
        let told = village.get("stranger", "/api/v1/hub?compound=shiliu").await.answers(200);
        let one = json!({ "compound": "shiliu", "id": told["posts"][0]["id"] });
        village.call("tenant", "/api/v1/hub/hold", "hold", &one).await.answers(200);
        village.call("community", "/api/v1/hub/confirm", "confirm", &one).await.answers(200);
        village.get("tenant", HUB).await.says("图书角").says_not("坐前台").says_not("今天的前台");
        for page in ["", "/talks", "/opinions", "/keys"] {
            let seen = village.get("tenant", &format!("/help/hub/desk{page}?compound=shiliu")).await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{page}");
        }
        let line = json!({ "compound": "shiliu", "id": one["id"], "text": "上了三十本新书" });
        village.call("tenant", "/api/v1/hub/entry", "entry", &line).await.answers(200);
    }

    async fn who_may_do_what_at_the_hub(db) {
        let village = Village::on(db).await;
        let id = post(&village).await;
        let keeping = [
            ("hours", json!({ "compound": "shiliu", "d1": "9:00-10:00" })),
            ("exception", json!({ "compound": "shiliu", "day": "2026-12-01", "why": "x" })),
            ("post", json!({ "compound": "shiliu", "name": "x", "duties": "x" })),
        ];
        for who in ["granny", "tenant", "captain", "property", "guard", "committee", "stranger"] {
            for (deed, body) in &keeping {
                let seen = village.call(who, &format!("/api/v1/hub/{deed}"), &format!("{who}-{deed}"), body).await;
                seen.refuses(403, "hub/not-keeper");
            }
        }
        for (deed, body) in &keeping {
            village.call("community", &format!("/api/v1/hub/{deed}"), deed, body).await.answers(200);
        }
        let hold = json!({ "compound": "shiliu", "id": id });
        for (who, status, reason) in
            [("property", 403, "hub/not-neighbour"), ("guard", 403, "hub/not-neighbour"), ("stranger", 401, "account/sign-in-first")]
        {
            village.call(who, "/api/v1/hub/hold", &format!("hold-{who}"), &hold).await.refuses(status, reason);
            assert_eq!(village.get(who, ENTRIES).await.status, StatusCode::FORBIDDEN, "{who}");
        }
        village.call("captain", "/api/v1/hub/hold", "captain-holds", &hold).await.answers(200);
        let seen = village.call("granny", "/api/v1/hub/give-back", "not-hers", &hold).await;
        seen.refuses(403, "hub/not-keeper");
        village.call("community", "/api/v1/hub/burn", "no-such-deed", &hold).await.refuses(404, "house/not-found");
    }
}

//! Stories about the day that is written up once, the month that is counted from it, and who stands in.

use super::{DESK, does, post, with_hub};
use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;
use kit::time::Moment;
use serde_json::json;

const DAY: &str = "/help/hub/day?compound=shiliu";
const MONTH: &str = "/help/hub/month?compound=shiliu&month=2026-11";
const HUB: &str = "/help/hub?compound=shiliu";

on_both! { &crate::migrations();
    async fn the_day_is_written_once_and_the_month_reads_it(db) {
        let village = with_hub(db).await;
        let week = [("compound", "shiliu"), ("d2", "09:00-11:30,14:00-17:00")];
        village.fill("community", HUB, "/help/hub/hours", &week).await;
        let id = post(&village, "granny").await;
        let entry = [("compound", "shiliu"), ("id", id.as_str()), ("text", "陪老人填了表")];
        village.fill("granny", "/help/hub/entries?compound=shiliu", "/help/hub/entry", &entry).await;
        does(&village, "hub", "take-in", "one", json!({ "about": "问路", "became": "answer" })).await;
        does(&village, "hub", "take-in", "two", json!({ "about": "南边好", "became": "opinion" })).await;
        does(&village, "hub", "take-in", "three", json!({ "about": "响动", "became": "talk", "name": "老李" })).await;
        let page = village.get("granny", DAY).await;
        page.says("陪老人填了表").says("当场答复了").says("09:00-11:30,14:00-17:00").says_not("老李");
        // A day nobody wrote up is told as such.
        village.get("stranger", MONTH).await.says("0天").says("还有23天没记").says_not("陪老人填了表").says_not("granny");
        let up = [("compound", "shiliu"), ("day", "2026-11-24"), ("spans", "9:00-11:30"), ("note", "下午停电")];
        let bad = village.fill("granny", DAY, "/help/hub/write-up", &[&up[..2], &[("spans", "整天")]].concat()).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        bad.says("整天");
        let seen = village.fill("granny", DAY, "/help/hub/write-up", &up).await;
        assert_eq!(seen.location, "/help/hub/day?compound=shiliu&day=2026-11-24", "{}", seen.text());
        village.get("hub", DAY).await.says("下午停电").says("记好了");
        village.get("tenant", DAY).await.says("下午停电").says_not("write-up");
        village.get("stranger", MONTH).await.says("1天").says("2小时30分").says("当场答复了").says_not("下午停电");
        let told = village.get("stranger", "/api/v1/hub/month?compound=shiliu&month=2026-11").await.answers(200);
        assert_eq!((&told["days_open"], &told["minutes_open"], &told["days_written"]), (&json!(1), &json!(150), &json!(1)));
        let kinds = &told["counts"]["walk_in"];
        assert_eq!(kinds, &json!([{ "kind": "answer", "n": 1 }, { "kind": "opinion", "n": 1 }, { "kind": "talk", "n": 1 }]));
        assert_eq!(told["counts"]["entry"], json!([{ "kind": "接待岗", "n": 1 }]));
        village.get("stranger", "/help/hub/month/sheet.csv?compound=shiliu&month=2026-11").await.says("当场答复了").says_not("老李");
        village.get("stranger", "/api/v1/hub/month?compound=shiliu&month=2026-13").await.refuses(422, "hub/month");
        // Tomorrow is not written up today, and not by somebody who does not serve.
        let tomorrow = json!({ "compound": "shiliu", "day": "2026-11-25", "spans": "9:00-11:30" });
        village.call("hub", "/api/v1/hub/write-up", "early", &tomorrow).await.refuses(422, "hub/day-to-write");
        let today = json!({ "compound": "shiliu", "day": "2026-11-24", "spans": "" });
        village.call("tenant", "/api/v1/hub/write-up", "not-hers", &today).await.refuses(403, "hub/not-at-desk");
        assert_eq!(village.get("stranger", DAY).await.status, StatusCode::FORBIDDEN);
    }

    async fn the_month_counts_only_shifts_that_are_over_and_only_who_came_to_the_desk(db) {
        let village = with_hub(db).await;
        // It is ten o'clock: one shift of today is over, one begins in twenty minutes, one is next Tuesday.
        for (starts, ends) in [("08:00", "10:00"), ("10:20", "11:30")] {
            let shift = json!({ "compound": "shiliu", "month": "2026-11", "weekdays": [2], "starts": starts, "ends": ends,
                "skill": "desk", "need": 2 });
            village.call("community", "/api/v1/roster/shifts", &format!("shift-to-{}", &ends[..2]), &shift).await.answers(200);
        }
        let ready = json!({ "compound": "shiliu", "weekdays": [2], "skills": ["desk"], "month_max": 9, "rest_days": 0 });
        village.call("granny", "/api/v1/roster/ready", "ready", &ready).await.answers(200);
        let all = village.get("community", "/api/v1/roster?compound=shiliu&month=2026-11").await.answers(200);
        let page = village.get("community", &format!("/help/roster/shift?compound=shiliu&id={}", all["shifts"][0]["id"].as_str().unwrap())).await;
        let granny = page.body.split("<option value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        for (n, shift) in all["shifts"].as_array().unwrap().iter().enumerate() {
            let put = json!({ "compound": "shiliu", "shift": shift["id"], "person": granny });
            village.call("community", "/api/v1/roster/put", &format!("put-{n}"), &put).await.answers(200);
        }
        // One opinion over the desk, one from home.
        does(&village, "hub", "take-in", "at-desk", json!({ "about": "南边好", "became": "opinion" })).await;
        village.call("tenant", "/api/v1/hub/opinion", "from-home", &json!({ "compound": "shiliu", "text": "北边好" })).await.answers(200);
        let path = "/api/v1/hub/month?compound=shiliu&month=2026-11";
        let told = village.get("stranger", path).await.answers(200)["counts"].clone();
        assert_eq!(told["shift"], json!([{ "kind": "desk", "n": 2 }]));
        assert_eq!(told["covered"], json!([{ "kind": "desk", "n": 1 }]));
        assert_eq!(told["walk_in"], json!([{ "kind": "opinion", "n": 1 }]));
        assert_eq!(told["opinion"], 2);
        let shown = village.get("stranger", MONTH).await.text();
        for said in ["值班：要2值班：来了1", "意见收到2", "来人一条意见1"] {
            assert!(shown.contains(said), "{said}: {shown}");
        }
        let day = village.get("granny", "/api/v1/hub/day?compound=shiliu").await.answers(200)["counts"].clone();
        assert_eq!((&day["shift"], &day["walk_in"]), (&json!([{ "kind": "desk", "n": 2 }]), &told["walk_in"]));
        village.wait(Moment::minutes(90));
        let told = village.get("stranger", path).await.answers(200)["counts"].clone();
        assert_eq!((&told["shift"][0]["n"], &told["covered"][0]["n"]), (&json!(4), &json!(2)));
    }

    async fn a_post_is_carried_by_whoever_stands_in_while_its_holder_is_away(db) {
        let village = Village::on(db).await;
        let id = post(&village, "granny").await;
        let one = [("compound", "shiliu"), ("id", id.as_str())];
        let early = village.forge("tenant", "/help/hub/stand-in", &one).await;
        assert_eq!(early.status, StatusCode::CONFLICT);
        let away = [&one[..], &[("from", "2026-11-25"), ("until", "2026-11-27")]].concat();
        assert_eq!(village.forge("tenant", "/help/hub/away", &away).await.status, StatusCode::FORBIDDEN);
        let backwards = [&one[..], &[("from", "2026-11-27"), ("until", "2026-11-25")]].concat();
        assert_eq!(village.fill("granny", HUB, "/help/hub/away", &backwards).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let seen = village.fill("granny", HUB, "/help/hub/away", &away).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
        village.get("stranger", HUB).await.says("11月25日到11月27日不在");
        village.fill("tenant", HUB, "/help/hub/stand-in", &one).await;
        village.get("stranger", HUB).await.says("tenant顶到11月27日");
        // By one's own yes one does what is to be done on the post, and sees nothing of the desk.
        let entry = json!({ "compound": "shiliu", "id": id, "text": "开了门" });
        village.call("tenant", "/api/v1/hub/entry", "early", &entry).await.refuses(403, "hub/not-holder");
        village.wait(Moment::days(1));
        assert_eq!(village.get("tenant", DESK).await.status, StatusCode::FORBIDDEN);
        village.call("tenant", "/api/v1/hub/entry", "entry", &entry).await.answers(200);
        village.wait(Moment::days(3));
        assert_eq!(village.get("tenant", DESK).await.status, StatusCode::FORBIDDEN);
        village.get("stranger", HUB).await.says_not("顶到").says_not("不在");
        village.call("tenant", "/api/v1/hub/entry", "late", &entry).await.refuses(403, "hub/not-holder");
        // Back before the time, nobody stands in any more.
        let days = json!({ "compound": "shiliu", "id": id, "from": "2026-11-28", "until": "2026-12-02" });
        village.call("granny", "/api/v1/hub/away", "again", &days).await.answers(200);
        village.call("tenant", "/api/v1/hub/stand-in", "in", &json!({ "compound": "shiliu", "id": id })).await.answers(200);
        village.get("stranger", HUB).await.says("tenant顶到");
        village.call("granny", "/api/v1/hub/here", "here", &json!({ "compound": "shiliu", "id": id })).await.answers(200);
        village.get("stranger", HUB).await.says_not("顶到");
    }

    async fn the_wall_says_when_it_opens_next(db) {
        let village = Village::on(db).await;
        let week = [("compound", "shiliu"), ("d2", "09:00-11:30"), ("d4", "14:00-17:00")];
        village.fill("community", HUB, "/help/hub/hours", &week).await;
        village.wait(Moment::hours(3));
        village.get("stranger", "/help/hub/wall?compound=shiliu").await.says("周四 11月26日 14:00开门");
        let why = [("compound", "shiliu"), ("day", "2026-11-26"), ("why", "停电")];
        village.fill("community", HUB, "/help/hub/exception", &why).await;
        village.get("stranger", HUB).await.says("周二 12月1日 09:00开门");
        let told = village.get("stranger", "/api/v1/hub?compound=shiliu").await.answers(200);
        assert_eq!(told["opens_next"], "2026-12-01T09:00");
    }
}

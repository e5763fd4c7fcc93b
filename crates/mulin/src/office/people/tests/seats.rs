//! Deputies, leaves, terms that end by the clock, and handing over.

use super::PAGE;
use crate::village::{Seen, Village};
use axum::http::StatusCode;
use kit::on_both;
use kit::time::Moment;
use serde_json::{Value, json};

/// The id of the only seat that somebody holds.
async fn seat_of(village: &Village, who: &str) -> String {
    let mine = village.get(who, "/api/v1/people/mine").await.answers(200);
    mine["seats"][0]["id"].as_str().unwrap_or_else(|| panic!("{who} holds nothing: {mine}")).to_owned()
}

async fn candidate(village: &Village, who: &str, seat: &str, name: &str) -> String {
    let one = village.get(who, &format!("/api/v1/people/{seat}")).await.answers(200);
    let all = one["candidates"].as_array().unwrap();
    let found = all.iter().find(|one| one["name"] == name);
    found.unwrap_or_else(|| panic!("{name} is not in {one}"))["id"].as_str().unwrap().to_owned()
}

async fn on_the_form(village: &Village, who: &str, seat: &str, deed: &str, fields: &[(&str, &str)]) -> Seen {
    let fields = [&[("id", seat)], fields].concat();
    village.fill(who, &format!("/office/people/seat?id={seat}"), &format!("/office/people/{deed}"), &fields).await
}

async fn desk(village: &Village, who: &str) -> u16 {
    village.get(who, "/office/desk").await.status.as_u16()
}

async fn said(village: &Village, who: &str, category: &str) -> String {
    let (at, new) = ("shiliu/1", "/say/requests/new?at=shiliu/1");
    let fields = [("at", at), ("words", "楼道里堆了旧柜子"), ("category", category)];
    let code = village.fill(who, new, "/say/requests", &fields).await.location;
    code.split("/say/requests/").nth(1).unwrap().split('?').next().unwrap().to_owned()
}

on_both! { &crate::migrations();
    async fn while_a_captain_is_away_the_deputy_is_captain_and_nobody_else(db) {
        let village = Village::on(db).await;
        let seat = seat_of(&village, "captain").await;
        let none = on_the_form(&village, "captain", &seat, "deputy", &[("to", "not-a-person")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let away = [("id", seat.as_str()), ("from", "2026-11-25"), ("until", "2026-11-26")];
        let early = village.forge("captain", "/office/people/away", &away).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        early.says("先定一位代理人");
        let granny = candidate(&village, "captain", &seat, "granny").await;
        let named = on_the_form(&village, "captain", &seat, "deputy", &[("to", &granny)]).await;
        assert_eq!(named.status, StatusCode::SEE_OTHER, "{}", named.text());
        village.get("granny", "/me").await.says("请您做代理人");
        let gone = on_the_form(&village, "captain", &seat, "away", &away[1..]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text());
        assert_eq!((desk(&village, "captain").await, desk(&village, "granny").await), (200, 403), "not yet");
        village.wait(Moment::days(1));
        assert_eq!((desk(&village, "captain").await, desk(&village, "granny").await), (403, 200), "on leave");
        village.get("captain", "/office/desk").await.says("您请假了，现在由代理人办着").says("/office/people/mine");
        village.get("tenant", "/office/desk").await.says_not("请假");
        // Who is told, who may, and under which name it stands, all follow.
        let code = said(&village, "tenant", "clutter").await;
        village.listeners().await;
        village.get("granny", "/me").await.says("有一件新的事等您接");
        village.get("captain", "/me").await.says_not("有一件新的事等您接");
        let accept = format!("/api/v1/requests/{code}/accept");
        let refused = village.call("captain", &accept, "away", &json!({})).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        village.call("granny", &accept, "deputy", &json!({})).await.answers(200);
        village.get("granny", "/office/people/mine").await.says("您是代理").says("请假：11月25日 – 11月26日");
        village.wait(Moment::days(2));
        assert_eq!((desk(&village, "captain").await, desk(&village, "granny").await), (200, 403), "over by the clock");
    }

    async fn who_is_back_early_says_so_and_has_the_office_again(db) {
        let village = Village::on(db).await;
        let seat = seat_of(&village, "property").await;
        let guard = candidate(&village, "property", &seat, "guard").await;
        let to = json!({ "to": guard });
        village.call("property", &format!("/api/v1/people/{seat}/deputy"), "deputy", &to).await.answers(200);
        let days = json!({ "from": "2026-11-24", "until": "2026-12-24" });
        village.call("property", &format!("/api/v1/people/{seat}/away"), "away", &days).await.answers(200);
        let code = said(&village, "granny", "parking").await;
        let accept = format!("/api/v1/requests/{code}/accept");
        assert_eq!(village.call("property", &accept, "no", &json!({})).await.status, StatusCode::FORBIDDEN);
        // The way back does not need the office that sleeps.
        let back = on_the_form(&village, "property", &seat, "back", &[]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text());
        village.call("property", &accept, "yes", &json!({})).await.answers(200);
        let again = village.call("property", &format!("/api/v1/people/{seat}/back"), "back", &json!({})).await;
        again.refuses(409, "people/not-away");
        for (from, until) in [("", "2026-12-24"), ("2026-12-24", "2026-12-23"), ("2026-11-01", "2026-11-20"),
            ("2026-11-24", "2028-01-01"), ("2026-02-30", "2026-12-24"), ("9999-12-31", "9999-12-31")] {
            let days = json!({ "from": from, "until": until });
            let key = format!("wrong-{from}-{until}");
            let seen = village.call("property", &format!("/api/v1/people/{seat}/away"), &key, &days).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{from} {until}");
        }
        // Without a deputy nobody is away, and a leave goes with its deputy.
        village.call("property", &format!("/api/v1/people/{seat}/away"), "away-2", &days).await.answers(200);
        village.call("property", &format!("/api/v1/people/{seat}/deputy"), "nobody", &json!({})).await.answers(200);
        assert_eq!(desk(&village, "property").await, 200);
        let mine = village.get("property", "/api/v1/people/mine").await.answers(200);
        assert_eq!((&mine["seats"][0]["deputy"], &mine["seats"][0]["away_from"]), (&Value::Null, &Value::Null));
    }

    async fn a_term_ends_by_the_clock_with_every_job_stopped(db) {
        let mut village = Village::on(db).await;
        village.wait(Moment::days(30) - 1);
        let entered = village.fill("other-captain", "/sign-in", "/demo/be", &[("login", "other-captain")]).await;
        village.remember("other-captain", &entered);
        assert_eq!(desk(&village, "other-captain").await, 200);
        village.wait(1);
        assert_eq!(desk(&village, "other-captain").await, 403);
        village.get("other-captain", "/office/homes").await.says("由楼栋长、网格员和社区核实");
    }

    async fn a_seat_is_handed_over_and_what_is_in_hand_goes_on(db) {
        let mut village = Village::on(db).await;
        let code = said(&village, "granny", "parking").await;
        village.call("property", &format!("/api/v1/requests/{code}/accept"), "accept", &json!({})).await.answers(200);
        let seat = seat_of(&village, "property").await;
        for who in ["granny", "captain", "committee"] {
            let seen = village.forge(who, "/office/people/hand-over", &[("id", &seat), ("name", "自己人")]).await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{who}");
            assert_eq!(village.get(who, &format!("/office/people/seat?id={seat}")).await.status, StatusCode::NOT_FOUND);
        }
        // A holder does not choose who follows.
        village.get("property", &format!("/office/people/seat?id={seat}")).await.says_not("交给下一位");
        let own = village.forge("property", "/office/people/hand-over", &[("id", &seat), ("name", "自己人")]).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN);
        let nobody = on_the_form(&village, "community", &seat, "hand-over", &[("to", ""), ("name", "")]).await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        let over = on_the_form(&village, "community", &seat, "hand-over", &[("to", ""), ("name", "新经理"), ("years", "1")]).await;
        assert_eq!(over.status, StatusCode::SEE_OTHER, "{}", over.text());
        let letters = village.get("community", "/api/v1/compounds/shiliu/letters").await.answers(200);
        let letter = letters["letters"][0]["code"].as_str().unwrap().to_owned();
        let fields = [("code", letter.as_str()), ("login", "xin"), ("password", "石榴园的春天很长")];
        let entered = village.fill("xin", "/sign-in/letter", "/sign-in/letter", &fields).await;
        village.remember("xin", &entered);
        village.get("xin", "/me").await.says("岗位交给您了");
        village.get("property", "/me").await.says("已经交给下一位");
        assert_eq!((desk(&village, "property").await, desk(&village, "xin").await), (403, 200));
        let hand = village.get("xin", "/api/v1/desk?scope=hand").await.answers(200);
        assert_eq!(hand["requests"][0]["code"], code.as_str(), "{hand}");
        let report = json!({ "outcome": "solved", "words": "搬走了" });
        village.call("xin", &format!("/api/v1/requests/{code}/report"), "report", &report).await.answers(200);
        let terms = village.get("community", "/api/v1/people/terms").await.answers(200);
        assert!(terms["seats"].as_array().unwrap().iter().any(|one| one["name"] == "新经理"), "{terms}");
        let again = village.forge("community", "/office/people/hand-over", &[("id", &seat), ("name", "又一位")]).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    }

    async fn the_last_keeper_hands_over_only_to_somebody_who_can_come_in(db) {
        let village = Village::on(db).await;
        let seat = seat_of(&village, "community").await;
        let over = format!("/api/v1/people/{seat}/hand-over");
        village.call("community", &over, "new", &json!({ "name": "新主任" })).await.refuses(409, "people/last-keeper");
        let captain = candidate(&village, "community", &seat, "captain").await;
        village.call("community", &over, "known", &json!({ "to": captain })).await.answers(201);
        assert_eq!(village.get("community", PAGE).await.status, StatusCode::FORBIDDEN);
        assert_eq!(village.get("captain", PAGE).await.status, StatusCode::OK);
    }

    async fn terms_that_end_are_a_page_and_a_calendar_that_closes_with_its_mandate(db) {
        let village = Village::on(db).await;
        let page = village.get("community", "/office/people/terms").await;
        page.says("楼栋长 · 石榴园 2号楼").says("12月24日到期").says("other-captain");
        for who in ["captain", "property", "granny"] {
            assert_eq!(village.get(who, "/office/people/terms").await.status, StatusCode::FORBIDDEN, "{who}");
        }
        let terms = village.get("community", "/api/v1/people/terms").await.answers(200);
        let feed = terms["calendar"].as_str().unwrap().split("mulin.example").nth(1).unwrap().to_owned();
        let seen = village.get("a-phone", &feed).await;
        assert_eq!((seen.status, seen.header("content-type").as_str()), (StatusCode::OK, "text/calendar; charset=utf-8"));
        seen.says("BEGIN:VEVENT\r\n").says("DTSTART;VALUE=DATE:20261224").says("石榴园 2号楼 楼栋长").says_not("other-captain");
        let (kept, last) = feed.split_at(feed.len() - 1);
        let other = format!("{kept}{}", if last == "0" { "1" } else { "0" });
        assert_eq!(village.get("a-phone", &other).await.status, StatusCode::NOT_FOUND);
        assert_eq!(village.get("a-phone", &feed.to_uppercase().replace("/OFFICE/PEOPLE/TERMS", "/office/people/terms")).await.status, StatusCode::NOT_FOUND);
        let seat = seat_of(&village, "community").await;
        let captain = candidate(&village, "community", &seat, "captain").await;
        village.call("community", &format!("/api/v1/people/{seat}/hand-over"), "over", &json!({ "to": captain })).await.answers(201);
        assert_eq!(village.get("a-phone", &feed).await.status, StatusCode::NOT_FOUND);
    }
}

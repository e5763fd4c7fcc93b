//! Stories about the duty roster. It is Tuesday, 24 November 2026; shifts are made for December.

use super::feed::calendar;
use crate::village::Village;
use axum::http::StatusCode;
use commons::duty::{How, Mine, Month, Shift, ShiftId, Skill};
use jiff::civil::date;
use kit::on_both;
use kit::time::Moment;
use serde_json::{Value, json};

const MONTH: &str = "/help/roster?compound=shiliu&month=2026-12";
const MINE: &str = "/help/roster/mine?compound=shiliu";
const SHIFTS: &str = "/api/v1/roster?compound=shiliu&month=2026-12";

fn ready(weekdays: &[i64], month_max: i64, rest_days: i64) -> Value {
    json!({ "compound": "shiliu", "weekdays": weekdays, "skills": ["desk"], "month_max": month_max, "rest_days": rest_days })
}

async fn comes(village: &Village, who: &str, weekdays: &[i64], month_max: i64, rest_days: i64) {
    let body = ready(weekdays, month_max, rest_days);
    village.call(who, "/api/v1/roster/ready", &format!("ready-{who}-{month_max}"), &body).await.answers(200);
}

async fn tuesdays(village: &Village) {
    let fields = [
        ("compound", "shiliu"),
        ("month", "2026-12"),
        ("weekdays", "2"),
        ("starts", "09:00"),
        ("ends", "11:30"),
        ("skill", "desk"),
        ("need", "1"),
    ];
    let seen = village.fill("community", MONTH, "/help/roster/shifts", &fields).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
}

async fn shifts(village: &Village, who: &str) -> Vec<Value> {
    village.get(who, SHIFTS).await.answers(200)["shifts"].as_array().unwrap().clone()
}

fn who_is_on(shift: &Value) -> Vec<&str> {
    shift["people"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap_or("?")).collect()
}

on_both! { &crate::migrations();
    async fn a_month_is_planned_evenly_and_shown_when_it_is_published(db) {
        let village = Village::on(db).await;
        comes(&village, "granny", &[2], 3, 0).await;
        comes(&village, "tenant", &[2], 3, 0).await;
        tuesdays(&village).await;
        let fields = [("compound", "shiliu"), ("month", "2026-12")];
        let seen = village.fill("community", MONTH, "/help/roster/plan", &fields).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
        let all = shifts(&village, "community").await;
        assert_eq!(all.len(), 5);
        let count = |name: &str| all.iter().filter(|shift| who_is_on(shift).contains(&name)).count();
        let mut loads = [count("granny"), count("tenant")];
        loads.sort_unstable();
        assert_eq!(loads, [2, 3]);
        // A draft is for those who make it.
        assert!(shifts(&village, "granny").await.iter().all(|shift| who_is_on(shift).is_empty()));
        village.get("granny", MINE).await.says("眼下没有您的班");
        village.fill("community", MONTH, "/help/roster/publish", &fields).await;
        village.get("granny", MONTH).await.says("再排也不会更好");
        assert!(shifts(&village, "granny").await.iter().any(|shift| who_is_on(shift) == ["granny"]));
        village.get("granny", MINE).await.says("交回这一班").says("确实来不了，交回");
        village.get("stranger", MONTH).await.says("1人").says_not("granny").says_not("tenant");
    }

    async fn those_on_a_published_roster_are_told_and_a_gap_afterwards_is_told_and_shown(db) {
        let village = Village::on(db).await;
        comes(&village, "granny", &[2], 9, 0).await;
        tuesdays(&village).await;
        let fields = [("compound", "shiliu"), ("month", "2026-12")];
        village.fill("community", MONTH, "/help/roster/plan", &fields).await;
        village.get("granny", "/me").await.says_not("我的值班");
        village.fill("community", MONTH, "/help/roster/publish", &fields).await;
        village.get("granny", "/me").await.says("2026-12 的值班表公布了，有您的班").says("归我办").says("我的值班").says("/help/roster/mine?compound=shiliu");
        village.get("tenant", "/me").await.says_not("值班表公布了").says_not("我的值班");
        village.get("community", MONTH).await.says("能排上的都排上了");
        let first = shifts(&village, "granny").await[0]["id"].as_str().unwrap().to_owned();
        village.fill("granny", MINE, "/help/roster/take-off", &[("compound", "shiliu"), ("shift", &first)]).await;
        village.get("community", MONTH).await.says_not("能排上的都排上了").says("有1个位子空出来了");
        village.get("community", "/me").await.says("2026-12-01有一班交回来了").says("/help/roster?compound=shiliu&#38;month=2026-12");
        // Somebody who moves away comes no more, and those who have to fill the gaps hear of it.
        let homes = village.get("granny", "/api/v1/me/homes").await.answers(200);
        let end = format!("/api/v1/me/homes/members/{}/end", homes["members"][0]["id"].as_str().unwrap());
        village.call("granny", &end, "moves-out", &json!({})).await.answers(200);
        village.get("community", "/me").await.says("从2026-12-08起有班空着");
        village.get("community", MONTH).await.says("有5个位子空出来了");
        assert!(shifts(&village, "community").await.iter().all(|shift| who_is_on(shift).is_empty()));
    }

    async fn whoever_is_put_on_or_taken_off_after_the_roster_is_published_is_told(db) {
        let village = Village::on(db).await;
        comes(&village, "granny", &[2], 9, 0).await;
        tuesdays(&village).await;
        let first = shifts(&village, "community").await[0]["id"].as_str().unwrap().to_owned();
        let fields = [("compound", "shiliu"), ("month", "2026-12")];
        village.fill("community", MONTH, "/help/roster/plan", &fields).await;
        let planned = village.get("community", SHIFTS).await.answers(200);
        let granny = planned["shifts"][0]["people"][0]["person"].as_str().unwrap().to_owned();
        let on = json!({ "compound": "shiliu", "shift": first, "person": granny });
        // In a draft nobody is told: it is for those who make it.
        village.call("community", "/api/v1/roster/take-off", "draft-off", &on).await.answers(200);
        village.call("community", "/api/v1/roster/put", "draft-on", &on).await.answers(200);
        village.get("granny", "/me").await.says_not("值班表添了").says_not("不用来了");
        village.fill("community", MONTH, "/help/roster/publish", &fields).await;
        village.wait(Moment::minutes(1));
        village.call("community", "/api/v1/roster/take-off", "off", &on).await.answers(200);
        village.get("granny", "/me").await.says("您2026-12-01的班不用来了").says("/help/roster?compound=shiliu&#38;month=2026-12");
        village.call("community", "/api/v1/roster/put", "on", &on).await.answers(200);
        village.get("granny", "/me").await.says("值班表添了您的班：2026-12-01");
        // What was proved of the plan is not said of what became of it.
        village.get("stranger", MONTH).await.says("后来补过或者换过").says_not("大家的次数也最接近");
        assert_eq!(village.get("community", SHIFTS).await.answers(200)["exact"], false);
    }

    async fn planning_again_fills_a_published_month_and_moves_nobody(db) {
        let village = Village::on(db).await;
        comes(&village, "granny", &[2], 3, 0).await;
        tuesdays(&village).await;
        let fields = [("compound", "shiliu"), ("month", "2026-12")];
        village.fill("community", MONTH, "/help/roster/plan", &fields).await;
        village.fill("community", MONTH, "/help/roster/publish", &fields).await;
        let before = shifts(&village, "granny").await;
        assert_eq!(before.iter().filter(|shift| who_is_on(shift) == ["granny"]).count(), 3);
        village.get("community", MONTH).await.says("补排空着的").says_not("自动排一稿");
        // Nobody has more time: what was published stands as it was, also for those who read it.
        village.fill("community", MONTH, "/help/roster/plan", &fields).await;
        assert_eq!(shifts(&village, "granny").await, before);
        village.get("granny", MINE).await.says("交回这一班");
        village.get("stranger", MONTH).await.says("1人").says("已公布");
        // The tenant has: only open places are theirs, seen at once, and they are told.
        comes(&village, "tenant", &[2], 9, 0).await;
        village.get("tenant", "/me").await.says_not("值班表补排了");
        village.wait(Moment::minutes(1));
        village.fill("community", MONTH, "/help/roster/plan", &fields).await;
        let after = shifts(&village, "community").await;
        for (was, is) in before.iter().zip(&after) {
            let expected = if who_is_on(was).is_empty() { "tenant" } else { "granny" };
            assert_eq!(who_is_on(is), [expected], "{is}");
        }
        village.get("tenant", MINE).await.says("交回这一班");
        village.get("tenant", "/me").await.says("值班表补排了，添了您的班");
        village.get("stranger", MONTH).await.says("后来补过或者换过").says_not("大家的次数也最接近");
        village.get("community", MONTH).await.says_not("还缺").says("已公布").says_not(">公布<");
    }

    async fn whoever_leaves_the_house_leaves_gaps_that_the_hub_hears_of(db) {
        let mut village = Village::on(db).await;
        let app = village.app.clone();
        let place = commons::place::store::compound(&app.db, "shiliu").await.unwrap().unwrap();
        village.joins("hub", place.tenant, commons::people::Office::Hub, place.id, None).await;
        comes(&village, "granny", &[2], 9, 0).await;
        let claim = json!({ "compound": "shiliu", "weekday": 2, "starts": "09:00", "until": "2026-12-31" });
        village.call("granny", "/api/v1/roster/claim", "claim", &claim).await.answers(200);
        tuesdays(&village).await;
        let post = json!({ "compound": "shiliu", "name": "议事岗", "duties": "请大家来说" });
        village.call("hub", "/api/v1/hub/post", "post", &post).await.answers(200);
        let hub = village.get("hub", "/api/v1/hub?compound=shiliu").await.answers(200);
        let hold = json!({ "compound": "shiliu", "id": hub["posts"][0]["id"] });
        village.call("granny", "/api/v1/hub/hold", "hold", &hold).await.answers(200);
        village.call("tenant", "/api/v1/hub/give-back", "no", &hold).await.refuses(403, "hub/not-keeper");
        let gone = village.fill("granny", "/me/data/erase", "/me/data/erase", &[("sure", "1")]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text());
        village.get("hub", "/me").await.says("从2026-12-01起有班空着").says("有个岗空出来了").says("/help/hub?compound=shiliu");
        village.get("community", "/me").await.says_not("有班空着");
        // A post that its holder gives back is told, too.
        village.call("tenant", "/api/v1/hub/hold", "hold-2", &hold).await.answers(200);
        village.call("tenant", "/api/v1/hub/give-back", "back", &hold).await.answers(200);
        let told = village.get("hub", "/api/v1/me/notices").await.answers(200);
        let freed = told["notices"].as_array().unwrap().iter().filter(|one| one["stem"] == "hub/post-freed");
        assert_eq!(freed.count(), 2, "{told}");
    }

    async fn nobody_is_put_on_a_day_on_which_the_hub_is_closed_and_the_reason_is_shown(db) {
        let village = Village::on(db).await;
        comes(&village, "granny", &[2], 9, 0).await;
        comes(&village, "tenant", &[7], 9, 0).await;
        let claim = json!({ "compound": "shiliu", "weekday": 7, "starts": "09:00", "until": "2026-12-31" });
        village.call("tenant", "/api/v1/roster/claim", "claim", &claim).await.answers(200);
        let hub = "/help/hub?compound=shiliu";
        let open = [("compound", "shiliu"), ("d1", "09:00-17:00"), ("d2", "09:00-17:00")];
        village.fill("community", hub, "/help/hub/hours", &open).await;
        let off = [("compound", "shiliu"), ("day", "2026-12-08"), ("spans", ""), ("why", "刷墙")];
        village.fill("community", hub, "/help/hub/exception", &off).await;
        let plan = json!({ "compound": "shiliu", "month": "2026-12" });
        let sundays = json!({ "compound": "shiliu", "month": "2026-12", "weekdays": [7], "starts": "09:00", "ends": "11:00",
            "skill": "desk", "need": 1 });
        village.call("community", "/api/v1/roster/shifts", "sundays", &sundays).await.answers(200);
        village.call("community", "/api/v1/roster/plan", "closed", &plan).await.refuses(409, "roster/all-closed");
        tuesdays(&village).await;
        let told = village.call("community", "/api/v1/roster/plan", "plan", &plan).await.answers(200);
        assert_eq!((&told["covered"], &told["open"]), (&json!(4), &json!(0)));
        let all = shifts(&village, "community").await;
        let on = |day: &str| all.iter().find(|shift| shift["day"] == day).unwrap();
        assert_eq!((who_is_on(on("2026-12-08")), &on("2026-12-08")["closed"]), (vec![], &json!("刷墙")));
        assert_eq!((who_is_on(on("2026-12-06")), &on("2026-12-06")["closed"]), (vec![], &json!("")));
        assert_eq!(on("2026-12-01")["closed"], json!(null));
        village.get("community", MONTH).await.says("那天不开门（刷墙），不排人").says("那天不开门（周日），不排人").says_not("还缺");
    }

    async fn what_stays_open_says_why_without_naming_anybody(db) {
        let village = Village::on(db).await;
        comes(&village, "granny", &[3], 3, 0).await;
        comes(&village, "tenant", &[2], 1, 0).await;
        tuesdays(&village).await;
        let told = village.call("community", "/api/v1/roster/plan", "plan", &json!({ "compound": "shiliu", "month": "2026-12" })).await;
        assert_eq!(told.answers(200), json!({ "month": "2026-12", "covered": 1, "open": 4, "exact": true }));
        village.get("community", MONTH).await.says("1人那天没空").says("1人这个月满了").says("还缺1人");
        assert!(village.get("community", MONTH).await.body.contains("<p class=\"soft no-print\">没排上"));
        let open = shifts(&village, "community").await.into_iter().find(|shift| who_is_on(shift).is_empty()).unwrap();
        assert_eq!(open["out"], json!([{ "why": "day", "people": 1 }, { "why": "most", "people": 1 }]));
        assert_eq!(shifts(&village, "granny").await[0]["out"], json!([]));
    }

    async fn a_claim_takes_each_tuesday_and_a_single_day_is_given_back(db) {
        let village = Village::on(db).await;
        comes(&village, "granny", &[2], 9, 0).await;
        let claim = [("compound", "shiliu"), ("weekday", "2"), ("starts", "09:00"), ("until", "2026-12-20")];
        let seen = village.fill("granny", MINE, "/help/roster/claim", &claim).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
        tuesdays(&village).await;
        let on = |all: &[Value]| all.iter().filter(|shift| who_is_on(shift) == ["granny"]).count();
        assert_eq!(on(&shifts(&village, "granny").await), 3);
        let first = shifts(&village, "granny").await[0]["id"].as_str().unwrap().to_owned();
        village.fill("granny", MINE, "/help/roster/take-off", &[("compound", "shiliu"), ("shift", &first)]).await;
        assert_eq!(on(&shifts(&village, "granny").await), 2);
        // A plan leaves alone what people took themselves, and gives her what she gave back only if nobody else can come.
        comes(&village, "tenant", &[2], 9, 0).await;
        village.call("community", "/api/v1/roster/plan", "plan", &json!({ "compound": "shiliu", "month": "2026-12" })).await.answers(200);
        let all = shifts(&village, "community").await;
        assert_eq!((on(&all), who_is_on(&all[0])), (2, vec!["tenant"]));
    }

    async fn two_people_swap_and_the_other_has_to_say_yes(db) {
        let village = Village::on(db).await;
        comes(&village, "granny", &[2], 9, 0).await;
        comes(&village, "tenant", &[2], 9, 0).await;
        let claim = json!({ "compound": "shiliu", "weekday": 2, "starts": "09:00", "until": "2026-12-31" });
        village.call("granny", "/api/v1/roster/claim", "claim", &claim).await.answers(200);
        tuesdays(&village).await;
        let shift = shifts(&village, "granny").await[0]["id"].as_str().unwrap().to_owned();
        let path = format!("/help/roster/shift?compound=shiliu&id={shift}");
        assert_eq!(village.get("tenant", &path).await.status, StatusCode::FORBIDDEN);
        let page = village.get("granny", &path).await;
        let tenant = page.body.split("<option value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let ask = [("compound", "shiliu"), ("shift", shift.as_str()), ("person", tenant.as_str())];
        village.fill("granny", &path, "/help/roster/ask", &ask).await;
        assert_eq!(village.forge("granny", "/help/roster/ask", &ask).await.status, StatusCode::CONFLICT);
        village.get("tenant", "/me").await.says("有人想请您替2026-12-01 09:00的班").says("/help/roster/mine?compound=shiliu");
        village.get("tenant", MINE).await.says("granny问您");
        let told = village.get("tenant", "/api/v1/roster/mine?compound=shiliu").await.answers(200);
        let swap = told["swaps"][0]["id"].as_str().unwrap().to_owned();
        let yes = [("compound", "shiliu"), ("swap", swap.as_str()), ("yes", "1")];
        assert_eq!(village.forge("granny", "/help/roster/answer", &yes).await.status, StatusCode::NOT_FOUND);
        village.fill("tenant", MINE, "/help/roster/answer", &yes).await;
        let first = shifts(&village, "community").await.into_iter().find(|one| one["id"] == shift.as_str()).unwrap();
        assert_eq!(first["people"][0]["how"], "swap");
        assert_eq!(who_is_on(&first), ["tenant"]);
        village.get("granny", "/me").await.says("您2026-12-01 09:00的班有人替了");
        village.wait(Moment::days(20));
        let seen = village.forge("tenant", "/help/roster/take-off", &[("compound", "shiliu"), ("shift", &shift)]).await;
        assert_eq!(seen.status, StatusCode::CONFLICT);
    }

    async fn who_is_on_duty_now_stands_on_the_front_page_and_is_named_only_if_they_let_it(db) {
        let village = Village::on(db).await;
        let today = json!({ "compound": "shiliu", "month": "2026-11", "weekdays": [2], "starts": "09:00", "ends": "12:00",
            "skill": "desk", "need": 2 });
        comes(&village, "tenant", &[2], 9, 0).await;
        let named = json!({ "compound": "shiliu", "weekdays": [2], "month_max": 9, "rest_days": 0, "named": true });
        village.call("granny", "/api/v1/roster/ready", "named", &named).await.answers(200);
        village.call("community", "/api/v1/roster/shifts", "shifts", &today).await.answers(200);
        village.call("community", "/api/v1/roster/plan", "plan", &json!({ "compound": "shiliu", "month": "2026-11" })).await.answers(200);
        village.get("stranger", "/").await.says_not("现在在岗");
        village.call("community", "/api/v1/roster/publish", "publish", &json!({ "compound": "shiliu", "month": "2026-11" })).await.answers(200);
        village.get("stranger", "/").await.says("现在在岗").says("granny").says("有人值班").says_not("tenant");
        village.get("stranger", "/help/hub/wall?compound=shiliu").await.says("值班").says("2人").says_not("granny");
        village.wait(Moment::hours(2));
        village.get("stranger", "/").await.says_not("现在在岗");
    }

    async fn strangers_read_names_only_on_the_day_and_neighbours_those_who_agreed(db) {
        let village = Village::on(db).await;
        let november = json!({ "compound": "shiliu", "month": "2026-11", "weekdays": [2, 3], "starts": "09:00", "ends": "12:00",
            "skill": "desk", "need": 1 });
        let named = json!({ "compound": "shiliu", "weekdays": [2, 3], "month_max": 9, "rest_days": 0, "named": true });
        village.call("granny", "/api/v1/roster/ready", "named", &named).await.answers(200);
        village.call("community", "/api/v1/roster/shifts", "shifts", &november).await.answers(200);
        let month = json!({ "compound": "shiliu", "month": "2026-11" });
        village.call("community", "/api/v1/roster/plan", "plan", &month).await.answers(200);
        village.call("community", "/api/v1/roster/publish", "publish", &month).await.answers(200);
        let (path, page) = ("/api/v1/roster?compound=shiliu&month=2026-11", "/help/roster?compound=shiliu&month=2026-11");
        let names = async |who: &str| {
            let told = village.get(who, path).await.answers(200);
            let told = told["shifts"].as_array().unwrap().iter().map(|shift| who_is_on(shift).concat());
            let shown = village.get(who, page).await.body.matches("<span>granny</span>").count();
            (told.collect::<Vec<_>>(), shown)
        };
        // Today is Tuesday; tomorrow and next Tuesday are nobody's business who lives elsewhere.
        assert_eq!(names("stranger").await, (vec!["granny".to_owned(), "?".into()], 1));
        assert_eq!(names("property").await.1, 1);
        assert_eq!(names("tenant").await, (vec!["granny".to_owned(), "granny".into()], 2));
        village.get("granny", MINE).await.says("登录了的本小区邻居看得到");
        // She thinks better of it: neighbours read it no more, she and those who make it do, and paper says nothing.
        comes(&village, "granny", &[2, 3], 9, 0).await;
        assert_eq!(names("tenant").await, (vec!["?".to_owned(), "?".into()], 0));
        let kept = village.get("community", page).await;
        assert_eq!(kept.body.matches("<span class=\"no-print\">granny</span><span class=\"only-print\">1人</span>").count(), 2);
    }

    async fn nobody_is_put_on_duty_who_did_not_say_so_and_only_keepers_make_the_roster(db) {
        let village = Village::on(db).await;
        comes(&village, "granny", &[2], 9, 0).await;
        tuesdays(&village).await;
        let shift = shifts(&village, "community").await[0]["id"].as_str().unwrap().to_owned();
        let path = format!("/help/roster/shift?compound=shiliu&id={shift}");
        let page = village.get("community", &path).await;
        page.says("granny").says_not("tenant");
        let granny = page.body.split("<option value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let stranger = json!({ "compound": "shiliu", "shift": shift, "person": kit::Uuid::nil() });
        village.call("community", "/api/v1/roster/put", "force", &stranger).await.refuses(409, "roster/not-ready");
        let put = json!({ "compound": "shiliu", "shift": shift, "person": granny });
        for who in ["granny", "tenant", "captain", "property", "guard", "stranger"] {
            village.call(who, "/api/v1/roster/put", &format!("put-{who}"), &put).await.refuses(403, "roster/not-keeper");
            let plan = json!({ "compound": "shiliu", "month": "2026-12" });
            village.call(who, "/api/v1/roster/plan", &format!("plan-{who}"), &plan).await.refuses(403, "roster/not-keeper");
            village.call(who, "/api/v1/roster/publish", &format!("pub-{who}"), &plan).await.refuses(403, "roster/not-keeper");
        }
        village.call("community", "/api/v1/roster/put", "put", &put).await.answers(200);
        village.call("community", "/api/v1/roster/put", "again", &put).await.refuses(409, "roster/on-already");
        let off = json!({ "compound": "shiliu", "shift": shift, "person": granny });
        village.call("tenant", "/api/v1/roster/take-off", "not-hers", &off).await.refuses(403, "roster/not-keeper");
        for (who, status, reason) in [("property", 403, "roster/not-neighbour"), ("stranger", 401, "account/sign-in-first")] {
            village.call(who, "/api/v1/roster/ready", &format!("r-{who}"), &ready(&[1], 1, 0)).await.refuses(status, reason);
        }
        let bad = village.fill("granny", MINE, "/help/roster/ready", &[("compound", "shiliu"), ("month_max", "4"), ("rest_days", "1")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        bad.says("至少选一天");
    }

    async fn the_calendar_is_for_whoever_has_the_address_and_a_new_one_ends_the_old(db) {
        let village = Village::on(db).await;
        comes(&village, "granny", &[2], 9, 0).await;
        let claim = json!({ "compound": "shiliu", "weekday": 2, "starts": "09:00", "until": "2026-12-31" });
        village.call("granny", "/api/v1/roster/claim", "claim", &claim).await.answers(200);
        tuesdays(&village).await;
        let page = village.fill("granny", MINE, "/help/roster/feed", &[("compound", "shiliu")]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let at = page.body.find("/help/roster/feed/").unwrap();
        let path = page.body[at..].split('<').next().unwrap().to_owned();
        let seen = village.get("stranger", &path).await;
        assert_eq!(seen.header("content-type"), "text/calendar; charset=utf-8");
        seen.says("DTSTART:20261201T010000Z").says("SUMMARY:石榴园值班").says("END:VCALENDAR\r\n").says_not("granny");
        assert_eq!(seen.body.matches("BEGIN:VEVENT").count(), 5);
        village.call("granny", "/api/v1/roster/feed", "anew", &json!({ "compound": "shiliu" })).await.answers(200);
        assert_eq!(village.get("stranger", &path).await.status, StatusCode::NOT_FOUND);
    }
}

#[test]
fn a_calendar_folds_long_lines_between_characters() {
    let shift = Shift {
        id: ShiftId(kit::Uuid::nil()),
        tenant: kit::Uuid::nil().into(),
        place: kit::Uuid::nil().into(),
        day: date(2026, 12, 1),
        starts: 540,
        ends: 690,
        skill: Skill::Desk,
        need: 1,
    };
    let mine = Mine {
        shift,
        how: How::Plan,
        compound: "shiliu".into(),
        place_name: "石榴园".into(),
        place_name_en: String::new(),
    };
    let text = calendar(&[mine], |_| "石榴园的值班，带上钥匙;".repeat(8), Moment(0)).unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    assert_eq!(text.replace("\r\n ", "").matches("石榴园的值班，带上钥匙\\;").count(), 8);
    assert_eq!(Month::of(date(2026, 12, 5)).first(), date(2026, 12, 1));
}

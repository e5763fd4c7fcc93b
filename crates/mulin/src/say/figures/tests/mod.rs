//! Stories: what anybody reads, that every number is the book's, and that nobody is told about a person.

mod api;

mod store;

use crate::demo;
use crate::village::{Village, app_on};
use axum::http::StatusCode;
use commons::calendar::Zone;
use commons::figures::Span;
use commons::place::store as places;
use kit::book::Activity;
use kit::db::Tx;
use kit::on_both;
use kit::time::Moment;
use kit::{Result, Uuid};
use serde_json::{Value, json};
use store::{NUMBERS, Question, RATES, ask};

/// A hundred matters of the worked example, an hour before the village's morning.
async fn hundred(tx: &mut Tx<'_>, (tenant, compound): (Uuid, Uuid)) -> Result<()> {
    let start = tx.now() - Moment::hours(20);
    for n in 0..100 {
        let case: Uuid = tx.id();
        let felt = match n {
            0..50 => "good",
            50..70 => "fair",
            _ => "bad",
        };
        let end = match n < 80 {
            true => ("requests/judged", json!({ "round": 1, "solved": n < 60, "satisfaction": felt })),
            false => ("requests/left-unrated", json!({ "round": 1 })),
        };
        let lines = [
            ("requests/said", json!({ "category": "lift" })),
            ("requests/accepted", json!({ "in_time": n >= 4 })),
            ("requests/reported", json!({ "in_time": true, "office": "property", "round": 1 })),
            end,
        ];
        for (hours, (stem, facts)) in (0..).zip(lines) {
            tx.travel(start + Moment::hours(hours), Default::default());
            tx.record(Activity::of(tenant, stem, "case", case).at_place(compound).with(facts)).await?;
        }
    }
    Ok(())
}

fn tenths(percent: &Value) -> i64 {
    percent.as_str().map_or(-1, |text| text.replace('.', "").parse().unwrap())
}

/// Holds an object of counts and rates against the book.
async fn agrees(app: &kit::web::App, told: &Value, question: &Question) {
    let (numbers, rates) = ask(&app.db, question).await;
    let shown: Vec<i64> = NUMBERS.iter().map(|name| told[name].as_i64().unwrap_or(0)).collect();
    assert_eq!(shown, numbers, "{question:?}");
    let shown: Vec<i64> = RATES.iter().map(|name| tenths(&told[name]["percent"])).collect();
    assert_eq!(shown, rates, "{question:?}");
}

on_both! { &crate::migrations();
    async fn the_worked_example_stands_on_the_page_with_its_settings(db) {
        let village = Village::on(db).await;
        let empty = village.get("stranger", "/say/figures?compound=shiliu").await;
        empty.says("暂无数据").says_not("0.0 %").says_not("100.0 %").says_not("0 / 0").says_not("<svg class=\"chart\"");
        let (tenant, compound) = places::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
        let (here, context) = ((tenant.0, compound.0), village.app.context());
        village.app.db.transact(&context, |tx| Box::pin(async move { hundred(tx, here).await })).await.unwrap();
        let page = village.get("stranger", "/say/figures?compound=shiliu").await;
        for words in ["95.0 %", "76 / 80", "75.0 %", "60 / 80", "85.0 %", "68 / 80", "62.5 %", "80.0 %", "综合81.0分", "90 %", "了结100件"] {
            page.says(words);
        }
        page.says("一半不超过0.1天").says("role=\"img\"").says("睦邻自定").says_not("figures-");
        let paper = village.get("stranger", "/say/figures/paper?compound=shiliu&month=2026-11").await;
        paper.says("85.0 %").says("76 / 80").says_not("figures-");
        village.get("stranger", "/say/figures/sheet.csv?compound=shiliu").await.says("95.0,75.0,85.0,80.0,81.0");
        let api: Value = serde_json::from_str(&village.get("stranger", "/api/v1/figures?compound=shiliu").await.body).unwrap();
        assert_eq!(api["total"]["satisfaction"], json!({ "part": 6800, "whole": 8000, "percent": "85.0" }));
        assert_eq!(api["total"]["composite"]["percent"], "81.0");
        assert_eq!(api["settings"]["weights"], json!({ "response": 10, "solving": 50, "satisfaction": 40 }));
        let around = village.get("stranger", "/say/figures/liuhua").await;
        around.says("95.0 %").says("石榴园").says("不排名次");
        let led = village.get("stranger", "/say/figures/around?compound=shiliu").await;
        assert_eq!((led.status, led.location.as_str()), (StatusCode::SEE_OTHER, "/say/figures/liuhua"));
    }

    async fn what_people_do_is_what_is_counted(db) {
        let village = Village::on(db).await;
        let new = "/say/requests/new?at=shiliu/1";
        let shown = async || village.get("stranger", "/say/figures?compound=shiliu").await;
        let say = async |words: &str| {
            let seen = village.fill("granny", new, "/say/requests", &[("at", "shiliu/1"), ("words", words), ("category", "lift")]).await;
            seen.location.split('?').next().unwrap_or_default().to_owned()
        };
        let does = async |who: &str, page: &str, deed: &str, fields: &[(&str, &str)]| {
            let seen = village.fill(who, page, &format!("{page}/{deed}"), fields).await;
            assert_eq!(seen.status, StatusCode::SEE_OTHER, "{deed}: {}", seen.text());
        };
        let (prompt, late) = (say("电梯门夹人").await, say("电梯灯不亮").await);
        // One is taken at once, the other a week too late; the way it went in between changes nothing.
        does("property", &prompt, "accept", &[]).await;
        does("property", &prompt, "report", &[("outcome", "solved"), ("words", "调好了")]).await;
        shown().await.says("暂无数据").says_not("太少，不作比较");
        does("granny", &prompt, "judge", &[("solved", "yes"), ("satisfaction", "good")]).await;
        shown().await.says("响应率：1件有回音，其中1件按时有人接").says("太少，不作比较").says("100.0 %（1 / 1）").says("物业");
        village.wait(Moment::days(7));
        does("property", &late, "report", &[("outcome", "answered"), ("words", "等配件")]).await;
        does("granny", &late, "judge", &[("solved", "no"), ("satisfaction", "bad")]).await;
        shown().await.says("响应率：2件有回音，其中1件按时有人接").says("解决率：2件有回音，其中1件说解决了").says("50.0 %");
        // Reported once more, and nobody says a word: closed, and no opinion.
        does("property", &late, "report", &[("outcome", "solved"), ("words", "换好了")]).await;
        village.wait(Moment::days(20));
        crate::chores::round(&village.app).await.unwrap();
        shown().await.says("了结3件，2件有回音，占66.7 %。没说的1件");
        does("granny", &late, "judge", &[("solved", "yes"), ("satisfaction", "fair")]).await;
        shown().await.says("了结3件，3件有回音，占100.0 %").says("解决率：3件有回音，其中2件说解决了").says("63.3 %");
        assert_eq!(crate::keep::check::run(&village.app).await.unwrap().iter().filter(|one| one.what.starts_with("figures")).count(), 0);
    }

    async fn the_staff_of_the_community_set_how_it_is_worked_out_and_it_is_printed(db) {
        let village = Village::on(db).await;
        let (tenant, compound) = places::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
        let (here, context) = ((tenant.0, compound.0), village.app.context());
        village.app.db.transact(&context, |tx| Box::pin(async move { hundred(tx, here).await })).await.unwrap();
        let path = "/say/figures/settings/liuhua";
        for who in ["stranger", "granny", "property", "captain"] {
            assert_eq!(village.get(who, path).await.status, StatusCode::FORBIDDEN, "{who}");
            let forged = village.forge(who, path, &[("fair", "100")]).await;
            assert_eq!(forged.status, StatusCode::FORBIDDEN, "{who}");
        }
        let fields = [("fair", "60"), ("response", "30"), ("solving", "35"), ("satisfaction", "36"), ("month_day", "19"), ("few", "5")];
        let wrong = village.fill("community", path, path, &fields).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("加起来要等于100").says("value=\"36\"");
        for (field, value) in [("fair", "101"), ("month_day", "29"), ("few", "many"), ("response", "-1")] {
            let mut fields = fields;
            fields.iter_mut().filter(|(name, _)| *name == field).for_each(|pair| pair.1 = value);
            let wrong = village.fill("community", path, path, &fields).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        }
        let mut right = fields;
        right[3].1 = "35";
        let set = village.fill("community", path, path, &right).await;
        assert_eq!((set.status, set.location.as_str()), (StatusCode::SEE_OTHER, "/say/figures/liuhua"));
        // 50 good and 60 hundredths of 20 fair: 62 of 80. A month called November began on 19 October, so this is December's.
        let page = village.get("stranger", "/say/figures?compound=shiliu&month=2026-12").await;
        page.says("77.5 %").says("62 / 80").says("2026年11月19日到2026年12月18日").says("本社区自己定的");
        village.get("stranger", "/say/figures?compound=shiliu&month=2026-11").await.says("暂无数据");
        assert_eq!(kit::book::of_thing(&village.app.db, tenant.0, tenant.0).await.unwrap().len(), 1);
    }

    async fn nobody_is_told_about_a_person_and_a_question_that_is_none_is_refused(db) {
        let village = Village::on(db).await;
        for who in ["stranger", "community", "property"] {
            for query in ["person=granny", "holder=x", "captain=1", "author=granny", "account=x", "worker=1", "name=granny"] {
                for path in ["/say/figures?", "/say/figures/paper?", "/say/figures/sheet.csv?", "/say/figures/liuhua?", "/say/figures/around?", "/api/v1/figures?", "/api/v1/figures/liuhua?"] {
                    let path = format!("{path}compound=shiliu&{query}");
                    assert_eq!(village.get(who, &path).await.status, StatusCode::NOT_FOUND, "{path}");
                }
            }
            for path in ["/say/figures/person", "/say/figures/person/granny", "/say/figures/captain/1", "/api/v1/figures/person/granny", "/api/v1/figures/person", "/say/figures/nowhere", "/say/figures?compound=nowhere", "/say/figures?compound=shiliu&category=none", "/api/v1/figures"] {
                assert_eq!(village.get(who, path).await.status, StatusCode::NOT_FOUND, "{path}");
            }
        }
        for query in ["month=november", "month=2026-13", "since=2026-11-01", "since=2026-11-09&until=2026-11-01", "since=2020-01-01&until=2026-01-01"] {
            let seen = village.get("stranger", &format!("/say/figures?compound=shiliu&{query}")).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        }
        // What a chat app hangs onto a link is not ours.
        for path in ["/say/figures?from=singlemessage&isappinstalled=0", "/say/figures?lang=en", "/say/figures?since=2026-11-16&until=2026-11-23", "/say/figures/paper"] {
            assert_eq!(village.get("stranger", path).await.status, StatusCode::OK, "{path}");
        }
        let page = "/say/figures?compound=shiliu";
        for who in ["stranger", "granny"] {
            let (_, queries) = kit::db::counting(village.get(who, page)).await;
            // The session and the mandates of whoever is signed in come on top.
            let budget = if who == "stranger" { 6 } else { 8 };
            assert!(queries <= budget, "{who}: {queries}");
            let (_, queries) = kit::db::counting(village.get(who, "/say/figures/liuhua")).await;
            assert!(queries <= budget, "{who}: {queries}");
        }
    }

    async fn every_figure_of_a_year_is_the_books_to_the_last_digit(db) {
        let app = app_on(db.clone());
        demo::pour(&app, 260).await.unwrap();
        let village = Village::beside(&app);
        let zone = Zone::china();
        let read = async |path: String| -> Value { serde_json::from_str(&village.get("stranger", &path).await.body).unwrap() };
        let within = |told: &Value| {
            let at = |name: &str| zone.moment(told[name].as_str().unwrap().parse::<jiff::civil::Date>().unwrap().at(0, 0, 0, 0)).unwrap().0;
            (at("since"), at("until"))
        };
        let (mut closed, mut unrated, mut reopened) = (0, 0, 0);
        for place in places::compounds(&db).await.unwrap() {
            let told = read(format!("/api/v1/figures?compound={}", place.path)).await;
            let (from, until) = within(&told);
            let all = Question { tenant: Some(place.tenant.0), compound: Some(place.id.0), from, until, ..Question::default() };
            agrees(&app, &told["total"], &all).await;
            for month in told["months"].as_array().unwrap() {
                let (from, until) = within(month);
                agrees(&app, month, &Question { from, until, ..all.clone() }).await;
            }
            for one in told["categories"].as_array().unwrap() {
                let category = one["slug"].as_str().unwrap().to_owned();
                let alone = read(format!("/api/v1/figures?compound={}&category={category}", place.path)).await;
                let question = Question { category, ..all.clone() };
                agrees(&app, one, &question).await;
                agrees(&app, &alone["total"], &question).await;
            }
            for one in told["units"].as_array().unwrap() {
                let unit = one["organisation"].as_str().or(one["office"].as_str()).unwrap().to_owned();
                agrees(&app, one, &Question { unit, ..all.clone() }).await;
            }
            let n = |name: &str| told["total"][name].as_i64().unwrap();
            (closed, unrated, reopened) = (closed + n("closed"), unrated + n("closed") - n("valid"), reopened + n("reopened"));
            // The page shows what the call gives.
            let page = village.get("stranger", &format!("/say/figures?compound={}", place.path)).await;
            for rate in ["response", "solving", "satisfaction"] {
                page.says(&format!("{} %", told["total"][rate]["percent"].as_str().unwrap()));
            }
            let week = read(format!("/api/v1/figures?compound={}&since=2026-11-09&until=2026-11-16", place.path)).await;
            let (from, until) = within(&week);
            agrees(&app, &week["total"], &Question { from, until, ..all }).await;
        }
        // There was something to disagree about.
        assert!(closed > 150 && unrated > 10 && reopened > 0, "{closed} {unrated} {reopened}");
        for tenant in places::tenants(&db).await.unwrap() {
            let told = read(format!("/api/v1/figures/{}", tenant.code)).await;
            let (from, until) = within(&told);
            let own = (tenant.parent.is_some()).then_some(tenant.id.0);
            let all = Question { tenant: own, from, until, ..Question::default() };
            agrees(&app, &told["total"], &all).await;
            for month in told["months"].as_array().unwrap().iter().skip(8).step_by(2) {
                let (from, until) = within(month);
                agrees(&app, month, &Question { from, until, ..all.clone() }).await;
            }
        }
        assert_eq!(crate::keep::check::run(&app).await.unwrap(), []);
    }
}

#[test]
fn the_twelve_months_of_the_village_end_with_this_one() {
    let months = Span::twelve(&Zone::china(), crate::village::MORNING, 1).unwrap();
    assert_eq!(months[11].called().to_string(), "2026-11-01");
}

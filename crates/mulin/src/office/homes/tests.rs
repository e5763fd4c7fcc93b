//! Stories of households: who lets whom in, who sees what, and what ends with moving out.

use crate::village::{Seen, Village};
use axum::http::StatusCode;
use commons::people::store::{self as people, NewMandate};
use commons::people::{Office, Source};
use commons::place::store as places;
use kit::on_both;
use serde_json::json;

const ONE: &str = "/office/homes/one?at=shiliu/1/1/101";

async fn add(village: &Village, who: &str, at: &str, name: &str, (office, proof, share): (&str, &str, &str)) -> Seen {
    let fields = [("at", at), ("name", name), ("office", office), ("proof", proof), ("share", share)];
    village.fill(who, &format!("/office/homes/one?at={at}"), "/office/homes", &fields).await
}

/// Somebody comes in with the newest letter of a home.
async fn comes_in(village: &mut Village, who: &'static str, by: &str, at: &str) {
    let letters = village.get(by, &format!("/api/v1/homes/letters?at={at}")).await.answers(200);
    let code = letters["letters"].as_array().unwrap().last().unwrap()["code"].as_str().unwrap().to_owned();
    let fields = [("code", code.as_str()), ("login", who), ("password", "石榴园的春天很长")];
    let entered = village.fill(who, "/sign-in/letter", "/sign-in/letter", &fields).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text());
    village.remember(who, &entered);
}

async fn asks(village: &mut Village, who: &'static str, room: &str) -> Seen {
    let fields = [
        ("building", "shiliu/1"),
        ("entrance", "1单元"),
        ("room", room),
        ("as", "tenant"),
        ("name", who),
        ("login", who),
        ("password", "石榴园的春天很长"),
    ];
    let seen = village.fill(who, "/sign-in/join", "/sign-in/join", &fields).await;
    if seen.status == StatusCode::SEE_OTHER {
        village.remember(who, &seen);
    }
    seen
}

fn value(page: &Seen, name: &str) -> String {
    let rest = page.body.split(&format!("name=\"{name}\" value=\"")).nth(1);
    rest.and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no {name}: {}", page.text())).to_owned()
}

/// An office for somebody who is here already.
async fn trusted(village: &Village, login: &str, office: Office, path: &str) {
    let app = &village.app;
    let (account, _) = people::account(&app.db, login).await.unwrap().unwrap();
    let person = people::actor(&app.db, account, app.clock.now()).await.unwrap().persons[0].clone();
    let place = places::by_path(&app.db, person.tenant, path).await.unwrap().unwrap();
    let context = app.context();
    let given = app.db.transact(&context, |tx| {
        let (person, place) = (person.clone(), place.clone());
        Box::pin(async move {
            let (organisation, source, starts, ends) = (None, Source::Election, tx.now(), None);
            let new = NewMandate { person: person.id, office, place: place.id, organisation, source, starts, ends };
            people::add_mandate(tx, person.tenant, &new).await.map(drop)
        })
    });
    given.await.unwrap();
}

on_both! { &crate::migrations();
    async fn a_captain_hands_over_a_letter_and_a_household_has_one_more(db) {
        let mut village = Village::on(db).await;
        let added = add(&village, "captain", "shiliu/1/1/101", "周明", ("tenant", "lease", "")).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
        village.get("captain", ONE).await.says("周明").says("租户").says("租赁合同").says("楼栋长");
        let letters = village.get("captain", "/office/homes/letters?at=shiliu/1/1/101").await;
        letters.says("周明，您好").says("<svg").says("/sign-in/letter").says("回这一户");
        letters.says("的邀请：“睦邻”是我们社区的网页").says("问给您这封信的楼栋长");
        // One more letter ends the one that was handed out, and says so before.
        let one = village.get("captain", ONE).await;
        one.says("<summary>再写一封信</summary>").says("上面的码就作废了").says("旧的作废，写一封新的");
        comes_in(&mut village, "zhou", "captain", "shiliu/1/1/101").await;
        village.get("zhou", "/me/homes").await.says("101 · 租户").says("租赁合同");
        village.get("captain", "/office/homes/letters?at=shiliu/1/1/101").await.says_not("周明，您好");
        village.get("captain", "/office/homes?within=shiliu/1").await.says("1人");
    }

    async fn who_has_no_letter_asks_and_is_a_stranger_until_the_captain_has_verified(db) {
        let mut village = Village::on(db).await;
        let seen = asks(&mut village, "lin", "101室").await;
        assert_eq!((seen.status, seen.location.as_str()), (StatusCode::SEE_OTHER, "/me/homes"), "{}", seen.text());
        village.get("lin", "/me/homes").await.says("等核实").says_not("谁看过这一户");
        village.get("other-captain", "/office/homes").await.says_not("等您核实");
        village.get("captain", "/office/homes").await.says("等您核实").says("lin");
        let page = village.get("captain", ONE).await;
        let id = value(&page, "joining");
        // Those of another building neither see nor answer it.
        let fields = [("joining", id.as_str()), ("answer", "yes"), ("proof", "known")];
        for (who, status) in [("other-captain", 404), ("property", 403), ("granny", 403), ("lin", 403), ("nobody", 403)] {
            let seen = village.forge(who, "/office/homes/decide", &fields).await;
            assert_eq!(seen.status.as_u16(), status, "{who}: {}", seen.text());
        }
        let unseen = village.fill("captain", ONE, "/office/homes/decide", &[("joining", &id), ("answer", "yes"), ("proof", "")]).await;
        assert_eq!(unseen.status, StatusCode::UNPROCESSABLE_ENTITY);
        village.fill("captain", ONE, "/office/homes/decide", &fields).await;
        village.get("lin", "/me/homes").await.says("101 · 租户").says("当面认识");
        village.get("lin", "/me").await.says("您是这一户的人了");
        let again = village.forge("captain", "/office/homes/decide", &fields).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        let twice = asks(&mut village, "lin", "101").await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
        twice.says("用户名").says("密码要再打一遍").says_not("写的都还在");
    }

    async fn a_no_is_told_and_a_question_can_be_taken_back(db) {
        let mut village = Village::on(db).await;
        asks(&mut village, "lin", "101").await;
        asks(&mut village, "mei", "301").await;
        assert_eq!(asks(&mut village, "hu", "999").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let id = value(&village.get("captain", ONE).await, "joining");
        village.fill("captain", ONE, "/office/homes/decide", &[("joining", &id), ("answer", "no")]).await;
        village.get("lin", "/me/homes").await.says("没核实上");
        village.get("lin", "/me").await.says("请找楼栋长问一问");
        let mine = value(&village.get("mei", "/me/homes").await, "joining");
        assert_eq!(village.forge("lin", "/me/homes/take-back", &[("joining", &mine)]).await.status, StatusCode::NOT_FOUND);
        village.fill("mei", "/me/homes", "/me/homes/take-back", &[("joining", &mine)]).await;
        village.get("mei", "/me/homes").await.says("收回了");
        village.get("captain", "/office/homes").await.says_not("等您核实");
        // A person may belong to several homes: mei is verified in one and asks for another.
        let fields = [("building", "shiliu/1"), ("entrance", "1"), ("room", "101"), ("as", "owner")];
        village.fill("mei", "/me/homes/ask", "/me/homes", &fields).await;
        let again = village.fill("mei", "/me/homes/ask", "/me/homes", &fields).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        // What was answered long ago is forgotten.
        village.wait(kit::time::Moment::days(91));
        crate::chores::round(&village.app).await.unwrap();
        let at = "/api/v1/me/homes";
        for who in ["lin", "mei"] {
            let entered = village.fill(who, "/sign-in", "/demo/be", &[("login", who)]).await;
            village.remember(if who == "lin" { "lin" } else { "mei" }, &entered);
            assert_eq!(village.get(who, at).await.answers(200)["joinings"], json!([]), "{who}");
        }
    }

    async fn whoever_may_verify_is_told_that_somebody_waits(db) {
        let mut village = Village::on(db).await;
        assert_eq!(asks(&mut village, "lin", "101").await.status, StatusCode::SEE_OTHER);
        let me = village.get("captain", "/me").await;
        me.says("有人等着核实住户").says("/office/homes/one?at=shiliu/1/1/101");
        for who in ["other-captain", "community", "granny", "property"] {
            village.get(who, "/me").await.says_not("有人等着核实住户");
        }
        village.get("captain", ONE).await.says("lin");
        // Where the captain asks for a home of their own building, the community hears of it.
        let ask = json!({ "building": "shiliu/1", "entrance": "1", "room": "101", "as": "family" });
        village.call("captain", "/api/v1/me/homes", "captain-asks", &ask).await.answers(201);
        village.get("community", "/me").await.says("有人等着核实住户");
    }

    async fn a_whole_building_gets_its_letters_on_one_page_and_those_before_end(db) {
        let village = Village::on(db).await;
        for (at, name) in [("shiliu/1/1/101", "老大"), ("shiliu/1/1/301", "老二")] {
            add(&village, "captain", at, name, ("family", "known", "")).await;
        }
        let page = "/office/homes/letters?at=shiliu/1";
        village.get("captain", "/office/homes").await.says("整栋楼的邀请信").says(page);
        village.get("captain", page).await.says("回住户").says_not("回这一户");
        let before = village.get("captain", page).await;
        before.says("老大").says("老二").says("旧信就作废了");
        assert_eq!(before.body.matches("class=\"sign\"").count(), 2);
        let code = before.body.split("class=\"code\">").nth(1).unwrap()[..11].to_owned();
        for (who, status) in [("other-captain", 404), ("property", 403), ("granny", 403)] {
            assert_eq!(village.get(who, page).await.status.as_u16(), status, "{who}");
            let forged = village.forge(who, "/office/homes/letters", &[("at", "shiliu/1")]).await;
            assert_eq!(forged.status.as_u16(), status, "{who}");
        }
        let written = village.fill("captain", page, "/office/homes/letters", &[("at", "shiliu/1")]).await;
        assert_eq!(written.status, StatusCode::SEE_OTHER, "{}", written.text());
        let after = village.get("captain", page).await;
        assert_eq!(after.body.matches("class=\"sign\"").count(), 2);
        after.says_not(&code);
        let fields = [("code", code.as_str()), ("login", "laoda"), ("password", "石榴园的春天很长")];
        let late = village.fill("late", "/sign-in/letter", "/sign-in/letter", &fields).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "an old letter opens nothing");
        let none = json!({ "at": "shiliu/2" });
        village.call("other-captain", "/api/v1/homes/letters", "none", &none).await.refuses(409, "homes/no-letters");
        let told = village.call("captain", "/api/v1/homes/letters", "again", &json!({ "at": "shiliu/1" })).await;
        assert_eq!(told.answers(201), json!({ "letters": 2 }));
    }

    async fn owners_share_a_home_and_never_more_than_all_of_it(db) {
        let village = Village::on(db).await;
        for name in ["老大", "老二", "老三"] {
            let seen = add(&village, "captain", "shiliu/1/1/101", name, ("owner", "certificate", "1/3")).await;
            assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
        }
        village.get("captain", ONE).await.says("1/3");
        let more = add(&village, "captain", "shiliu/1/1/101", "老四", ("owner", "certificate", "1%")).await;
        assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY);
        more.says("加起来超过全部").says("老四");
        for (name, kind, field) in [("", ("family", "known", ""), "60字"), ("x", ("guard", "known", ""), "业主、租户或家属"),
            ("x", ("family", "photo", ""), "选一个看过的"), ("x", ("owner", "known", "3/2"), "1/2 或 50%")] {
            let seen = add(&village, "captain", "shiliu/1/1/101", name, kind).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            seen.says(field);
        }
    }

    async fn moving_out_ends_everything_that_hung_on_the_home_at_once(db) {
        let village = Village::on(db).await;
        trusted(&village, "granny", Office::Captain, "shiliu/1").await;
        trusted(&village, "granny", Office::Committee, "shiliu").await;
        trusted(&village, "granny", Office::Volunteer, "shiliu").await;
        let new = "/say/requests/new?at=shiliu/2";
        let fields = [("at", "shiliu/2"), ("words", "楼道灯不亮"), ("category", "lighting")];
        let code = village.fill("tenant", new, "/say/requests", &fields).await.location;
        let code = code.split("/say/requests/").nth(1).unwrap().split('?').next().unwrap().to_owned();
        let supported = village.forge("granny", &format!("/say/requests/{code}/support"), &[]).await;
        assert_eq!(supported.status, StatusCode::SEE_OTHER, "{}", supported.text());
        let follow = json!({ "compound": "shiliu", "pace": "instant" });
        village.call("granny", "/api/v1/subscriptions", "follow", &follow).await;
        assert_eq!(village.get("granny", "/office/desk").await.status, StatusCode::OK);
        let subscribed = village.get("granny", "/api/v1/subscriptions").await.answers(200);
        assert_eq!(subscribed["subscriptions"].as_array().map(Vec::len), Some(1), "{subscribed}");
        let id = value(&village.get("granny", "/me/homes").await, "member");
        // Neighbours and those of another building cannot move anybody out.
        for (who, status) in [("other-captain", 404), ("property", 403), ("tenant", 403)] {
            let seen = village.forge(who, "/office/homes/end", &[("member", &id)]).await;
            assert_eq!(seen.status.as_u16(), status, "{who}");
        }
        assert_eq!(village.forge("tenant", "/me/homes/end", &[("member", &id)]).await.status, StatusCode::NOT_FOUND);
        let gone = village.fill("granny", "/me/homes", "/me/homes/end", &[("member", &id)]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text());
        let me = village.get("granny", "/me").await;
        me.says("登记结束了").says("志愿者").says_not("楼栋长 ").says_not("业委会");
        assert_eq!(village.get("granny", "/office/desk").await.status, StatusCode::FORBIDDEN);
        village.get("granny", "/me/homes").await.says("已经结束");
        let subscribed = village.get("granny", "/api/v1/subscriptions").await.answers(200);
        assert_eq!(subscribed["subscriptions"], json!([]));
        let joined = village.get("granny", "/api/v1/me/joined").await.answers(200);
        assert_eq!(joined["requests"], json!([]), "the household's voice stays, the name behind it went");
        village.get("tenant", &format!("/say/requests/{code}")).await.says("另有1户也这么说");
        let again = village.forge("granny", "/me/homes/end", &[("member", &id)]).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    }

    async fn who_still_lives_in_the_building_stays_its_captain(db) {
        let village = Village::on(db).await;
        trusted(&village, "granny", Office::Captain, "shiliu/1").await;
        trusted(&village, "granny", Office::Family, "shiliu/1/1/101").await;
        trusted(&village, "granny", Office::Committee, "shiliu").await;
        let homes = village.get("granny", "/api/v1/me/homes").await.answers(200);
        let owned = homes["members"].as_array().unwrap().iter().find(|one| one["as"] == "owner").unwrap();
        let end = format!("/api/v1/me/homes/members/{}/end", owned["id"].as_str().unwrap());
        village.call("granny", &end, "end", &json!({})).await.answers(200);
        let held = village.get("granny", "/api/v1/me").await.body;
        assert!(held.contains("captain") && !held.contains("committee"), "{held}");
    }

    async fn whoever_looks_at_a_household_is_read_by_its_members(db) {
        let village = Village::on(db).await;
        village.get("granny", "/me/homes").await.says("没有人看过");
        village.get("captain", "/office/homes/one?at=shiliu/1/1/301").await.says("已经记下").says("granny");
        village.get("captain", "/api/v1/homes/one?at=shiliu/1/1/301").await.answers(200);
        let page = village.get("granny", "/me/homes").await;
        assert_eq!(page.body.matches("楼栋长 · 11月24日").count(), 2, "{}", page.text());
        for (who, status) in [("other-captain", 404), ("property", 403), ("guard", 403), ("committee", 403), ("tenant", 403), ("stranger", 403)] {
            let seen = village.get(who, "/office/homes/one?at=shiliu/1/1/301").await;
            assert_eq!(seen.status.as_u16(), status, "{who}");
            seen.says_not("granny");
        }
        // Nobody verifies their own home.
        trusted(&village, "captain", Office::Family, "shiliu/1/1/301").await;
        let own = add(&village, "captain", "shiliu/1/1/301", "自家人", ("family", "known", "")).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN);
        own.says("自己家由别人核实");
    }

    async fn the_same_by_calls(db) {
        let village = Village::on(db).await;
        let new = json!({ "at": "shiliu/1/1/101", "name": "周明", "as": "owner", "proof": "certificate", "share": "50%" });
        let added = village.call("captain", "/api/v1/homes/members", "add", &new).await.answers(201);
        let id = added["id"].as_str().unwrap();
        let member = format!("/api/v1/homes/members/{id}");
        let again = village.call("captain", &format!("{member}/letter"), "letter", &json!({})).await.answers(201);
        assert_ne!(again["letter"], added["letter"]);
        let letters = village.get("captain", "/api/v1/homes/letters?at=shiliu/1/1/101").await.answers(200);
        assert_eq!(letters["letters"].as_array().map(Vec::len), Some(1), "a new letter ends the old one");
        let seen = json!({ "proof": "known", "share": "1/4" });
        village.call("captain", &format!("{member}/verify"), "verify", &seen).await.answers(200);
        let home = village.get("community", "/api/v1/homes/one?at=shiliu/1/1/101").await.answers(200);
        assert_eq!((&home["members"][0]["share"], &home["members"][0]["proof"]), (&json!("1/4"), &json!("known")));
        assert_eq!(home["members"][0]["verified_by"], "captain");
        let list = village.get("captain", "/api/v1/homes").await.answers(200);
        assert_eq!((list["within"].as_str(), list["homes"].as_array().map(Vec::len)), (Some("shiliu/1"), Some(2)));
        village.call("captain", &format!("{member}/end"), "end", &json!({})).await.answers(200);
        let home = village.get("captain", "/api/v1/homes/one?at=shiliu/1/1/101").await.answers(200);
        assert_eq!(home["members"], json!([]));
        let letters = village.get("captain", "/api/v1/homes/letters?at=shiliu/1/1/101").await.answers(200);
        assert_eq!(letters["letters"], json!([]), "letters of who has left open nothing");
        for who in ["property", "granny", "committee"] {
            village.get(who, "/api/v1/homes").await.refuses(403, "homes/not-keeper");
            village.call(who, "/api/v1/homes/members", "no", &new).await.refuses(403, "homes/not-keeper");
        }
        let asked = json!({ "building": "shiliu/1", "entrance": "1", "room": "101", "as": "family" });
        let id = village.call("tenant", "/api/v1/me/homes", "ask", &asked).await.answers(201)["id"].as_str().unwrap().to_owned();
        let answer = json!({ "answer": "yes", "proof": "household_book" });
        village.call("captain", &format!("/api/v1/homes/joinings/{id}"), "yes", &answer).await.answers(200);
        let mine = village.get("tenant", "/api/v1/me/homes").await.answers(200);
        assert_eq!(mine["members"].as_array().map(Vec::len), Some(2));
        assert_eq!(mine["joinings"][0]["decision"], "verified");
        let back = format!("/api/v1/me/homes/joinings/{id}/take-back");
        village.call("tenant", &back, "back", &json!({})).await.refuses(409, "homes/answered");
        village.call("tenant", "/api/v1/me/homes", "again", &asked).await.refuses(409, "homes/member-already");
    }
}

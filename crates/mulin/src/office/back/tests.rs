//! Stories of coming back: never by one word, never by the same person's second, and never further than those who vouch reach.

use crate::village::{Seen, Village};
use axum::http::StatusCode;
use commons::people::store::{self as people, NewMandate};
use commons::people::{Office, Source};
use commons::place::store as places;
use kit::on_both;
use kit::time::Moment;
use serde_json::json;

const HERE: &str = "/office/back";

/// The hub's own person, who reaches the whole compound.
async fn hub(village: &mut Village) {
    let app = &village.app;
    let (tenant, compound) = places::by_code(&app.db, "shiliu").await.unwrap().unwrap();
    let context = app.context();
    let added = app.db.transact(&context, |tx| {
        Box::pin(async move {
            let account = people::add_account(tx, "hub", None).await?;
            let person = people::add_person(tx, tenant, account, "hub", "hub").await?;
            let (organisation, source, starts, ends) = (None, Source::Appointment, tx.now(), None);
            let new = NewMandate { person, office: Office::Hub, place: compound, organisation, source, starts, ends };
            people::add_mandate(tx, tenant, &new).await.map(drop)
        })
    });
    added.await.unwrap();
    let entered = village.fill("hub", "/sign-in", "/demo/be", &[("login", "hub")]).await;
    village.remember("hub", &entered);
}

/// A mandate of somebody: of a home or of an office.
async fn mandate_of(village: &Village, who: &str) -> String {
    let homes = village.get(who, "/api/v1/me/homes").await.answers(200);
    if let Some(id) = homes["members"][0]["id"].as_str() {
        return id.to_owned();
    }
    let seats = village.get(who, "/api/v1/people/mine").await.answers(200);
    seats["seats"][0]["id"].as_str().unwrap().to_owned()
}

async fn first(village: &Village, who: &str, mandate: &str) -> Seen {
    village.forge(who, HERE, &[("mandate", mandate)]).await
}

fn way(page: &Seen) -> String {
    let rest = page.body.split("name=\"way\" value=\"").nth(1).unwrap_or_else(|| panic!("no way: {}", page.text()));
    rest.split('"').next().unwrap().to_owned()
}

fn code(paper: &Seen) -> String {
    paper.body.split("class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

async fn back(village: &Village, code: &str) -> Seen {
    let fields = [("code", code), ("password", "石榴园的冬天很长")];
    village.fill("at-the-desk", "/sign-in/back", "/sign-in/back", &fields).await
}

on_both! { &crate::migrations();
    async fn two_who_know_her_let_granny_back_in_and_whoever_was_in_is_out(db) {
        let mut village = Village::on(db).await;
        hub(&mut village).await;
        let granny = mandate_of(&village, "granny").await;
        let token = json!({ "name": "报表", "scopes": ["me:read"], "days": 30 });
        let token = village.call("granny", "/api/v1/tokens", "token", &token).await.answers(201)["token"].as_str().unwrap().to_owned();
        village.get("captain", "/office/homes/one?at=shiliu/1/1/301").await.says("忘了密码");
        assert_eq!(first(&village, "captain", &granny).await.status, StatusCode::SEE_OTHER);
        village.get("granny", "/me").await.says("有人说您忘了密码");
        // One word opens nothing, and the same person has no second one.
        let page = village.get("captain", HERE).await;
        page.says("还差一位").says_not("他在我面前");
        let id = way(&page);
        let own = village.forge("captain", "/office/back/confirm", &[("way", &id)]).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN);
        own.says("第二位要是另一个人");
        assert_eq!(village.get("captain", &format!("/office/back/paper?id={id}")).await.status, StatusCode::NOT_FOUND);
        for (who, status) in [("other-captain", 404), ("property", 404), ("guard", 404), ("granny", 404), ("stranger", 403)] {
            let seen = village.forge(who, "/office/back/confirm", &[("way", &id)]).await;
            assert_eq!(seen.status.as_u16(), status, "{who}");
        }
        let confirmed = village.fill("hub", HERE, "/office/back/confirm", &[("way", &id)]).await;
        assert_eq!(confirmed.location, format!("/office/back/paper?id={id}"), "{}", confirmed.text());
        let paper = village.get("hub", &confirmed.location).await;
        paper.says("granny，您好").says("用户名：granny").says("楼栋长 captain").says("<svg");
        assert_eq!(village.get("captain", &confirmed.location).await.status, StatusCode::NOT_FOUND, "the paper is the second's");
        let code = code(&paper);
        let come = back(&village, &code).await;
        assert_eq!((come.status, come.location.as_str()), (StatusCode::SEE_OTHER, "/me/devices"), "{}", come.text());
        assert_eq!(village.get("granny", "/me/devices").await.status, StatusCode::FORBIDDEN, "the old session is over");
        assert_eq!(village.program(&token, "GET", "/api/v1/me", None).await.status, StatusCode::UNAUTHORIZED);
        village.remember("granny", &come);
        village.get("granny", "/me/devices").await.says("楼栋长 captain").says("hub").says("已用来找回");
        village.get("granny", "/me").await.says("密码换过了");
        let again = back(&village, &code).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        let entered = village.fill("anew", "/sign-in", "/sign-in", &[("login", "granny"), ("password", "石榴园的冬天很长")]).await;
        assert!(entered.session.is_some());
    }

    async fn nobody_lets_in_somebody_who_could_do_more_than_they(db) {
        let mut village = Village::on(db).await;
        hub(&mut village).await;
        // Captain and hub are not enough for the community; the hub is for whoever works in the compound.
        let table = [
            ("captain", "granny", true), ("captain", "tenant", false), ("captain", "captain", false),
            ("captain", "property", false), ("captain", "community", false), ("hub", "captain", true),
            ("hub", "property", true), ("hub", "community", false), ("hub", "hub", false),
            ("property", "granny", false), ("committee", "granny", false), ("guard", "granny", false),
            ("granny", "tenant", false), ("community", "other-captain", true), ("community", "community", false),
        ];
        for (who, whom, may) in table {
            let seen = first(&village, who, &mandate_of(&village, whom).await).await;
            assert_eq!(seen.status == StatusCode::SEE_OTHER, may, "{who} for {whom}: {}", seen.status);
            assert!(seen.status.is_redirection() || seen.status.is_client_error(), "{who} for {whom}");
        }
    }

    async fn a_word_lapses_after_a_day_and_can_be_stopped(db) {
        let mut village = Village::on(db).await;
        hub(&mut village).await;
        let granny = mandate_of(&village, "granny").await;
        first(&village, "captain", &granny).await;
        assert_eq!(first(&village, "hub", &granny).await.status, StatusCode::CONFLICT, "one waits");
        village.wait(Moment::days(1));
        village.get("hub", HERE).await.says("现在没有等着的");
        first(&village, "captain", &granny).await;
        let id = way(&village.get("hub", HERE).await);
        village.fill("hub", HERE, "/office/back/stop", &[("way", &id)]).await;
        let late = village.forge("hub", "/office/back/confirm", &[("way", &id)]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        first(&village, "captain", &granny).await;
        let id = way(&village.get("hub", HERE).await);
        let confirmed = village.fill("hub", HERE, "/office/back/confirm", &[("way", &id)]).await;
        let code = code(&village.get("hub", &confirmed.location).await);
        village.wait(Moment::days(1));
        let late = back(&village, &code).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        late.says("过了一天");
        village.get("granny", "/me/devices").await.says("作废了").says("过期了");
    }

    async fn the_same_by_calls(db) {
        let mut village = Village::on(db).await;
        hub(&mut village).await;
        let granny = mandate_of(&village, "granny").await;
        let all = "/api/v1/ways-back";
        let opened = village.call("captain", all, "open", &json!({ "mandate": granny })).await.answers(201);
        let one = format!("{all}/{}", opened["id"].as_str().unwrap());
        village.call("captain", &format!("{one}/confirm"), "own", &json!({})).await.refuses(403, "back/second-same");
        village.call("hub", &format!("{one}/confirm"), "second", &json!({})).await.answers(200);
        let listed = village.get("hub", all).await.answers(200);
        assert_eq!((&listed["ways"][0]["first"], &listed["ways"][0]["second"]), (&json!("captain"), &json!("hub")));
        assert!(!listed.to_string().contains("code"), "the code stands on the paper alone");
        village.call("captain", &format!("{one}/stop"), "stop", &json!({})).await.answers(200);
        village.call("captain", &format!("{one}/stop"), "stop-2", &json!({})).await.refuses(409, "back/over");
        village.get("granny", all).await.refuses(403, "back/not-staff");
        let nobody = json!({ "at": "shiliu/1/1/101", "name": "没有用户名", "as": "family", "proof": "known" });
        let id = village.call("captain", "/api/v1/homes/members", "add", &nobody).await.answers(201)["id"].as_str().unwrap().to_owned();
        village.call("captain", all, "no-account", &json!({ "mandate": id })).await.refuses(409, "back/no-account");
    }
}

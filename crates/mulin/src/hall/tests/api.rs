//! My page and search by calls.

use crate::village::Village;
use kit::on_both;
use serde_json::{Value, json};

async fn says(village: &Village, who: &str, words: &str, more: &[(&str, &str)]) {
    let fields = [&[("at", "shiliu/1"), ("words", words), ("category", "lighting")][..], more].concat();
    village.fill(who, "/say/requests/new?at=shiliu/1", "/say/requests", &fields).await;
}

fn codes(told: &Value) -> Vec<&str> {
    told["requests"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}

on_both! { &crate::migrations();
    async fn i_read_what_i_am_what_i_said_and_what_i_was_told(db) {
        let village = Village::on(db).await;
        for n in 1..=3 {
            says(&village, "granny", &format!("第{n}盏灯不亮"), &[("private", if n == 2 { "1" } else { "" })]).await;
            village.wait(60_000);
            village.call("property", &format!("/api/v1/requests/shiliu-{n}/accept"), &format!("accept{n}"), &json!({})).await.answers(200);
        }
        village.listeners().await;
        let me = village.get("granny", "/api/v1/me").await.answers(200);
        assert_eq!((me["persons"][0]["name"].as_str(), me["mandates"][0]["office"].as_str()), (Some("granny"), Some("owner")));
        assert!(me["unseen"].as_i64().unwrap() >= 3, "{me}");
        for list in ["requests", "notices"] {
            village.get("granny", &format!("/api/v1/me/{list}?limit=0")).await.refuses(422, "house/limit");
        }
        let first = village.get("granny", "/api/v1/me/requests?limit=2").await.answers(200);
        says(&village, "granny", "又一盏", &[]).await;
        let next = first["next"].as_str().unwrap();
        let second = village.get("granny", &format!("/api/v1/me/requests?limit=2&before={next}")).await.answers(200);
        assert_eq!((codes(&first), codes(&second)), (vec!["shiliu-3", "shiliu-2"], vec!["shiliu-1"]));
        let told = village.get("granny", "/api/v1/me/notices?limit=2").await.answers(200);
        let next = told["next"].as_str().unwrap();
        let later = village.get("granny", &format!("/api/v1/me/notices?limit=2&before={next}")).await.answers(200);
        let ids: std::collections::BTreeSet<&str> = told["notices"].as_array().unwrap().iter()
            .chain(later["notices"].as_array().unwrap()).map(|one| one["id"].as_str().unwrap()).collect();
        assert!(ids.len() >= 3, "no notice stands there twice: {told} {later}");
        assert!(told["notices"][0]["sentence"].as_str().is_some_and(|text| !text.is_empty()));
        assert_eq!(told["notices"][0]["seen"], Value::Null);
        village.call("granny", "/api/v1/me/notices/seen", "seen", &json!({})).await.answers(200);
        village.call("granny", "/api/v1/me/notices/seen", "seen", &json!({})).await.answers(200);
        assert_eq!(village.get("granny", "/api/v1/me").await.answers(200)["unseen"], 0);
        assert!(village.get("granny", "/api/v1/me/notices").await.answers(200)["notices"][0]["seen"].is_string());
        village.get("granny", "/api/v1/me/notices?before=now").await.refuses(422, "house/cursor-bad");
        village.get("granny", "/api/v1/me/requests?before=now").await.refuses(422, "house/cursor-bad");
        for path in ["me", "me/requests", "me/joined", "me/notices", "me/wishes"] {
            village.get("stranger", &format!("/api/v1/{path}")).await.refuses(401, "account/sign-in-first");
        }
        village.call("stranger", "/api/v1/me/notices/seen", "seen", &json!({})).await.refuses(401, "account/sign-in-first");
    }

    async fn a_household_that_joined_finds_it_again(db) {
        let village = Village::on(db).await;
        says(&village, "granny", "车棚灯不亮", &[]).await;
        let one = "/api/v1/requests/shiliu-1";
        assert!(village.get("tenant", one).await.answers(200)["can"].as_array().unwrap().contains(&json!("support")));
        assert_eq!(village.call("tenant", &format!("{one}/support"), "support", &json!({})).await.answers(200)["households"], 2);
        assert_eq!(codes(&village.get("tenant", "/api/v1/me/joined").await.answers(200)), ["shiliu-1"]);
        assert_eq!(village.get("tenant", one).await.answers(200)["supports"], true);
        assert_eq!(village.call("tenant", &format!("{one}/unsupport"), "no-more", &json!({})).await.answers(200)["households"], 1);
        assert_eq!(codes(&village.get("tenant", "/api/v1/me/joined").await.answers(200)), Vec::<&str>::new());
    }

    async fn a_call_says_how_i_want_to_be_told_and_a_letter_is_confirmed(db) {
        let village = Village::by_mail(db).await;
        let at = "/api/v1/me/wishes";
        let wish = json!({ "mail": "Granny@example.org", "mine": true, "held": false, "followed": true, "from": "21:00", "to": "08:00" });
        let told = village.call("granny", at, "wish", &wish).await;
        let told = told.answers(200);
        assert_eq!((told["mail"].as_str(), &told["confirmed"], told["letters"].as_bool()), (Some("granny@example.org"), &Value::Null, Some(true)));
        village.call("granny", at, "wish", &wish).await.answers(200);
        village.call("granny", "/api/v1/me/wishes/confirm", "guess", &json!({ "token": "0123456789abcdef0123456789abcdef" })).await.refuses(422, "told/token-unknown");
        let (tenant, person) = {
            let me = village.get("granny", "/api/v1/me").await.answers(200);
            let tenant: commons::place::TenantId = me["persons"][0]["community"].as_str().unwrap().parse().unwrap();
            let account = commons::people::store::account(&village.app.db, "granny").await.unwrap().unwrap().0;
            let actor = commons::people::store::actor(&village.app.db, account, village.app.clock.now()).await.unwrap();
            (tenant, actor.person_in(tenant).unwrap())
        };
        // The end of the link that stands in the letter.
        let token = hex::encode(&village.app.secrets.mac("confirm-mail", &[person.0.as_bytes(), b"granny@example.org"])[..16]);
        let confirmed = village.call("granny", "/api/v1/me/wishes/confirm", "confirm", &json!({ "token": token })).await.answers(200);
        assert!(confirmed["confirmed"].is_string());
        let wish_kept = commons::notice::wish::store::find(&village.app.db, &village.app.secrets, tenant, person).await.unwrap();
        assert!(wish_kept.mine && wish_kept.followed && !wish_kept.held);
        let mut wrong = wish.clone();
        wrong["mail"] = json!("nowhere");
        village.call("granny", at, "wrong", &wrong).await.refuses(422, "channels/mailbox");
        wrong = wish.clone();
        wrong["from"] = json!("late");
        village.call("granny", at, "late", &wrong).await.refuses(422, "channels/quiet");
    }

    async fn search_finds_for_a_program_what_its_caller_may_see(db) {
        let village = Village::on(db).await;
        for n in 1..=3 {
            says(&village, "granny", &format!("路灯第{n}盏"), &[("private", if n == 3 { "1" } else { "" })]).await;
            village.wait(60_000);
        }
        let at = "/api/v1/search?q=%E8%B7%AF%E7%81%AF";
        assert_eq!(codes(&village.get("stranger", at).await.answers(200)), ["shiliu-2", "shiliu-1"]);
        assert_eq!(codes(&village.get("granny", at).await.answers(200)), ["shiliu-3", "shiliu-2", "shiliu-1"]);
        assert_eq!(codes(&village.get("community", at).await.answers(200)), ["shiliu-3", "shiliu-2", "shiliu-1"]);
        let first = village.get("community", &format!("{at}&limit=2")).await.answers(200);
        let second = village.get("community", &format!("{at}&limit=2&before={}", first["next"].as_str().unwrap())).await.answers(200);
        assert_eq!((codes(&second), &second["next"]), (vec!["shiliu-1"], &Value::Null));
        village.get("stranger", &format!("{at}&before=x")).await.refuses(422, "house/cursor-bad");
        assert_eq!(village.get("stranger", "/api/v1/search?q=").await.status.as_u16(), 422);
        village.get("stranger", "/api/v1/search").await.refuses(400, "house/query");
    }
}

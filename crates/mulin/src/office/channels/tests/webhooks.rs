//! Stories about programs that are told.

use super::*;
use kit::secrets::{base64, hmac_sha256};
use serde_json::Value;

async fn connect(village: &Village, who: &str, address: &str, at: &str) -> (Value, String) {
    let place = place(village, who, at).await;
    let body =
        format!(r#"{{"name":"工单系统","place":"{place}","kind":"webhook","address":"{address}","events":["step"]}}"#);
    let key = format!("key-of-a-webhook-{}", hex::encode(village.app.ids.secret()));
    let seen = village.json(who, "POST", "/api/v1/channels", &key, &body).await;
    assert_eq!(seen.status, StatusCode::CREATED, "{}", seen.body);
    let told: Value = serde_json::from_str(&seen.body).unwrap();
    let secret = told["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("whsec_"));
    (told, secret)
}

/// What came: the three lines, and the body.
fn parts(seen: &str) -> ([String; 3], String) {
    let (head, body) = seen.split_once('\n').unwrap();
    let line = |name: &str| head.split(&format!("{name}: ")).nth(1).unwrap().split(' ').next().unwrap().to_owned();
    (["webhook-id", "webhook-timestamp", "webhook-signature"].map(line), body.to_owned())
}

async fn round(village: &Village) {
    village.listeners().await;
    village.post_all().await;
}

/// The page of a case, without the words that greet whoever has just said it.
fn page_of(location: &str) -> String {
    location.split('?').next().unwrap_or_default().to_owned()
}

on_both! { &crate::migrations();
    async fn a_program_hears_every_step_signed_and_no_words(db) {
        let hook = Post::robot(&[]).await;
        let village = village(db).await;
        let (_, secret) = connect(&village, "property", &format!("http://{}/in", hook.address), "石榴园").await;
        village.get("property", "/office/channels").await.says("程序（Webhook）").says_not(&secret);
        let at = say(&village, "301的水龙头滴答响", &[("category", "lighting"), ("contact", "13800000000")]).await;
        let at = page_of(&at);
        village.fill("property", &at, &format!("{at}/accept"), &[]).await;
        say(&village, "楼上的吵架", &[("private", "1")]).await;
        round(&village).await;
        let got: Vec<_> = hook.seen().iter().map(|one| parts(one)).collect();
        assert_eq!(got.len(), 3, "{:?}", hook.seen());
        let mut types = Vec::new();
        for ([id, at, sign], body) in &got {
            // Checked by hand, as a receiver does.
            let plain = base64(&hmac_sha256(&of_base64(&secret[6..]), format!("{id}.{at}.{body}").as_bytes()));
            assert_eq!(*sign, format!("v1,{plain}"));
            assert_eq!(at.parse::<i64>().unwrap(), village.app.clock.now().0 / 1000);
            let told: Value = serde_json::from_str(body).unwrap();
            types.push(told["type"].as_str().unwrap().to_owned());
            for never in ["301", "滴答", "吵架", "13800000000", "granny"] {
                assert!(!body.contains(never), "{never} in {body}");
            }
            let private = told["data"]["private"].as_bool().unwrap();
            assert_eq!(told["data"].get("place").is_none(), private, "{body}");
            assert!(told["data"]["href"].is_string());
        }
        types.sort();
        assert_eq!(types, ["requests/accepted", "requests/said", "requests/said"]);
        let mut ids: Vec<_> = got.iter().map(|one| &one.0[0]).collect();
        ids.dedup();
        assert_eq!(ids.len(), 3);
    }

    async fn what_was_not_taken_comes_again_under_the_same_id(db) {
        let hook = Post::robot(&["500 ", "404 ", "slow", "204 "]).await;
        let village = village(db).await;
        let (told, _) = connect(&village, "property", &format!("http://{}/in", hook.address), "石榴园").await;
        say(&village, "灯不亮", &[("category", "lighting")]).await;
        village.listeners().await;
        for _ in 0..6 {
            village.post_all().await;
            village.wait(Moment::hours(1));
        }
        let got: Vec<_> = hook.seen().iter().map(|one| parts(one)).collect();
        assert_eq!(got.len(), 4);
        assert!(got.iter().all(|one| one.0[0] == got[0].0[0] && one.1 == got[0].1), "{got:?}");
        assert!(got[0].0[2] != got[1].0[2], "each is signed with its own time");
        let path = format!("/api/v1/channels/{}/deliveries", told["id"].as_str().unwrap());
        let seen = village.get("property", &path).await;
        seen.says("\"sent\"");
        let gone = Post::robot(&["410 "]).await;
        let (told, _) = connect(&village, "property", &format!("http://{}/in", gone.address), "石榴园").await;
        let id = told["id"].as_str().unwrap();
        let seen = village.json("property", "POST", &format!("/api/v1/channels/{id}/test"), "key-of-a-try-of-it", "{}").await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
        assert!(gone.seen()[0].contains("channels/tested"));
        village.get("property", &format!("/api/v1/channels/{id}/deliveries")).await.says("given_up").says("HTTP 410");
        let retire = format!("/api/v1/channels/{id}/retire");
        for _ in 0..2 {
            let seen = village.json("property", "POST", &retire, "key-of-the-end-of-it", "{}").await;
            assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
        }
        let seen = village.json("property", "POST", &retire, "key-of-another-end-x", "{}").await;
        assert_eq!(seen.status, StatusCode::NOT_FOUND);
    }

    async fn the_secret_is_made_here_and_shown_once(db) {
        let village = village(db).await;
        let shiliu = place(&village, "property", "石榴园").await;
        let seen = add(&village, "property", "webhook", "http://127.0.0.1:9/", "mine", &shiliu).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.says("这一格请空着");
        let seen = add(&village, "property", "webhook", "http://127.0.0.1:9/", "", &shiliu).await;
        assert_eq!(seen.status, StatusCode::OK);
        seen.says("whsec_");
        village.get("property", "/office/channels").await.says("维修组").says_not("whsec_");
    }

    async fn a_chat_of_one_compound_hears_nothing_of_another(db) {
        let robot = Post::robot(&[]).await;
        let village = village(db).await;
        let made = village.json("community", "POST", "/api/v1/compounds", "key-of-a-new-compound",
            r#"{"name":"海棠园","code":"haitang","buildings":"2","entrances":1,"floors":2,"per_floor":2,"property":"","manager":"","captains":[],"copy":""}"#).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let other = place(&village, "community", "海棠园").await;
        let url = format!("http://{}/", robot.address);
        let seen = add(&village, "community", "wecom", &url, "", &other).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
        let at = say(&village, "门口的红绿灯坏了", &[("category", "lighting")]).await;
        let at = page_of(&at);
        let up = village.fill("granny", &at, &format!("{at}/up"), &[]).await;
        assert_eq!(up.status, StatusCode::SEE_OTHER, "{}", up.text());
        village.get("granny", &at).await.says("社区");
        village.listeners().await;
        village.wait(Moment::hours(4));
        village.post_all().await;
        assert_eq!(robot.seen(), Vec::<String>::new());
    }
}

/// Back from Base64, as a receiver's library does it.
fn of_base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits = 0_u32;
    let mut out = Vec::new();
    for (at, letter) in text.bytes().filter(|b| *b != b'=').enumerate() {
        bits = bits << 6 | LETTERS.iter().position(|one| *one == letter).unwrap() as u32;
        if at % 4 > 0 {
            out.push((bits >> (6 - 2 * (at % 4))) as u8);
        }
    }
    out
}

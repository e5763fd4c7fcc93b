//! Stories of sessions and passwords.

mod passkeys;
mod phones;

use crate::village::Village;
use axum::http::{StatusCode, header};
use commons::people::back::store;
use kit::web::session;
use kit::{on_both, password};
use serde_json::json;

const HERE: &str = "/me/devices";
const PHONE: &str = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50";

/// Signs in from a phone; its session is remembered under `who`.
async fn phone(village: &mut Village, who: &'static str, login: &str) {
    let page = village.get(who, "/sign-in").await;
    let csrf = page.body.split("name=\"_csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let body = format!("_csrf={csrf}&_key=key-of-a-phone-{login}&login={login}");
    let entered = village.form_with(who, "/demo/be", &body, &[("user-agent", PHONE)]).await;
    village.remember(who, &entered);
}

#[test]
fn a_device_is_known_by_its_kind_and_nothing_finer() {
    for (agent, kind) in [
        (PHONE, "phone/WeChat"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Version/17.5 Mobile/15E148 Safari/604.1", "phone/Safari"),
        ("Mozilla/5.0 (iPad; CPU OS 17_5) Version/17.5 Mobile/15E148 Safari/604.1", "tablet/Safari"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "computer/Edge"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "computer/Firefox"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Chrome/126.0 Safari/537.36", "computer/Chrome"),
        ("curl/8", "other"),
        ("", "other"),
    ] {
        assert_eq!(session::device(agent), kind, "{agent}");
    }
}

on_both! { &crate::migrations();
    async fn somebody_sees_where_they_are_signed_in_and_ends_it(db) {
        let mut village = Village::on(db).await;
        phone(&mut village, "phone", "granny").await;
        let page = village.get("granny", HERE).await;
        page.says("手机 · 微信").says("就是这里").says("用户名：granny").says_not("Android");
        let id = page.body.split("name=\"device\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert_eq!(village.get("phone", "/me/homes").await.status, StatusCode::OK);
        // Another's session is not there.
        assert_eq!(village.forge("captain", "/me/devices/end", &[("device", &id)]).await.status, StatusCode::NOT_FOUND);
        village.fill("granny", HERE, "/me/devices/end", &[("device", &id)]).await;
        assert_eq!(village.get("phone", "/me/homes").await.status, StatusCode::FORBIDDEN);
        phone(&mut village, "phone", "granny").await;
        village.fill("phone", HERE, "/me/devices/end-others", &[]).await;
        assert_eq!(village.get("granny", HERE).await.status, StatusCode::FORBIDDEN);
        let listed = village.get("phone", "/api/v1/me/devices").await.answers(200);
        assert_eq!(listed["devices"].as_array().map(Vec::len), Some(1));
        assert_eq!(listed["devices"][0]["current"], true);
        phone(&mut village, "other", "granny").await;
        let listed = village.get("phone", "/api/v1/me/devices").await.answers(200);
        let other = listed["devices"].as_array().unwrap().iter().find(|one| one["current"] == false).unwrap();
        let end = format!("/api/v1/me/devices/{}/end", other["id"].as_str().unwrap());
        village.call("phone", &end, "end", &json!({})).await.answers(200);
        village.call("phone", &end, "again", &json!({})).await.refuses(404, "house/not-found");
        village.call("phone", "/api/v1/me/devices/end-others", "others", &json!({})).await.answers(200);
    }

    async fn a_new_password_needs_the_old_one_and_ends_the_other_sign_ins(db) {
        let mut village = Village::on(db).await;
        phone(&mut village, "phone", "granny").await;
        let first = [("old", ""), ("password", "石榴园的春天很长")];
        assert_eq!(village.fill("granny", HERE, "/me/devices/password", &first).await.status, StatusCode::SEE_OTHER);
        assert_eq!(village.get("phone", HERE).await.status, StatusCode::FORBIDDEN, "the others are out");
        let wrong = [("old", "石榴园的秋天很长"), ("password", "石榴园的冬天很长")];
        let seen = village.fill("granny", HERE, "/me/devices/password", &wrong).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.says("现在的密码不对");
        let short = [("old", "石榴园的春天很长"), ("password", "短")];
        assert_eq!(village.fill("granny", HERE, "/me/devices/password", &short).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let right = [("old", "石榴园的春天很长"), ("password", "石榴园的冬天很长")];
        assert_eq!(village.fill("granny", HERE, "/me/devices/password", &right).await.status, StatusCode::SEE_OTHER);
        let entered = village.fill("new", "/sign-in", "/sign-in", &[("login", "granny"), ("password", "石榴园的冬天很长")]).await;
        assert!(entered.session.is_some());
        let old = village.fill("old", "/sign-in", "/sign-in", &[("login", "granny"), ("password", "石榴园的春天很长")]).await;
        assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
        let (account, _) = commons::people::store::account(&village.app.db, "granny").await.unwrap().unwrap();
        let (_, phc) = store::account(&village.app.db, account).await.unwrap().unwrap();
        assert!(password::verify("石榴园的冬天很长", phc.as_deref()).await.unwrap());
        let page = village.get_with("nobody", HERE, &[(header::ACCEPT.as_str(), "text/html")]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
    }
}

//! Stories of numbers and codes, told with a gateway that writes down what it was given.

use crate::village::{Seen, Village, parts_on};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use kit::db::Db;
use kit::on_both;
use kit::outgoing::Outgoing;
use kit::sms::{Sms, SmsSettings};
use kit::time::Moment;
use kit::web::App;
use kit::web::serve::{Patience, serve};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

const PAGE: &str = "/me/devices";
const PHONE: &str = "13800138000";

#[derive(Clone, Default)]
struct Gateway {
    got: Arc<Mutex<Vec<Value>>>,
    down: Arc<Mutex<bool>>,
}

impl Gateway {
    fn codes(&self) -> Vec<String> {
        self.got.lock().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
    }
}

async fn take(State(gateway): State<Gateway>, headers: HeaderMap, body: String) -> StatusCode {
    assert_eq!(headers.get("authorization").unwrap(), "Bearer secret-of-the-gateway");
    if *gateway.down.lock().unwrap() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    gateway.got.lock().unwrap().push(serde_json::from_str(&body).unwrap());
    StatusCode::OK
}

/// The village with a gateway on this machine.
async fn house(db: Db, sign_in: bool) -> (Village, Gateway, watch::Sender<bool>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/send", listener.local_addr().unwrap());
    let gateway = Gateway::default();
    let routes = Router::new().route("/send", post(take)).with_state(gateway.clone());
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(serve(listener, routes, Patience::default(), stopped));
    let mut parts = parts_on(db, true);
    parts.outgoing = Outgoing::new(true);
    let settings = SmsSettings {
        url,
        headers: vec!["Authorization: Bearer {secret}".into()],
        body: "{\"to\":\"{phone}\",\"code\":\"{code}\"}".into(),
        secret: Some("secret-of-the-gateway".into()),
        sign_in,
        ..SmsSettings::default()
    };
    parts.sms = Some(Sms::open(settings).unwrap());
    (Village::of(App::new(parts)).await, gateway, stop)
}

async fn confirms(village: &Village, gateway: &Gateway, who: &str, phone: &str) -> Seen {
    let given = village.fill(who, PAGE, "/me/devices/phone", &[("phone", phone)]).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text());
    village.post_all().await;
    let code = gateway.codes().pop().unwrap();
    village.fill(who, PAGE, "/me/devices/phone/confirm", &[("code", &code)]).await
}

async fn asks(village: &Village, browser: &str, phone: &str) -> Seen {
    let seen = village.fill(browser, "/sign-in/phone", "/sign-in/phone", &[("phone", phone)]).await;
    village.post_all().await;
    seen
}

async fn enters(village: &Village, browser: &str, phone: &str, code: &str) -> Seen {
    village.forge(browser, "/sign-in/phone/code", &[("phone", phone), ("code", code)]).await
}

/// A page without what is new on each: keys and tokens.
fn plain(seen: &Seen) -> String {
    seen.text()
}

on_both! { &crate::migrations();
    async fn somebody_confirms_their_number_and_comes_in_by_a_code(db) {
        let (village, gateway, _stop) = house(db, true).await;
        village.get("granny", PAGE).await.says("手机号").says("不能用它改密码");
        let bad = village.fill("granny", PAGE, "/me/devices/phone", &[("phone", "12345")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        bad.says("请填11位的手机号");
        let done = confirms(&village, &gateway, "granny", " +86 138-0013-8000").await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        assert_eq!(gateway.got.lock().unwrap()[0]["to"], PHONE);
        village.get("granny", PAGE).await.says("138****8000").says_not(PHONE).says("验证过");
        village.get("granny", "/me").await.says("验证了一个手机号");
        village.get("granny", "/me/data/export.json").await.says(PHONE);
        assert_eq!(village.get("granny", "/api/v1/me/phone").await.answers(200)["phone"]["phone"], PHONE);
        village.wait(Moment::minutes(2));
        assert_eq!(asks(&village, "phone", PHONE).await.status, StatusCode::OK);
        let code = gateway.codes().pop().unwrap();
        let wrong = if code == "123456" { "123457" } else { "123456" };
        let seen = enters(&village, "phone", PHONE, wrong).await;
        assert_eq!((seen.status, &seen.session), (StatusCode::UNPROCESSABLE_ENTITY, &None));
        seen.says("码不对");
        // In another browser the right one is wrong.
        assert_eq!(enters(&village, "thief", PHONE, &code).await.session, None);
        let seen = enters(&village, "phone", PHONE, &code).await;
        assert!(seen.session.is_some(), "{}", seen.text());
        assert_eq!(enters(&village, "phone", PHONE, &code).await.session, None, "used up");
        // A number that was given up opens nothing.
        village.fill("granny", PAGE, "/me/devices/phone/remove", &[]).await;
        village.wait(Moment::minutes(2));
        let before = gateway.codes().len();
        asks(&village, "phone", PHONE).await;
        assert_eq!(gateway.codes().len(), before);
        // A code is no way to another password: whoever has one shows it.
        village.fill("granny", PAGE, "/me/devices/password", &[("old", ""), ("password", "石榴园的春天很长")]).await;
        village.wait(Moment::minutes(2));
        let seen = village.fill("granny", PAGE, "/me/devices/phone", &[("phone", PHONE)]).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.says("现在的密码不对");
    }

    async fn whether_a_number_is_known_is_told_to_nobody(db) {
        let (village, gateway, _stop) = house(db, true).await;
        confirms(&village, &gateway, "granny", PHONE).await;
        village.wait(Moment::minutes(2));
        let before = gateway.codes().len();
        let known = asks(&village, "phone", PHONE).await;
        let unknown = asks(&village, "phone", "13900139000").await;
        assert_eq!((known.status, plain(&known)), (unknown.status, plain(&unknown).replace("13900139000", PHONE)));
        assert_eq!(gateway.codes().len(), before + 1, "and a code goes to a number that was confirmed alone");
        for phone in [PHONE, "13900139000"] {
            assert_eq!(asks(&village, "phone", phone).await.status, StatusCode::TOO_MANY_REQUESTS, "{phone}");
            let seen = enters(&village, "phone", phone, "000000").await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{phone}");
            seen.says("码不对");
        }
        // Somebody else's number cannot be made one's own without its code, nor with it once it is confirmed.
        village.wait(Moment::minutes(2));
        let taken = confirms(&village, &gateway, "captain", PHONE).await;
        assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
        taken.says("已经由另一个人验证过了");
        village.wait(Moment::minutes(2));
        asks(&village, "phone", PHONE).await;
        let seen = enters(&village, "phone", PHONE, &gateway.codes().pop().unwrap()).await;
        assert!(seen.session.is_some(), "{}", seen.text());
    }

    async fn five_wrong_codes_or_five_minutes_and_it_is_over(db) {
        let (village, gateway, _stop) = house(db, true).await;
        confirms(&village, &gateway, "granny", PHONE).await;
        village.wait(Moment::minutes(2));
        asks(&village, "phone", PHONE).await;
        let code = gateway.codes().pop().unwrap();
        let wrong = if code == "123456" { "123457" } else { "123456" };
        for _ in 0..5 {
            enters(&village, "phone", PHONE, wrong).await;
        }
        assert_eq!(enters(&village, "phone", PHONE, &code).await.session, None);
        village.wait(Moment::minutes(2));
        asks(&village, "phone", PHONE).await;
        village.wait(Moment::minutes(5));
        assert_eq!(enters(&village, "phone", PHONE, &gateway.codes().pop().unwrap()).await.session, None);
    }

    async fn a_gateway_that_is_away_is_tried_again_until_the_code_is_of_no_use(db) {
        let (village, gateway, _stop) = house(db, true).await;
        *gateway.down.lock().unwrap() = true;
        village.fill("granny", PAGE, "/me/devices/phone", &[("phone", PHONE)]).await;
        village.post_all().await;
        assert!(gateway.codes().is_empty());
        *gateway.down.lock().unwrap() = false;
        village.wait(Moment::minutes(1) + 1);
        village.post_all().await;
        assert_eq!(gateway.codes().len(), 1);
        *gateway.down.lock().unwrap() = true;
        village.wait(Moment::minutes(2));
        village.fill("granny", PAGE, "/me/devices/phone", &[("phone", PHONE)]).await;
        village.post_all().await;
        *gateway.down.lock().unwrap() = false;
        village.wait(Moment::minutes(10));
        village.post_all().await;
        assert_eq!(gateway.codes().len(), 1, "what came too late was not sent");
    }

    async fn off_is_off(db) {
        let village = Village::on(db.clone()).await;
        village.get("granny", PAGE).await.says_not("手机号");
        village.get("stranger", "/sign-in").await.says_not("/sign-in/phone");
        assert_eq!(village.get("stranger", "/sign-in/phone").await.status, StatusCode::NOT_FOUND);
        let body = json!({ "phone": PHONE });
        village.call("granny", "/api/v1/me/phone", "give", &body).await.refuses(409, "phones/off");
    }

    async fn confirming_alone_opens_no_door(db) {
        let (village, gateway, _stop) = house(db, false).await;
        assert_eq!(confirms(&village, &gateway, "granny", PHONE).await.status, StatusCode::SEE_OTHER);
        village.get("granny", PAGE).await.says("验证过").says_not("不能用它改密码");
        assert_eq!(village.get("stranger", "/sign-in/phone").await.status, StatusCode::NOT_FOUND);
        assert_eq!(village.forge("stranger", "/sign-in/phone", &[("phone", PHONE)]).await.status, StatusCode::NOT_FOUND);
        let forged = village.forge("stranger", "/sign-in/phone/code", &[("phone", PHONE), ("code", "000000")]).await;
        assert_eq!(forged.status, StatusCode::NOT_FOUND);
    }
}

//! Stories of passkeys, told with a device that signs as it is told.

use crate::village::{Seen, Village, parts_on};
use axum::http::StatusCode;
use kit::db::Db;
use kit::on_both;
use kit::passkey::soft::{Sent, SoftKey};
use kit::passkey::{Here, store};
use kit::time::Moment;
use kit::web::App;
use kit::web::limits::Limits;
use kit::{Uuid, base64url};
use serde_json::{Value, json};

const URL: &str = "http://mulin.localhost:3000";
const PAGE: &str = "/me/devices";

fn here() -> Here {
    Here::of(Some(URL)).unwrap()
}

/// The village under an address where there can be passkeys.
async fn house(db: Db) -> Village {
    let mut parts = parts_on(db, true);
    parts.config.public_url = Some(URL.into());
    Village::of(App::new(parts)).await
}

fn key(village: &Village) -> String {
    hex::encode(village.app.ids.secret())
}

async fn begins(village: &Village, who: &str, body: &Value) -> Seen {
    village.json(who, "POST", "/api/v1/me/passkeys/begin", &key(village), &body.to_string()).await
}

async fn adds(village: &Village, who: &str, name: &str, sent: &Sent) -> Seen {
    let body = json!({ "name": name, "client": sent.client, "attestation": sent.data });
    village.json(who, "POST", "/api/v1/me/passkeys", &key(village), &body.to_string()).await
}

/// Somebody adds a key of a new device.
async fn added(village: &Village, who: &str, name: &str) -> SoftKey {
    let asked = begins(village, who, &json!({})).await.answers(200);
    let device = SoftKey::new(1, &base64url::decode(asked["user"].as_str().unwrap()).unwrap());
    let sent = device.make(&here(), asked["challenge"].as_str().unwrap());
    adds(village, who, name, &sent).await.answers(201);
    device
}

/// What a browser is asked before anybody is known in it.
async fn question(village: &Village, browser: &str) -> String {
    let asked = village.json(browser, "POST", "/api/v1/sign-in/passkey", &key(village), "{}").await.answers(200);
    assert_eq!(asked["rp_id"], "mulin.localhost");
    asked["challenge"].as_str().unwrap().to_owned()
}

async fn enters(village: &Village, browser: &str, sent: &Sent) -> Seen {
    village.fill(browser, "/sign-in", "/sign-in/passkey", &sent.fields()).await
}

/// Asserts that nobody comes in, and why.
async fn stays_out(village: &Village, browser: &str, sent: &Sent, why: &str) {
    let seen = enters(village, browser, sent).await;
    assert_eq!((seen.status, &seen.session), (StatusCode::UNPROCESSABLE_ENTITY, &None), "{why}");
    seen.says(why);
}

async fn account(village: &Village, who: &str) -> Uuid {
    commons::people::store::account(&village.app.db, who).await.unwrap().unwrap().0.0
}

const WRONG: &str = "没有认出来";
const OVER: &str = "等得太久，或者已经用过一次了";
const UNKNOWN: &str = "不认得这把通行密钥";

on_both! { &crate::migrations();
    async fn somebody_adds_a_passkey_comes_in_with_it_and_removes_it(db) {
        let mut village = house(db).await;
        village.get("granny", PAGE).await.says("通行密钥").says("还没有").says("data-passkey=\"add\"");
        let mut phone = added(&village, "granny", "我的手机").await;
        village.get("granny", PAGE).await.says("我的手机").says("还没用过");
        village.get("granny", "/me").await.says("您的账号加了一把通行密钥");
        let asked = question(&village, "phone").await;
        let sent = phone.show(&here(), &asked);
        let seen = enters(&village, "phone", &sent).await;
        assert_eq!((seen.status, seen.location.as_str()), (StatusCode::SEE_OTHER, "/"), "{}", seen.text());
        village.remember("phone", &seen);
        village.get("phone", PAGE).await.says("我的手机").says_not("还没用过");
        // Programs see the same.
        let listed = village.get("phone", "/api/v1/me/passkeys").await.answers(200);
        assert_eq!((&listed["passkeys"][0]["name"], listed["passkeys"].as_array().map(Vec::len)), (&json!("我的手机"), Some(1)));
        let told = village.get("granny", "/me/data/export.json").await;
        told.says("\"passkeys\"").says("我的手机").says("passkeys/added");
        // Another's key is not there for somebody else.
        let id = listed["passkeys"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/me/passkeys/{id}/remove");
        village.call("captain", &path, "captain", &json!({})).await.refuses(404, "house/not-found");
        // The only way in stays, until there is another.
        village.call("granny", &path, "early", &json!({})).await.refuses(409, "passkeys/last-way");
        let mut tablet = added(&village, "granny", "平板").await;
        village.fill("granny", PAGE, "/me/devices/passkeys/remove", &[("passkey", &id)]).await;
        village.get("granny", PAGE).await.says("平板").says_not("我的手机");
        village.get("granny", "/me").await.says("您的账号去掉了一把通行密钥");
        let asked = question(&village, "later").await;
        stays_out(&village, "later", &phone.show(&here(), &asked), UNKNOWN).await;
        let asked = question(&village, "later").await;
        let seen = enters(&village, "later", &tablet.show(&here(), &asked)).await;
        assert!(seen.session.is_some(), "{}", seen.text());
        // With a password the last key goes too.
        let password = [("old", ""), ("password", "石榴园的春天很长")];
        village.fill("granny", PAGE, "/me/devices/password", &password).await;
        let listed = village.get("granny", "/api/v1/me/passkeys").await.answers(200);
        let path = format!("/api/v1/me/passkeys/{}/remove", listed["passkeys"][0]["id"].as_str().unwrap());
        village.call("granny", &path, "last", &json!({})).await.answers(200);
        assert!(store::mine(&village.app.db, account(&village, "granny").await).await.unwrap().is_empty());
    }

    async fn what_was_not_asked_of_this_browser_opens_nothing(db) {
        let village = house(db).await;
        let mut phone = added(&village, "granny", "手机").await;
        // Another page than ours, however alike.
        let asked = question(&village, "phone").await;
        phone.origin = Some("http://mulin.localhost.evil.example:3000".into());
        stays_out(&village, "phone", &phone.show(&here(), &asked), WRONG).await;
        phone.origin = None;
        // With a refusal the question is gone, and the right answer comes too late.
        stays_out(&village, "phone", &phone.show(&here(), &asked), OVER).await;
        let asked = question(&village, "phone").await;
        phone.place = Some("localhost".into());
        stays_out(&village, "phone", &phone.show(&here(), &asked), WRONG).await;
        phone.place = None;
        // Nobody was recognised by the device.
        let asked = question(&village, "phone").await;
        phone.flags = 1;
        stays_out(&village, "phone", &phone.show(&here(), &asked), WRONG).await;
        phone.flags = 5;
        // Another's signature under this key's name.
        let asked = question(&village, "phone").await;
        let mut other = SoftKey::new(2, &phone.user);
        other.counter = 50;
        let forged = Sent { id: base64url::encode(&phone.name), ..other.show(&here(), &asked) };
        stays_out(&village, "phone", &forged, WRONG).await;
        // A key that nobody has added.
        let asked = question(&village, "phone").await;
        stays_out(&village, "phone", &other.show(&here(), &asked), UNKNOWN).await;
        // A question that was asked of another browser stays good there.
        let asked = question(&village, "elsewhere").await;
        let sent = phone.show(&here(), &asked);
        stays_out(&village, "phone", &sent, OVER).await;
        let seen = enters(&village, "elsewhere", &sent).await;
        assert!(seen.session.is_some(), "{}", seen.text());
        // What let somebody in once lets nobody in again.
        stays_out(&village, "elsewhere", &sent, OVER).await;
        // A question nobody asked, one for making a key, one that has waited too long.
        stays_out(&village, "phone", &phone.show(&here(), &base64url::encode(&[7; 32])), OVER).await;
        let making = begins(&village, "granny", &json!({})).await.answers(200);
        stays_out(&village, "granny", &phone.show(&here(), making["challenge"].as_str().unwrap()), OVER).await;
        let asked = question(&village, "phone").await;
        let sent = phone.show(&here(), &asked);
        village.wait(Moment::minutes(5));
        stays_out(&village, "phone", &sent, OVER).await;
        // A copy that counts less than the original.
        let asked = question(&village, "phone").await;
        phone.counter = 1;
        stays_out(&village, "phone", &phone.show(&here(), &asked), WRONG).await;
        // Words that are none.
        let nonsense = Sent { id: "!".into(), client: "e30".into(), data: String::new(), signature: String::new(), user: String::new() };
        stays_out(&village, "phone", &nonsense, WRONG).await;
    }

    async fn nobody_comes_in_as_somebody_else(db) {
        let village = house(db).await;
        let mut captain = added(&village, "captain", "楼栋长的手机").await;
        captain.user = account(&village, "granny").await.as_bytes().to_vec();
        let asked = question(&village, "phone").await;
        stays_out(&village, "phone", &captain.show(&here(), &asked), WRONG).await;
        // A key that is known is not made another's: the question was asked of the captain's browser alone.
        let asked = begins(&village, "captain", &json!({})).await.answers(200);
        let known = asked["known"][0].as_str().unwrap();
        assert_eq!(known, base64url::encode(&captain.name));
        let sent = captain.make(&here(), asked["challenge"].as_str().unwrap());
        adds(&village, "granny", "抢来的", &sent).await.refuses(422, "passkeys/over");
        adds(&village, "captain", "第二次", &sent).await.refuses(409, "passkeys/known");
        let mut fresh = SoftKey::new(3, b"captain");
        fresh.origin = Some("https://evil.example".into());
        let asked = begins(&village, "captain", &json!({})).await.answers(200);
        let sent = fresh.make(&here(), asked["challenge"].as_str().unwrap());
        adds(&village, "captain", "", &sent).await.refuses(422, "passkeys/name");
        adds(&village, "captain", "别处做的", &sent).await.refuses(422, "passkeys/wrong");
        assert_eq!(store::mine(&village.app.db, account(&village, "captain").await).await.unwrap().len(), 1);
    }

    async fn whoever_has_a_password_shows_it_before_a_key_is_made(db) {
        let village = house(db).await;
        village.fill("granny", PAGE, "/me/devices/password", &[("old", ""), ("password", "石榴园的春天很长")]).await;
        village.get("granny", PAGE).await.says("name=\"old\"");
        begins(&village, "granny", &json!({})).await.refuses(422, "account/old-wrong");
        begins(&village, "granny", &json!({ "password": "石榴园的冬天很长" })).await.refuses(422, "account/old-wrong");
        begins(&village, "granny", &json!({ "password": "石榴园的春天很长" })).await.answers(200);
        begins(&village, "nobody", &json!({})).await.refuses(401, "account/sign-in-first");
    }

    async fn a_house_whose_address_allows_none_offers_none(db) {
        let village = Village::on(db).await;
        village.get("stranger", "/sign-in").await.says_not("通行密钥");
        village.get("granny", PAGE).await.says("通行密钥要认网址").says_not("data-passkey");
        begins(&village, "granny", &json!({})).await.refuses(409, "passkeys/no-address");
        let asked = village.json("stranger", "POST", "/api/v1/sign-in/passkey", &key(&village), "{}").await;
        asked.refuses(409, "passkeys/no-address");
        let sent = SoftKey::new(1, b"x").show(&here(), &base64url::encode(&[1; 32]));
        let fields = [("id", sent.id.as_str()), ("client", &sent.client), ("device", &sent.data), ("signature", &sent.signature), ("user", &sent.user)];
        assert_eq!(village.forge("stranger", "/sign-in/passkey", &fields).await.status, StatusCode::CONFLICT);
    }

    async fn guessing_with_keys_is_slowed_like_guessing_passwords(db) {
        let mut parts = parts_on(db, true);
        parts.config.public_url = Some(URL.into());
        parts.limits = Limits::of_demo();
        let village = Village::of(App::new(parts)).await;
        let mut device = SoftKey::new(1, b"somebody");
        let mut slowed = 0;
        for _ in 0..12 {
            let sent = device.show(&here(), &base64url::encode(&[1; 32]));
            slowed += u32::from(enters(&village, "guesser", &sent).await.status == StatusCode::TOO_MANY_REQUESTS);
        }
        assert_eq!(slowed, 2);
    }

    async fn with_a_way_back_and_with_erasing_every_passkey_goes(db) {
        let village = house(db).await;
        let mut phone = added(&village, "granny", "手机").await;
        let homes = village.get("granny", "/api/v1/me/homes").await.answers(200);
        let body = json!({ "mandate": homes["members"][0]["id"] });
        let way = village.call("captain", "/api/v1/ways-back", "first", &body).await.answers(201);
        let id = way["id"].as_str().unwrap().to_owned();
        village.call("community", &format!("/api/v1/ways-back/{id}/confirm"), "second", &json!({})).await.answers(200);
        let code = commons::people::back::store::code(&village.app.secrets, id.parse().unwrap());
        let back = [("code", code.as_str()), ("password", "石榴园的冬天很长")];
        let seen = village.fill("desk", "/sign-in/back", "/sign-in/back", &back).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
        let asked = question(&village, "phone").await;
        stays_out(&village, "phone", &phone.show(&here(), &asked), UNKNOWN).await;
        added(&village, "tenant", "手机").await;
        let tenant = account(&village, "tenant").await;
        village.call("tenant", "/api/v1/me/data/erase", "all", &json!({ "sure": true })).await.answers(200);
        assert!(store::mine(&village.app.db, tenant).await.unwrap().is_empty());
    }
}

//! Stories of an office that signs its own people in, told with a provider that lies as it is told.

use crate::village::{MORNING, Seen, Village, parts_on};
use axum::http::StatusCode;
use commons::people::provider::store;
use commons::place::{TenantId, store as places};
use kit::db::Db;
use kit::oidc::soft::{CLIENT, Lie, SECRET, SoftProvider};
use kit::on_both;
use kit::outgoing::Outgoing;
use kit::time::Moment;
use kit::web::App;
use serde_json::json;

const HERE: &str = "/office/provider";
const DEVICES: &str = "/me/devices";

/// The village, and the office of its community.
async fn house(db: Db) -> (Village, SoftProvider, TenantId) {
    let mut parts = parts_on(db, true);
    parts.config.public_url = Some("http://mulin.localhost:3000".into());
    parts.outgoing = Outgoing::new(true);
    let village = Village::of(App::new(parts)).await;
    let provider = SoftProvider::start(MORNING).await;
    let (tenant, _) = places::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
    (village, provider, tenant)
}

async fn set(village: &Village, provider: &SoftProvider) {
    let fields =
        [("name", "榴香统一登录"), ("issuer", provider.issuer.as_str()), ("client", CLIENT), ("secret", SECRET)];
    let seen = village.fill("community", HERE, HERE, &fields).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
}

/// Presses the button and follows it there; gives the address that the browser is sent to.
async fn leaves(village: &Village, who: &str, tenant: TenantId, from: &str, to: &str) -> String {
    let seen = village.fill(who, from, to, &[("provider", &tenant.to_string())]).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
    let address = seen.body.split("<a class=\"button main\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    address.unwrap().replace("&#38;", "&").replace("&amp;", "&")
}

async fn comes_back(village: &Village, who: &str, (code, state): (&str, &str)) -> Seen {
    let back = format!("/sign-in/office/back?code={code}&state={state}");
    village.fill(who, &back, "/sign-in/office/back", &[("code", code), ("state", state)]).await
}

async fn links(village: &Village, provider: &SoftProvider, who: &str, tenant: TenantId, subject: &str) -> Seen {
    let address = leaves(village, who, tenant, DEVICES, "/me/devices/office").await;
    let (code, state) = provider.logs_in(&address, subject);
    comes_back(village, who, (&code, &state)).await
}

async fn enters(village: &Village, provider: &SoftProvider, who: &str, tenant: TenantId, subject: &str) -> Seen {
    let address = leaves(village, who, tenant, "/sign-in", "/sign-in/office").await;
    let (code, state) = provider.logs_in(&address, subject);
    comes_back(village, who, (&code, &state)).await
}

/// Asserts that nobody came in, and why.
fn stayed_out(seen: &Seen, why: &str) {
    assert_eq!((seen.status, &seen.session), (StatusCode::UNPROCESSABLE_ENTITY, &None), "{}", seen.text());
    seen.says(why);
}

const WRONG: &str = "没有说清楚您是谁";
const OVER: &str = "等得太久，或者已经用过一次了";

on_both! { &crate::migrations();
    async fn somebody_in_office_links_their_account_once_and_comes_in_by_it(db) {
        let (mut village, provider, tenant) = house(db).await;
        village.get("captain", DEVICES).await.says_not("单位统一登录");
        set(&village, &provider).await;
        village.get("community", HERE).await.says("榴香统一登录").says("已经有一个").says_not(SECRET)
            .says("http://mulin.localhost:3000/sign-in/office/back");
        // Whoever only lives here is not offered it, and cannot ask for it.
        village.get("granny", DEVICES).await.says_not("单位统一登录");
        let id = tenant.to_string();
        assert_eq!(village.forge("granny", "/me/devices/office", &[("provider", &id)]).await.status, StatusCode::NOT_FOUND);
        // Not linked yet.
        stayed_out(&enters(&village, &provider, "phone", tenant, "worker-7").await, "还没有连到这里的人");
        village.get("captain", DEVICES).await.says("连上我的单位账号");
        let linked = links(&village, &provider, "captain", tenant, "worker-7").await;
        assert_eq!((linked.status, linked.location.as_str()), (StatusCode::SEE_OTHER, DEVICES), "{}", linked.text());
        village.get("captain", DEVICES).await.says("断开").says_not("连上我的单位账号");
        village.get("captain", "/me").await.says("您的账号连上了单位统一登录");
        let entered = enters(&village, &provider, "phone", tenant, "worker-7").await;
        assert_eq!(entered.location, "/", "{}", entered.text());
        village.remember("phone", &entered);
        village.get("phone", DEVICES).await.says("用户名：captain");
        // Another subject is another person; one subject is one person.
        stayed_out(&enters(&village, &provider, "other", tenant, "worker-8").await, "还没有连到这里的人");
        let taken = links(&village, &provider, "property", tenant, "worker-7").await;
        assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
        taken.says("已经连着另一个人了");
        village.get("captain", "/me/data/export.json").await.says("office_sign_in").says_not("worker-7");
        // Without an office the same account stays outside.
        let seats = village.get("community", "/api/v1/people").await.answers(200);
        let seat = seats["mandates"].as_array().or(seats["people"].as_array()).into_iter().flatten()
            .find(|one| one["login"] == "captain").map(|one| one["id"].as_str().unwrap().to_owned()).unwrap();
        village.fill("community", "/office/people", "/office/people/end", &[("mandate", &seat)]).await;
        stayed_out(&enters(&village, &provider, "late", tenant, "worker-7").await, "没有岗位了");
    }

    async fn what_the_office_says_wrongly_lets_nobody_in(db) {
        let (village, provider, tenant) = house(db).await;
        set(&village, &provider).await;
        links(&village, &provider, "captain", tenant, "worker-7").await;
        let lie = Lie::default;
        for lie in [
            Lie { nonce: Some("another".into()), ..lie() },
            Lie { audience: Some(json!("another")), ..lie() },
            Lie { issuer: Some("https://evil.example".into()), ..lie() },
            Lie { age: 1_000, ..lie() },
            Lie { alg: Some("none"), ..lie() },
            Lie { foreign: true, ..lie() },
        ] {
            provider.lies(lie);
            stayed_out(&enters(&village, &provider, "phone", tenant, "worker-7").await, WRONG);
        }
        provider.lies(lie());
        // A state that was used, one of another browser, one nobody gave out, one that has waited too long.
        let address = leaves(&village, "phone", tenant, "/sign-in", "/sign-in/office").await;
        let (code, state) = provider.logs_in(&address, "worker-7");
        assert!(comes_back(&village, "phone", (&code, &state)).await.session.is_some());
        let (again, _) = provider.logs_in(&address, "worker-7");
        stayed_out(&comes_back(&village, "phone", (&again, &state)).await, OVER);
        let address = leaves(&village, "phone", tenant, "/sign-in", "/sign-in/office").await;
        let (code, state) = provider.logs_in(&address, "worker-7");
        stayed_out(&comes_back(&village, "thief", (&code, &state)).await, OVER);
        stayed_out(&comes_back(&village, "phone", (&code, "AAAA")).await, OVER);
        village.wait(Moment::minutes(5));
        stayed_out(&comes_back(&village, "phone", (&code, &state)).await, OVER);
        // Away: the page says so, with the other ways in.
        provider.lies(Lie { away: true, ..lie() });
        let seen = village.fill("phone", "/sign-in", "/sign-in/office", &[("provider", &tenant.to_string())]).await;
        stayed_out(&seen, "现在连不上");
        seen.says("name=\"password\"").says("/sign-in/letter");
        // Whoever turns back finds the page that they left.
        assert_eq!(village.get("phone", "/sign-in/office/back?error=access_denied&state=x").await.location, "/sign-in");
        assert_eq!(village.get("captain", "/sign-in/office/back?error=access_denied").await.location, DEVICES);
    }

    async fn it_is_set_and_ended_by_those_who_keep_the_register(db) {
        let (village, provider, tenant) = house(db).await;
        for who in ["granny", "captain", "property", "committee"] {
            assert_eq!(village.get(who, HERE).await.status, StatusCode::FORBIDDEN, "{who}");
        }
        for issuer in ["login.example", "ftp://login.example", "https://login.example/?a=b", "https://a b.example"] {
            let fields = [("name", "x"), ("issuer", issuer), ("client", CLIENT), ("secret", "kept-from-pages")];
            let seen = village.fill("community", HERE, HERE, &fields).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{issuer}");
            seen.says("这个网址不对").says_not("kept-from-pages");
        }
        let body = json!({ "name": "统一登录", "issuer": provider.issuer, "client": CLIENT, "secret": SECRET });
        village.call("community", "/api/v1/provider", "set", &body).await.answers(200);
        let told = village.get("community", "/api/v1/provider").await.answers(200);
        assert_eq!((&told["provider"]["has_secret"], &told["provider"]["client"]), (&json!(true), &json!(CLIENT)));
        links(&village, &provider, "captain", tenant, "worker-7").await;
        let (app, account) = (&village.app, commons::people::store::account(&village.app.db, "captain").await.unwrap().unwrap().0);
        assert!(store::mine(&app.db, account).await.unwrap()[0].since.is_some());
        // With another secret links stay, with another issuer none does, and the old secret goes with the old issuer.
        let body = json!({ "name": "统一登录", "issuer": provider.issuer, "client": CLIENT });
        village.call("community", "/api/v1/provider", "again", &body).await.answers(200);
        assert_eq!(store::of(&app.db, &app.secrets, tenant).await.unwrap().unwrap().secret.as_deref(), Some(SECRET));
        assert!(store::mine(&app.db, account).await.unwrap()[0].since.is_some());
        let body = json!({ "name": "统一登录", "issuer": "https://login.example", "client": CLIENT });
        village.call("community", "/api/v1/provider", "other", &body).await.answers(200);
        assert_eq!(store::of(&app.db, &app.secrets, tenant).await.unwrap().unwrap().secret, None);
        assert!(store::mine(&app.db, account).await.unwrap()[0].since.is_none());
        village.fill("community", HERE, "/office/provider/end", &[]).await;
        village.get("stranger", "/sign-in").await.says_not("单位账号");
    }

    async fn unlinking_leaves_another_way_in(db) {
        let (village, provider, tenant) = house(db).await;
        set(&village, &provider).await;
        links(&village, &provider, "captain", tenant, "worker-7").await;
        let id = tenant.to_string();
        let alone = village.fill("captain", DEVICES, "/me/devices/office/remove", &[("provider", &id)]).await;
        assert_eq!(alone.status, StatusCode::CONFLICT);
        alone.says("唯一办法");
        village.fill("captain", DEVICES, "/me/devices/password", &[("old", ""), ("password", "石榴园的春天很长")]).await;
        let gone = village.fill("captain", DEVICES, "/me/devices/office/remove", &[("provider", &id)]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text());
        stayed_out(&enters(&village, &provider, "phone", tenant, "worker-7").await, "还没有连到这里的人");
    }
}

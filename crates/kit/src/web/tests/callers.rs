//! Who calls: from which host, address and session, and how often.

use super::*;
use crate::Error;
use crate::web::limits::{Knock, pair};
use crate::web::serve::Peer;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc};

async fn signed_in(app: &App, account: Uuid) -> String {
    let context = app.context();
    let opened = app.db.transact(&context, |tx| Box::pin(async move { session::open(tx, account, "phone").await }));
    opened.await.unwrap()
}

fn posted(body: String, session: &str) -> Request<Body> {
    Request::post("/save")
        .header(header::HOST, "mulin.example")
        .header(header::COOKIE, format!("mulin_v={VISITOR}; mulin_s={session}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap()
}

async fn token_of(app: &App, session: &str) -> String {
    text(ask(app, get_page("/form").header(header::COOKIE, format!("mulin_s={session}"))).await).await
}

on_both! { crate::MIGRATIONS;
    async fn forms_and_keys_belong_to_the_session_they_were_made_for(db) {
        let app = app(db.clone());
        let (ann, ben) = (signed_in(&app, Uuid::from_u128(1)).await, signed_in(&app, Uuid::from_u128(2)).await);
        let (of_ann, of_ben) = (token_of(&app, &ann).await, token_of(&app, &ben).await);
        let body = |csrf: &str| format!("_csrf={csrf}&_key=abcdefghijklmnop&name=x");
        for (name, csrf) in [("another's", of_ben.as_str()), ("from before the sign-in", &csrf_of(&app))] {
            assert_eq!(send(&app, posted(body(csrf), &ann)).await.0, StatusCode::FORBIDDEN, "{name}");
        }
        let first = send(&app, posted(body(&of_ann), &ann)).await;
        assert_eq!(first.0, StatusCode::SEE_OTHER);
        assert_eq!(send(&app, posted(body(&of_ann), &ann)).await.1, first.1);
        let (status, _, page) = send(&app, posted(body(&of_ben), &ben)).await;
        assert_eq!((status, page.as_str()), (StatusCode::CONFLICT, "<p>request-key/other-body</p>"));
        assert_eq!(count(&db).await, 1);
    }

    async fn a_session_in_use_goes_on_and_an_unused_or_old_one_ends(db) {
        let app = app(db.clone());
        let account = Uuid::from_u128(9);
        let token = signed_in(&app, account).await;
        let visit = async || text(ask(&app, get_page("/form").header(header::COOKIE, format!("mulin_s={token}"))).await).await;
        let ours = visit().await;
        let begun = app.clock.now();
        for _ in 0..8 {
            app.clock.advance(Moment::days(20));
            assert_eq!(visit().await, ours, "still signed in");
            let now = app.clock.now();
            let noted = async {
                while session::find(&db, &token, now).await.unwrap().unwrap().seen != now {
                    tokio::task::yield_now().await;
                }
            };
            tokio::time::timeout(Duration::from_secs(10), noted).await.expect("the visit is noted");
        }
        assert_eq!(app.clock.now() - begun, Moment::days(160));
        app.clock.advance(Moment::days(21));
        assert_ne!(visit().await, ours, "after 180 days it is over in any case");
        let other = signed_in(&app, account).await;
        let now = app.clock.now();
        assert!(session::find(&db, &other, now + Moment::days(29)).await.unwrap().is_some());
        assert!(session::find(&db, &other, now + Moment::days(30)).await.unwrap().is_none());
        let purged = db.transact(&app.context(), |tx| Box::pin(async move { session::purge(tx).await })).await.unwrap();
        assert_eq!(purged, 1);
        db.transact(&app.context(), |tx| Box::pin(async move { session::close_all(tx, account).await })).await.unwrap();
        assert!(session::find(&db, &other, now).await.unwrap().is_none());
    }

    async fn keys_are_forgotten_after_a_week_and_not_before(db) {
        let app = app(db.clone());
        let body = || format!("_csrf={}&_key=abcdefghijklmnop&name=x", csrf_of(&app));
        let first = send(&app, post_form().body(Body::from(body())).unwrap()).await.1;
        let purge = async || db.transact(&app.context(), |tx| Box::pin(async move { keys::purge(tx).await })).await.unwrap();
        app.clock.advance(Moment::days(7));
        assert_eq!(purge().await, 0);
        assert_eq!(send(&app, post_form().body(Body::from(body())).unwrap()).await.1, first);
        app.clock.advance(1);
        assert_eq!(purge().await, 1);
    }

    async fn a_deed_without_a_look_at_the_session_is_not_done(db) {
        let app = app(db.clone());
        let token = signed_in(&app, Uuid::from_u128(9)).await;
        db.transact(&app.context(), |tx| Box::pin(async move { tx.run("drop table session", params![]).await })).await.unwrap();
        let body = format!("_csrf={}&_key=abcdefghijklmnop&name=x", csrf_of(&app));
        assert!(send(&app, posted(body.clone(), &token)).await.0.is_server_error());
        assert_eq!(count(&db).await, 0);
        let page = ask(&app, get_page("/form").header(header::COOKIE, format!("mulin_s={token}"))).await;
        assert_eq!(page.status(), StatusCode::OK, "pages that need nobody still open");
        assert_eq!(send(&app, post_form().body(Body::from(body)).unwrap()).await.0, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn hanging_up_does_not_stop_a_deed_in_its_middle() {
    let (_fresh, app) = on_sqlite().await;
    let (go, (begun, mut begins), (done, mut ends)) = (Arc::new(Notify::new()), mpsc::channel(1), mpsc::channel(1));
    let waiting = go.clone();
    let deed = async move |State(app): State<App>| {
        begun.send(()).await.unwrap();
        waiting.notified().await;
        let context = app.context();
        let added =
            app.db.transact(&context, |tx| Box::pin(async move { tx.run(ADD, params![Uuid::nil(), "a", "b"]).await }));
        done.send(added.await.is_ok()).await.unwrap();
    };
    let routes = door::guard(&app, Router::new().route("/deed", post(deed))).with_state(app.clone());
    let request = Request::post("/deed").header(header::HOST, "h").body(Body::empty()).unwrap();
    let calling = tokio::spawn(routes.oneshot(request));
    begins.recv().await.unwrap();
    calling.abort();
    assert!(calling.await.unwrap_err().is_cancelled());
    go.notify_one();
    let done = tokio::time::timeout(Duration::from_secs(10), ends.recv()).await.expect("the deed goes on");
    assert_eq!((done, count(&app.db).await), (Some(true), 1));
}

#[tokio::test]
async fn a_host_is_one_well_formed_and_the_same_everywhere() {
    let (_fresh, app) = on_sqlite().await;
    for host in ["", "a b", "evil.example/x", "user@evil.example", "a\tb", "a,b"] {
        let status = ask(&app, Request::get("/form").header(header::HOST, host)).await.status();
        assert_eq!(status, StatusCode::BAD_REQUEST, "{host:?}");
    }
    for host in ["mulin.example", "mulin.example:3000", "[::1]:3000", "127.0.0.1"] {
        assert_eq!(
            ask(&app, Request::get("/form").header(header::HOST, host)).await.status(),
            StatusCode::OK,
            "{host}"
        );
    }
    let other = Request::get("http://evil.example/form").header(header::HOST, "mulin.example");
    assert_eq!(ask(&app, other).await.status(), StatusCode::BAD_REQUEST);
    let same = Request::get("http://mulin.example/form").header(header::HOST, "Mulin.example");
    assert_eq!(ask(&app, same).await.status(), StatusCode::OK);
    let second = Request::get("http://mulin.example/form").version(axum::http::Version::HTTP_2);
    assert_eq!(ask(&app, second).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_address_is_the_socket_s_or_what_our_own_proxy_added_last() {
    let (_fresh, app) = on_sqlite().await;
    let proxied = app_with(app.db.clone(), Config { trusted_proxy: true, ..Config::default() }, Limits::open_wide());
    let peer = |text: &str| Peer(text.parse().unwrap());
    let call = || get_page("/who").extension(peer("198.51.100.7:999"));
    let named = || call().header("x-forwarded-for", "1.1.1.1, 203.0.113.5");
    assert_eq!(text(ask(&app, named()).await).await, "198.51.100.7");
    assert_eq!(text(ask(&proxied, named()).await).await, "203.0.113.5");
    let two_lines = named().header("x-forwarded-for", "203.0.113.6");
    assert_eq!(text(ask(&proxied, two_lines).await).await, "203.0.113.6");
    assert_eq!(text(ask(&proxied, call().header("x-forwarded-for", "[2001:db8::1]:44")).await).await, "2001:db8::1");
    assert_eq!(text(ask(&proxied, call().header("x-forwarded-for", "unknown")).await).await, "198.51.100.7");
    let mapped = get_page("/who").extension(peer("[::ffff:203.0.113.5]:1"));
    assert_eq!(text(ask(&app, mapped).await).await, "203.0.113.5");
}

#[test]
fn knocking_is_limited_by_account_address_and_network() {
    let limits = Limits::default();
    let knocks =
        |knock, who: &dyn Fn(u32) -> String| (0..5_000).take_while(|n| limits.check(knock, &who(*n)).is_ok()).count();
    let ann = |from: &str| pair("ann", from);
    assert_eq!(knocks(Knock::SignIn, &|_| ann("203.0.113.5")), 10);
    assert_eq!(knocks(Knock::SignIn, &|_| ann("203.0.113.6")), 10, "another caller is not kept out");
    assert_eq!(knocks(Knock::SignIn, &|_| pair("ben", "203.0.113.5")), 10);
    assert_eq!(knocks(Knock::SignIn, &|n| ann(&format!("2001:db8:1:2::{n:x}"))), 10, "one network is one caller");
    assert_eq!(knocks(Knock::SignInOf, &|_| "ann".into()), 200);
    assert_eq!(knocks(Knock::SignInFrom, &|_| "203.0.113.5".into()), 100);
    assert_eq!(knocks(Knock::Code, &|n| format!("2001:db8:1:2::{n:x}")), 40, "one network is one caller");
    assert!(limits.check(Knock::Code, "2001:db8:1:3::1").is_ok());
    assert!(limits.check(Knock::Code, "203.0.113.5").is_ok());
    assert!(
        matches!(limits.check(Knock::SignIn, &ann("203.0.113.5")), Err(Error::TooMany(seconds)) if (1..=91).contains(&seconds))
    );
}

#[tokio::test]
async fn a_page_without_encryption_may_not_post_to_one_with_it() {
    let (_fresh, plain) = on_sqlite().await;
    let config = Config { public_url: Some("https://mulin.example".into()), ..Config::default() };
    let app = app_with(plain.db.clone(), config, Limits::open_wide());
    let post = |origin: &str| {
        let body = format!("_csrf={}&_key=abcdefghijklmnop&name=x", csrf_of(&app));
        Request::post("/save")
            .header(header::HOST, "mulin.example")
            .header(header::COOKIE, format!("__Host-mulin_v={VISITOR}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("origin", origin)
            .body(Body::from(body))
            .unwrap()
    };
    assert_eq!(send(&app, post("http://mulin.example")).await.0, StatusCode::FORBIDDEN);
    assert_eq!(send(&app, post("https://mulin.example")).await.0, StatusCode::SEE_OTHER);
}

//! The door against those who push, linger, repeat, or come from elsewhere.

use super::answer::{Answer, Told, html, see_other};
use super::app::{App, Config, Parts};
use super::limits::Limits;
use super::serve::{Patience, serve};
use super::{Call, Form, door, keys, session};
use crate::db::{Db, Dialect, testing};
use crate::media::Media;
use crate::secrets::Secrets;
use crate::time::{Clock, Moment};
use crate::{Uuid, on_both, params};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request, StatusCode, header};
use axum::routing::{get, post};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::ServiceExt;

fn app(db: Db) -> App {
    let folder = std::env::temp_dir().join("mulin_door_media");
    App::new(Parts {
        db,
        clock: Clock::at(Moment(1_800_000_000_000)),
        ids: Default::default(),
        secrets: Secrets::from_bytes([5; 32]),
        media: Media::in_folder(&folder).unwrap(),
        config: Config { data: std::env::temp_dir(), ..Config::default() },
        live: Default::default(),
        limits: Limits::open_wide(),
        bell: Default::default(),
        listeners: &[],
        error_page: |_, told: &Told| format!("<p>{}</p>", told.reason),
        metrics: None,
        stopping: false.into(),
    })
}

const ADD: &str = "insert into setting (tenant, name, value) values ($1, $2, $3)";
const COUNT: &str = "select count(*) as n from setting";

async fn form_page(call: Call) -> Answer {
    Ok(html(call.csrf))
}

async fn save(State(app): State<App>, call: Call, form: Form) -> Answer {
    let _ = &call;
    let (context, name) = (app.context(), form.text("name"));
    let to = keys::once(&app, &context, Uuid::nil(), &form.key, &|tx| {
        Box::pin(async move {
            tokio::task::yield_now().await;
            let id = hex::encode(tx.ids().secret());
            tx.run(ADD, params![Uuid::nil(), &id, name]).await?;
            Ok(format!("/saved/{id}"))
        })
    })
    .await?;
    Ok(see_other(&to))
}

fn routes(app: &App) -> Router {
    let routes = Router::new()
        .route("/form", get(form_page))
        .route("/save", post(save))
        .route("/panic", get(async || -> &'static str { panic!("on purpose") }))
        .route("/readyz", get(super::health::readyz));
    door::guard(app, routes).with_state(app.clone())
}

const VISITOR: &str = "0123456789abcdef0123456789abcdef";

fn csrf_of(app: &App) -> String {
    hex::encode(&app.secrets.mac("csrf", &[VISITOR.as_bytes()])[..16])
}

fn post_form(body: String) -> axum::http::request::Builder {
    let _ = body;
    Request::post("/save")
        .header(header::HOST, "mulin.example")
        .header(header::COOKIE, format!("mulin_v={VISITOR}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

async fn send(app: &App, request: Request<Body>) -> (StatusCode, String, String) {
    let response = routes(app).oneshot(request).await.unwrap();
    let status = response.status();
    let location = response.headers().get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned());
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, location.unwrap_or_default(), String::from_utf8(body.into()).unwrap())
}

async fn count(db: &Db) -> i64 {
    db.one(COUNT, params![]).await.unwrap().unwrap().get("n").unwrap()
}

on_both! { crate::MIGRATIONS;
    async fn a_form_sent_sixteen_times_at_once_is_one_deed_with_one_answer(db) {
        let app = app(db.clone());
        let body = format!("_csrf={}&_key=abcdefghijklmnop&name=x", csrf_of(&app));
        let mut all = Vec::new();
        for _ in 0..16 {
            let (app, body) = (app.clone(), body.clone());
            all.push(tokio::spawn(async move {
                send(&app, post_form(String::new()).body(Body::from(body)).unwrap()).await
            }));
        }
        let mut answers = std::collections::BTreeSet::new();
        for one in all {
            let (status, location, body) = one.await.unwrap();
            assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
            answers.insert(location);
        }
        assert_eq!((answers.len(), count(&db).await), (1, 1));
        let other = format!("_csrf={}&_key=abcdefghijklmnop&name=y", csrf_of(&app));
        let (status, _, page) = send(&app, post_form(String::new()).body(Body::from(other)).unwrap()).await;
        assert_eq!((status, page.as_str()), (StatusCode::CONFLICT, "<p>request-key/other-body</p>"));
    }

    async fn forms_from_elsewhere_change_nothing(db) {
        let app = app(db.clone());
        let good = format!("_csrf={}&_key=abcdefghijklmnop&name=x", csrf_of(&app));
        let bare = "_key=abcdefghijklmnop&name=x".to_owned();
        let other = format!("_csrf={}&_key=abcdefghijklmnop&name=x", "0".repeat(32));
        let wrong: Vec<(&str, Request<Body>)> = vec![
            ("no token", post_form(String::new()).body(Body::from(bare)).unwrap()),
            ("another visitor's token", post_form(String::new()).body(Body::from(other)).unwrap()),
            ("foreign origin", post_form(String::new()).header("origin", "https://evil.example").body(Body::from(good.clone())).unwrap()),
            ("null origin", post_form(String::new()).header("origin", "null").body(Body::from(good.clone())).unwrap()),
            ("cross-site", post_form(String::new()).header("sec-fetch-site", "cross-site").body(Body::from(good.clone())).unwrap()),
            ("plain text", Request::post("/save").header(header::HOST, "mulin.example").header(header::COOKIE, format!("mulin_v={VISITOR}"))
                .header(header::CONTENT_TYPE, "text/plain").body(Body::from(good.clone())).unwrap()),
            ("no key", post_form(String::new()).body(Body::from(format!("_csrf={}&name=x", csrf_of(&app)))).unwrap()),
        ];
        for (name, request) in wrong {
            let (status, _, _) = send(&app, request).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{name}");
        }
        assert_eq!(count(&db).await, 0);
        let ours = post_form(String::new()).header("origin", "http://mulin.example").body(Body::from(good)).unwrap();
        assert_eq!(send(&app, ours).await.0, StatusCode::SEE_OTHER);
    }

    async fn a_session_is_found_until_it_is_closed_or_too_old(db) {
        let app = app(db.clone());
        let account = Uuid::from_u128(9);
        let token = db.transact(&app.context(), |tx| Box::pin(async move { session::open(tx, account, "phone").await })).await.unwrap();
        let now = app.clock.now();
        let found = session::find(&db, &token, now).await.unwrap().unwrap();
        assert_eq!(found.account, account);
        assert!(session::find(&db, &token, now + Moment::days(31)).await.unwrap().is_none());
        let found = &found;
        db.transact(&app.context(), |tx| Box::pin(async move { session::close(tx, found).await })).await.unwrap();
        assert!(session::find(&db, &token, now).await.unwrap().is_none());
    }

    async fn every_statement_of_the_door_is_understood_and_the_house_is_ready(db) {
        for sql in session::STATEMENTS.iter().chain(keys::STATEMENTS).chain(super::super::health::STATEMENTS) {
            db.prepare(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        }
        let app = app(db);
        let ready = Request::get("/readyz").header(header::HOST, "h").body(Body::empty()).unwrap();
        assert_eq!(send(&app, ready).await.0, StatusCode::OK);
    }
}

async fn on_sqlite() -> (testing::TestDb, App) {
    let fresh = testing::fresh(Dialect::Sqlite, crate::MIGRATIONS).await.unwrap();
    let app = app(fresh.db.clone());
    (fresh, app)
}

#[tokio::test]
async fn two_hosts_or_none_are_refused_and_a_panic_is_an_incident() {
    let (_fresh, app) = on_sqlite().await;
    let none = Request::get("/form").body(Body::empty()).unwrap();
    assert_eq!(send(&app, none).await.0, StatusCode::BAD_REQUEST);
    let two = Request::get("/form").header(header::HOST, "a").header(header::HOST, "b").body(Body::empty()).unwrap();
    assert_eq!(send(&app, two).await.0, StatusCode::BAD_REQUEST);
    let panic = Request::get("/panic").header(header::HOST, "a").body(Body::empty()).unwrap();
    assert_eq!(
        send(&app, panic).await,
        (StatusCode::INTERNAL_SERVER_ERROR, String::new(), "<p>house/internal</p>".into())
    );
    let nowhere = Request::get("/nowhere").header(header::HOST, "a").body(Body::empty()).unwrap();
    assert_eq!(send(&app, nowhere).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn slow_callers_are_hung_up_on_and_a_stop_lets_others_finish() {
    let (_fresh, app) = on_sqlite().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let short = Duration::from_millis(150);
    let patience = Patience { first_byte: short, headers: short, finish: short, connections: 8 };
    let serving = tokio::spawn(serve(listener, routes(&app), patience, stopped));

    let mut silent = tokio::net::TcpStream::connect(to).await.unwrap();
    let mut slow = tokio::net::TcpStream::connect(to).await.unwrap();
    slow.write_all(b"GET /form HTTP/1.1\r\nHost: h\r\nX-Slow: ").await.unwrap();
    let mut end = Vec::new();
    tokio::time::timeout(Duration::from_secs(5), silent.read_to_end(&mut end)).await.expect("hung up").unwrap();
    assert!(end.is_empty());
    let _ = tokio::time::timeout(Duration::from_secs(5), slow.read_to_end(&mut end)).await.expect("hung up");
    assert!(!String::from_utf8_lossy(&end).contains("200 OK"));

    let mut quick = tokio::net::TcpStream::connect(to).await.unwrap();
    quick.write_all(b"GET /form HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut page = String::new();
    quick.read_to_string(&mut page).await.unwrap();
    assert!(page.starts_with("HTTP/1.1 200 OK") && page.contains("content-security-policy"), "{page}");
    stop.send(true).unwrap();
    serving.await.unwrap().unwrap();
    assert!(tokio::net::TcpStream::connect(to).await.is_err());
}

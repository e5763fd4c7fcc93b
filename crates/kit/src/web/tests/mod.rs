//! The door against those who push, linger, repeat, or come from elsewhere.

mod answers;
mod bodies;
mod callers;
mod sockets;

use super::answer::{Answer, Told, html, see_other};
use super::app::{App, Config, Parts};
use super::door::Within;
use super::json::JsonCall;
use super::limits::Limits;
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
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use metrics_exporter_prometheus::PrometheusHandle;
use tower::ServiceExt;

fn app(db: Db) -> App {
    app_with(db, Config::default(), Limits::open_wide())
}

fn app_with(db: Db, config: Config, limits: Limits) -> App {
    app_counted(db, config, limits, None)
}

/// A folder for data is given to those who name none.
fn app_counted(db: Db, mut config: Config, limits: Limits, metrics: Option<PrometheusHandle>) -> App {
    let folder = std::env::temp_dir().join("mulin_door_media");
    if config.data.as_os_str().is_empty() {
        config.data = std::env::temp_dir();
    }
    App::new(Parts {
        db,
        clock: Clock::at(Moment(1_800_000_000_000)),
        ids: Default::default(),
        secrets: Secrets::from_bytes([5; 32]),
        media: Media::in_folder(&folder).unwrap(),
        config,
        mail: None,
        sms: None,
        outgoing: Default::default(),
        live: Default::default(),
        limits,
        bell: Default::default(),
        listeners: &[],
        error_page: |_, told: &Told| {
            format!("<p>{}</p>", [&[told.reason.to_string()][..], &told.differing].concat().join(" "))
        },
        error_answer: |_, _| None,
        metrics,
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

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Thing {
    name: String,
}

fn routes(app: &App) -> Router {
    routes_within(app, Within::default())
}

fn routes_within(app: &App, within: Within) -> Router {
    let routes = Router::new()
        .route("/form", get(form_page))
        .route("/save", post(save))
        .route("/panic", get(async || -> &'static str { panic!("on purpose") }))
        .route("/readyz", get(super::health::readyz))
        .route("/metrics", get(super::health::metrics))
        .route("/who", get(async |call: Call| call.address.to_string()))
        .route("/code/{code}", get(form_page))
        .route(
            "/live",
            get(async |State(app): State<App>, call: Call| {
                Answer::Ok(app.live.stream("case/1".into(), call.address)?.into_response())
            }),
        )
        .route("/style.css", get(async || ([(header::CACHE_CONTROL, "public, max-age=31536000")], "a{}")))
        .route("/big", get(async || "x".repeat(32 << 20)))
        .route("/upload", post(async |form: Form| Answer::Ok(format!("{} files", form.files.len()).into_response())))
        .route("/api/v1/things", post(async |call: JsonCall<Thing>| Answer::Ok(call.body.name.into_response())));
    door::guard_within(app, routes, within).with_state(app.clone())
}

const VISITOR: &str = "0123456789abcdef0123456789abcdef";

fn csrf_of(app: &App) -> String {
    hex::encode(&app.secrets.mac("csrf", &[VISITOR.as_bytes()])[..16])
}

fn post_form() -> axum::http::request::Builder {
    Request::post("/save")
        .header(header::HOST, "mulin.example")
        .header(header::COOKIE, format!("mulin_v={VISITOR}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

fn get_page(path: &str) -> axum::http::request::Builder {
    Request::get(path).header(header::HOST, "mulin.example")
}

fn value<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

fn cookies(response: &Response) -> Vec<String> {
    response.headers().get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap().to_owned()).collect()
}

async fn ask(app: &App, request: axum::http::request::Builder) -> Response {
    routes(app).oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn text(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().into()).unwrap()
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
                send(&app, post_form().body(Body::from(body)).unwrap()).await
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
        let (status, _, page) = send(&app, post_form().body(Body::from(other)).unwrap()).await;
        assert_eq!((status, page.as_str()), (StatusCode::CONFLICT, "<p>request-key/other-body name</p>"));
    }

    async fn forms_from_elsewhere_change_nothing(db) {
        let app = app(db.clone());
        let good = format!("_csrf={}&_key=abcdefghijklmnop&name=x", csrf_of(&app));
        let bare = "_key=abcdefghijklmnop&name=x".to_owned();
        let other = format!("_csrf={}&_key=abcdefghijklmnop&name=x", "0".repeat(32));
        let wrong: Vec<(&str, Request<Body>)> = vec![
            ("no token", post_form().body(Body::from(bare)).unwrap()),
            ("another visitor's token", post_form().body(Body::from(other)).unwrap()),
            ("foreign origin", post_form().header("origin", "https://evil.example").body(Body::from(good.clone())).unwrap()),
            ("null origin", post_form().header("origin", "null").body(Body::from(good.clone())).unwrap()),
            ("cross-site", post_form().header("sec-fetch-site", "cross-site").body(Body::from(good.clone())).unwrap()),
            ("plain text", Request::post("/save").header(header::HOST, "mulin.example").header(header::COOKIE, format!("mulin_v={VISITOR}"))
                .header(header::CONTENT_TYPE, "text/plain").body(Body::from(good.clone())).unwrap()),
            ("no key", post_form().body(Body::from(format!("_csrf={}&name=x", csrf_of(&app)))).unwrap()),
        ];
        for (name, request) in wrong {
            let (status, _, _) = send(&app, request).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{name}");
        }
        assert_eq!(count(&db).await, 0);
        let ours = post_form().header("origin", "http://mulin.example").body(Body::from(good)).unwrap();
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
        for sql in super::super::token::statements() {
            db.prepare(&sql).await.unwrap();
        }
        for sql in session::STATEMENTS
            .iter()
            .chain(keys::STATEMENTS)
            .chain(super::super::health::STATEMENTS)
            .chain(super::super::ceremony::STATEMENTS)
            .chain(crate::passkey::store::STATEMENTS) {
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

//! What goes out: headers, cookies, problems, figures, logs, live updates.

use super::*;
use crate::web::heard::Heard;
use crate::web::live::Live;
use futures_util::{FutureExt, StreamExt};

fn https() -> Config {
    Config { public_url: Some("https://mulin.example".into()), ..Config::default() }
}

#[tokio::test]
async fn every_answer_wears_its_headers_and_only_https_asks_for_https() {
    let (_fresh, app) = on_sqlite().await;
    for path in ["/form", "/nowhere", "/panic", "/api/v1/nowhere"] {
        let response = ask(&app, get_page(path)).await;
        let csp = value(&response, "content-security-policy");
        assert!(csp.contains("script-src 'self';") && csp.contains("frame-ancestors 'none'"), "{path}: {csp}");
        assert_eq!(value(&response, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(value(&response, "referrer-policy"), "same-origin", "{path}");
        assert_eq!(value(&response, "cache-control"), "no-store", "{path}");
        assert_eq!(value(&response, "cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(value(&response, "permissions-policy").contains("microphone=(self)"), "{path}");
        assert_eq!(value(&response, "strict-transport-security"), "", "{path}");
    }
    let app = app_with(app.db.clone(), https(), Limits::open_wide());
    let response = ask(&app, get_page("/form")).await;
    assert_eq!(value(&response, "strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn a_visitor_is_named_on_pages_and_never_where_a_cache_could_give_it_to_others() {
    let (_fresh, app) = on_sqlite().await;
    let page = cookies(&ask(&app, get_page("/form")).await);
    assert!(
        page.len() == 1 && page[0].starts_with("mulin_v=") && page[0].contains("; HttpOnly; SameSite=Lax"),
        "{page:?}"
    );
    assert!(!page[0].contains("Secure"));
    for path in ["/style.css", "/who", "/api/v1/nowhere", "/style.css?lang=en"] {
        assert_eq!(cookies(&ask(&app, get_page(path)).await), Vec::<String>::new(), "{path}");
    }
    let app = app_with(app.db.clone(), https(), Limits::open_wide());
    let page = cookies(&ask(&app, get_page("/form")).await);
    assert!(page[0].starts_with("__Host-mulin_v=") && page[0].ends_with("; Secure"), "{page:?}");
    // A neighbouring site can plant a plain cookie; it counts for nothing.
    let planted = ask(&app, get_page("/form").header(header::COOKIE, format!("mulin_v={VISITOR}"))).await;
    assert!(!cookies(&planted)[0].contains(VISITOR));
    let own = ask(&app, get_page("/form").header(header::COOKIE, format!("__Host-mulin_v={VISITOR}"))).await;
    assert_eq!(text(own).await, csrf_of(&app));
}

#[tokio::test]
async fn language_and_elder_mode_stay_once_chosen() {
    let (_fresh, app) = on_sqlite().await;
    let chosen = cookies(&ask(&app, get_page("/form?lang=en&elder=1")).await);
    assert!(chosen.iter().any(|line| line.starts_with("mulin_lang=en;")), "{chosen:?}");
    assert!(chosen.iter().any(|line| line.starts_with("mulin_elder=1;")), "{chosen:?}");
    let back = cookies(&ask(&app, get_page("/form?elder=0").header(header::COOKIE, "mulin_elder=1")).await);
    assert!(back.iter().any(|line| line.starts_with("mulin_elder=0;")), "{back:?}");
    let other = cookies(&ask(&app, get_page("/form?slang=en&q=elder=1")).await);
    assert!(other.iter().all(|line| line.starts_with("mulin_v=")), "{other:?}");
}

#[tokio::test]
async fn programs_are_told_problems_and_when_to_come_back() {
    let (_fresh, app) = on_sqlite().await;
    let json = |body: &'static str, key: Option<&str>, kind: &str| {
        let mut request = Request::post("/api/v1/things").header(header::HOST, "h").header(header::CONTENT_TYPE, kind);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        request.body(Body::from(body)).unwrap()
    };
    let key = Some("abcdefghijklmnop");
    let good = send(&app, json(r#"{"name":"lamp"}"#, key, "Application/JSON; charset=utf-8")).await;
    assert_eq!((good.0, good.2.as_str()), (StatusCode::OK, "lamp"));
    let cases = [
        (json(r#"{"name":"lamp"}"#, None, "application/json"), 422, "form/no-key"),
        (json(r#"{"name":"lamp"}"#, Some("short"), "application/json"), 422, "form/no-key"),
        (json(r#"{"name":"lamp","admin":true}"#, key, "application/json"), 422, "form/json-bad"),
        (json(r#"{"name":"lamp"}"#, key, "text/plain"), 403, "form/not-json"),
        (json(r#"{"name":"lamp"}"#, key, "application/jsonx"), 403, "form/not-json"),
    ];
    for (request, status, reason) in cases {
        let response = routes(&app).oneshot(request).await.unwrap();
        assert_eq!(value(&response, "content-type"), "application/problem+json");
        assert_eq!(response.status().as_u16(), status, "{reason}");
        let problem: serde_json::Value = serde_json::from_str(&text(response).await).unwrap();
        assert_eq!((problem["status"].as_u64(), problem["reason"].as_str()), (Some(u64::from(status)), Some(reason)));
        assert_eq!(problem["errors"][0]["reason"].as_str(), (status == 422).then_some(reason));
    }
    let told = Told::of(&crate::Error::TooMany(17));
    assert_eq!(value(&told.problem(), "retry-after"), "17");
    let told = Told::of(&crate::Error::Unavailable("disk on fire".into()));
    let response = told.problem();
    assert_eq!((response.status().as_u16(), value(&response, "retry-after")), (503, "5"));
    assert!(!text(response).await.contains("fire"));
    let told = Told::of(&crate::Error::internal("a secret detail"));
    let problem = text(told.problem()).await;
    assert!(problem.contains(told.incident.as_deref().unwrap()) && !problem.contains("secret"), "{problem}");
}

#[tokio::test]
async fn figures_are_for_this_machine_or_for_who_has_the_token() {
    let (_fresh, bare) = on_sqlite().await;
    let handle = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder().handle();
    let with = |config| app_counted(bare.db.clone(), config, Limits::open_wide(), Some(handle.clone()));
    let status = async |app: &App, request| ask(app, request).await.status().as_u16();
    let open = with(Config::default());
    let far = crate::web::serve::Peer("203.0.113.9:4000".parse().unwrap());
    assert_eq!(status(&open, get_page("/metrics")).await, 200);
    assert_eq!(status(&open, get_page("/metrics").extension(far)).await, 404);
    assert_eq!(status(&open, get_page("/metrics").header("x-forwarded-for", "203.0.113.9")).await, 404);
    let proxied = with(Config { trusted_proxy: true, ..Config::default() });
    assert_eq!(status(&proxied, get_page("/metrics").header("x-forwarded-for", "203.0.113.9")).await, 404);
    let token = with(Config { metrics_token: Some("t0ken".into()), ..Config::default() });
    assert_eq!(status(&token, get_page("/metrics")).await, 404);
    assert_eq!(status(&token, get_page("/metrics").header("authorization", "Bearer t0ke")).await, 404);
    assert_eq!(status(&token, get_page("/metrics").extension(far).header("authorization", "Bearer t0ken")).await, 200);
}

#[tokio::test]
async fn logs_show_the_route_and_never_what_was_asked_or_said() {
    let (_fresh, app) = on_sqlite().await;
    let heard = Heard::from("info");
    let token = "feedfacefeedfacefeedfacefeedface";
    let page = get_page("/code/SECRETCODE?q=SECRETWORDS").header(header::COOKIE, format!("mulin_s={token}"));
    assert_eq!(ask(&app, page).await.status(), StatusCode::OK);
    let body = format!("_csrf={}&_key=SECRETKEYSECRETKEY&name=SECRETNAME", csrf_of(&app));
    assert_eq!(send(&app, post_form().body(Body::from(body)).unwrap()).await.0, StatusCode::SEE_OTHER);
    assert_eq!(ask(&app, get_page("/panic?q=SECRETWORDS")).await.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(ask(&app, get_page("/SECRETNOWHERE")).await.status(), StatusCode::NOT_FOUND);
    let logged = heard.lines();
    let answered: Vec<serde_json::Value> = logged
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &serde_json::Value| line["fields"]["message"] == "answered")
        .collect();
    let shown: Vec<_> =
        answered.iter().map(|line| (line["fields"]["route"].as_str(), line["fields"]["status"].as_u64())).collect();
    assert_eq!(
        shown,
        [
            (Some("/code/{code}"), Some(200)),
            (Some("/save"), Some(303)),
            (Some("/panic"), Some(500)),
            (Some("none"), Some(404))
        ]
    );
    assert!(answered.iter().all(|line| line["span"]["id"].as_str().is_some_and(|id| id.len() == 16)), "{logged}");
    assert!(logged.contains("on purpose") && logged.contains("incident"), "{logged}");
    assert!(!logged.contains("SECRET") && !logged.contains(token) && !logged.contains(VISITOR), "{logged}");
}

#[tokio::test]
async fn live_updates_reach_those_who_listen_to_the_topic_and_end_with_the_house() {
    let (_fresh, app) = on_sqlite().await;
    let response = ask(&app, get_page("/live")).await;
    assert_eq!(value(&response, "content-type"), "text/event-stream");
    assert_eq!(app.live.listening(), 1);
    let mut events = response.into_body().into_data_stream();
    app.live.publish("case/2", "other");
    app.live.publish("case/1", "requests/accepted");
    let event = events.next().await.unwrap().unwrap();
    assert_eq!(std::str::from_utf8(&event).unwrap(), "event: changed\ndata: requests/accepted\n\n");
    assert!(events.next().now_or_never().is_none(), "nothing else was told");
    // Somebody far behind hears once that something changed.
    for _ in 0..1_000 {
        app.live.publish("case/9", "noise");
    }
    let event = events.next().await.unwrap().unwrap();
    assert_eq!(std::str::from_utf8(&event).unwrap(), "event: changed\ndata: missed\n\n");
    app.stop();
    assert!(events.next().await.is_none(), "the stream ended");
    drop(events);
    assert_eq!(app.live.listening(), 0);
    assert_eq!(ask(&app, get_page("/live")).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ask(&app, get_page("/readyz")).await.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn one_address_cannot_take_every_place_of_the_listeners() {
    let live = Live::default();
    let (greedy, other) = ([203, 0, 113, 1].into(), [203, 0, 113, 2].into());
    let mut open = Vec::new();
    while let Ok(stream) = live.stream("case/1".into(), greedy) {
        open.push(stream.into_response());
        assert!(open.len() < 1_000, "there is a limit");
    }
    assert!(live.stream("case/1".into(), other).is_ok());
    open.pop();
    assert!(live.stream("case/1".into(), greedy).is_ok(), "a place given back can be taken again");
}

#[tokio::test]
async fn a_house_whose_disk_is_away_says_so() {
    let (_fresh, app) = on_sqlite().await;
    let nowhere = Config { data: "/nowhere/at/all".into(), ..Config::default() };
    let away = app_with(app.db.clone(), nowhere, Limits::open_wide());
    let (status, _, told) = send(&away, get_page("/readyz").body(Body::empty()).unwrap()).await;
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!((status.as_u16(), &told["disk"], &told["database"]), (503, &"not ready".into(), &"ok".into()));
    let all = futures_util::future::join_all((0..16).map(|_| ask(&app, get_page("/readyz")))).await;
    assert!(all.iter().all(|response| response.status() == StatusCode::OK), "probes at once do not disturb each other");
}

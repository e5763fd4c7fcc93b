//! What the house itself reads of strangers: forms with files, calls, cities' arguments, addresses, cookies and proxies' words, a few
//! thousand of them bent, the same ones each time.

use super::samples::say::RED;
use super::samples::{Said, Sent, Stage};
use super::twice::stage;
use crate::village::Village;
use crate::village::described::{self, Exchange};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Request, Uri, header};
use kit::db::{Dialect, testing};
use kit::foreign::{Dice, bent};

const ROUNDS: usize = 600;

fn seeds(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn upload(csrf: &str) -> Vec<Vec<u8>> {
    let photo = hex::decode(RED).unwrap();
    let field = |name: &str, value: &[u8]| {
        [format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").as_bytes(), value, b"\r\n"].concat()
    };
    let file = [
        b"--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\n\r\n".as_slice(),
        &photo,
        b"\r\n--b--\r\n",
    ]
    .concat();
    vec![
        [field("_csrf", csrf.as_bytes()), field("at", b"shiliu/1"), field("words", "灯不亮".as_bytes()), file].concat(),
    ]
}

/// The status of an answer; what is answered to a call is what its description declares.
async fn read(village: &Village, request: Request<Body>) -> u16 {
    let (method, path) = (request.method().clone(), request.uri().to_string());
    let answer = village.answer(request).await;
    let (status, headers) = (answer.status(), answer.headers().clone());
    if path.starts_with("/api/") {
        let body = to_bytes(answer.into_body(), 32 << 20).await.unwrap();
        let told = Exchange { method: &method, path: &path, sent: &[], status, headers: &headers, body: &body };
        assert_eq!(described::answer_fits(&told), Ok(()), "{path}");
    }
    status.as_u16()
}

async fn status(stage: &Stage, kind: &'static str, path: &str, key: &str, csrf: &str, body: Vec<u8>) -> u16 {
    let sent = Sent { who: "granny", path: path.to_owned(), said: Said::Raw(kind, String::new()) };
    let mut request = stage.request(&sent, key, csrf);
    *request.body_mut() = Body::from(body);
    read(&stage.village, request).await
}

fn fine(status: u16) -> bool {
    status < 500 || status == 503
}

#[tokio::test]
async fn whatever_strangers_send_the_house_does_not_stumble() {
    let fresh = testing::fresh(Dialect::Sqlite, &crate::migrations()).await.expect("SQLite is always there.");
    let stage = stage(fresh.db.clone()).await;
    let csrf = stage.csrf("granny").await;
    let calls = seeds(&[
        r#"{"place":"shiliu/1","words":"灯不亮","category":"lift","fields":{"a":["b",1]},"private":false}"#,
        r#"{"compound":"shiliu","pace":"instant"}"#,
    ]);
    let cities =
        seeds(&["api_key=key-of-the-city&service_code=lift&lat=31.2&long=121.4&description=a&attribute[a][]=b"]);
    let mut dice = Dice(20_261_124);
    for (kind, path, seeds) in [
        ("multipart/form-data; boundary=b", "/say/requests", upload(&csrf)),
        ("application/x-www-form-urlencoded", "/say/requests", seeds(&["at=shiliu%2F1&words=a&category=lift&f-a=b"])),
        ("application/json", "/api/v1/requests", calls.clone()),
        ("application/json", "/api/v1/subscriptions", calls),
        ("application/x-www-form-urlencoded", "/open311/v2/requests.json", cities),
    ] {
        for _ in 0..ROUNDS {
            let data = bent(&mut dice, &seeds);
            let told = status(&stage, kind, path, &stage.key(), &csrf, data.clone()).await;
            assert!(fine(told), "{path} answers {told} to {}", hex::encode(&data));
        }
    }
    addresses(&stage.village, &mut dice).await;
}

/// Cursors, paths of places, arguments of cities, and what headers say.
async fn addresses(village: &Village, dice: &mut Dice) {
    let paths = seeds(&[
        "/api/v1/requests?compound=shiliu&before=1795485600000_00000000-0000-7000-8000-000000000000&limit=5",
        "/api/v1/requests/points?compound=shiliu&bbox=31.1,121.3,31.3,121.5",
        "/say/requests/new?at=shiliu/1/1/301&map=&p.x=1&p.y=2",
        "/open311/v2/requests.xml?start_date=2026-01-01T00:00:00Z&status=open&page=2&page_size=10",
        "/say/sheet?building=shiliu/1&week=2026-W10",
        "/say/feed?compound=shiliu&category=lift",
    ]);
    let lines = seeds(&[
        "mulin_s=0123456789abcdef0123456789abcdef; mulin_lang=en",
        "1.2.3.4, [::1]:80",
        "zh;q=0.9,en",
        "bytes=0-5",
        "\"a-full\"",
    ]);
    for _ in 0..ROUNDS * 4 {
        let data = bent(dice, &paths);
        let clean: String = String::from_utf8_lossy(&data).chars().filter(|c| c.is_ascii_graphic()).collect();
        let Ok(uri) = clean.parse::<Uri>() else { continue };
        if uri.path_and_query().is_none() || uri.authority().is_some() || uri.path().ends_with("live") {
            continue;
        }
        let mut request = village.request("stranger", "GET", "/").body(Body::empty()).unwrap();
        *request.uri_mut() = uri;
        let line: Vec<u8> = bent(dice, &lines).into_iter().filter(|b| *b >= 32 && *b != 127).collect();
        if let Ok(value) = HeaderValue::from_bytes(&line) {
            for name in [header::COOKIE, header::ACCEPT_LANGUAGE, header::RANGE, header::IF_NONE_MATCH, header::ORIGIN]
            {
                request.headers_mut().insert(name, value.clone());
            }
            request.headers_mut().insert("x-forwarded-for", value);
        }
        let told = read(village, request).await;
        assert!(fine(told), "{told} is answered to {clean}");
    }
}

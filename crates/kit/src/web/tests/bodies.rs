//! What comes in: too much, too slowly, or files of somebody who is not one of our pages.

use super::*;
use futures_util::stream;
use std::convert::Infallible;
use std::time::Duration;

const BOUNDARY: &str = "mulinboundary";

fn field(name: &str, value: &str) -> Vec<u8> {
    format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes()
}

fn file(bytes: &[u8]) -> Vec<u8> {
    let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"p.jpg\"\r\n\r\n");
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

fn upload(parts: &[Vec<u8>]) -> Request<Body> {
    let body = [parts.concat(), format!("--{BOUNDARY}--\r\n").into_bytes()].concat();
    Request::post("/upload")
        .header(header::HOST, "mulin.example")
        .header(header::COOKIE, format!("mulin_v={VISITOR}"))
        .header(header::CONTENT_TYPE, format!("Multipart/Form-Data; boundary={BOUNDARY}"))
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn files_are_taken_after_the_form_has_shown_that_it_is_ours() {
    let (_fresh, app) = on_sqlite().await;
    let (csrf, key) = (field("_csrf", &csrf_of(&app)), field("_key", "abcdefghijklmnop"));
    let good = send(&app, upload(&[csrf.clone(), key.clone(), file(b"one"), file(b""), file(b"two")])).await;
    assert_eq!((good.0, good.2.as_str()), (StatusCode::OK, "2 files"));
    let foreign = field("_csrf", &"0".repeat(32));
    for parts in [vec![file(b"one"), csrf.clone(), key.clone()], vec![foreign, key.clone(), file(b"one")]] {
        let (status, _, page) = send(&app, upload(&parts)).await;
        assert_eq!((status, page.as_str()), (StatusCode::FORBIDDEN, "<p>form/stale</p>"));
    }
    let seven = [vec![csrf.clone(), key.clone()], vec![file(b"x"); 7]].concat();
    let (status, _, page) = send(&app, upload(&seven)).await;
    assert_eq!((status, page.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "<p>media/too-many</p>"));
    let big = file(&vec![0; crate::media::FILE_BYTES_MAX + 1]);
    let (status, _, page) = send(&app, upload(&[csrf, key, big])).await;
    assert_eq!((status, page.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "<p>media/too-big</p>"));
}

#[tokio::test]
async fn files_share_a_bounded_memory_and_give_it_back() {
    let limits = Limits::default();
    let mut rooms = Vec::new();
    let full = loop {
        let mut room = limits.room();
        if let Err(full) = room.take(12 << 20) {
            break full;
        }
        rooms.push(room);
        assert!(rooms.len() < 1_000, "there is a limit");
    };
    assert!(matches!(full, crate::Error::Unavailable(_)));
    assert_eq!(rooms.len(), 16);
    rooms.pop();
    let mut room = limits.room();
    for _ in 0..12 << 10 {
        room.take(1_000).unwrap();
    }
    assert!(limits.room().take(1 << 20).is_err());
    drop(room);
    assert!(limits.room().take(12 << 20).is_ok());
}

#[tokio::test]
async fn what_is_too_large_is_refused_whether_it_says_so_or_not() {
    let (_fresh, app) = on_sqlite().await;
    let body = format!("_csrf={}&_key=abcdefghijklmnop&name={}", csrf_of(&app), "x".repeat(300 << 10));
    let declared = post_form().header(header::CONTENT_LENGTH, body.len()).body(Body::from(body.clone())).unwrap();
    let pieces: Vec<_> = body.as_bytes().chunks(4096).map(|piece| Ok::<_, Infallible>(piece.to_vec())).collect();
    let undeclared = post_form().body(Body::from_stream(stream::iter(pieces))).unwrap();
    for (how, request) in [("declared", declared), ("undeclared", undeclared)] {
        let (status, _, page) = send(&app, request).await;
        assert_eq!((status, page.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "<p>form/too-long</p>"), "{how}");
    }
    let many =
        (0..65).fold(format!("_csrf={}&_key=abcdefghijklmnop", csrf_of(&app)), |form, n| form + &format!("&f{n}=1"));
    assert_eq!(send(&app, post_form().body(Body::from(many)).unwrap()).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let long = format!("_csrf={}&_key=abcdefghijklmnop&name={}", csrf_of(&app), "x".repeat(21 << 10));
    assert_eq!(send(&app, post_form().body(Body::from(long)).unwrap()).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(count(&app.db).await, 0);
}

#[tokio::test]
async fn a_body_that_comes_a_letter_at_a_time_or_not_at_all_is_given_up() {
    let (_fresh, app) = on_sqlite().await;
    let short = Duration::from_millis(200);
    let begun = format!("_csrf={}&_key=abcdefghijklmnop&name=", csrf_of(&app));
    let dripping = |every: Duration| {
        stream::unfold(Some(begun.clone()), move |first| async move {
            match first {
                Some(begun) => Some((Ok::<_, Infallible>(begun), None)),
                None => {
                    tokio::time::sleep(every).await;
                    Some((Ok("x".to_owned()), None))
                }
            }
        })
    };
    let hour = Duration::from_secs(3600);
    let patient = Within { pause: hour, plain: hour, upload: hour, brisk: hour, answer: hour };
    let cases = [
        ("letters", Duration::from_millis(10), Within { plain: short, ..patient }),
        ("silence", hour, Within { pause: short, ..patient }),
        ("hardly anything", Duration::from_millis(10), Within { brisk: short, ..patient }),
    ];
    for (how, every, within) in cases {
        let request = post_form().body(Body::from_stream(dripping(every))).unwrap();
        let answer = routes_within(&app, within).oneshot(request);
        let response = tokio::time::timeout(Duration::from_secs(10), answer).await.expect("given up").unwrap();
        assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT, "{how}");
    }
    assert_eq!(count(&app.db).await, 0);
}

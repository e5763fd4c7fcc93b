//! The same over real sockets: those who say nothing, say it slowly, say too much, or do not listen.

use super::*;
use crate::web::serve::{Patience, serve};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;

struct Served {
    at: SocketAddr,
    stop: watch::Sender<bool>,
    serving: JoinHandle<std::io::Result<()>>,
}

const LONG: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(200);
const PATIENT: Patience =
    Patience { first_byte: LONG, headers: LONG, idle: LONG, stalled: LONG, finish: LONG, connections: 64 };

async fn served(app: &App, patience: Patience) -> Served {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    Served { at, stop, serving: tokio::spawn(serve(listener, routes(app), patience, stopped)) }
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), what).await.expect("within ten seconds")
}

impl Served {
    async fn says(&self, words: &[u8]) -> TcpStream {
        let mut socket = TcpStream::connect(self.at).await.unwrap();
        socket.write_all(words).await.unwrap();
        socket
    }

    /// Everything that comes back until the other side hangs up.
    async fn until_hung_up(&self, words: &[u8]) -> String {
        let mut socket = self.says(words).await;
        let mut all = Vec::new();
        // A reset ends it as well.
        let _ = soon(socket.read_to_end(&mut all)).await;
        String::from_utf8_lossy(&all).into_owned()
    }

    async fn stops(self) {
        self.stop.send(true).unwrap();
        soon(self.serving).await.unwrap().unwrap();
        assert!(TcpStream::connect(self.at).await.is_err());
    }
}

#[tokio::test]
async fn the_slow_and_the_silent_are_hung_up_on() {
    let (_fresh, app) = on_sqlite().await;
    let house = served(&app, Patience { first_byte: SHORT, ..PATIENT }).await;
    assert_eq!(house.until_hung_up(b"").await, "", "silence");
    let house = served(&app, Patience { headers: SHORT, idle: SHORT, ..PATIENT }).await;
    let half = b"GET /form HTTP/1.1\r\nHost: h\r\nX-Slow: ";
    assert!(!house.until_hung_up(half).await.contains("200 OK"), "half a header");
    // One letter could still become HTTP/2, and its greeting alone asks for nothing.
    assert_eq!(house.until_hung_up(b"P").await, "", "the first letter");
    house.until_hung_up(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
    let kept = house.until_hung_up(b"GET /form HTTP/1.1\r\nHost: h\r\n\r\n").await;
    assert!(kept.starts_with("HTTP/1.1 200 OK"), "{kept}");
}

#[tokio::test]
async fn who_does_not_listen_is_let_go() {
    let (_fresh, app) = on_sqlite().await;
    let house = served(&app, Patience { stalled: SHORT, connections: 1, ..PATIENT }).await;
    let deaf = house.says(b"GET /big HTTP/1.1\r\nHost: h\r\nAccept-Encoding: identity\r\n\r\n").await;
    let next = house.until_hung_up(b"GET /form HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await;
    assert!(next.starts_with("HTTP/1.1 200 OK"), "the only place is free again: {next}");
    drop(deaf);
}

#[tokio::test]
async fn what_is_ambiguous_or_too_long_is_refused() {
    let (_fresh, app) = on_sqlite().await;
    let house = served(&app, PATIENT).await;
    let long =
        format!("GET /form HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-Long: {}\r\n\r\n", "x".repeat(100 << 10));
    let cases: [(&str, &[u8], &str); 5] = [
        ("two hosts", b"GET /form HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", "400"),
        ("no host", b"GET /form HTTP/1.1\r\nConnection: close\r\n\r\n", "400"),
        ("another host", b"GET http://b/form HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "400"),
        ("a long header", long.as_bytes(), "431"),
        (
            "a long body",
            b"POST /save HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000000\r\nConnection: close\r\n\r\n",
            "413",
        ),
    ];
    for (name, words, status) in cases {
        let answer = house.until_hung_up(words).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{name}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{name}: one answer");
    }
}

/// Where a proxy before us could see two requests and we one, or the other way round: one refusal, and the line is closed.
#[tokio::test]
async fn what_two_programs_could_read_two_ways_is_answered_once_and_hung_up_on() {
    let (_fresh, app) = on_sqlite().await;
    let house = served(&app, PATIENT).await;
    let hidden = "GET /form HTTP/1.1\r\nHost: h\r\n\r\n";
    let post = |more: &str, body: &str| format!("POST /save HTTP/1.1\r\nHost: h\r\n{more}\r\n\r\n{body}{hidden}");
    let chunked = |body: &str| post("Transfer-Encoding: chunked", body);
    let cases = [
        ("a length and chunks", post("Content-Length: 6\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        ("chunks and a length", post("Transfer-Encoding: chunked\r\nContent-Length: 6", "0\r\n\r\n")),
        ("two lengths", post("Content-Length: 3\r\nContent-Length: 4", "abc")),
        ("two lengths in one", post("Content-Length: 3, 4", "abc")),
        ("a signed length", post("Content-Length: +3", "abc")),
        ("a length of letters", post("Content-Length: 3x", "abc")),
        ("an unknown coding", post("Transfer-Encoding: xchunked", "0\r\n\r\n")),
        ("chunks that are not last", post("Transfer-Encoding: chunked, identity", "0\r\n\r\n")),
        ("a space before the colon", post("Transfer-Encoding : chunked", "0\r\n\r\n")),
        ("a folded header", format!("GET /form HTTP/1.1\r\nHost: h\r\nX-A: a\r\n b\r\n\r\n{hidden}")),
        ("a NUL in a header", format!("GET /form HTTP/1.1\r\nHost: h\r\nX-A: a\0b\r\n\r\n{hidden}")),
        ("chunks in HTTP/1.0", format!("POST /save HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}")),
        ("a chunk of no number", chunked("zz\r\nab\r\n0\r\n\r\n")),
        ("a chunk beyond counting", chunked("ffffffffffffffff0\r\nab\r\n0\r\n\r\n")),
        ("a line feed in a chunk's extension", chunked("2;\nxx\r\nab\r\n0\r\n\r\n")),
        ("a chunk longer than it says", chunked("1\r\nab\r\n0\r\n\r\n")),
        ("no version", format!("GET /form\r\nHost: h\r\n\r\n{hidden}")),
    ];
    for (name, words) in cases {
        let answer = house.until_hung_up(words.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.0 4"), "{name}: {answer}");
        assert_eq!(answer.matches("HTTP/1.").count(), 1, "{name}: one answer, not {answer}");
    }
}

/// As it is set up in earnest, whoever is slow is gone within half a minute.
#[test]
fn nothing_slow_is_waited_for_longer_than_half_a_minute() {
    let (patience, within) = (Patience::default(), crate::web::door::Within::default());
    let half_a_minute = Duration::from_secs(30);
    let waits = [patience.first_byte, patience.headers, patience.idle, patience.stalled, within.pause, within.plain];
    assert!(waits.iter().all(|wait| *wait <= half_a_minute), "{waits:?}");
    // An honest photo on a poor line may take longer; after this much it must have come at a photo's pace.
    assert!(within.brisk < half_a_minute, "{:?}", within.brisk);
}

#[tokio::test]
async fn a_stop_lets_the_running_finish_and_waits_for_nobody_else() {
    let (_fresh, app) = on_sqlite().await;
    let house = served(&app, PATIENT).await;
    let mut live = house.says(b"GET /live HTTP/1.1\r\nHost: h\r\n\r\n").await;
    let mut head = [0; 15];
    soon(live.read_exact(&mut head)).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    let _idle = house.says(b"GET /form HTTP/1.1\r\nHost: h\r\n\r\n").await;
    app.stop();
    house.stops().await;
    let mut rest = Vec::new();
    soon(live.read_to_end(&mut rest)).await.unwrap();

    // Also with every place taken, and one who never says a word.
    let (_fresh, app) = on_sqlite().await;
    let house = served(&app, Patience { connections: 1, ..PATIENT }).await;
    let _silent = house.says(b"").await;
    tokio::task::yield_now().await;
    house.stops().await;
}

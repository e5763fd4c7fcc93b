//! What a page may cost: statements, and bytes for whoever comes the first time. Every address is asked as every kind of person in
//! `holds/tests/budget.rs`; here stand visits that ask for more than the address alone, and what they show must be there.

use crate::village::Village;
use axum::body::{Body, to_bytes};
use axum::http::{StatusCode, header};
use kit::db::counting;
use kit::on_both;

/// For one page, with the session and the mandates of the one who asks.
const QUERIES_MAX: u32 = 6;

const PAGES: &[(&str, &[&str])] = &[
    (
        "stranger",
        &[
            "/",
            "/about",
            "/about/book",
            "/about/data",
            "/about/who",
            "/say/requests",
            "/say/requests/new",
            "/say/requests/new?at=shiliu/1",
            "/search?q=灯",
            "/say/requests/shiliu-1",
            "/help/captain",
            "/help/captain?at=shiliu/1",
            "/help/captain/board?at=shiliu/1",
            "/help/hub",
            "/help/hub/wall?compound=shiliu",
            "/help/hub/month?compound=shiliu",
            "/help/hub/slip",
            "/help/roster?compound=shiliu",
        ],
    ),
    ("tenant", &["/help/captain", "/help/hub", "/help/hub/entries", "/help/roster", "/help/roster/mine"]),
    ("captain", &["/help/captain", "/help/captain/building?at=shiliu/1", "/help/captain/notice?at=shiliu/1"]),
    (
        "community",
        &["/help/captain/board?at=shiliu/1", "/help/hub", "/help/hub/entries", "/help/roster?compound=shiliu"],
    ),
    ("community", &["/help/hub/desk", "/help/hub/desk/opinions", "/help/hub/desk/keys", "/help/hub/day"]),
    ("tenant", &["/help/hub/day"]),
    ("granny", &["/", "/me", "/say/requests", "/say/requests/new", "/say/requests/shiliu-1", "/search?q=灯"]),
    ("tenant", &["/say/requests/shiliu-1", "/me"]),
    ("captain", &["/", "/me", "/office/desk", "/office/desk/stairs", "/say/requests/shiliu-2"]),
    ("property", &["/office/desk", "/office/desk?show=closed", "/say/requests/shiliu-1"]),
    ("granny", &["/me/data", "/me/data/erase", "/me/homes", "/me/homes/ask", "/me/devices", "/office/people/mine"]),
    (
        "captain",
        &[
            "/office/homes",
            "/office/homes/one?at=shiliu/1/1/301",
            "/office/homes/letters?at=shiliu/1/1/301",
            "/office/back",
        ],
    ),
    ("committee", &["/office/register"]),
    ("community", &["/office/incidents", "/office/homes", "/office/people/terms", "/office/register"]),
    ("stranger", &["/sign-in/join", "/sign-in/back"]),
    ("community", &["/office/desk", "/office/places", "/office/people", "/search?q=灯"]),
];

/// Compressed, without photos: what somebody on the stairs waits for the first time.
const FIRST_VIEW_BYTES_MAX: usize = 60_000;

on_both! { &crate::migrations();
    async fn no_page_asks_the_database_more_than_six_times(db) {
        let village = Village::on(db).await;
        let new = "/say/requests/new?at=shiliu/1";
        for words in ["三楼声控灯不亮了", "楼道里又堆了柜子", "电梯停在五楼"] {
            village.fill("granny", new, "/say/requests", &[("at", "shiliu/1"), ("words", words)]).await;
        }
        village.listeners().await;
        let mut over = Vec::new();
        for (who, paths) in PAGES {
            for path in *paths {
                let (seen, queries) = counting(village.get(who, path)).await;
                assert_eq!(seen.status, StatusCode::OK, "{who} {path}");
                if queries > QUERIES_MAX {
                    over.push(format!("{who} {path}: {queries}"));
                }
            }
        }
        assert_eq!(over, Vec::<String>::new());
    }

    async fn the_first_view_is_light_and_asks_nobody_else(db) {
        let village = Village::on(db).await;
        let weighed = async |path: &str| {
            let request = village.request("stranger", "GET", path).header(header::ACCEPT_ENCODING, "gzip");
            let answer = village.answer(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            to_bytes(answer.into_body(), 8 << 20).await.unwrap().len()
        };
        let page = village.get("stranger", "/").await.body;
        let mut parts: Vec<&str> = page.split('"').filter(|part| part.starts_with("/assets/")).collect();
        parts.sort_unstable();
        parts.dedup();
        assert!(parts.len() >= 2, "a style and a script: {parts:?}");
        let elsewhere = page.split(['"', '(']).filter(|part| part.starts_with("http") || part.starts_with("//"));
        assert_eq!(elsewhere.filter(|part| !part.starts_with("http://www.w3.org/")).collect::<Vec<_>>(), Vec::<&str>::new());
        let mut bytes = weighed("/").await;
        for part in parts {
            bytes += weighed(part).await;
        }
        assert!(bytes <= FIRST_VIEW_BYTES_MAX, "{bytes} bytes");
    }
}

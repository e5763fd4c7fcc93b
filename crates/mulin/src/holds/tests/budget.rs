//! Every address has a budget of statements, so that nobody adds a loop of them unseen: each is asked by every kind of
//! person, and whoever is answered must not have cost more. The session and the mandates of the one who asks count.

use super::cast::{CAST, Cast};
use super::matrix::{address, things};
use crate::holds::declared;
use axum::body::{Body, to_bytes};
use kit::db::{Db, counting};

const QUERIES_MAX: u32 = 6;
/// What reads more: how much it may, and why. Nothing may be added; `docs/performance.md` says the same.
const MORE: &[(&str, u32, &str)] = &[
    ("/api/v1/requests/{code}", 7, "that somebody who serves looks at what is private is written down, once a day"),
    ("/api/v1/me/data", 47, "everything about somebody, from every table"),
    ("/me/data/export.json", 47, "the same to take home"),
    ("/me/data/export.zip", 47, "the same to take home"),
];

async fn counted(db: Db) {
    let cast = Cast::on(db).await;
    let there = things(&cast).await;
    let mut over = Vec::new();
    let mut asked = 0;
    for route in declared().into_iter().filter(|route| route.method == "get") {
        let path = address(&route.path, &there);
        let most = MORE.iter().find(|(path, ..)| *path == route.path).map_or(QUERIES_MAX, |(_, most, _)| *most);
        for kind in CAST {
            let request = cast.stage.village.request(kind.who, "GET", &path).body(Body::empty()).unwrap();
            let (status, queries) = counting(async {
                let answer = cast.stage.village.answer(cast.as_kind(kind, request)).await;
                let status = answer.status();
                if !route.path.ends_with("/live") {
                    let _ = to_bytes(answer.into_body(), 8 << 20).await;
                }
                status
            })
            .await;
            if !status.is_success() {
                continue;
            }
            asked += 1;
            if queries > most {
                over.push(format!("{} {path}: {queries}", kind.who));
            }
        }
    }
    assert!(asked > 500, "{asked} answers are few");
    assert_eq!(over, Vec::<String>::new());
}

kit::on_both! { &crate::migrations();
    async fn no_address_asks_the_database_more_than_six_times(db) {
        counted(db).await;
    }
}

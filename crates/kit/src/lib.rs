//! Machinery that knows no neighbour: database, transactions, ids, time, the web door, languages, media, search, jobs.
//!
//! Start with [`db`] (reads, and writes as deeds) and [`web`] (one call from socket to answer).

pub mod base64url;
pub mod book;
pub mod db;
pub mod error;
#[cfg(any(test, feature = "testing"))]
pub mod foreign;
pub mod i18n;
pub mod id;
pub mod jobs;
pub mod mail;
pub mod media;
pub mod oidc;
pub mod outgoing;
pub mod own;
pub mod passkey;
pub mod password;
pub mod search;
pub mod secrets;
pub mod sms;
pub mod text;
pub mod time;
pub mod web;

pub use error::{Error, Reason, Result};
pub use uuid::Uuid;

/// The kit's own tables.
pub const MIGRATIONS: &[db::Migration] = &[
    db::Migration::shared("0001_kit", include_str!("../migrations/0001_kit.sql")),
    db::Migration::shared("0002_web", include_str!("../migrations/0002_web.sql")),
    db::Migration {
        name: "0003_search",
        sql: include_str!("../migrations/0003_search.sql"),
        sqlite: search::SQLITE_SQL,
        postgres: search::POSTGRES_SQL,
    },
    db::Migration::shared("0004_search_digest", include_str!("../migrations/0004_search_digest.sql")),
    db::Migration::shared("0005_token", include_str!("../migrations/0005_token.sql")),
    db::Migration::shared("0006_request_fields", include_str!("../migrations/0006_request_fields.sql")),
    db::Migration::shared("0007_chain", include_str!("../migrations/0007_chain.sql")),
    db::Migration::shared("0008_passkey", include_str!("../migrations/0008_passkey.sql")),
    db::Migration::shared("0009_hat", include_str!("../migrations/0009_hat.sql")),
];

//! A fresh database for a test, on either engine.

use super::{By, Context, Db, DbUrl, Dialect, Migration};
use crate::id::IdMaker;
use crate::time::Moment;
use std::sync::atomic::{AtomicU64, Ordering};

/// Set to a server's address, it makes the PostgreSQL half of every story run; `cargo xtask test` starts one and sets it.
pub const POSTGRES: &str = "MULIN_TEST_POSTGRES";

/// A database of its own for one test; the folder lives as long as this.
pub struct TestDb {
    pub db: Db,
    folder: std::path::PathBuf,
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A fresh, migrated database; `None` where no PostgreSQL server was named.
pub async fn fresh(dialect: Dialect, migrations: &[Migration]) -> Option<TestDb> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = format!("mulin_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
    let folder = std::env::temp_dir().join(&name);
    std::fs::create_dir_all(&folder).expect("the temporary folder can be made.");
    let url = match dialect {
        Dialect::Sqlite => DbUrl::Sqlite(folder.join("mulin.db")),
        Dialect::Postgres => {
            let Ok(server) = std::env::var(POSTGRES) else {
                eprintln!("skipped: {POSTGRES} names no server");
                return None;
            };
            DbUrl::Postgres(schema(&server, &name).await)
        }
    };
    let db = Db::open(&url).await.expect("a fresh database opens.");
    db.migrate(migrations).await.expect("a fresh database migrates.");
    Some(TestDb { db, folder })
}

/// An address of the same server whose tables live in a schema of their own.
pub async fn schema(server: &str, name: &str) -> String {
    let (client, connection) =
        tokio_postgres::connect(server, tokio_postgres::NoTls).await.expect("the test server answers.");
    let driving = tokio::spawn(connection);
    client.batch_execute(&format!("create schema {name}")).await.expect("a schema can be made.");
    drop(client);
    let _ = driving.await;
    let joint = if server.contains('?') { '&' } else { '?' };
    format!("{server}{joint}options=-c%20search_path%3D{name}")
}

/// A context at `now` with random ids and nobody acting.
pub fn context(now: Moment) -> Context {
    Context { now, ids: IdMaker::Random, by: By::default(), listeners: &[] }
}

/// Tells the same story on both engines: `on_both! { async fn name(db: Db) { … } }` becomes two tests.
#[macro_export]
macro_rules! on_both {
    ($migrations:expr; $($(#[$doc:meta])* async fn $name:ident($db:ident) $body:block)+) => {$(
        mod $name {
            use super::*;
            async fn story($db: $crate::db::Db) $body

            #[tokio::test]
            async fn sqlite() {
                let fresh = $crate::db::testing::fresh($crate::db::Dialect::Sqlite, $migrations).await;
                let fresh = fresh.expect("SQLite is always there.");
                story(fresh.db.clone()).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(fresh) = $crate::db::testing::fresh($crate::db::Dialect::Postgres, $migrations).await {
                    story(fresh.db.clone()).await;
                }
            }
        }
    )+};
}

//! A fresh database for a test, on either engine.

use super::{By, Context, Db, DbUrl, Dialect, Migration};
use crate::id::IdMaker;
use crate::time::Moment;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Set to a server's address, it makes the PostgreSQL half of every story run; `cargo xtask test` starts one and sets it.
pub const POSTGRES: &str = "MULIN_TEST_POSTGRES";

/// Deeds played to their end and taken back: what somebody may do can be tried without it being done.
#[derive(Debug, Default)]
pub struct Rehearsal {
    runs: AtomicBool,
    ended: AtomicU64,
}

impl Rehearsal {
    pub(super) fn runs(&self) -> bool {
        self.runs.load(Ordering::SeqCst)
    }

    pub(super) fn count(&self) {
        self.ended.fetch_add(1, Ordering::SeqCst);
    }
}

impl Db {
    /// From now on deeds are taken back at their end, or no longer.
    pub fn rehearse(&self, on: bool) {
        self.1.runs.store(on, Ordering::SeqCst);
    }

    /// How many deeds came to their end, kept or not.
    pub fn ended(&self) -> u64 {
        self.1.ended.load(Ordering::SeqCst)
    }
}

/// A database of its own for one test; the folder lives as long as this.
pub struct TestDb {
    pub db: Db,
    folder: std::path::PathBuf,
}

impl TestDb {
    /// Where a SQLite database lies, with its log.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }
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

/// A PostgreSQL server of a test's own, for settings that would disturb others. It stops when this is dropped.
pub struct Server {
    /// Its superuser's way in.
    pub url: String,
    programs: PathBuf,
    folder: PathBuf,
}

impl Server {
    /// `None`, and a word on stderr, where this machine has no programs of a server.
    pub fn start() -> Option<Server> {
        let Some(programs) = programs() else {
            eprintln!("skipped: no PostgreSQL server is installed here");
            return None;
        };
        let folder = std::env::temp_dir().join(format!("mulin_server_{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the temporary folder can be made.");
        let free = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr());
        let port = free.expect("some port is free.").port();
        let server =
            Server { url: format!("postgres://postgres@127.0.0.1:{port}/postgres"), programs, folder: folder.clone() };
        if is_root() {
            let given = Command::new("chown").arg("postgres").arg(&folder).status();
            assert!(given.is_ok_and(|status| status.success()), "the folder can be given to the server's user.");
        }
        let settings =
            format!("-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={}", folder.display());
        server.call(
            "initdb",
            &["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
        );
        server.call("pg_ctl", &["-w", "-t", "120", "-s", "-l", "/dev/null", "-o", &settings, "start"]);
        Some(server)
    }

    /// Runs a statement outside any deed.
    pub async fn run(&self, sql: &str) {
        let client = self.client().await;
        client.batch_execute(sql).await.expect("the server does what the test asks.");
    }

    /// Lets the server read its settings again, until a new connection sees `setting` as it should be.
    pub async fn reload(&self, setting: &str, value: &str) {
        self.run("select pg_reload_conf()").await;
        for _ in 0..1000 {
            let row = self.client().await.query_one(&format!("show {setting}"), &[]).await;
            if row.expect("a setting can be read.").get::<_, String>(0) == value {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("{setting} never became {value}");
    }

    async fn client(&self) -> tokio_postgres::Client {
        let (client, connection) =
            tokio_postgres::connect(&self.url, tokio_postgres::NoTls).await.expect("the test's server answers.");
        tokio::spawn(connection);
        client
    }

    fn call(&self, program: &str, arguments: &[&str]) {
        let program = self.programs.join(program);
        let mut command = if is_root() { Command::new("runuser") } else { Command::new(&program) };
        if is_root() {
            // PostgreSQL refuses to run as root.
            command.args(["-u", "postgres", "--"]).arg(&program);
        }
        command.arg("-D").arg(self.folder.join("data")).args(arguments).current_dir("/");
        // The server inherits what we give it, so it must not get a pipe that somebody waits on.
        let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(status.is_ok_and(|status| status.success()), "{} does not work here", program.display());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.call("pg_ctl", &["-m", "immediate", "-s", "stop"]);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|told| told.stdout.starts_with(b"0\n"))
}

/// Where Debian puts the programs of the newest server.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = versions.map(|entry| entry.path().join("bin")).filter(|folder| folder.join("initdb").is_file());
    found.max()
}

//! A restore is killed again and again. What it leaves is never a house, and the next one makes it whole.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where it stopped")]

use mulin::boot::{self, Settings};
use mulin::keep::{backup, check};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

const KILLS: u64 = 10;
const PATIENCE: usize = 60_000;

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn kept(name: &str) -> (Folder, PathBuf) {
    let folder = std::env::temp_dir().join(format!("mulin_killed_{name}_{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let app = boot::open(&Settings { data: folder.join("old"), demo: true, ..Settings::default() }).await.unwrap();
    mulin::demo::pour(&app, 20).await.unwrap();
    let to = folder.join("kept");
    backup::take(&app, &to, None).await.unwrap();
    (Folder(folder), to)
}

fn mulin(deed: &str, data: &Path, database: Option<&str>, more: &[&Path]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mulin"));
    command.arg(deed).arg("--data").arg(data).args(more);
    command.env_remove("MULIN_DATABASE").env_remove("MULIN_SECRET").env_remove("MULIN_BACKUP_KEY");
    if let Some(database) = database {
        command.arg("--database").arg(database);
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Kills the restore when `far` says that it has come far enough; `false` when it was done before.
fn killed(mut restore: Child, far: impl Fn() -> bool) -> bool {
    for _ in 0..PATIENCE {
        if far() {
            restore.kill().unwrap();
            return !restore.wait().unwrap().success();
        }
        if restore.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("the restore neither came on nor ended");
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn bytes(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |about| about.len())
}

async fn is_whole(data: &Path, database: Option<&str>, from: &Path) {
    let done = mulin("restore", data, database, &[from]).output().unwrap();
    assert!(done.status.success(), "{}", said(&done));
    let settings = Settings { data: data.to_owned(), database: database.map(str::to_owned), ..Settings::default() };
    let app = boot::open_existing(&settings).await.unwrap();
    assert_eq!(check::run(&app).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_killed_at_any_point_leaves_no_house_on_sqlite() {
    let (folder, from) = kept("sqlite").await;
    let data = folder.0.join("new");
    let half = data.join(".restoring");
    let mut kills = 0;
    for round in 0..KILLS {
        let restore = mulin("restore", &data, None, &[&from]).spawn().unwrap();
        // Ever later: the folder is there, the database is there, more and more of it is written.
        let far = || match round {
            0 => half.exists(),
            1 => half.join("mulin.db").exists(),
            n => bytes(&half.join("mulin.db-wal")).max(bytes(&half.join("mulin.db"))) > (n - 1) * 150_000,
        };
        if !killed(restore, far) {
            break;
        }
        kills += 1;
        let looked = mulin("check", &data, None, &[]).output().unwrap();
        assert!(!looked.status.success() && said(&looked).contains("cut off"), "round {round}: {}", said(&looked));
        assert!(!data.join("mulin.db").exists() || half.exists());
    }
    assert!(kills >= 3, "only {kills} restores were caught in the middle");
    if data.join("mulin.db").exists() && !half.exists() {
        std::fs::remove_dir_all(&data).unwrap();
    }
    is_whole(&data, None, &from).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_killed_at_any_point_leaves_no_house_on_postgres() {
    let Ok(server) = std::env::var("MULIN_TEST_POSTGRES") else { return };
    let (folder, from) = kept("postgres").await;
    let name = format!("mulin_killed_{}", std::process::id());
    let database = kit::db::testing::schema(&server, &name).await;
    let data = folder.0.join("new");
    let secret = data.join(".restoring").join("secret.key");
    let mut kills = 0;
    for round in 0..5_u64 {
        let restore = mulin("restore", &data, Some(&database), &[&from]).spawn().unwrap();
        // The secret comes before the tables.
        let far = || {
            let there = secret.exists();
            if there {
                std::thread::sleep(Duration::from_millis(round * 15));
            }
            there
        };
        if !killed(restore, far) {
            break;
        }
        kills += 1;
        let looked = mulin("check", &data, Some(&database), &[]).output().unwrap();
        assert!(!looked.status.success() && said(&looked).contains("cut off"), "{}", said(&looked));
    }
    assert!(kills >= 2, "only {kills} restores were caught in the middle");
    is_whole(&data, Some(&database), &from).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_finds_something_does_not_end_well() {
    let folder = Folder(std::env::temp_dir().join(format!("mulin_found_{}", std::process::id())));
    let _ = std::fs::remove_dir_all(&folder.0);
    let app = boot::open(&Settings { data: folder.0.clone(), demo: true, ..Settings::default() }).await.unwrap();
    mulin::demo::pour(&app, 5).await.unwrap();
    let looked = mulin("check", &folder.0, None, &[]).output().unwrap();
    assert!(looked.status.success(), "{}", said(&looked));
    let context = app.context();
    let spoilt = app.db.transact(&context, |tx| {
        Box::pin(async move { tx.run("delete from entry where kind = 'words'", &[]).await.map(drop) })
    });
    spoilt.await.unwrap();
    let looked = mulin("check", &folder.0, None, &[]).output().unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&looked.stdout), said(&looked));
    assert!(!looked.status.success() && told.contains("requests-without-words"), "{told}");
}

//! What a disk or a setting takes away: bits that flip are told, and a database that forgets is refused.

use super::super::testing::{Server, context};
use super::super::{Db, DbUrl, Forgetful, sqlite};
use super::{ADD, TABLE, add, count};
use crate::time::Moment;
use crate::{Error, on_both, params};
use std::path::PathBuf;

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("mulin_kit_{name}_{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

async fn open(path: PathBuf) -> crate::Result<Db> {
    Db::open(&DbUrl::Sqlite(path)).await
}

on_both! { TABLE;
    async fn what_was_written_is_found_as_it_was_written(db) {
        for id in 0..50 {
            add(&db, id).await.unwrap();
        }
        assert_eq!(db.damage().await.unwrap(), Vec::<String>::new());
    }
}

/// Otherwise deeds would be acknowledged into a file that nobody finds again.
#[tokio::test]
async fn what_would_go_into_a_file_that_was_taken_away_is_refused_until_it_is_back() {
    let folder = folder("away");
    let (path, away) = (folder.join("one.db"), folder.join("away.db"));
    let db = open(path.clone()).await.unwrap();
    db.migrate(TABLE).await.unwrap();
    add(&db, 1).await.unwrap();
    std::fs::rename(&path, &away).unwrap();
    let refused = |told: crate::Result<()>, why: &str| match told {
        Err(Error::Unavailable(told)) => assert!(told.contains("one.db") && told.contains(why), "{told}"),
        other => panic!("{other:?}"),
    };
    refused(add(&db, 2).await, "No such file");
    std::fs::write(&path, []).unwrap();
    refused(add(&db, 2).await, "another file");
    std::fs::rename(&away, &path).unwrap();
    add(&db, 3).await.unwrap();
    assert_eq!(count(&db).await, 2);
    let missing = open(folder.join("nowhere/one.db")).await.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(missing.contains("nowhere/one.db") && missing.contains("writable"), "{missing}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_copy_has_sums_and_a_flipped_bit_in_it_is_told_with_its_page() {
    let folder = folder("flip");
    let db = open(folder.join("one.db")).await.unwrap();
    db.migrate(TABLE).await.unwrap();
    db.transact(&context(Moment(0)), |tx| {
        Box::pin(async move {
            for id in 0..2000_i64 {
                tx.run(ADD, params![id, "路灯不亮了", &[7_u8; 400][..], true]).await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
    let copy = folder.join("copy.db");
    db.copy_to(copy.clone()).await.unwrap();
    let copied = open(copy.clone()).await.unwrap();
    assert_eq!((copied.damage().await.unwrap(), count(&copied).await), (Vec::new(), 2000));
    drop(copied);
    let mut bytes = std::fs::read(&copy).unwrap();
    let page = bytes.len() / 4096 / 2;
    bytes[page * 4096 + 2000] ^= 32;
    std::fs::write(&copy, bytes).unwrap();
    let damaged = open(copy).await.unwrap();
    assert_eq!(damaged.damage().await.unwrap(), [format!("page {} differs from its sum", page + 1)]);
    let read = damaged.all("select id, text, raw from word order by id limit 10000", params![]).await;
    assert!(matches!(read, Err(Error::Unavailable(why)) if why.contains("differs from its sum")));
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_closed_database_is_one_file_and_a_damaged_log_is_not_passed_over() {
    let folder = folder("log");
    let path = folder.join("one.db");
    let beside = |name: &str| folder.join(format!("{name}.db-wal"));
    let db = open(path.clone()).await.unwrap();
    db.migrate(TABLE).await.unwrap();
    for id in 0..10 {
        add(&db, id).await.unwrap();
    }
    assert_eq!(count(&db).await, 10);
    assert!(std::fs::metadata(beside("one")).unwrap().len() > 10_000, "the deeds are still in the log");
    // As a killed program leaves it, and then a bit flips.
    std::fs::copy(&path, folder.join("left.db")).unwrap();
    let mut log = std::fs::read(beside("one")).unwrap();
    log[10_000] ^= 1;
    std::fs::write(beside("left"), &log).unwrap();
    let refused = open(folder.join("left.db")).await.err().map(|why| why.to_string()).unwrap_or_default();
    assert!(refused.contains("damaged at frame 3"), "{refused}");
    assert_eq!(std::fs::read(beside("left")).unwrap(), log);

    db.settle().await.unwrap();
    assert_eq!(std::fs::metadata(beside("one")).unwrap().len(), 0);
    add(&db, 10).await.unwrap();
    drop(db);
    // The committer lets go of the file a moment after it has told that the deed is done.
    for _ in 0..500 {
        if beside("one").exists() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
    assert!(!beside("one").exists(), "whoever closes last leaves one file");
    assert_eq!(count(&open(path).await.unwrap()).await, 11);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_file_that_would_lose_what_was_acknowledged_is_refused() {
    let folder = folder("forgetful");
    let connection = rusqlite::Connection::open(folder.join("some.db")).unwrap();
    let told = || match sqlite::refuse_forgetful(&connection) {
        Err(Error::Internal(why)) if why.is::<Forgetful>() => why.to_string(),
        other => format!("{other:?}"),
    };
    connection.execute_batch("pragma synchronous = full").unwrap();
    assert!(told().contains("journal_mode=delete"), "{}", told());
    connection.execute_batch("pragma journal_mode = wal; pragma synchronous = normal").unwrap();
    assert!(told().contains("synchronous=1"), "{}", told());
    connection.execute_batch("pragma synchronous = off").unwrap();
    assert!(told().contains("synchronous=0"), "{}", told());
    for enough in ["full", "extra"] {
        connection.execute_batch(&format!("pragma synchronous = {enough}")).unwrap();
        assert_eq!(told(), "Ok(())");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_would_lose_what_was_acknowledged_is_refused() {
    let Some(server) = Server::start() else { return };
    let url = DbUrl::Postgres(server.url.clone());
    let told = async || match Db::open(&url).await {
        Ok(_) => "opened".to_owned(),
        Err(Error::Internal(why)) if why.is::<Forgetful>() => why.to_string(),
        Err(why) => panic!("{why}"),
    };
    assert_eq!(told().await, "opened");
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        server.run(&format!("alter system set {setting} = off")).await;
        server.reload(setting, "off").await;
        assert!(told().await.contains(&format!("{setting}=off")));
        server.run(&format!("alter system reset {setting}")).await;
        server.reload(setting, "on").await;
    }
    server.run("alter role postgres set synchronous_commit = off").await;
    assert!(told().await.contains("synchronous_commit=off"));
    for enough in ["local", "on", "remote_write"] {
        server.run(&format!("alter role postgres set synchronous_commit = {enough}")).await;
        assert_eq!(told().await, "opened");
    }
}

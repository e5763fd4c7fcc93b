//! The drill: a copy is taken while the house is open, comes back whole, and is refused when a bit of it differs.

use super::{backup, check, export, store};
use crate::boot::{self, Settings};
use crate::demo;
use kit::db::Dialect;
use kit::on_both;
use std::path::PathBuf;

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("mulin_keep_{name}_{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    path
}

fn settings(data: &std::path::Path) -> Settings {
    Settings { data: data.to_owned(), demo: true, ..Settings::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_comes_back_whole_and_a_damaged_one_is_refused() {
    let (data, copy, back) = (folder("data"), folder("copy"), folder("back"));
    let app = boot::open(&settings(&data)).await.unwrap();
    demo::pour(&app, 40).await.unwrap();
    assert_eq!(check::run(&app).await.unwrap(), []);
    let taken = backup::take(&app, &copy).await.unwrap();
    assert!(taken.files >= 2 && backup::take(&app, &copy).await.is_err(), "a backup is not written over");

    let restored = backup::put_back(&copy, &back).unwrap();
    assert_eq!(restored.files, taken.files);
    assert!(backup::put_back(&copy, &back).is_err(), "a house with data is not written over");
    let again = boot::open(&settings(&back)).await.unwrap();
    assert_eq!(check::run(&again).await.unwrap(), []);
    let tenant = export::tenant(&app, Some("liuhua")).await.unwrap();
    let (before, after) =
        (export::requests_csv(&app, &tenant).await.unwrap(), export::requests_csv(&again, &tenant).await.unwrap());
    assert!(!before.is_empty() && before == after);
    assert!(export::tenant(&app, None).await.is_err());

    for file in ["mulin.db", "secret.key", "backup.json"] {
        let path = copy.join(file);
        let sound = std::fs::read(&path).unwrap();
        for at in [0, sound.len() / 2, sound.len() - 2] {
            let mut bad = sound.clone();
            bad[at] ^= 1;
            std::fs::write(&path, bad).unwrap();
            let target = folder("never");
            assert!(backup::put_back(&copy, &target).is_err(), "{file} at {at}");
            assert!(!target.exists());
        }
        std::fs::write(&path, sound).unwrap();
    }
    for path in [data, copy, back] {
        std::fs::remove_dir_all(path).unwrap();
    }
}

on_both! { &crate::migrations();
    async fn every_statement_of_the_keeper_the_hall_and_the_office_is_understood(db) {
        let features = crate::hall::store::STATEMENTS.iter().chain(crate::office::people::store::STATEMENTS);
        for sql in store::statements().iter().chain(features) {
            db.prepare(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        }
        if db.dialect() == Dialect::Sqlite {
            assert_eq!(store::damage(&db).await.unwrap(), Vec::<String>::new());
        }
    }

    async fn words_and_answers_changed_behind_the_deeds_are_found(db) {
        let app = crate::village::app_on(db.clone());
        demo::pour(&app, 20).await.unwrap();
        let found = async || {
            let all = check::run(&app).await.unwrap();
            all.into_iter().map(|finding| finding.what).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(found().await, "");
        db.transact(&app.context(), |tx| Box::pin(async move { store::spoil_words(tx).await })).await.unwrap();
        assert!(found().await.contains("search-differs-from-words"), "{}", found().await);
        db.transact(&app.context(), |tx| Box::pin(async move { store::spoil_in_time(tx).await })).await.unwrap();
        assert!(found().await.contains("taken-in-time-differs-from-clock"), "{}", found().await);
    }

    async fn what_does_not_agree_is_found(db) {
        let app = crate::village::app_on(db.clone());
        demo::pour(&app, 20).await.unwrap();
        assert_eq!(check::run(&app).await.unwrap(), []);
        db.transact(&app.context(), |tx| Box::pin(async move { store::spoil(tx).await })).await.unwrap();
        let found: Vec<String> = check::run(&app).await.unwrap().into_iter().map(|finding| finding.what).collect();
        for what in ["requests-without-words", "requests-not-found-by-search", "figures-said-differ", "figures-answers-differ"] {
            assert!(found.iter().any(|one| one == what), "{what} not in {found:?}");
        }
    }
}

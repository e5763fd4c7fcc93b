//! What does not agree is found and named.

use super::store::spoil;
use super::{check, store};
use crate::demo;
use kit::db::Dialect;
use kit::{on_both, search};
use std::collections::BTreeSet;

on_both! { &crate::migrations();
    async fn every_statement_of_the_keeper_the_hall_and_the_office_is_understood(db) {
        let features = crate::hall::store::STATEMENTS.iter().chain(crate::office::people::store::STATEMENTS);
        let records = crate::keep::records::store::statements();
        for sql in store::keys::statements() {
            db.prepare(&sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        }
        for sql in store::statements().iter().chain(features).copied().chain(records.iter().map(String::as_str)) {
            db.prepare(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        }
        if db.dialect() == Dialect::Sqlite {
            assert_eq!(store::damage(&db).await.unwrap(), Vec::<String>::new());
        }
    }

    async fn each_row_and_each_line_of_the_book_that_is_gone_is_named(db) {
        let app = crate::village::app_on(db.clone());
        demo::pour(&app, 120).await.unwrap();
        assert_eq!(check::run(&app).await.unwrap(), []);
        let spoilt: BTreeSet<&str> = spoil::EACH.iter().map(|(what, _)| *what).collect();
        assert_eq!(spoilt, store::MUST_BE_ZERO.iter().map(|(what, _)| *what).collect(), "each check has its case");
        for (what, sql) in spoil::EACH {
            let named = std::sync::Mutex::new(Vec::new());
            // Spoilt, looked at and taken back: each stands for itself alone.
            let context = app.context();
            let undone = db.transact::<(), _>(&context, |tx| {
                let named = &named;
                Box::pin(async move {
                    spoil::by(tx, sql).await?;
                    for (what, sql) in store::MUST_BE_ZERO {
                        let count: i64 = tx.number(sql, &[]).await?;
                        if count > 0 {
                            named.lock().unwrap().push(*what);
                        }
                    }
                    Err(kit::Error::NotFound)
                })
            });
            assert!(matches!(undone.await, Err(kit::Error::NotFound)), "{sql}");
            assert!(named.lock().unwrap().contains(what), "{what} not in {named:?}");
        }
        assert_eq!(check::run(&app).await.unwrap(), []);
    }

    async fn an_index_that_others_change_is_not_called_damaged_and_a_torn_one_is(db) {
        if db.dialect() == Dialect::Sqlite {
            let context = kit::db::testing::context(kit::time::Moment(0));
            let (tenant, id) = (kit::Uuid::from_u128(1), |n: u128| kit::Uuid::from_u128(1_000 + n));
            for n in 0..240 {
                let words = |k: u128| format!("w{}", (n * 7 + k * 13) % 301);
                let own = (0..20).map(words).collect::<Vec<_>>().join(" ");
                let text = &search::Text { own, ..Default::default() };
                let put = db.transact(&context, |tx| {
                    Box::pin(async move {
                        search::put(tx, (tenant, "case", id(n)), kit::time::Moment(0), &[], text).await?;
                        if n < 20 { Ok(()) } else { search::remove(tx, (tenant, "case", id(n - 20))).await }
                    })
                });
                put.await.unwrap();
                if n % 9 == 8 {
                    search::find(&db, &[tenant], &[], "w1", None, 5).await.unwrap();
                    assert_eq!(store::damage(&db).await.unwrap(), Vec::<String>::new(), "after {n}");
                }
            }
            let torn = db.transact(&context, |tx| Box::pin(spoil::by(tx, spoil::INDEX_TORN)));
            torn.await.unwrap();
            assert!(store::damage(&db).await.unwrap().iter().any(|line| line.contains("search_text")));
        }
    }

    async fn pictures_missing_damaged_or_left_over_are_named(db) {
        use kit::media::{Media, MediaKey, Size};
        let mut parts = crate::village::parts_on(db.clone(), true);
        let shelf = std::env::temp_dir().join(format!("mulin_shelf_{}_{:?}", std::process::id(), db.dialect()));
        let _ = std::fs::remove_dir_all(&shelf);
        parts.media = Media::in_folder(&shelf).unwrap();
        // Files have the machine's time; the house lives two days later.
        parts.clock = kit::time::Clock::at(kit::time::Clock::System.now() + kit::time::Moment::days(2));
        let app = kit::web::App::new(parts);
        demo::pour(&app, 3).await.unwrap();
        let (case, pictures) = crate::keep::backup::tests::say(&app, "走廊的灯坏了", true).await;
        let found = async || {
            let all = check::run(&app).await.unwrap();
            all.into_iter().map(|finding| format!("{}: {}", finding.what, finding.count)).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(found().await, "");
        let key = pictures[0];
        let whole = app.media.get(key, Size::Full).await.unwrap().unwrap();
        let mut bad = whole.to_vec();
        bad[whole.len() / 2] ^= 1;
        app.media.keep(key, Size::Full, bad.into()).await.unwrap();
        assert!(found().await.starts_with("pictures-damaged: "), "{} of {case}", found().await);
        app.media.keep(key, Size::Full, whole.clone()).await.unwrap();
        assert_eq!(found().await, "");
        let stranger = MediaKey { tenant: key.tenant, id: kit::Uuid::from_u128(7) };
        app.media.keep(stranger, Size::Thumb, whole.clone()).await.unwrap();
        assert!(found().await.starts_with("pictures-orphaned: "), "{}", found().await);
        app.media.remove(stranger).await.unwrap();
        app.media.remove(key).await.unwrap();
        assert!(found().await.starts_with("pictures-missing: "), "{}", found().await);
        std::fs::remove_dir_all(&shelf).unwrap();
    }

    async fn words_and_answers_changed_behind_the_deeds_are_found(db) {
        let app = crate::village::app_on(db.clone());
        demo::pour(&app, 20).await.unwrap();
        let found = async || {
            let all = check::run(&app).await.unwrap();
            all.into_iter().map(|finding| finding.what).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(found().await, "");
        db.transact(&app.context(), |tx| Box::pin(async move { spoil::words(tx).await })).await.unwrap();
        assert!(found().await.contains("search-differs-from-words"), "{}", found().await);
        db.transact(&app.context(), |tx| Box::pin(async move { spoil::in_time(tx).await })).await.unwrap();
        assert!(found().await.contains("taken-in-time-differs-from-clock"), "{}", found().await);
    }

    async fn what_does_not_agree_is_found(db) {
        let app = crate::village::app_on(db.clone());
        demo::pour(&app, 20).await.unwrap();
        assert_eq!(check::run(&app).await.unwrap(), []);
        db.transact(&app.context(), |tx| Box::pin(async move { spoil::rows(tx).await })).await.unwrap();
        let found: Vec<String> = check::run(&app).await.unwrap().into_iter().map(|finding| finding.what).collect();
        for what in ["requests-without-words", "requests-not-found-by-search", "figures-said-differ", "figures-answers-differ"] {
            assert!(found.iter().any(|one| one == what), "{what} not in {found:?}");
        }
    }
}

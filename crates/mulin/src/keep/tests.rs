//! What does not agree is found and named.

use super::{check, store};
use crate::demo;
use kit::db::Dialect;
use kit::on_both;

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

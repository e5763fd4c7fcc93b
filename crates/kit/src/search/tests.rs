//! What is found, what is not, and hostile words.

use super::*;
use crate::db::testing::context;
use crate::on_both;

async fn write(db: &Db, id: u128, at: i64, marks: &[&str], text: &str) {
    let text = &Text { own: text.to_owned(), names: String::new() };
    db.transact(&context(Moment(at)), |tx| {
        Box::pin(
            async move { put(tx, (Uuid::from_u128(1), "case", Uuid::from_u128(id)), Moment(at), marks, text).await },
        )
    })
    .await
    .unwrap();
}

async fn ids(db: &Db, marks: &[&str], words: &str) -> Vec<u128> {
    let all = [Uuid::from_u128(1)];
    let tenants = if marks.is_empty() { &all[..] } else { &[] };
    let found = find(db, tenants, marks, words, None, 25).await.unwrap();
    found.iter().map(|one| one.thing.as_u128()).collect()
}

/// Whether a word stands in the pages of SQLite's index, seen or not.
async fn lies(db: &Db, word: &str) -> bool {
    let pages = db.all("select block from search_text_data order by id limit 10000", params![]).await.unwrap();
    let page = |row: &crate::db::Row| row.get::<Vec<u8>>("block").unwrap();
    pages.iter().map(page).any(|page| page.windows(word.len()).any(|part| part == word.as_bytes()))
}

on_both! { crate::MIGRATIONS;
    async fn after_a_purge_no_removed_word_lies_in_the_pages_of_the_index(db) {
        if db.dialect() == Dialect::Sqlite {
            for id in 1..40 {
                write(&db, id, 1000, &["public"], if id == 7 { "lamp zzqqx" } else { "lamp" }).await;
            }
            let later = context(Moment(2000));
            let removed = db.transact(&later, |tx| {
                Box::pin(remove(tx, (Uuid::from_u128(1), "case", Uuid::from_u128(7))))
            });
            removed.await.unwrap();
            assert!(ids(&db, &[], "zzqqx").await.is_empty() && lies(&db, "zqqx").await, "removed, and still there");
            db.transact(&later, |tx| Box::pin(purge(tx))).await.unwrap();
            assert!(!lies(&db, "zqqx").await);
            assert_eq!(ids(&db, &[], "lamp").await.len(), 25);
        }
    }

    async fn things_of_one_moment_that_want_the_same_number_are_all_found_and_can_be_replaced(db) {
        let alike = [1, 0x8001, 0x1_0001, 0x1_8001];
        for _ in 0..2 {
            for id in alike {
                write(&db, id, 1000, &["public"], "路灯不亮").await;
            }
        }
        let mut found = ids(&db, &[], "路灯").await;
        found.sort_unstable();
        assert_eq!(found, alike);
    }

    async fn chinese_words_of_one_two_and_more_characters_are_found_newest_first(db) {
        write(&db, 1, 1000, &["public"], "3号楼电梯坏了,困在里面十分钟").await;
        write(&db, 2, 2000, &["public"], "路灯不亮,电梯口很黑").await;
        write(&db, 3, 3000, &[], "The lift is stuck 电 梯").await;
        assert_eq!(ids(&db, &[], "电梯").await, [2, 1]);
        assert_eq!(ids(&db, &[], "电梯坏").await, [1]);
        assert_eq!(ids(&db, &[], "黑").await, [2]);
        assert_eq!(ids(&db, &[], "灯 电梯").await, [2]);
        assert_eq!(ids(&db, &[], "LIFT").await, [3]);
        assert_eq!(ids(&db, &[], "3号").await, [1]);
        assert_eq!(ids(&db, &["public"], "电").await, [2, 1]);
        assert_eq!(ids(&db, &[], "停车").await, Vec::<u128>::new());
        let elsewhere = find(&db, &[Uuid::from_u128(7)], &["public"], "电", None, 25).await.unwrap();
        assert_eq!(elsewhere.len(), 2, "staff see what everybody sees, wherever it is");
    }

    async fn what_is_replaced_or_removed_is_not_found_any_more(db) {
        write(&db, 1, 1000, &[], "漏水").await;
        write(&db, 1, 1000, &[], "停车").await;
        assert_eq!(ids(&db, &[], "漏水").await, Vec::<u128>::new());
        assert_eq!(ids(&db, &[], "停车").await, [1]);
        db.transact(&context(Moment(0)), |tx| Box::pin(async move {
            remove(tx, (Uuid::from_u128(1), "case", Uuid::from_u128(1))).await
        })).await.unwrap();
        assert_eq!(ids(&db, &[], "停车").await, Vec::<u128>::new());
    }

    async fn hostile_words_are_words(db) {
        write(&db, 1, 1000, &[], "it's \"quoted\" OR (漏水)").await;
        for words in ["'", "\"", "a\" OR \"b", "NEAR(漏水", "漏水*", "':*", "\\'", "xt1 & !漏水", "漏\0水"] {
            let _ = find(&db, &[], &[], words, None, 25).await;
        }
        assert_eq!(ids(&db, &[], "(漏水) OR").await, [1]);
        assert!(find(&db, &[], &[], "!?*", None, 25).await.is_err());
    }
}

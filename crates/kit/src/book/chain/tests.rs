//! The chain, and each way of breaking it.

use super::*;
use crate::book::Activity;
use crate::db::testing::context;
use crate::on_both;
use serde_json::json;

const TENANT: Uuid = Uuid::from_u128(7);
const NOW: Moment = Moment(1_790_000_000_000);

async fn write(db: &Db, tenant: Uuid, from: u32, many: u32) {
    for n in from..from + many {
        let thing = Uuid::from_u128(u128::from(n));
        let context = context(NOW + i64::from(n));
        let written = db.transact(&context, |tx| {
            Box::pin(async move {
                tx.record(Activity::of(tenant, "stories/told", "story", thing).with(json!({ "n": n }))).await.map(drop)
            })
        });
        written.await.unwrap();
    }
}

async fn seal_all(db: &Db) -> usize {
    let mut all = 0;
    loop {
        match seal(db, &context(NOW)).await.unwrap() {
            0 => return all,
            some => all += some,
        }
    }
}

async fn spoil(db: &Db, sql: &'static [&'static str]) {
    let context = context(NOW);
    let done = db.transact(&context, |tx| {
        Box::pin(async move {
            for sql in sql {
                tx.run(sql, params![]).await?;
            }
            Ok(())
        })
    });
    done.await.unwrap();
}

async fn sealed_book(db: &Db) -> Head {
    write(db, TENANT, 1, 12).await;
    assert_eq!(seal_all(db).await, 12);
    assert_eq!(verify(db, TENANT, &[]).await.unwrap(), []);
    heads(db).await.unwrap()[0]
}

on_both! { crate::MIGRATIONS;
    async fn entries_are_sealed_in_lots_each_tenant_in_a_chain_of_its_own(db) {
        let other = Uuid::from_u128(8);
        write(&db, TENANT, 1, 5).await;
        write(&db, other, 100, 3).await;
        assert_eq!(seal_all(&db).await, 8);
        let before = heads(&db).await.unwrap();
        assert_eq!(before.iter().map(|head| (head.tenant, head.entries)).collect::<Vec<_>>(), [(TENANT, 5), (other, 3)]);
        write(&db, TENANT, 6, 1).await;
        assert_eq!(seal_all(&db).await, 1);
        let after = heads(&db).await.unwrap();
        assert_eq!((after[0].entries, after[1]), (6, before[1]));
        assert_ne!(after[0].digest, before[0].digest);
        assert_eq!(at(&db, TENANT, 5).await.unwrap(), Some(before[0].digest));
        assert_eq!(at(&db, TENANT, 7).await.unwrap(), None);
        for tenant in books(&db).await.unwrap() {
            assert_eq!(verify(&db, tenant, &[]).await.unwrap(), []);
        }
        let old = (before[0].entries, before[0].digest);
        assert_eq!(verify(&db, TENANT, &[old]).await.unwrap(), [], "an older head still fits");
        assert_eq!(crate::db::counting_deeds(seal(&db, &context(NOW))).await.1, 0, "a quiet house writes nothing");
    }

    async fn an_old_book_of_many_entries_is_sealed_lot_by_lot(db) {
        write(&db, TENANT, 1, 450).await;
        assert_eq!(seal(&db, &context(NOW)).await.unwrap(), 200);
        write(&db, TENANT, 451, 1).await;
        assert_eq!(seal_all(&db).await, 251);
        assert_eq!(verify(&db, TENANT, &[]).await.unwrap(), []);
    }

    async fn two_who_seal_at_once_make_one_chain(db) {
        write(&db, TENANT, 1, 120).await;
        let context = context(NOW);
        let both = tokio::join!(seal(&db, &context), seal(&db, &context), seal(&db, &context));
        for one in [both.0, both.1, both.2] {
            assert!(one.is_ok() || matches!(one, Err(Error::Unavailable(_))), "{one:?}");
        }
        seal_all(&db).await;
        assert_eq!(heads(&db).await.unwrap()[0].entries, 120);
        assert_eq!(verify(&db, TENANT, &[]).await.unwrap(), []);
    }

    async fn a_changed_entry_is_found(db) {
        sealed_book(&db).await;
        spoil(&db, &["update activity set facts = '{\"n\":70}' where position = 7"]).await;
        assert_eq!(verify(&db, TENANT, &[]).await.unwrap(), [Fault::Differs(7)]);
    }

    async fn a_dropped_entry_is_found(db) {
        sealed_book(&db).await;
        spoil(&db, &["delete from activity where position = 7"]).await;
        assert_eq!(verify(&db, TENANT, &[]).await.unwrap(), [Fault::Missing(7)]);
    }

    async fn a_dropped_entry_is_found_though_the_rest_moves_up(db) {
        sealed_book(&db).await;
        spoil(&db, &[
            "delete from activity where position = 11",
            "update activity set position = 11 where position = 12",
            "update book_head set entries = 11",
        ]).await;
        assert_eq!(verify(&db, TENANT, &[]).await.unwrap()[0], Fault::Differs(11));
    }

    async fn an_inserted_entry_is_found(db) {
        sealed_book(&db).await;
        spoil(&db, &[
            "update activity set position = 13 where position = 12",
            "update activity set position = 12 where position = 11",
            "insert into activity (tenant, id, at, stem, thing, thing_id, facts, position, digest)
                select tenant, thing_id, at, stem, thing, thing_id, facts, 11, digest from activity where position = 10",
            "update book_head set entries = 13",
        ]).await;
        let faults = verify(&db, TENANT, &[]).await.unwrap();
        assert_eq!(faults, [Fault::Differs(11), Fault::Differs(12), Fault::Differs(13)]);
    }

    async fn entries_in_another_order_are_found(db) {
        sealed_book(&db).await;
        spoil(&db, &[
            "update activity set position = 99 where position = 4",
            "update activity set position = 4 where position = 5",
            "update activity set position = 5 where position = 99",
        ]).await;
        let faults = verify(&db, TENANT, &[]).await.unwrap();
        assert!(faults.contains(&Fault::Differs(4)) && faults.contains(&Fault::Differs(5)), "{faults:?}");
    }

    async fn a_cut_tail_is_found_by_the_head_that_is_kept_and_by_the_one_on_paper(db) {
        let head = sealed_book(&db).await;
        let on_paper = [(head.entries, head.digest)];
        spoil(&db, &["delete from activity where position > 9"]).await;
        assert_eq!(verify(&db, TENANT, &[]).await.unwrap(), [Fault::Cut(10)]);
        // Whoever is thorough cuts the head as well.
        spoil(&db, &["update book_head set entries = 9, digest = (select digest from activity where position = 9)"]).await;
        assert_eq!(verify(&db, TENANT, &[]).await.unwrap(), []);
        assert_eq!(verify(&db, TENANT, &on_paper).await.unwrap(), [Fault::Cut(10)]);
        // And writes on, until the book is as long again.
        write(&db, TENANT, 50, 3).await;
        seal_all(&db).await;
        assert_eq!(verify(&db, TENANT, &[]).await.unwrap(), []);
        assert_eq!(verify(&db, TENANT, &on_paper).await.unwrap(), [Fault::HeadDiffers(12)]);
    }

    async fn a_book_that_is_gone_as_a_whole_is_missed_by_whoever_has_a_head(db) {
        let head = sealed_book(&db).await;
        spoil(&db, &["delete from activity", "delete from book_head"]).await;
        assert_eq!(verify(&db, TENANT, &[(head.entries, head.digest)]).await.unwrap(), [Fault::Cut(1)]);
    }
}

/// No code but this may change or take away an entry; deleting a tenant goes over all tables without naming one.
#[test]
fn nothing_else_in_the_house_changes_an_entry() {
    fn look(folder: &std::path::Path, found: &mut Vec<String>, seen: &mut usize) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "tests" {
                    look(&path, found, seen);
                }
            } else if name.ends_with(".rs") && name != "tests.rs" && name != "spoil.rs" {
                *seen += 1;
                let text = std::fs::read_to_string(&path).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
                for verb in ["update", "delete from", "replace into"] {
                    let call = format!("{verb} activity");
                    let times = text.match_indices(&format!("{call} ")).count();
                    found.extend((0..times).map(|_| format!("{name}: {call}")));
                }
            }
        }
    }
    let (mut found, mut seen) = (Vec::new(), 0);
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    for one in ["kit", "commons", "mulin"] {
        look(&crates.join(one).join("src"), &mut found, &mut seen);
    }
    assert!(seen > 200, "{seen} sources");
    assert_eq!(found, ["chain.rs: update activity"]);
}

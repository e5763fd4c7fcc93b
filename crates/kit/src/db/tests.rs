//! What both engines promise: all or nothing, in order, and never lost to a neighbour's mistake.

mod damage;

use super::testing::context;
use super::{Db, Migration};
use crate::time::Moment;
use crate::{Error, on_both, params};
use std::sync::atomic::{AtomicU32, Ordering};

const TABLE: &[Migration] = &[Migration::shared(
    "0001_words",
    "create table word (id bigint primary key, text text not null, raw blob, yes boolean)",
)];
const ADD: &str = "insert into word (id, text, raw, yes) values ($1, $2, $3, $4)";
const COUNT: &str = "select count(*) as n from word";

async fn add(db: &Db, id: i64) -> crate::Result<()> {
    db.transact(&context(Moment(0)), |tx| {
        Box::pin(async move { tx.run(ADD, params![id, "话", &[1u8, 2][..], true]).await.map(drop) })
    })
    .await
}

async fn count(db: &Db) -> i64 {
    db.one(COUNT, params![]).await.unwrap().unwrap().get("n").unwrap()
}

on_both! { TABLE;
    async fn what_is_written_is_read_back_alike(db) {
        add(&db, 7).await.unwrap();
        let sql = "select id, text, raw, yes, cast(null as bigint) as none from word where id = $1";
        let row = db.one(sql, params![7_i64]).await.unwrap().unwrap();
        assert_eq!(row.get::<String>("text").unwrap(), "话");
        assert_eq!(row.get::<Vec<u8>>("raw").unwrap(), [1, 2]);
        assert!(row.get::<bool>("yes").unwrap());
        assert_eq!(row.get::<Option<i64>>("none").unwrap(), None);
        assert!(row.get::<String>("id").is_err());
        assert!(row.get::<i64>("absent").is_err());
    }

    async fn a_deed_that_fails_leaves_nothing_and_takes_no_neighbour_with_it(db) {
        let failing = |id: i64| {
            let db = db.clone();
            tokio::spawn(async move {
                let context = context(Moment(0));
                let out = db.transact::<(), _>(&context, |tx| Box::pin(async move {
                    tx.run(ADD, params![id, "never", None::<Vec<u8>>, false]).await?;
                    tokio::task::yield_now().await;
                    Err(Error::denied("test/no"))
                }));
                assert!(matches!(out.await, Err(Error::Denied(_))));
            })
        };
        let mut all = Vec::new();
        for id in 0..40_i64 {
            let other = db.clone();
            all.push(tokio::spawn(async move { add(&other, id).await.unwrap() }));
            all.push(failing(1000 + id));
        }
        for one in all {
            one.await.unwrap();
        }
        assert_eq!(count(&db).await, 40);
    }

    async fn many_who_change_the_same_row_at_once_all_come_through(db) {
        add(&db, 1).await.unwrap();
        let appends = |_| {
            let db = db.clone();
            tokio::spawn(async move {
                db.transact(&context(Moment(0)), |tx| Box::pin(async move {
                    tx.one(COUNT, params![]).await?;
                    tx.run("update word set text = text || 'x' where id = $1", params![1_i64]).await?;
                    tokio::time::sleep(std::time::Duration::from_millis(3)).await;
                    Ok(())
                })).await
            })
        };
        let all: Vec<_> = (0..96).map(appends).collect();
        for one in all {
            one.await.unwrap().unwrap();
        }
        let row = db.one("select text from word where id = $1", params![1_i64]).await.unwrap().unwrap();
        assert_eq!(row.get::<String>("text").unwrap().matches('x').count(), 96);
    }

    async fn a_deed_whose_caller_went_away_leaves_nothing_and_the_next_one_goes_on(db) {
        let other = db.clone();
        let stuck = tokio::spawn(async move {
            let _ = other.transact::<(), _>(&context(Moment(0)), |tx| Box::pin(async move {
                tx.run(ADD, params![1_i64, "half", None::<Vec<u8>>, false]).await?;
                std::future::pending().await
            })).await;
        });
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        stuck.abort();
        let _ = stuck.await;
        add(&db, 2).await.unwrap();
        assert_eq!(count(&db).await, 1);
    }

    async fn two_that_read_and_then_write_do_not_both_win(db) {
        add(&db, 0).await.unwrap();
        let ran = AtomicU32::new(0);
        let ran = &ran;
        let take = |who: &'static str| {
            let db = db.clone();
            async move {
                db.transact(&context(Moment(0)), |tx| Box::pin(async move {
                    ran.fetch_add(1, Ordering::SeqCst);
                    let row = tx.one("select text from word where id = 0", params![]).await?.unwrap();
                    if row.get::<String>("text")? != "话" {
                        return Ok(false);
                    }
                    tokio::task::yield_now().await;
                    tx.run("update word set text = $1 where id = 0", params![who]).await?;
                    Ok(true)
                })).await.unwrap()
            }
        };
        let (a, b) = tokio::join!(take("a"), take("b"));
        assert!(a ^ b, "exactly one of them takes it");
        assert!(ran.load(Ordering::SeqCst) >= 2);
    }

    async fn a_snapshot_stays_at_its_instant_and_its_rows_go_in_again(db) {
        for id in 0..1_203_i64 {
            add(&db, id).await.unwrap();
        }
        let mut look = db.snapshot().await.unwrap();
        add(&db, 5_000).await.unwrap();
        let tables = look.tables().await.unwrap();
        let table = tables.iter().find(|table| table.name == "word").unwrap();
        let kinds: Vec<&str> = table.columns.iter().map(|column| column.kind.unwrap().name()).collect();
        assert_eq!(kinds, ["int", "text", "blob", "bool"]);
        let mut rows = Vec::new();
        look.rows(table, &mut |row| {
            rows.push(row);
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!(rows.len(), 1_203, "what came later is not in it");
        assert_eq!(rows[0][3], crate::db::Value::Bool(true));
        let stopped = look.rows(table, &mut |_| Err(Error::NotFound)).await;
        assert!(matches!(stopped, Err(Error::NotFound)));
        drop(look);
        let (table, rows) = (&table, &rows);
        db.transact(&context(Moment(0)), |tx| Box::pin(async move {
            tx.empty(table).await?;
            tx.load(table, rows).await
        })).await.unwrap();
        assert_eq!(count(&db).await, 1_203);
        let mut again = db.snapshot().await.unwrap();
        let mut same = Vec::new();
        again.rows(table, &mut |row| {
            same.push(row);
            Ok(())
        })
        .await
        .unwrap();
        same.sort_by_key(|row| format!("{:?}", row[0]));
        let mut rows = rows.clone();
        rows.sort_by_key(|row| format!("{:?}", row[0]));
        assert_eq!(same, rows);
    }

    async fn a_migration_whose_text_changed_is_refused(db) {
        let other = Migration::shared("0001_words", "create table other (id bigint primary key)");
        let refused = db.migrate(&[other]).await;
        assert!(matches!(refused, Err(Error::Unavailable(why)) if why.contains("other text")));
        assert!(db.migrate(&[]).await.is_err(), "an older program refuses a newer database");
        db.migrate(TABLE).await.unwrap();
    }
}

mod kit_tables {
    use super::*;
    use crate::book::Activity;
    use crate::db::Context;
    use crate::jobs;
    use crate::time::Clock;
    use std::sync::Arc;
    use uuid::Uuid;

    fn heard(now: Moment) -> Context {
        Context { listeners: &[("tests/", "echo")], ..context(now) }
    }

    on_both! { crate::MIGRATIONS;
        async fn every_statement_of_the_kit_is_understood(db) {
            for sql in crate::book::STATEMENTS.iter().chain(crate::book::chain::STATEMENTS).chain(jobs::STATEMENTS) {
                db.prepare(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
            }
        }

        async fn an_activity_reaches_its_listener_once_though_the_listener_fails_first(db) {
            let (tenant, thing) = (Uuid::from_u128(1), Uuid::from_u128(2));
            db.transact(&heard(Moment(1000)), |tx| Box::pin(async move {
                tx.record(Activity::of(tenant, "tests/done", "test", thing)).await?;
                tx.record(Activity::of(tenant, "others/done", "test", thing)).await.map(drop)
            })).await.unwrap();
            assert_eq!(crate::book::of_thing(&db, tenant, thing).await.unwrap().len(), 2);
            assert_eq!(jobs::counts(&db).await.unwrap(), (1, 0));

            let (clock, effects, store) = (Clock::at(Moment(2000)), Arc::new(AtomicU32::new(0)), db.clone());
            let counted = effects.clone();
            let echo: jobs::Handler = Arc::new(move |job| {
                let (effects, db) = (counted.clone(), store.clone());
                Box::pin(async move {
                    if effects.fetch_add(1, Ordering::SeqCst) == 0 {
                        return Err(Error::Unavailable("not yet".into()));
                    }
                    let id = job.id;
                    db.transact(&context(Moment(0)), |tx| Box::pin(async move { jobs::done(tx, id).await })).await.map(drop)
                })
            });
            let worker = jobs::Worker {
                db: db.clone(), clock: clock.clone(), ids: Default::default(),
                handlers: [("echo", echo)].into(), bell: Default::default(),
            };
            assert_eq!(worker.round().await.unwrap(), 1);
            assert_eq!(jobs::counts(&db).await.unwrap(), (1, 1));
            assert_eq!(worker.round().await.unwrap(), 0, "it waits before it tries again");
            clock.advance(Moment::seconds(10));
            assert_eq!(worker.round().await.unwrap(), 1);
            assert_eq!(jobs::counts(&db).await.unwrap(), (0, 0));
            assert_eq!(effects.load(Ordering::SeqCst), 2);
        }
    }
}

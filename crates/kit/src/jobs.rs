//! Durable jobs: written in the transaction of the deed that wants them, done at least once, and gone in the same
//! transaction as their effect when the effect is a row.

use crate::db::{By, Context, Db, Dialect, Row, Tx};
use crate::id;
use crate::id::IdMaker;
use crate::time::{Clock, Moment};
use crate::{Error, Result, params};
use futures_util::future::{BoxFuture, join_all};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

id!(JobId);

/// A job that is due.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: JobId,
    pub tenant: Uuid,
    pub kind: String,
    pub payload: serde_json::Value,
    /// How often it has failed before.
    pub tries: i64,
}

/// Does a job. It ends it by calling [`done`] in the transaction that holds its effect.
pub type Handler = Arc<dyn Fn(Job) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// How many jobs a round takes before others get a turn.
const ROUND: usize = 64;
/// How long a job is left alone after somebody began it; if the process dies, it is begun again after that.
const LEASE_MS: i64 = Moment::seconds(30);
/// How many are worked on together: on SQLite one commit serves several, on PostgreSQL they get into each other's way.
const fn together(dialect: Dialect) -> usize {
    match dialect {
        Dialect::Sqlite => 8,
        Dialect::Postgres => 4,
    }
}
const TRIES_MAX: i64 = 12;
const NEVER: i64 = i64::MAX;

const ENQUEUE: &str = "insert into job (id, tenant, kind, payload, due, tries, leased_until, failed)
    values ($1, $2, $3, $4, $5, 0, 0, null)";
const WAITS: &str = "select id from job where due <= $1 and leased_until <= $1 limit 1";
const DUE: &str = "select id, tenant, kind, payload, tries, due from job where due <= $1 and leased_until <= $1
    order by due, id limit $2";
/// The second look at `leased_until` is for another node that leased the same ones meanwhile.
const LEASE: &str = "update job set leased_until = $2 where leased_until <= $1 and id in
    (select id from job where due <= $1 and leased_until <= $1 order by due, id limit $3)
    returning id, tenant, kind, payload, tries, due";
const DONE: &str = "delete from job where id = $1";
const POSTPONE: &str = "update job set due = $2, leased_until = 0, failed = $3, tries = tries + 1 where id = $1";
const COUNTS: &str = "select count(*) as n, count(failed) as failing from job";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[ENQUEUE, WAITS, DUE, LEASE, DONE, POSTPONE, COUNTS];

/// Leaves a job to be done at `due` or soon after.
pub async fn enqueue(
    tx: &mut Tx<'_>,
    tenant: Uuid,
    kind: &str,
    payload: &serde_json::Value,
    due: Moment,
) -> Result<JobId> {
    let id: JobId = tx.id();
    tx.run(ENQUEUE, params![id, tenant, kind, payload.to_string(), due]).await?;
    Ok(id)
}

/// Ends a job within the transaction of its effect. `false` when it was ended before: then do nothing again.
pub async fn done(tx: &mut Tx<'_>, job: JobId) -> Result<bool> {
    Ok(tx.run(DONE, params![job]).await? == 1)
}

/// How many jobs wait, and how many of them have failed at least once.
pub async fn counts(db: &Db) -> Result<(i64, i64)> {
    let row = db.one(COUNTS, params![]).await?.ok_or_else(|| Error::internal("count gave no row"))?;
    Ok((row.get("n")?, row.get("failing")?))
}

/// The worker: takes due jobs in order, a few at a time.
pub struct Worker {
    pub db: Db,
    pub clock: Clock,
    pub ids: IdMaker,
    pub handlers: HashMap<&'static str, Handler>,
    /// Rung after deeds, so that a listener hears at once; the worker looks every second anyway.
    pub bell: Arc<Notify>,
}

impl Worker {
    /// Works until `stop` turns true.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        loop {
            match self.round().await {
                Ok(0) => {
                    tokio::select! {
                        () = self.bell.notified() => {}
                        () = tokio::time::sleep(Duration::from_secs(1)) => {}
                        _ = stop.changed() => {}
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "jobs cannot be read");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
            if *stop.borrow() {
                return;
            }
        }
    }

    /// Does what is due now and tells how many jobs it took.
    pub async fn round(&self) -> Result<usize> {
        let now = self.clock.now();
        let mut taken = 0;
        while taken < ROUND {
            let jobs = self.next(now).await?;
            if jobs.is_empty() {
                break;
            }
            taken += jobs.len();
            for done in join_all(jobs.into_iter().map(|job| self.work(job, now))).await {
                done?;
            }
        }
        Ok(taken)
    }

    /// As many as are done together. A SQLite house has one worker, which has ended these before it looks again; where
    /// several nodes work on one database, each leases its own.
    async fn next(&self, now: Moment) -> Result<Vec<Job>> {
        let dialect = self.db.dialect();
        let most = i64::try_from(together(dialect)).map_err(Error::internal)?;
        if dialect == Dialect::Sqlite {
            return self.db.all(DUE, params![now, most]).await?.iter().map(Job::read).collect();
        }
        if self.db.one(WAITS, params![now]).await?.is_none() {
            return Ok(Vec::new());
        }
        let taken = self
            .db
            .transact(&self.context(now), |tx| {
                Box::pin(async move {
                    let mut rows = tx.all(LEASE, params![now, now + LEASE_MS, most]).await?;
                    rows.sort_by_key(|row| (row.get::<i64>("due").ok(), row.get::<Uuid>("id").ok()));
                    Ok(rows)
                })
            })
            .await?;
        taken.iter().map(Job::read).collect()
    }

    async fn work(&self, job: Job, now: Moment) -> Result<()> {
        let (id, kind, tries) = (job.id, job.kind.clone(), job.tries);
        let outcome = match self.handlers.get(kind.as_str()) {
            Some(handler) => handler(job).await,
            None => Err(Error::internal(format!("nobody does jobs of kind {kind}"))),
        };
        let Err(error) = outcome else {
            metrics::counter!("mulin_jobs_done_total", "kind" => kind).increment(1);
            return Ok(());
        };
        tracing::warn!(job = %id, kind, tries, %error, "a job failed and stays");
        metrics::counter!("mulin_jobs_failed_total", "kind" => kind).increment(1);
        let again = if tries + 1 >= TRIES_MAX { Moment(NEVER) } else { now + (Moment::seconds(2) << tries.min(10)) };
        let why = error.to_string();
        let why = why.as_str();
        self.db
            .transact(&self.context(now), |tx| {
                Box::pin(async move { tx.run(POSTPONE, params![id, again, why]).await.map(drop) })
            })
            .await
    }

    fn context(&self, now: Moment) -> Context {
        Context { now, ids: self.ids.clone(), by: By::default(), listeners: &[] }
    }
}

impl Job {
    fn read(row: &Row) -> Result<Job> {
        let payload: String = row.get("payload")?;
        Ok(Job {
            id: row.get("id")?,
            tenant: row.get("tenant")?,
            kind: row.get("kind")?,
            payload: serde_json::from_str(&payload).map_err(Error::internal)?,
            tries: row.get("tries")?,
        })
    }
}

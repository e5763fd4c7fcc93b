//! What happens by itself: jobs are worked off, reports without an answer close, what is over is forgotten.
//! Pages are right with all of it stopped; chores only make it durable.

use crate::say::requests::{climbing, over};
use crate::{deliver, heard, say};
use commons::case::{Case, clocks, store};
use commons::kept::store::timers;
use kit::Result;
use kit::book::{Activity, chain};
use kit::jobs::Worker;
use kit::time::Moment;
use kit::web::App;
use serde_json::json;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

const EVERY: Duration = Duration::from_secs(60);
/// Whoever waits at a door should not wait much longer than it has promised.
const CLIMB_EVERY: Duration = Duration::from_secs(5);
/// What was done a moment ago should soon be covered by a head that somebody can write down.
const SEAL_EVERY: Duration = Duration::from_secs(1);

/// Starts the worker and the chores; they end when `stop` turns true.
pub fn start(app: &App, stop: watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
    let worker = worker(app);
    let delivering = tokio::spawn(deliver::run(app.clone(), stop.clone()));
    let chores = tokio::spawn(repeat(app.clone(), stop.clone(), EVERY, |app| async move { round(&app).await }));
    let climbing = tokio::spawn(repeat(app.clone(), stop.clone(), CLIMB_EVERY, |app| async move {
        climbing::climb_all(&app).await.map(drop)
    }));
    let sealing = tokio::spawn(repeat(app.clone(), stop.clone(), SEAL_EVERY, |app| async move { seal(&app).await }));
    vec![tokio::spawn(worker.run(stop)), chores, climbing, delivering, sealing]
}

/// Does a chore again and again until the house is asked to stop.
async fn repeat<F>(app: App, mut stopped: watch::Receiver<bool>, every: Duration, chore: impl Fn(App) -> F + Send)
where
    F: Future<Output = Result<()>> + Send,
{
    while !*stopped.borrow() {
        if let Err(error) = chore(app.clone()).await {
            tracing::warn!(%error, "a chore failed");
        }
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Seals what was written into the book since the last time; an old house with a long book is begun anew where it was left.
pub async fn seal(app: &App) -> Result<()> {
    while chain::seal(&app.db, &app.context()).await? > 0 {
        if app.stopping.load(Ordering::Relaxed) {
            break;
        }
    }
    Ok(())
}

/// The worker with every handler of the house.
pub fn worker(app: &App) -> Worker {
    Worker {
        db: app.db.clone(),
        clock: app.clock.clone(),
        ids: app.ids.clone(),
        handlers: heard::handlers(app),
        bell: app.bell.clone(),
    }
}

/// One round of everything that time brings.
pub async fn round(app: &App) -> Result<()> {
    close_unrated(app).await?;
    forget_contacts(app).await?;
    over::forget_words(app).await?;
    climbing::recount_shipped(app).await?;
    say::follow::digest::round(app).await?;
    if let Err(error) = crate::keep::keys::go_on(app).await {
        // The rest of the round must not wait for a disk that is away.
        tracing::warn!(%error, "contacts could not be sealed anew");
    }
    app.tidy();
    app.db.transact(&app.context(), |tx| Box::pin(async move { timers::run(tx).await.map(drop) })).await
}

/// Reports whose days for an answer are over close as unrated, each exactly once.
async fn close_unrated(app: &App) -> Result<()> {
    let now = app.clock.now();
    let over = store::unanswered(&app.db, now, 200).await?;
    for (tenant, id) in over {
        let context = app.context();
        let closed = app.db.transact(&context, |tx| {
            Box::pin(async move {
                let case: Case = store::find(tx, tenant, id).await?.left_unrated(now)?;
                let case = clocks::stop(tx, case, "left-unrated").await?;
                store::save(tx, &case).await?;
                let activity = Activity::of(tenant, "requests/left-unrated", "case", id)
                    .at_place(case.building.unwrap_or(case.compound))
                    .with(json!({ "round": case.round }));
                tx.record(activity).await.map(drop)
            })
        });
        match closed.await {
            // Somebody answered meanwhile: good.
            Ok(()) | Err(kit::Error::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Contacts go some days after the end; pages show none from that day on, though this never ran.
async fn forget_contacts(app: &App) -> Result<()> {
    let until = app.clock.now() - Moment::days(commons::case::contact_days()?);
    for (tenant, id) in store::stale_contacts(&app.db, until, 200).await? {
        let context = app.context();
        let forgotten = app.db.transact(&context, |tx| {
            Box::pin(async move {
                if !store::forget_contact(tx, tenant, id).await? {
                    return Ok(());
                }
                tx.record(Activity::of(tenant, "requests/contact-forgotten", "case", id)).await.map(drop)
            })
        });
        forgotten.await?;
    }
    Ok(())
}

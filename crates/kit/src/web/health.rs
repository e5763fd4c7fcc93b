//! Is it alive, is it ready, how is it doing.

use super::answer::Answer;
use super::app::App;
use super::call::Call;
use super::door::may_read_metrics;
use crate::{Error, Result, params};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::json;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const PROBE_WITHIN: Duration = Duration::from_secs(3);
const PROBE: &str = "select count(*) as n from migration";
const TOUCH: &str = "insert into setting (tenant, name, value) values ($1, 'probe', $2)
    on conflict (tenant, name) do update set value = excluded.value";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[PROBE, TOUCH];

/// The process answers.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether a call would be served well now; says which part would not.
pub async fn readyz(State(app): State<App>) -> impl IntoResponse {
    let (database, disk) = tokio::join!(soon(database(app.clone())), soon(disk(app.config.data.clone())));
    let stopping = app.stopping.load(Ordering::Relaxed).then(|| "stopping".to_owned());
    let ready = database.is_none() && disk.is_none() && stopping.is_none();
    let part = |trouble: &Option<String>| trouble.as_deref().map_or("ok", |_| "not ready").to_owned();
    for trouble in [&database, &disk].into_iter().flatten() {
        tracing::warn!(trouble, "not ready");
    }
    let told =
        json!({ "ready": ready, "database": part(&database), "disk": part(&disk), "stopping": stopping.is_some() });
    (if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, Json(told))
}

/// What hangs is not ready either. The probe itself is left to end as it may: a write must not be broken off.
async fn soon(probe: impl Future<Output = Result<()>> + Send + 'static) -> Option<String> {
    match tokio::time::timeout(PROBE_WITHIN, tokio::spawn(probe)).await {
        Ok(Ok(Ok(()))) => None,
        Ok(Ok(Err(error))) => Some(error.to_string()),
        Ok(Err(gone)) => Some(gone.to_string()),
        Err(_) => Some("no answer in time".to_owned()),
    }
}

async fn database(app: App) -> Result<()> {
    app.db.one(PROBE, params![]).await?;
    let context = app.context();
    let touched = app.db.transact(&context, |tx| {
        Box::pin(async move {
            let now = tx.now().to_string();
            tx.run(TOUCH, params![crate::Uuid::nil(), now]).await
        })
    });
    touched.await.map(drop)
}

/// Writes a page's worth, for a few bytes may fit on a disk that is full, into a file of its own: one that is there already
/// has its room.
async fn disk(folder: PathBuf) -> Result<()> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let probe = folder.join(format!(".probe-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
    let written = tokio::fs::write(&probe, [b'\n'; 4096]).await;
    let removed = tokio::fs::remove_file(&probe).await;
    written.and(removed).map_err(|error| Error::Unavailable(format!("{}: {error}", probe.display())))
}

/// Figures in the Prometheus format.
pub async fn metrics(State(app): State<App>, call: Call, headers: HeaderMap) -> Answer {
    may_read_metrics(&app, &call, &headers)?;
    let handle = app.metrics.as_ref().ok_or(Error::NotFound)?;
    if let Ok((waiting, failing)) = crate::jobs::counts(&app.db).await {
        metrics::gauge!("mulin_jobs_waiting").set(waiting as f64);
        metrics::gauge!("mulin_jobs_failing").set(failing as f64);
    }
    metrics::gauge!("mulin_live_listeners").set(app.live.listening() as f64);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response())
}

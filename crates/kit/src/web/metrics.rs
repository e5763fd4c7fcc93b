//! Figures of how the house is doing, in the Prometheus format.

use axum::http::Method;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

const SECONDS: &str = "mulin_request_seconds";
const BOUNDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// Begins to count. `None` when somebody in this process counts already.
pub fn start() -> Option<PrometheusHandle> {
    let counting = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), BOUNDS);
    let handle = counting.ok()?.install_recorder().ok()?;
    metrics::describe_counter!("mulin_requests_total", "Calls answered, by method, route and status");
    metrics::describe_histogram!(SECONDS, metrics::Unit::Seconds, "Time until the headers of an answer, by route");
    metrics::describe_gauge!("mulin_requests_running", "Calls that are being answered now");
    metrics::describe_counter!("mulin_db_commits_total", "Commits of the database; one may carry several deeds");
    metrics::describe_counter!("mulin_db_deeds_total", "Deeds committed");
    metrics::describe_gauge!("mulin_jobs_waiting", "Jobs that wait for their time or a free worker");
    metrics::describe_gauge!("mulin_jobs_failing", "Jobs that failed at least once and are tried again");
    metrics::describe_gauge!("mulin_live_listeners", "Open streams of live updates");
    Some(handle)
}

/// Counts a call as running for as long as this lives.
pub(super) struct Running;

impl Running {
    pub fn begin() -> Running {
        metrics::gauge!("mulin_requests_running").increment(1.0);
        Running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        metrics::gauge!("mulin_requests_running").decrement(1.0);
    }
}

/// Notes an answered call. Labels come from small known sets: a caller must not be able to make new ones.
pub(super) fn answered(method: &Method, route: &str, status: u16, seconds: f64) {
    let labels =
        [("method", method_label(method).to_owned()), ("route", route.to_owned()), ("status", status.to_string())];
    metrics::counter!("mulin_requests_total", &labels).increment(1);
    metrics::histogram!(SECONDS, "route" => route.to_owned()).record(seconds);
}

pub(super) fn method_label(method: &Method) -> &'static str {
    const KNOWN: [Method; 7] =
        [Method::GET, Method::HEAD, Method::OPTIONS, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    const LABELS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];
    KNOWN.iter().position(|known| known == method).map_or("other", |place| LABELS[place])
}

//! Structured logs on stderr. They never hold a path, a query, a body, a cookie or a code.

use tracing_subscriber::EnvFilter;

/// Starts logging: JSON lines for machines, short lines for a terminal. `MULIN_LOG` chooses what (`info` by default).
pub fn start(json: bool) {
    let filter = EnvFilter::try_from_env("MULIN_LOG").unwrap_or_else(|_| EnvFilter::new("info,tokio_postgres=warn"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // A second start (in tests) changes nothing.
    let _ = if json { logs.json().flatten_event(true).try_init() } else { logs.compact().try_init() };
}

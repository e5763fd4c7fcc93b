//! The accept loop: slow callers are hung up on, too many wait, and a stop lets the running ones finish.

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

/// The other end of the socket.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// How patient we are.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    pub first_byte: Duration,
    pub headers: Duration,
    pub finish: Duration,
    pub connections: usize,
}

impl Default for Patience {
    fn default() -> Self {
        let ten = Duration::from_secs(10);
        Patience { first_byte: ten, headers: ten, finish: ten, connections: 1024 }
    }
}

const HEADER_BYTES_MAX: usize = 64 * 1024;
const STREAMS_MAX: u32 = 64;

/// Serves until `stop` turns true, then lets what runs finish.
///
/// # Errors
/// Never for one connection's sake; only when the listener itself fails for good.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    patience: Patience,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let connections = Arc::new(Semaphore::new(patience.connections));
    let graceful = GracefulShutdown::new();
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.headers)
        .max_buf_size(HEADER_BYTES_MAX)
        .keep_alive(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(20))
        .max_concurrent_streams(STREAMS_MAX);
    let builder = Arc::new(builder);
    while !*stop.borrow() {
        let turn = connections.clone().acquire_owned().await.map_err(std::io::Error::other)?;
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file handles, or a caller who left at once: neither ends the house.
                    tracing::warn!(%error, "accept failed");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            _ = stop.changed() => break,
        };
        let _ = stream.set_nodelay(true);
        let (routes, builder, watcher) = (routes.clone(), builder.clone(), graceful.watcher());
        tokio::spawn(async move {
            let _turn = turn;
            if !speaks(&stream, patience.first_byte).await {
                return;
            }
            let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
                request.extensions_mut().insert(Peer(peer));
                routes.clone().oneshot(request.map(axum::body::Body::new) as Request)
            });
            let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
            if let Err(error) = watcher.watch(connection.into_owned()).await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(patience.finish, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections did not finish in time");
    }
    Ok(())
}

/// The version of HTTP is told by the first bytes; whoever sends none does not get a slot.
async fn speaks(stream: &TcpStream, within: Duration) -> bool {
    let mut first = [0_u8; 1];
    matches!(tokio::time::timeout(within, stream.peek(&mut first)).await, Ok(Ok(1)))
}

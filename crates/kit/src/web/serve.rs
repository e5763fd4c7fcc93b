//! The accept loop: slow callers are hung up on, too many wait, and a stop lets the running ones finish.

use super::patient::Patient;
use axum::Router;
use axum::extract::Request;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt;

/// The other end of the socket.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// How patient we are.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until a new connection says anything.
    pub first_byte: Duration,
    /// Until the headers of a request are here; also how long a kept-alive HTTP/1 connection may be silent.
    pub headers: Duration,
    /// How long an HTTP/2 connection may stay without a request.
    pub idle: Duration,
    /// How long a caller may take nothing of what we send.
    pub stalled: Duration,
    /// How long running answers may take after a stop.
    pub finish: Duration,
    pub connections: usize,
}

impl Default for Patience {
    fn default() -> Self {
        let (ten, thirty) = (Duration::from_secs(10), Duration::from_secs(30));
        Patience { first_byte: ten, headers: ten, idle: thirty, stalled: thirty, finish: ten, connections: 1024 }
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
    let door = Door { routes, builder: Arc::new(builder(&patience)), patience, stop: stop.clone() };
    while !*stop.borrow() {
        // Whoever comes while every place is taken waits in the system's queue.
        let next = async {
            let place = connections.clone().acquire_owned().await.map_err(std::io::Error::other)?;
            listener.accept().await.map(|accepted| (place, accepted))
        };
        let (place, (stream, peer)) = tokio::select! {
            accepted = next => match accepted {
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
        tokio::spawn(door.clone().attend(stream, peer, graceful.watcher(), place));
    }
    drop(listener);
    if tokio::time::timeout(patience.finish, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections did not finish in time");
    }
    Ok(())
}

fn builder(patience: &Patience) -> Builder<TokioExecutor> {
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
    builder
}

/// What every connection shares.
#[derive(Clone)]
struct Door {
    routes: Router,
    builder: Arc<Builder<TokioExecutor>>,
    patience: Patience,
    stop: watch::Receiver<bool>,
}

impl Door {
    /// One connection, from its first byte to its last.
    async fn attend(mut self, stream: TcpStream, peer: SocketAddr, watcher: Watcher, _place: OwnedSemaphorePermit) {
        let _ = stream.set_nodelay(true);
        tokio::select! {
            speaks = speaks(&stream, self.patience.first_byte) => if !speaks { return },
            _ = self.stop.changed() => return,
        }
        let calls = Arc::new(Calls::default());
        let (routes, counted) = (self.routes, calls.clone());
        let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            let running = counted.begin();
            let answering = routes.clone().oneshot(request.map(axum::body::Body::new) as Request);
            async move {
                // A call runs until the last byte of its answer has been given away, not only until its headers.
                answering.await.map(|response| {
                    response.map(|body| {
                        body.inspect_frame(move |_| {
                            let _ = &running;
                        })
                    })
                })
            }
        });
        let stream = TokioIo::new(Patient::new(stream, self.patience.stalled));
        let connection = self.builder.serve_connection_with_upgrades(stream, service);
        let mut connection = pin!(watcher.watch(connection.into_owned()));
        let mut limit = self.patience.headers;
        let mut known = 0;
        loop {
            tokio::select! {
                ended = &mut connection => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a connection ended early");
                    }
                    return;
                }
                // The first bytes may be those of HTTP/2 or not, and HTTP/2 may be kept open for nothing: neither has
                // a limit of its own.
                () = tokio::time::sleep(limit) => {
                    let begun = calls.begun.load(Ordering::Relaxed);
                    if begun == known && calls.running.load(Ordering::Relaxed) == 0 {
                        return;
                    }
                    (known, limit) = (begun, self.patience.idle);
                }
            }
        }
    }
}

/// How many calls a connection has brought, and how many of them are not yet answered to the end.
#[derive(Default)]
struct Calls {
    begun: AtomicUsize,
    running: AtomicUsize,
}

impl Calls {
    fn begin(self: &Arc<Self>) -> Running {
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.running.fetch_add(1, Ordering::Relaxed);
        Running(self.clone())
    }
}

struct Running(Arc<Calls>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whoever connects and says nothing does not keep a place.
async fn speaks(stream: &TcpStream, within: Duration) -> bool {
    let mut first = [0_u8; 1];
    matches!(tokio::time::timeout(within, stream.peek(&mut first)).await, Ok(Ok(1)))
}

//! Live updates: server-sent events on named topics. Who misses one sees it on the next page view.

use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::broadcast;

const KEPT: usize = 256;
const LISTENERS_MAX: usize = 2_000;

/// The hub. Cloning shares it.
#[derive(Clone)]
pub struct Live {
    events: broadcast::Sender<(String, String)>,
    listening: Arc<AtomicUsize>,
}

impl Default for Live {
    fn default() -> Self {
        Live { events: broadcast::channel(KEPT).0, listening: Arc::default() }
    }
}

struct Listening(Arc<AtomicUsize>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Live {
    /// Tells those who listen to `topic`.
    pub fn publish(&self, topic: &str, data: &str) {
        let _ = self.events.send((topic.to_owned(), data.to_owned()));
    }

    pub fn listening(&self) -> usize {
        self.listening.load(Ordering::Relaxed)
    }

    /// A stream of what is told on `topic`.
    ///
    /// # Errors
    /// [`crate::Error::TooMany`] when too many listen already.
    pub fn stream(&self, topic: String) -> crate::Result<impl IntoResponse + use<>> {
        if self.listening.fetch_add(1, Ordering::Relaxed) >= LISTENERS_MAX {
            self.listening.fetch_sub(1, Ordering::Relaxed);
            return Err(crate::Error::TooMany(60));
        }
        let listening = Listening(self.listening.clone());
        let start = (self.events.subscribe(), topic, listening);
        let events = stream::unfold(start, |(mut events, topic, listening)| async move {
            loop {
                match events.recv().await {
                    Ok((told, data)) if told == topic => {
                        let event = Event::default().event("changed").data(data);
                        return Some((Ok::<_, Infallible>(event), (events, topic, listening)));
                    }
                    // Too slow for some: one event says that something changed.
                    Err(broadcast::error::RecvError::Lagged(_)) => {
                        let event = Event::default().event("changed").data("missed");
                        return Some((Ok(event), (events, topic, listening)));
                    }
                    Ok(_) => {}
                    Err(broadcast::error::RecvError::Closed) => return None,
                }
            }
        });
        Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
    }
}

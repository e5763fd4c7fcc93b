//! Live updates: server-sent events on named topics. Who misses one sees it on the next page view.

use crate::{Error, Result};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream;
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};

/// So many events may wait for a slow listener; one that is further behind gets a single "something changed" instead.
const KEPT: usize = 256;
/// Every listener keeps a connection: this leaves half of them for pages.
const LISTENERS_MAX: usize = 512;
/// A whole compound may sit behind one address.
const LISTENERS_OF_ADDRESS_MAX: usize = 128;
/// How often a silent stream shows that it lives.
const ALIVE_EVERY: Duration = Duration::from_secs(15);

/// The hub. Cloning shares it.
#[derive(Clone)]
pub struct Live(Arc<Hub>);

struct Hub {
    /// `None` is told once, at the end.
    events: broadcast::Sender<Option<Arc<Told>>>,
    listening: Mutex<Listening>,
}

struct Told {
    topic: String,
    data: String,
}

#[derive(Default)]
struct Listening {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
    closed: bool,
}

impl Default for Live {
    fn default() -> Self {
        Live(Arc::new(Hub { events: broadcast::channel(KEPT).0, listening: Mutex::default() }))
    }
}

/// A place among the listeners, given back when the stream ends.
struct Place {
    hub: Arc<Hub>,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut listening = self.hub.listening();
        listening.all -= 1;
        if let Some(count) = listening.by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                listening.by_address.remove(&self.address);
            }
        }
    }
}

impl Hub {
    fn listening(&self) -> MutexGuard<'_, Listening> {
        self.listening.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn place(self: &Arc<Self>, address: IpAddr) -> Result<Place> {
        let mut listening = self.listening();
        if listening.closed {
            return Err(Error::Unavailable("stopping".to_owned()));
        }
        let of_address = listening.by_address.get(&address).copied().unwrap_or_default();
        if listening.all >= LISTENERS_MAX || of_address >= LISTENERS_OF_ADDRESS_MAX {
            return Err(Error::TooMany(60));
        }
        listening.all += 1;
        listening.by_address.insert(address, of_address + 1);
        Ok(Place { hub: self.clone(), address })
    }
}

impl Live {
    /// Tells those who listen to `topic`.
    pub fn publish(&self, topic: &str, data: &str) {
        // An error means that nobody listens.
        let _ = self.0.events.send(Some(Arc::new(Told { topic: topic.to_owned(), data: data.to_owned() })));
    }

    /// How many listen now.
    pub fn listening(&self) -> usize {
        self.0.listening().all
    }

    /// Ends every stream and lets no new one begin, so that a stop need not wait for them.
    pub fn close(&self) {
        self.0.listening().closed = true;
        let _ = self.0.events.send(None);
    }

    /// A stream of what is told on `topic`, to a caller at `address`.
    ///
    /// # Errors
    /// [`Error::TooMany`] when too many listen already, altogether or from there; [`Error::Unavailable`] once closed.
    pub fn stream(&self, topic: String, address: IpAddr) -> Result<impl IntoResponse + use<>> {
        // First listening, then a place: a close in between is heard or refuses the place.
        let events = self.0.events.subscribe();
        let start = (events, topic, self.0.place(address)?);
        let events = stream::unfold(start, |(mut events, topic, place)| async move {
            let data = loop {
                match events.recv().await {
                    Ok(Some(told)) if told.topic == topic => break told.data.clone(),
                    Ok(Some(_)) => {}
                    Err(RecvError::Lagged(_)) if place.hub.listening().closed => return None,
                    // Never empty: browsers swallow an event without data.
                    Err(RecvError::Lagged(_)) => break "missed".to_owned(),
                    Ok(None) | Err(RecvError::Closed) => return None,
                }
            };
            let event = Event::default().event("changed").data(data);
            Some((Ok::<_, Infallible>(event), (events, topic, place)))
        });
        Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE_EVERY)))
    }
}

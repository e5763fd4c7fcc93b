//! Instants, and a clock that can be given. Civil time (days, weeks, holidays) is not here: see `commons::calendar`.

use std::fmt;
use std::ops::{Add, Sub};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

impl Moment {
    pub const fn seconds(s: i64) -> i64 {
        s * 1000
    }
    pub const fn minutes(m: i64) -> i64 {
        m * 60_000
    }
    pub const fn hours(h: i64) -> i64 {
        h * 3_600_000
    }
    pub const fn days(d: i64) -> i64 {
        d * 86_400_000
    }

    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl Add<i64> for Moment {
    type Output = Moment;
    fn add(self, ms: i64) -> Moment {
        Moment(self.0 + ms)
    }
}

impl Sub<i64> for Moment {
    type Output = Moment;
    fn sub(self, ms: i64) -> Moment {
        Moment(self.0 - ms)
    }
}

impl Sub<Moment> for Moment {
    type Output = i64;
    fn sub(self, other: Moment) -> i64 {
        self.0 - other.0
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 in UTC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

/// Where "now" comes from: the machine, or a test.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    #[default]
    System,
    /// Stands still until it is set.
    Set(Arc<AtomicI64>),
}

impl Clock {
    pub fn at(moment: Moment) -> Self {
        Clock::Set(Arc::new(AtomicI64::new(moment.0)))
    }

    pub fn now(&self) -> Moment {
        match self {
            // The one place in the house that reads the machine's clock.
            Clock::System => Moment(jiff::Timestamp::now().as_millisecond()),
            Clock::Set(ms) => Moment(ms.load(Ordering::SeqCst)),
        }
    }

    /// Moves a set clock on; a system clock cannot be moved and stays.
    pub fn advance(&self, ms: i64) {
        if let Clock::Set(now) = self {
            now.fetch_add(ms, Ordering::SeqCst);
        }
    }
}

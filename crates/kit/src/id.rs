//! Ids made by us: UUIDv7 for rows (they sort by time), random 128 bits for tokens, ballots and links.

use crate::time::Moment;
pub use uuid::Error as NotAnId;
use uuid::{ContextV7, Timestamp, Uuid};

/// Makes the ids of one deed. Tests give a seeded maker so that runs are equal.
#[derive(Clone, Debug, Default)]
pub enum IdMaker {
    #[default]
    Random,
    /// Deterministic ids for the demo and for tests: counter and seed instead of randomness.
    Seeded(std::sync::Arc<std::sync::atomic::AtomicU64>, u64),
}

impl IdMaker {
    pub fn seeded(seed: u64) -> Self {
        IdMaker::Seeded(std::sync::Arc::new(std::sync::atomic::AtomicU64::new(1)), seed)
    }

    /// A UUIDv7 for a row made at `now`.
    pub fn row(&self, now: Moment) -> Uuid {
        match self {
            IdMaker::Random => {
                static CONTEXT: std::sync::LazyLock<std::sync::Mutex<ContextV7>> =
                    std::sync::LazyLock::new(|| std::sync::Mutex::new(ContextV7::new()));
                let (s, ms) = (now.0.div_euclid(1000) as u64, now.0.rem_euclid(1000) as u32);
                let context = CONTEXT.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                Uuid::new_v7(Timestamp::from_unix(&*context, s, ms * 1_000_000))
            }
            IdMaker::Seeded(count, seed) => {
                let n = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                let mut bytes = [0u8; 10];
                bytes[..2].copy_from_slice(&(n as u16).to_be_bytes());
                bytes[2..10].copy_from_slice(&(seed ^ n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).to_be_bytes());
                uuid::Builder::from_unix_timestamp_millis(now.0.max(0) as u64, &bytes).into_uuid()
            }
        }
    }

    /// 128 random bits for a token or link. Never derived from a seed.
    pub fn secret(&self) -> [u8; 16] {
        let mut bytes = [0u8; 16];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        bytes
    }
}

/// Declares an id newtype over a UUID: `id!(PlaceId)`.
#[macro_export]
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $crate::Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::id::NotAnId;
            fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
                $crate::Uuid::parse_str(text).map($name)
            }
        }
        impl From<$crate::Uuid> for $name {
            fn from(id: $crate::Uuid) -> Self {
                $name(id)
            }
        }
        impl From<$name> for $crate::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
        impl From<$name> for $crate::db::Value {
            fn from(id: $name) -> Self {
                $crate::db::Value::Blob(id.0.as_bytes().to_vec())
            }
        }
        impl $crate::db::FromValue for $name {
            fn from_value(value: &$crate::db::Value) -> Option<Self> {
                <$crate::Uuid as $crate::db::FromValue>::from_value(value).map($name)
            }
        }
    )+};
}

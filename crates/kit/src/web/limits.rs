//! How often somebody may knock. Generous where a whole compound may sit behind one address.

use crate::{Error, Result};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knock {
    /// Sign-ins of one account by one caller, as [`pair`] names them.
    SignIn,
    /// Sign-ins of one account by strangers anywhere: loose, for whoever knows a login could shut its owner out with it.
    SignInOf,
    /// Sign-ins from one address.
    SignInFrom,
    /// Unsafe calls from one address.
    Deed,
    /// What is said from one address by people who are not signed in.
    Unsigned,
    /// Tries of a pickup code from one address.
    Code,
    /// Searches from one address.
    Search,
    /// Exports of everything about one account.
    Export,
}

pub struct Limits {
    sign_in: DefaultKeyedRateLimiter<String>,
    sign_in_of: DefaultKeyedRateLimiter<String>,
    sign_in_from: DefaultKeyedRateLimiter<String>,
    deed: DefaultKeyedRateLimiter<String>,
    unsigned: DefaultKeyedRateLimiter<String>,
    code: DefaultKeyedRateLimiter<String>,
    search: DefaultKeyedRateLimiter<String>,
    export: DefaultKeyedRateLimiter<String>,
    clock: DefaultClock,
    /// Kibibytes that files may take in memory while their forms are worked on, all together.
    uploads: Arc<Semaphore>,
}

/// For files in memory at the same time: some fifteen full photos, which one small machine can bear.
const UPLOADS_KIB_MAX: usize = 192 * 1024;

/// A form's part of the memory for files; given back when dropped.
#[derive(Debug)]
pub struct Room {
    of: Arc<Semaphore>,
    taken: Option<OwnedSemaphorePermit>,
    bytes: usize,
}

impl Room {
    /// # Errors
    /// [`Error::Unavailable`] when all of it is taken.
    pub(super) fn take(&mut self, bytes: usize) -> Result<()> {
        self.bytes += bytes;
        let held = self.taken.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = self.bytes.div_ceil(1024).saturating_sub(held);
        if more == 0 {
            return Ok(());
        }
        let full = |_| Error::Unavailable("too many files at once".to_owned());
        let more = u32::try_from(more).map_err(Error::internal)?;
        let more = self.of.clone().try_acquire_many_owned(more).map_err(full)?;
        match &mut self.taken {
            Some(taken) => taken.merge(more),
            None => self.taken = Some(more),
        }
        Ok(())
    }
}

fn limiter(count: u32, period: Duration) -> DefaultKeyedRateLimiter<String> {
    let burst = NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::with_period(period / count).unwrap_or(Quota::per_second(NonZeroU32::MIN)).allow_burst(burst);
    RateLimiter::keyed(quota)
}

const QUARTER_HOUR: Duration = Duration::from_secs(15 * 60);
const HOUR: Duration = Duration::from_secs(3600);
const MINUTE: Duration = Duration::from_secs(60);

impl Default for Limits {
    fn default() -> Self {
        Limits {
            sign_in: limiter(10, QUARTER_HOUR),
            sign_in_of: limiter(200, QUARTER_HOUR),
            sign_in_from: limiter(100, QUARTER_HOUR),
            deed: limiter(3_000, HOUR),
            unsigned: limiter(30, HOUR),
            code: limiter(40, QUARTER_HOUR),
            search: limiter(240, MINUTE),
            export: limiter(20, HOUR),
            clock: DefaultClock::default(),
            uploads: Arc::new(Semaphore::new(UPLOADS_KIB_MAX)),
        }
    }
}

impl Limits {
    /// Where load is wanted: benches and the stories of the tests.
    pub fn open_wide() -> Limits {
        let wide = || limiter(100_000_000, HOUR);
        Limits {
            sign_in: wide(),
            sign_in_of: wide(),
            sign_in_from: wide(),
            deed: wide(),
            unsigned: wide(),
            code: wide(),
            search: wide(),
            export: wide(),
            ..Limits::default()
        }
    }

    /// The demo, where load is wanted too, but guessing a password is no easier than elsewhere.
    pub fn of_demo() -> Limits {
        let Limits { sign_in, sign_in_of, sign_in_from, .. } = Limits::default();
        Limits { sign_in, sign_in_of, sign_in_from, ..Limits::open_wide() }
    }

    /// Room for the files of one form, taken as they arrive.
    pub(super) fn room(&self) -> Room {
        Room { of: self.uploads.clone(), taken: None, bytes: 0 }
    }

    /// Counts one knock of `who`: an address or an account.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the seconds to wait.
    pub fn check(&self, knock: Knock, who: &str) -> Result<()> {
        let limiter = match knock {
            Knock::SignIn => &self.sign_in,
            Knock::SignInOf => &self.sign_in_of,
            Knock::SignInFrom => &self.sign_in_from,
            Knock::Deed => &self.deed,
            Knock::Unsigned => &self.unsigned,
            Knock::Code => &self.code,
            Knock::Search => &self.search,
            Knock::Export => &self.export,
        };
        limiter.check_key(&one(who)).map_err(|until| {
            let seconds = until.wait_time_from(self.clock.now()).as_secs() + 1;
            Error::TooMany(u32::try_from(seconds).unwrap_or(u32::MAX))
        })
    }

    /// Forgets those who have not knocked for long.
    pub fn tidy(&self) {
        let first = [&self.sign_in, &self.sign_in_of, &self.sign_in_from, &self.deed];
        for limiter in first.into_iter().chain([&self.code, &self.search, &self.export]) {
            limiter.retain_recent();
        }
    }
}

/// One account and one caller: a device that is known, or an address.
pub fn pair(account: &str, caller: &str) -> String {
    format!("{} {account}", one(caller))
}

/// One household has a whole IPv6 network of 2^64 addresses: it counts as one caller.
fn one(who: &str) -> String {
    match who.parse() {
        Ok(IpAddr::V6(address)) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
        _ => who.to_owned(),
    }
}

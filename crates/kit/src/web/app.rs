//! What the whole house shares: database, clock, secrets, pictures, live updates, limits.

use super::answer::Told;
use super::call::Call;
use super::limits::Limits;
use super::live::Live;
use crate::book::Subscription;
use crate::db::{By, Context, Db};
use crate::id::IdMaker;
use crate::mail::Mailer;
use crate::media::Media;
use crate::outgoing::Outgoing;
use crate::secrets::Secrets;
use crate::sms::Sms;
use crate::time::Clock;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;

/// Settings that the door needs.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Where data lie; readiness tries to write there.
    pub data: PathBuf,
    /// `https://…` as residents see it; links on paper and in notices begin with it.
    pub public_url: Option<String>,
    /// The demo neighbourhood: one-click sign-in, and every page says so.
    pub demo: bool,
    /// A proxy in front of us names the caller in `X-Forwarded-For`.
    pub trusted_proxy: bool,
    /// Opens `/metrics` to callers from elsewhere who send it as a bearer token.
    pub metrics_token: Option<String>,
    /// Lets Open311 callers file requests; without one nobody can that way.
    pub open311_key: Option<String>,
    /// Lets the operator's mail server hand letters in.
    pub mail_token: Option<String>,
    /// Whom to write to about personal data here.
    pub contact: Option<String>,
    /// Guards the first-run page while the house is empty.
    pub first_code: Option<String>,
}

impl Config {
    /// Residents come by `https`: cookies are for encrypted pages only.
    pub fn secure(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// Handed to every handler. Cloning shares it.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub db: Db,
    pub clock: Clock,
    pub ids: IdMaker,
    pub secrets: Secrets,
    pub media: Media,
    pub config: Config,
    /// The operator's mail server; without one no letter is written.
    pub mail: Option<Mailer>,
    /// The operator's gateway for short messages; without one none is sent.
    pub sms: Option<Sms>,
    /// Calls to addresses that people typed in.
    pub outgoing: Outgoing,
    pub live: Live,
    pub limits: Limits,
    /// Rung after deeds, so that listeners hear at once.
    pub bell: Arc<Notify>,
    pub listeners: &'static [Subscription],
    /// Writes the page for an error; the kit has no words of its own.
    pub error_page: fn(&Call, &Told) -> String,
    /// Tells an error to programs whose standard has its own way for it; `None`: as a problem document.
    pub error_answer: fn(&Call, &Told) -> Option<axum::response::Response>,
    pub metrics: Option<metrics_exporter_prometheus::PrometheusHandle>,
    /// Turns true when we are asked to stop.
    pub stopping: AtomicBool,
}

impl App {
    pub fn new(parts: Parts) -> App {
        App(Arc::new(parts))
    }

    /// The context of a deed by nobody in particular: the house itself.
    pub fn context(&self) -> Context {
        self.context_by(By::default())
    }

    pub fn context_by(&self, by: By) -> Context {
        Context { now: self.clock.now(), ids: self.ids.clone(), by, listeners: self.listeners }
    }

    /// Forgets what nobody needs any more in memory; to be called every minute or so.
    pub fn tidy(&self) {
        self.limits.tidy();
        if let Some(metrics) = &self.metrics {
            metrics.run_upkeep();
        }
    }

    /// Says that we are asked to stop: we are no longer ready, and streams of live updates end.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.live.close();
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

//! From settings to a served house, top to bottom.

use crate::{chores, features, heard, layout, migrations};
use kit::db::{Db, DbUrl, Forgetful};
use kit::i18n::Lang;
use kit::id::IdMaker;
use kit::mail::Mailer;
use kit::media::Media;
use kit::outgoing::Outgoing;
use kit::secrets::Secrets;
use kit::sms::{Sms, SmsSettings};
use kit::time::Clock;
use kit::web::app::{Config, Parts};
use kit::web::limits::Limits;
use kit::web::serve::{Patience, serve};
use kit::web::{App, Call, log};
use kit::{Error, Result};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What `sysexits.h` calls a configuration error.
const CODE_OF_UNSAFE_SETTINGS: u8 = 78;

/// What the command line and the environment say.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub data: PathBuf,
    pub database: Option<String>,
    pub public_url: Option<String>,
    pub demo: bool,
    pub trusted_proxy: bool,
    pub metrics_token: Option<String>,
    pub open311_key: Option<String>,
    /// `smtp://user@host:587`: the mail server that letters are handed to.
    pub smtp: Option<String>,
    /// What letters come from, e.g. `睦邻 <mulin@mulin.example>`.
    pub mail_from: Option<String>,
    /// Lets the mail server hand letters in at `/hooks/mail`.
    pub mail_token: Option<String>,
    /// Whom to write to about personal data.
    pub contact: Option<String>,
    /// The gateway for short messages; none where its address is empty.
    pub sms: SmsSettings,
    /// Lets the robots of an intranet be called.
    pub allow_private_targets: bool,
    /// `s3://bucket/prefix` for pictures; a folder beside the database without it.
    pub media: Option<String>,
    /// The file with the keys for contacts; `contact.keys` beside the database without it.
    pub keys: Option<PathBuf>,
}

impl Settings {
    /// Where the keys for contacts lie.
    pub fn ring(&self) -> PathBuf {
        self.keys.clone().unwrap_or_else(|| ring(&self.data))
    }
}

/// The ring of keys in a data folder.
pub fn ring(data: &Path) -> PathBuf {
    data.join("contact.keys")
}

/// Opens data that must be there already: for commands that look at a house and must not build an empty one in its place.
///
/// # Errors
/// In a sentence, when there is nothing.
pub async fn open_existing(settings: &Settings) -> Result<App> {
    let data = &settings.data;
    if crate::keep::backup::unfinished(data) {
        return open(settings).await;
    }
    let secret = Secrets::file(data).exists() || std::env::var_os("MULIN_SECRET").is_some();
    if !secret || (settings.database.is_none() && !file(data).exists()) {
        return Err(Error::Unavailable(format!(
            "{} holds no neighbourhood; name its folder with --data",
            data.display()
        )));
    }
    open(settings).await
}

/// Opens data, database and secrets.
///
/// # Errors
/// In a sentence, when any of them cannot be had.
pub async fn open(settings: &Settings) -> Result<App> {
    let data = &settings.data;
    if crate::keep::backup::unfinished(data) {
        let why = format!("a restore into {} was cut off; run it again, or remove the folder", data.display());
        return Err(Error::Unavailable(why));
    }
    kit::own::folder(data).map_err(|e| Error::Unavailable(format!("{}: {e}", data.display())))?;
    let db = Db::open(&database(settings)).await?;
    db.migrate(&migrations()).await?;
    let secrets = match std::env::var("MULIN_SECRET") {
        Ok(text) => Secrets::parse(&text)
            .ok_or_else(|| Error::Unavailable("MULIN_SECRET must be 64 hexadecimal digits".to_owned()))?,
        Err(_) => Secrets::open(data)?,
    };
    ring_is_here(&db, &settings.ring()).await?;
    let secrets = secrets.on_ring(&settings.ring(), Clock::System.now())?;
    let metrics = kit::web::metrics::start();
    let first_code = secrets.code("first-run", &secrets_of_start());
    Ok(App::new(Parts {
        db,
        clock: Clock::System,
        ids: IdMaker::Random,
        media: Media::open(settings.media.as_deref(), data)?,
        config: Config {
            data: data.clone(),
            public_url: settings.public_url.clone(),
            demo: settings.demo,
            trusted_proxy: settings.trusted_proxy,
            metrics_token: settings.metrics_token.clone(),
            open311_key: settings.open311_key.clone(),
            mail_token: settings.mail_token.clone(),
            contact: settings.contact.clone(),
            first_code: Some(first_code),
        },
        secrets,
        mail: mailer(settings)?,
        sms: if settings.sms.url.is_empty() { None } else { Some(Sms::open(settings.sms.clone())?) },
        outgoing: Outgoing::new(settings.allow_private_targets),
        live: Default::default(),
        limits: if settings.demo { Limits::of_demo() } else { Limits::default() },
        bell: Default::default(),
        listeners: heard::LISTENERS,
        error_page: layout::error_page,
        error_answer: crate::say::requests::open311::tell,
        metrics,
        stopping: false.into(),
    }))
}

/// A house whose contacts hang on keys that are not here must not go on with new ones: a disk may only not be mounted.
async fn ring_is_here(db: &Db, ring: &Path) -> Result<()> {
    let lost = !ring.exists() && !crate::keep::store::keys::used(db).await?.0.is_empty();
    if !lost {
        return Ok(());
    }
    Err(Error::Unavailable(format!(
        "{} is missing, and contacts are encrypted with its keys; name the file with --keys. Should it be lost for good, make an \
         empty file of this name: old contacts stay closed, everything else goes on",
        ring.display()
    )))
}

/// How a command that failed ends: with a sentence for stderr, and 1; with 78, as is usual for settings, when the database
/// would lose what it acknowledged.
pub fn farewell(error: &Error) -> (String, u8) {
    match error {
        Error::Unavailable(why) => (why.clone(), 1),
        Error::Internal(why) if why.is::<Forgetful>() => (why.to_string(), CODE_OF_UNSAFE_SETTINGS),
        other => (other.to_string(), 1),
    }
}

/// The mail server, when one is named. Its password comes from the environment alone: a command line is seen by all.
fn mailer(settings: &Settings) -> Result<Option<Mailer>> {
    let Some(url) = &settings.smtp else { return Ok(None) };
    let from =
        settings.mail_from.as_deref().ok_or_else(|| Error::Unavailable("--smtp needs --mail-from".to_owned()))?;
    Mailer::open(url, std::env::var("MULIN_SMTP_PASSWORD").ok().as_deref(), from).map(Some)
}

/// Every start has its own first-run code.
fn secrets_of_start() -> [u8; 16] {
    IdMaker::Random.secret()
}

/// Where the neighbourhood is kept.
pub fn database(settings: &Settings) -> DbUrl {
    match &settings.database {
        Some(url) => DbUrl::parse(url),
        None => DbUrl::Sqlite(file(&settings.data)),
    }
}

/// The SQLite file in a data folder.
pub fn file(data: &Path) -> PathBuf {
    data.join("mulin.db")
}

/// Listens, says where, and serves until the process is asked to stop.
///
/// # Errors
/// When the address cannot be had.
pub async fn serve_until_stopped(app: App, listen: SocketAddr, say: impl FnOnce(SocketAddr)) -> Result<()> {
    let listener =
        TcpListener::bind(listen).await.map_err(|e| Error::Unavailable(format!("cannot listen on {listen}: {e}")))?;
    let address = listener.local_addr().map_err(Error::internal)?;
    settle(&app).await;
    let (stop, stopped) = watch::channel(false);
    let chores = chores::start(&app, stopped.clone());
    let routes = features::routes(&app);
    say(address);
    let (waiting, leaving) = (app.clone(), app);
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("stopping: finishing what runs");
        waiting.stop();
        let _ = stop.send(true);
    });
    serve(listener, routes, Patience::default(), stopped).await.map_err(Error::internal)?;
    for chore in chores {
        let _ = chore.await;
    }
    settle(&leaving).await;
    Ok(())
}

/// A full disk is no reason not to serve what can be read, nor to end badly: nothing is lost while it is in the log.
async fn settle(app: &App) {
    if let Err(why) = app.db.settle().await {
        tracing::warn!("the log stays beside the database file: {why}");
    }
}

/// A call by nobody in particular, for what is printed at the start.
pub fn nobody(app: &App) -> Call {
    Call {
        now: app.clock.now(),
        lang: Lang::Zh,
        elder: false,
        visitor: String::new(),
        session: None,
        token: None,
        csrf: String::new(),
        method: axum::http::Method::GET,
        path: "/".into(),
        here: "/".into(),
        route: String::new(),
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        device: String::new(),
        api: false,
    }
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        match terminate {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}

/// Starts logging as the settings say.
pub fn logging() {
    log::start(std::env::var("MULIN_LOG_JSON").is_ok_and(|value| value == "1"));
}

#[cfg(test)]
mod tests;

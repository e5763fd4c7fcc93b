//! The command line: stable names that scripts may rely on.

mod import;

use crate::boot::{self, Settings};
use crate::keep::check_book::Published;
use crate::keep::{backup, check};
use clap::{Args, Parser, Subcommand};
use commons::sheet::Format;
use kit::Result;
use kit::sms::SmsSettings;
use std::net::SocketAddr;
use std::path::PathBuf;

/// 睦邻 Mulin: a neighbourhood looks after itself.
#[derive(Debug, Parser)]
#[command(name = "mulin", version, about)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the house. An empty data folder opens a first-run page, guarded by a code printed here.
    Serve(ServeArgs),
    /// Serve the demo neighbourhood: invented people, one-click sign-in. Filled on the first start.
    Demo(DemoArgs),
    /// Take over records from a file.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Give data to other programs.
    #[command(subcommand)]
    Export(ExportCommand),
    /// Take a consistent copy while the house is open.
    Backup(BackupArgs),
    /// Put a copy back into an empty data folder and an empty database of either kind; refused when one bit of it differs.
    Restore(RestoreArgs),
    /// Does everything agree with everything else? Exits with 1 and says what does not.
    Check(CheckArgs),
    /// A community of the house as a whole.
    #[command(subcommand)]
    Community(CommunityCommand),
    /// The keys that contacts are encrypted with.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Due times for many lines at once: JSON lines in, JSON lines out.
    Due(DueArgs),
    /// Which earlier texts a text is like, for many lines at once: JSON lines in, JSON lines out.
    Similar(SimilarArgs),
    /// What in many texts should not be public: telephone numbers, ID numbers, plates, mail addresses, homes.
    Private(PrivateArgs),
}

/// Where the data are.
#[derive(Clone, Debug, Args)]
pub struct DataArgs {
    /// Folder of the database file, the pictures and the secret.
    #[arg(long, env = "MULIN_DATA", default_value = "./var")]
    pub data: PathBuf,
    /// A PostgreSQL server instead of the embedded database: postgres://user@host/name
    #[arg(long, env = "MULIN_DATABASE")]
    pub database: Option<String>,
    /// An object store for pictures instead of a folder beside the database: s3://bucket/prefix (built with --features s3)
    #[arg(long, env = "MULIN_MEDIA")]
    pub media: Option<String>,
    /// The file with the keys for contacts, best on another disk than the data; contact.keys in the data folder without it.
    #[arg(long, env = "MULIN_KEYS")]
    pub keys: Option<PathBuf>,
}

#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// Where to listen.
    #[arg(long, env = "MULIN_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// The address residents see, e.g. https://mulin.example; links on paper begin with it.
    #[arg(long, env = "MULIN_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// A proxy in front of us names the caller in X-Forwarded-For.
    #[arg(long, env = "MULIN_TRUSTED_PROXY")]
    pub trusted_proxy: bool,
    /// Opens /metrics to callers from elsewhere who send it as a bearer token.
    #[arg(long, env = "MULIN_METRICS_TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,
    /// Lets Open311 callers who send it as api_key file requests.
    #[arg(long, env = "MULIN_OPEN311_KEY", hide_env_values = true)]
    pub open311_key: Option<String>,
    /// The mail server that letters are handed to: smtp://user@host:587 (the password in MULIN_SMTP_PASSWORD)
    #[arg(long, env = "MULIN_SMTP")]
    pub smtp: Option<String>,
    /// What letters come from, e.g. "睦邻 <mulin@mulin.example>"; needed with --smtp.
    #[arg(long, env = "MULIN_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Lets your mail server hand letters in at /hooks/mail with this bearer token.
    #[arg(long, env = "MULIN_MAIL_TOKEN", hide_env_values = true)]
    pub mail_token: Option<String>,
    /// Whom residents write to about their data, e.g. "榴花社区 王女士, data@mulin.example"; shown on /about/data
    #[arg(long, env = "MULIN_CONTACT")]
    pub contact: Option<String>,
    #[command(flatten)]
    pub sms: SmsArgs,
    /// Lets robots of group chats be called inside your own network, and by http.
    #[arg(long, env = "MULIN_ALLOW_PRIVATE_TARGETS")]
    pub allow_private_targets: bool,
}

/// A gateway for short messages; off without its address.
#[derive(Clone, Debug, Args)]
pub struct SmsArgs {
    /// Your gateway for short messages, e.g. https://sms.example/send ({phone}, {code}, {secret} stand for what is sent; the secret in MULIN_SMS_SECRET or its file in MULIN_SMS_SECRET_FILE)
    #[arg(long, env = "MULIN_SMS_URL", hide_env_values = true, default_value = "")]
    pub sms_url: String,
    /// GET or POST.
    #[arg(long, env = "MULIN_SMS_METHOD", default_value = "POST")]
    pub sms_method: String,
    /// A header line for it, e.g. "Authorization: Bearer {secret}"; may be given several times, in the variable a line each.
    #[arg(long, env = "MULIN_SMS_HEADER", hide_env_values = true)]
    pub sms_header: Vec<String>,
    /// What is posted to it, e.g. {"to":"{phone}","code":"{code}"}
    #[arg(long, env = "MULIN_SMS_BODY", hide_env_values = true, default_value = "")]
    pub sms_body: String,
    /// The type of what is posted.
    #[arg(long, env = "MULIN_SMS_TYPE", default_value = "application/json")]
    pub sms_type: String,
    /// Lets people sign in by a code, not only confirm their number.
    #[arg(long, env = "MULIN_SMS_SIGN_IN")]
    pub sms_sign_in: bool,
}

impl SmsArgs {
    /// The secret comes from the environment or a file alone: a command line is seen by all.
    fn settings(&self) -> SmsSettings {
        let file = std::env::var_os("MULIN_SMS_SECRET_FILE");
        let in_file = file.and_then(|path| std::fs::read_to_string(path).ok()).map(|text| text.trim().to_owned());
        SmsSettings {
            url: self.sms_url.clone(),
            method: self.sms_method.clone(),
            headers: self.sms_header.clone(),
            body: self.sms_body.clone(),
            kind: self.sms_type.clone(),
            secret: std::env::var("MULIN_SMS_SECRET").ok().or(in_file).filter(|secret| !secret.is_empty()),
            sign_in: self.sms_sign_in,
        }
    }
}

#[derive(Clone, Debug, Args)]
pub struct DemoArgs {
    #[command(flatten)]
    pub serve: ServeArgs,
    /// How many matters the year of life brings.
    #[arg(long, default_value_t = crate::demo::MATTERS)]
    pub matters: usize,
}

#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Requests: our own export, CSV or JSON lines, with everything in it; or a city's records, nine columns without a header.
    /// A second run adds nothing.
    Requests(ImportArgs),
    /// Buildings, entrances, homes and facilities from CSV or XLSX.
    Places(ImportPlacesArgs),
    /// One letter, as mail servers pipe it: becomes a request, is added to one, or is ignored with a reason.
    Mail(Box<ImportMailArgs>),
}

#[derive(Clone, Debug, Args)]
pub struct ImportMailArgs {
    #[command(flatten)]
    pub serve: ServeArgs,
    /// The letter (RFC 5322); `-` reads it from stdin.
    pub file: PathBuf,
    /// To whom it was really handed, when its own lines do not say so.
    #[arg(long, default_value = "")]
    pub to: String,
    /// By whom; an empty one marks a bounce.
    #[arg(long)]
    pub from: Option<String>,
}

#[derive(Clone, Debug, Args)]
pub struct ImportPlacesArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// The sheet.
    pub file: PathBuf,
    /// Code of the community, when there are several.
    #[arg(long)]
    pub tenant: Option<String>,
    /// Makes a community of this name under the code of --tenant, when it is not there.
    #[arg(long)]
    pub new_community: Option<String>,
    /// Only say what would be done.
    #[arg(long)]
    pub dry_run: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// Requests, oldest first.
    Requests(ExportArgs),
    /// Places, as a sheet that can be imported again.
    Places(ExportArgs),
}

#[derive(Debug, Subcommand)]
pub enum CommunityCommand {
    /// Writes everything of a community into a file, and then deletes it: every row, every picture, every account that lives
    /// nowhere else in the house. Stop the house first.
    Delete(DeleteArgs),
}

#[derive(Clone, Debug, Args)]
pub struct DeleteArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// Code of the community.
    pub code: String,
    /// The file to write first; nothing is deleted when it cannot be written. It holds contacts in the clear: keep it safe.
    #[arg(long)]
    pub export: PathBuf,
    /// The community's name as it stands on its pages, typed once more. Without it only the export is written.
    #[arg(long)]
    pub confirm: Option<String>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Debug, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// Code of the community, when there are several.
    #[arg(long)]
    pub tenant: Option<String>,
    /// The file to write; stdout when left out.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Places as XLSX instead of CSV.
    #[arg(long)]
    pub xlsx: bool,
    /// Requests as JSON lines instead of CSV.
    #[arg(long)]
    pub json: bool,
    /// Requests with how to reach those who said them. Each such export is written into the book.
    #[arg(long)]
    pub contacts: bool,
}

#[derive(Clone, Debug, Args)]
pub struct BackupArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// The folder to make.
    pub to: PathBuf,
    /// Seals the backup with the key in this file (any text of 16 characters or more); or set MULIN_BACKUP_KEY.
    #[arg(long)]
    pub key_file: Option<PathBuf>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Debug, Args)]
pub struct RestoreArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// The folder that a backup made.
    pub from: PathBuf,
    /// The file with the key that the backup was sealed with; or set MULIN_BACKUP_KEY.
    #[arg(long)]
    pub key_file: Option<PathBuf>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Add a key and encrypt everything anew with it, while the house is open. Cut off, it goes on by itself or is run again.
    Rotate(CheckArgs),
}

#[derive(Clone, Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// A head of the book as it was published, community:entries:digest; may be given several times.
    #[arg(long)]
    pub head: Vec<Published>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Debug, Args)]
pub struct ImportArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// The file.
    pub file: PathBuf,
    /// Code of the community that our own export is read into, when there are several.
    #[arg(long)]
    pub tenant: Option<String>,
    /// Print the counts as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Debug, Args)]
pub struct DueArgs {
    /// The working calendar.
    #[arg(long, default_value = "cn", value_parser = ["cn"])]
    pub calendar: String,
    /// Office hours, e.g. 09:00-12:00,13:30-17:30
    #[arg(long)]
    pub office: String,
}

#[derive(Clone, Debug, Args)]
pub struct SimilarArgs {
    /// Texts in the order of their coming, `{"id", "title", "text"}` a line; `-` reads them from stdin.
    #[arg(long)]
    pub stream: PathBuf,
    /// How many to name for each.
    #[arg(long, default_value_t = 5)]
    pub top: usize,
}

#[derive(Clone, Debug, Args)]
pub struct PrivateArgs {
    /// JSON lines {"id", "text"}; `-` reads from stdin.
    #[arg(long)]
    pub stream: PathBuf,
}

impl DataArgs {
    pub fn settings(&self) -> Settings {
        Settings {
            data: self.data.clone(),
            database: self.database.clone(),
            media: self.media.clone(),
            keys: self.keys.clone(),
            ..Settings::default()
        }
    }
}

impl ServeArgs {
    pub fn settings(&self, demo: bool) -> Settings {
        // Where it listens everywhere, nobody types that address: the one that was typed is as good as any.
        let usual = demo && !self.listen.ip().is_unspecified();
        Settings {
            public_url: self.public_url.clone().or(usual.then(|| format!("http://{}", self.listen))),
            demo,
            trusted_proxy: self.trusted_proxy,
            metrics_token: self.metrics_token.clone(),
            open311_key: self.open311_key.clone(),
            smtp: self.smtp.clone(),
            mail_from: self.mail_from.clone(),
            mail_token: self.mail_token.clone(),
            contact: self.contact.clone(),
            allow_private_targets: self.allow_private_targets,
            sms: self.sms.settings(),
            ..self.data.settings()
        }
    }
}

/// Does what the command line says.
///
/// # Errors
/// In a sentence, for stderr.
pub async fn run(cli: Cli) -> Result<()> {
    match cli.command {
        Command::Serve(args) => {
            boot::logging();
            let app = boot::open(&args.settings(false)).await?;
            let empty = !commons::people::store::any_account(&app.db).await?;
            let code = app.config.first_code.clone().unwrap_or_default();
            boot::serve_until_stopped(app, args.listen, |address| {
                let listens = format!("http://{address}");
                let open = opened_at(args.public_url.as_deref(), &listens);
                println!("{}", told_open("睦邻 Mulin", &open, &listens));
                if empty {
                    println!("First run: open {open}/first-run and type {}", kit::secrets::spaced(&code));
                }
            })
            .await
        }
        Command::Demo(args) => demo(args).await,
        Command::Import(ImportCommand::Requests(args)) => import::requests(&args).await,
        Command::Import(ImportCommand::Places(args)) => import::places(&args).await,
        Command::Import(ImportCommand::Mail(args)) => import::mail(&args).await,
        Command::Export(command) => export(&command).await,
        Command::Backup(args) => take_backup(&args).await,
        Command::Restore(args) => restore(&args).await,
        Command::Check(args) => {
            let app = boot::open_existing(&args.data.settings()).await?;
            let findings = check::run_with(&app, &args.head).await?;
            let lines: Vec<String> = findings.iter().map(|one| format!("{}: {}", one.what, one.count)).collect();
            tell(args.json, &findings, || {
                if lines.is_empty() { "everything agrees".to_owned() } else { lines.join("\n") }
            })?;
            if findings.is_empty() { Ok(()) } else { Err(unavailable("something does not agree")) }
        }
        Command::Community(CommunityCommand::Delete(args)) => delete_community(&args).await,
        Command::Keys(KeysCommand::Rotate(args)) => {
            let app = boot::open_existing(&args.data.settings()).await?;
            let done = crate::keep::keys::rotate(&app).await?;
            tell(args.json, &done, || {
                let (anew, keys, unreadable) = (done.anew, done.keys, done.unreadable);
                format!("{anew} encrypted anew, {unreadable} that no key opens, {keys} keys on the ring")
            })
        }
        Command::Due(args) => due(&args),
        Command::Similar(args) => similar(&args),
        Command::Private(args) => private(&args),
    }
}

fn similar(args: &SimilarArgs) -> Result<()> {
    let output = std::io::BufWriter::new(std::io::stdout().lock());
    if args.stream.as_os_str() == "-" {
        return commons::likeness::lines::similar(std::io::stdin().lock(), output, args.top);
    }
    let file = std::fs::File::open(&args.stream)
        .map_err(|error| unavailable(&format!("cannot read {}: {error}", args.stream.display())))?;
    commons::likeness::lines::similar(std::io::BufReader::new(file), output, args.top)
}

fn unavailable(why: &str) -> kit::Error {
    kit::Error::Unavailable(why.to_owned())
}

/// Prints a result for people, or as JSON.
fn tell(json: bool, result: &impl serde::Serialize, words: impl FnOnce() -> String) -> Result<()> {
    let text = if json { serde_json::to_string(result).map_err(kit::Error::internal)? } else { words() };
    println!("{text}");
    Ok(())
}

async fn take_backup(args: &BackupArgs) -> Result<()> {
    let key = backup::key(args.key_file.as_deref())?;
    let app = boot::open_existing(&args.data.settings()).await?;
    let taken = backup::take(&app, &args.to, key.as_ref()).await?;
    if !taken.sealed {
        eprintln!(
            "This backup is not sealed: whoever gets hold of it reads everything in it{}. Keep it as safe as the house, \
             or give a key with --key-file or {}.",
            if taken.secret { ", and with the secret in it the contacts too" } else { "" },
            backup::KEY_VARIABLE
        );
    }
    if !taken.secret {
        eprintln!("The house's secret comes from MULIN_SECRET and is not in the backup; keep it elsewhere.");
    }
    if !taken.ring {
        eprintln!("The keys for contacts lie elsewhere and are not in the backup; keep a copy of that file.");
    }
    if taken.pictures_missing > 0 {
        eprintln!("{} pictures or voices were not on the shelf; `mulin check` counts them.", taken.pictures_missing);
    }
    tell(args.json, &taken, || {
        let (rows, pictures, bytes) = (taken.rows, taken.pictures, taken.bytes);
        format!("{rows} rows, {pictures} pictures, {bytes} bytes in {}", args.to.display())
    })
}

async fn restore(args: &RestoreArgs) -> Result<()> {
    let key = backup::key(args.key_file.as_deref())?;
    let restored = backup::put_back(&args.from, &args.data.settings(), key.as_ref()).await?;
    if !restored.secret {
        eprintln!("The house's secret was not in the backup: set MULIN_SECRET to it before you start the house.");
    }
    if !restored.ring {
        eprintln!(
            "The keys for contacts were not in the backup: name their file with --keys, or contacts stay closed."
        );
    }
    if restored.nul_left_out > 0 {
        eprintln!(
            "{} texts held a character NUL, which PostgreSQL cannot keep; it was left out.",
            restored.nul_left_out
        );
    }
    tell(args.json, &restored, || {
        let (rows, pictures, taken) = (restored.rows, restored.pictures, &restored.taken);
        format!("{rows} rows, {pictures} pictures of {taken} are back in {}", args.data.data.display())
    })
}

async fn export(command: &ExportCommand) -> Result<()> {
    use crate::keep::records::{Form, write};
    use std::io::Write;
    let (ExportCommand::Requests(args) | ExportCommand::Places(args)) = command;
    let app = boot::open_existing(&args.data.settings()).await?;
    let tenant = crate::keep::export::tenant(&app, args.tenant.as_deref()).await?;
    let cannot = |e: std::io::Error| unavailable(&format!("cannot write: {e}"));
    let mut to: Box<dyn std::io::Write + Send> = match &args.out {
        Some(path) => Box::new(std::io::BufWriter::new(std::fs::File::create(path).map_err(cannot)?)),
        None => Box::new(std::io::BufWriter::new(std::io::stdout())),
    };
    match command {
        ExportCommand::Requests(args) => {
            let form = if args.json { Form::Lines } else { Form::Csv };
            write::requests(&app, &tenant, form, args.contacts, &mut to).await?;
        }
        ExportCommand::Places(args) => {
            let format = if args.xlsx { Format::Xlsx } else { Format::Csv };
            let bytes = crate::keep::export::places_sheet(&app, &tenant, format).await?;
            to.write_all(&bytes).map_err(cannot)?;
        }
    }
    to.flush().map_err(cannot)
}

async fn delete_community(args: &DeleteArgs) -> Result<()> {
    use crate::keep::farewell;
    let app = boot::open_existing(&args.data.settings()).await?;
    let tenant = crate::keep::export::tenant(&app, Some(&args.code)).await?;
    if args.confirm.as_ref().is_some_and(|typed| typed.trim() != tenant.name) {
        return Err(unavailable(&format!("--confirm is not the name of {}: nothing was done", tenant.code)));
    }
    let exported = farewell::export(&app, &tenant, &args.export).await?;
    eprintln!(
        "{} rows and {} files are in {} (sha256 {}).",
        exported.rows,
        exported.files,
        args.export.display(),
        exported.sha256
    );
    if args.confirm.is_none() {
        return tell(args.json, &exported, || {
            format!("nothing is deleted: do it with another --export and --confirm {:?}", tenant.name)
        });
    }
    let gone = farewell::delete(&app, &tenant, &exported).await.map_err(|error| match error {
        kit::Error::Conflict(reason) => unavailable(&crate::words::reason(kit::i18n::Lang::En, reason)),
        other => other,
    })?;
    tell(args.json, &gone, || {
        format!("{} rows, {} accounts and {} files are gone", gone.rows, gone.accounts, gone.files)
    })
}

async fn demo(args: DemoArgs) -> Result<()> {
    boot::logging();
    let app = boot::open(&args.serve.settings(true)).await?;
    eprintln!("Getting the demo neighbourhood ready…");
    crate::demo::pour(&app, args.matters).await?;
    let call = boot::nobody(&app);
    let visit = crate::layout::Visit::of(&app, call).await?;
    let cast = crate::hall::account::cast(&visit).await?;
    boot::serve_until_stopped(app, args.serve.listen, |address| {
        let listens = format!("http://{address}");
        let open = opened_at(args.serve.public_url.as_deref(), &listens);
        println!("{}", told_open("睦邻 Mulin demo", &open, &listens));
        println!("Be one of them with one click at {open}/sign-in :");
        for one in cast {
            println!("  {:<12} {} · {}", one.login, one.name, one.hats);
        }
    })
    .await
}

/// The address that people open: the one they were told, else where we listen.
fn opened_at(public_url: Option<&str>, listens: &str) -> String {
    public_url.map_or(listens, |url| url.trim_end_matches('/')).to_owned()
}

/// What a house says of itself when it is open: first the address for people, then where a proxy finds it, if that is another.
fn told_open(name: &str, open: &str, listens: &str) -> String {
    if open == listens { format!("{name}: {open}") } else { format!("{name}: {open} (listening at {listens})") }
}

fn due(args: &DueArgs) -> Result<()> {
    use commons::calendar::{Office, OfficeHours, WorkCalendar, Zone, lines};
    let hours = OfficeHours::parse(&args.office)
        .map_err(|_| kit::Error::Unavailable(format!("office hours cannot be read: {}", args.office)))?;
    let office = Office { calendar: WorkCalendar::china(), hours, zone: Zone::china() };
    let (input, output) = (std::io::stdin().lock(), std::io::BufWriter::new(std::io::stdout().lock()));
    lines::due_lines(&office, input, output).map_err(kit::Error::Unavailable)
}

fn private(args: &PrivateArgs) -> Result<()> {
    let output = std::io::BufWriter::new(std::io::stdout().lock());
    if args.stream.as_os_str() == "-" {
        return crate::keep::private::stream(std::io::stdin().lock(), output);
    }
    let opened = std::fs::File::open(&args.stream);
    let file = opened.map_err(|e| unavailable(&format!("{}: {e}", args.stream.display())))?;
    crate::keep::private::stream(std::io::BufReader::new(file), output)
}

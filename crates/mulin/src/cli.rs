//! The command line: stable names that scripts may rely on.

use crate::boot::{self, Settings};
use clap::{Args, Parser, Subcommand};
use kit::Result;
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
    /// Due times for many lines at once: JSON lines in, JSON lines out.
    Due(DueArgs),
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
    /// A city's request records: nine columns without a header. A second run adds nothing.
    Requests(ImportArgs),
}

#[derive(Clone, Debug, Args)]
pub struct ImportArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// The file, as CSV.
    pub file: PathBuf,
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

impl DataArgs {
    pub fn settings(&self) -> Settings {
        Settings { data: self.data.clone(), database: self.database.clone(), ..Settings::default() }
    }
}

impl ServeArgs {
    pub fn settings(&self, demo: bool) -> Settings {
        Settings {
            public_url: self.public_url.clone().or(demo.then(|| format!("http://{}", self.listen))),
            demo,
            trusted_proxy: self.trusted_proxy,
            metrics_token: self.metrics_token.clone(),
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
                println!("睦邻 Mulin: http://{address}");
                if empty {
                    println!("First run: open http://{address}/first-run and type {}", kit::secrets::spaced(&code));
                }
            })
            .await
        }
        Command::Demo(args) => demo(args).await,
        Command::Import(ImportCommand::Requests(args)) => import_requests(&args).await,
        Command::Due(args) => due(&args),
    }
}

async fn import_requests(args: &ImportArgs) -> Result<()> {
    let unreadable = |e: std::io::Error| kit::Error::Unavailable(format!("{}: {e}", args.file.display()));
    let file = std::fs::File::open(&args.file).map_err(unreadable)?;
    let app = boot::open(&args.data.settings()).await?;
    let counts = crate::say::requests::import::run(&app, std::io::BufReader::new(file), |counts| {
        eprint!("\r{} of {} records", counts.added + counts.known, counts.read);
    })
    .await?;
    eprintln!();
    if args.json {
        println!("{}", serde_json::to_string(&counts).map_err(kit::Error::internal)?);
    } else {
        println!(
            "{} records read, {} added, {} known before, {} without words",
            counts.read, counts.added, counts.known, counts.skipped
        );
    }
    Ok(())
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
        println!("睦邻 Mulin demo: http://{address}");
        println!("Be one of them with one click at http://{address}/sign-in :");
        for one in cast {
            println!("  {:<12} {} · {}", one.login, one.name, one.hats);
        }
    })
    .await
}

fn due(args: &DueArgs) -> Result<()> {
    use commons::calendar::{Office, OfficeHours, WorkCalendar, Zone, lines};
    let hours = OfficeHours::parse(&args.office)
        .map_err(|_| kit::Error::Unavailable(format!("office hours cannot be read: {}", args.office)))?;
    let office = Office { calendar: WorkCalendar::china(), hours, zone: Zone::china() };
    let (input, output) = (std::io::stdin().lock(), std::io::BufWriter::new(std::io::stdout().lock()));
    lines::due_lines(&office, input, output).map_err(kit::Error::Unavailable)
}

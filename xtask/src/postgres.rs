//! A PostgreSQL server for one run: nobody else's, on a free port of this machine, gone afterwards.

use anyhow::{Context, Result, bail};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::scratch::Scratch;
use crate::shell;

const VERSION_MIN: u32 = 15;
/// PostgreSQL refuses to run as root; Debian's package brings this user.
const USER: &str = "postgres";

/// A running server; it stops and its files go when this is dropped.
pub struct Server {
    /// `postgres://mulin@127.0.0.1:PORT/mulin`
    pub url: String,
    scratch: Scratch,
}

/// Whether the programs of a server we can use are installed.
pub fn present() -> bool {
    programs().is_some()
}

impl Server {
    pub fn start() -> Result<Server> {
        Server::start_in(Scratch::new)
    }

    /// One whose files lie on the disk, where syncing costs what it costs: for measuring.
    pub fn start_on_disk() -> Result<Server> {
        Server::start_in(Scratch::on_disk)
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        &self.scratch.folder
    }

    fn start_in(make: fn(&str, &str) -> Result<Scratch>) -> Result<Server> {
        let programs = programs().context("PostgreSQL's own programs were not found")?;
        let pg_ctl = programs.join("pg_ctl");
        let prefix = if shell::is_root() { format!("runuser -u {USER} -- ") } else { String::new() };
        let farewell = format!("{prefix}'{}' -D \"$1/data\" -m immediate stop;", pg_ctl.display());
        let scratch = make("postgres", &farewell)?;
        let folder = &scratch.folder;
        if shell::is_root() {
            let user = shell::read(&mut shell::program("id", &["-u", USER]))?.parse()?;
            chown(folder, Some(user), None)?;
        }
        let data = folder.join("data");
        let mut initdb = as_owner(&programs.join("initdb"));
        // Anyone on this machine may come in: there is nothing here but invented people, for a few minutes.
        initdb.args(["--auth=trust", "--username=mulin", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"]);
        shell::read(initdb.arg(&data))?;
        let port = free_port()?;
        let log = folder.join("log");
        // Durability stays as it is by default: Mulin refuses a server that would lose what it acknowledged.
        let settings = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={} -c max_connections=300",
            folder.display()
        );
        let mut start = as_owner(&pg_ctl);
        start.args(["-w", "-t", "60", "-s", "-o", &settings, "-D"]).arg(&data).arg("-l").arg(&log).arg("start");
        // The server inherits what we give it, so it must not get a pipe that somebody waits on.
        let started = start.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        if !started.success() {
            let told = std::fs::read_to_string(&log).unwrap_or_default();
            bail!("PostgreSQL did not start.\n{told}");
        }
        let mut createdb = as_owner(&programs.join("createdb"));
        createdb.args(["-h", "127.0.0.1", "-p", &port.to_string(), "-U", "mulin", "mulin"]);
        shell::read(&mut createdb)?;
        Ok(Server { url: format!("postgres://mulin@127.0.0.1:{port}/mulin"), scratch })
    }
}

/// Runs as ourselves, or as the package's user where we are root.
fn as_owner(program: &Path) -> Command {
    let mut command = if shell::is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", USER, "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/").stdin(Stdio::null());
    command
}

/// The folder of the newest version's programs: where Debian puts them, or where `pg_config` says.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin"))))
        .filter(|(version, folder)| *version >= VERSION_MIN && folder.join("initdb").is_file())
        .max_by_key(|(version, _)| *version);
    if let Some((_, folder)) = debian {
        return Some(folder);
    }
    let told = shell::read(&mut shell::program("pg_config", &["--version"])).ok()?;
    let version = told.split_whitespace().nth(1)?.split(['.', 'd', 'b', 'r']).next()?.parse::<u32>().ok()?;
    let folder = PathBuf::from(shell::read(&mut shell::program("pg_config", &["--bindir"])).ok()?);
    (version >= VERSION_MIN && folder.join("initdb").is_file()).then_some(folder)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

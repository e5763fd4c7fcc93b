//! A program under measurement, and how much of the processor it has used.

use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// The kernel counts processor time in hundredths of a second for programs that ask this way.
const TICKS_A_SECOND: u64 = 100;

/// A running server; it ends when this is dropped.
pub struct Program {
    /// `127.0.0.1:PORT`
    pub address: String,
    child: Child,
}

impl Program {
    /// Starts it and waits until it has printed where it listens.
    pub fn start(command: &mut Command) -> Result<Program> {
        let shown = format!("{command:?}");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().with_context(|| shown.clone())?;
        let out = child.stdout.take().context("a pipe was asked for")?;
        let mut lines = BufReader::new(out).lines();
        while let Some(line) = lines.next() {
            let line = line?;
            if let Some(at) = line.find("127.0.0.1:") {
                let end = line[at..].find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':'));
                let address = line[at..][..end.unwrap_or(line.len() - at)].to_owned();
                // What it prints later must not fill the pipe.
                thread::spawn(move || lines.for_each(drop));
                return Ok(Program { address, child });
            }
        }
        let _ = child.wait();
        bail!("{shown} ended without saying where it listens")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Processor time of a program, and of the database's processes where it is a program of its own.
pub struct Cpu {
    /// The database's folder, by which its processes are known.
    pub database: Option<PathBuf>,
}

impl Cpu {
    pub fn used(&self, program: &Program) -> Result<Duration> {
        let own = ticks(program.child.id(), false)?;
        let database = match &self.database {
            Some(folder) => ticks(master(folder)?, true)?,
            None => 0,
        };
        Ok(Duration::from_millis((own + database) * 1_000 / TICKS_A_SECOND))
    }
}

/// The first process of the server whose data lie there.
fn master(folder: &Path) -> Result<u32> {
    let pid = fs::read_to_string(folder.join("data/postmaster.pid")).context("the database has no process")?;
    Ok(pid.lines().next().unwrap_or_default().trim().parse()?)
}

/// Ticks of a process; with `family` also of its children, those that ended included.
fn ticks(pid: u32, family: bool) -> Result<u64> {
    let (own, gone) = times(pid)?;
    if !family {
        return Ok(own);
    }
    let mut sum = own + gone;
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(child) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)?.parse::<u32>().ok());
        if parent == Some(pid) {
            sum += times(child).map_or(0, |(own, gone)| own + gone);
        }
    }
    Ok(sum)
}

/// Ticks of a process itself, and of its children that have ended.
fn times(pid: u32) -> Result<(u64, u64)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid} is gone"))?;
    let rest = stat.rsplit(')').next().context("a process has a name")?;
    let fields: Vec<u64> = rest.split_whitespace().skip(11).take(4).map(|n| n.parse().unwrap_or(0)).collect();
    let [user, system, children_user, children_system] = fields[..] else { bail!("{pid} tells no times") };
    Ok((user + system, children_user + children_system))
}

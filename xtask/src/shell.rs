//! Running other programs, from the root of the repository.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies one folder below the root.")
}

/// A program to be run at the root. It never waits for somebody to type.
pub fn program(name: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(root()).stdin(Stdio::null());
    command
}

/// The cargo that runs us.
pub fn cargo(arguments: &[&str]) -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), arguments)
}

/// Runs to the end with its output shown; anything but success is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let told = tell(command);
    let status = command.status().with_context(|| format!("`{told}` could not be started"))?;
    if !status.success() {
        bail!("`{told}` ended with {status}.");
    }
    Ok(())
}

/// Runs to the end and returns what it printed, without the last line break; its complaints are part of the error.
pub fn read(command: &mut Command) -> Result<String> {
    let told = tell(command);
    let output = command.output().with_context(|| format!("`{told}` could not be started"))?;
    let said = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        bail!("`{told}` ended with {}.\n{said}\n{complaint}", output.status);
    }
    Ok(said)
}

/// Where a program lies on the search path, if it does.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Whether we may do everything on this machine.
pub fn is_root() -> bool {
    read(&mut program("id", &["-u"])).is_ok_and(|id| id == "0")
}

fn tell(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

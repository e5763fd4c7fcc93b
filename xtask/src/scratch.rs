//! A folder for one run. It goes away with us, however we end.

use anyhow::{Context, Result};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::shell;

const MEMORY: &str = "/dev/shm";
const ROOM_KIB_MIN: u64 = 2 * 1024 * 1024;

/// A folder and the little shell that clears up after it.
///
/// The shell waits on a pipe which only we hold open. The pipe closes when this value is dropped, and also
/// when we are interrupted or killed, so neither a database server nor its files stay behind.
pub struct Scratch {
    pub folder: PathBuf,
    keeper: Child,
}

impl Scratch {
    /// A new empty folder, in memory where there is room. `farewell` is shell text run before it is removed;
    /// it finds the folder in `$1`.
    pub fn new(name: &str, farewell: &str) -> Result<Scratch> {
        Scratch::below(&base(), name, farewell)
    }

    /// The same on the disk, also where there is room in memory.
    pub fn on_disk(name: &str, farewell: &str) -> Result<Scratch> {
        Scratch::below(Path::new("/var/tmp"), name, farewell)
    }

    fn below(base: &Path, name: &str, farewell: &str) -> Result<Scratch> {
        let folder = base.join(format!("mulin-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        // Others may pass through, since the database server runs as a user of its own; they cannot list it.
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o711))?;
        let script = format!("trap '' INT TERM HUP; cat >/dev/null; {farewell} rm -rf \"$1\"");
        let keeper = Command::new("sh")
            .args(["-c", &script, "keeper"])
            .arg(&folder)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("sh cannot be started")?;
        Ok(Scratch { folder, keeper })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

fn base() -> PathBuf {
    let roomy = shell::read(Command::new("df").args(["-Pk", MEMORY])).ok().and_then(|table| {
        let free = table.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok()?;
        (free >= ROOM_KIB_MIN).then(|| Path::new(MEMORY).to_owned())
    });
    roomy.unwrap_or_else(std::env::temp_dir)
}

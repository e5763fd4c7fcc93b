//! A machine whose power can be cut: User-Mode Linux, a whole kernel that runs as a process of ours.
//!
//! It has its own page cache and its own ext4, on an image file. When that kernel is killed, whatever it had not yet given
//! to its disk is gone, as after a power failure; killing a program alone never shows this. It sees our files, but can only
//! write to the image, at `/mnt`.

use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::shell;

const KERNEL: &str = "linux.uml";
const MEMORY: &str = "mem=512M";
const UP: &str = "FAULTS-UP";
const OVER: &str = "FAULTS-OVER";
const BOOT_WITHIN: Duration = Duration::from_secs(120);

/// Says what is missing on this machine, if anything is.
pub fn present() -> Result<()> {
    if shell::find(KERNEL).is_none() {
        bail!("{KERNEL} was not found; on Debian it comes with `apt-get install user-mode-linux`.");
    }
    for (program, package) in
        [("mkfs.ext4", "e2fsprogs"), ("setsid", "util-linux"), ("pkill", "procps"), ("ip", "iproute2")]
    {
        if find(program).is_none() {
            bail!("{program} was not found; on Debian it comes with `apt-get install {package}`.");
        }
    }
    Ok(())
}

/// Some of these lie where only root looks.
fn find(name: &str) -> Option<std::path::PathBuf> {
    let system = ["/usr/sbin", "/sbin"].iter().map(|folder| Path::new(folder).join(name));
    shell::find(name).or_else(|| system.into_iter().find(|path| path.is_file()))
}

/// Makes an ext4 file system of this size that holds what is below `tree`.
pub fn image(path: &Path, megabytes: u64, tree: &Path) -> Result<()> {
    File::create(path)?.set_len(megabytes << 20)?;
    let mkfs = find("mkfs.ext4").context("mkfs.ext4 was not found")?;
    shell::read(shell::program(mkfs, &["-q", "-F", "-m", "0", "-d"]).arg(tree).arg(path)).map(drop)
}

/// A running machine; it is cut off when this is dropped.
pub struct Machine {
    child: Child,
    lines: Receiver<String>,
    over: bool,
}

impl Machine {
    /// Boots with the image at `/mnt` and runs a shell text there; returns once the image is mounted.
    pub fn boot(folder: &Path, image: &Path, text: &str) -> Result<Machine> {
        let init = folder.join("init");
        fs::write(&init, script(text))?;
        fs::set_permissions(&init, fs::Permissions::from_mode(0o755))?;
        let kernel = shell::find(KERNEL).context("the kernel was not found")?;
        let mut command = Command::new("setsid");
        command.arg(kernel).args([MEMORY, "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", "quiet"]);
        command.args(["con=null", "con0=null,fd:1", "ssl=null"]);
        command.arg(format!("init={}", init.display())).arg(format!("ubda={}", image.display()));
        command
            .env("TMPDIR", folder)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().context("the machine cannot be started")?;
        let out = child.stdout.take().context("a pipe was asked for")?;
        let (told, lines) = channel();
        thread::spawn(move || {
            let mut out = BufReader::new(out);
            let mut line = Vec::new();
            // What the power cut short is no line: half a code would be taken for another.
            while out.read_until(b'\n', &mut line).is_ok() && line.ends_with(b"\n") {
                if told.send(String::from_utf8_lossy(&line).trim().to_owned()).is_err() {
                    break;
                }
                line.clear();
            }
        });
        let mut machine = Machine { child, lines, over: false };
        let before = machine.until(UP, BOOT_WITHIN)?;
        if !before.iter().any(|line| line == UP) {
            bail!("the machine did not boot:\n{}", before.join("\n"));
        }
        Ok(machine)
    }

    /// What it prints up to a line that begins so, that line included; or up to its end, or as long as it may take.
    pub fn until(&mut self, begin: &str, within: Duration) -> Result<Vec<String>> {
        let deadline = Instant::now() + within;
        let mut lines = Vec::new();
        loop {
            match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    let found = line.starts_with(begin);
                    lines.push(line);
                    if found {
                        return Ok(lines);
                    }
                }
                Err(RecvTimeoutError::Timeout) => return Ok(lines),
                Err(RecvTimeoutError::Disconnected) => {
                    self.over = true;
                    return Ok(lines);
                }
            }
        }
    }

    /// Lets it finish and halt; everything it printed.
    pub fn finish(mut self, within: Duration) -> Result<Vec<String>> {
        let lines = self.until(OVER, within)?;
        if !lines.iter().any(|line| line == OVER) {
            bail!("the machine did not finish in {} s:\n{}", within.as_secs(), lines.join("\n"));
        }
        // It still has to unmount.
        self.until("nothing begins so", Duration::from_secs(30))?;
        Ok(lines)
    }

    /// Cuts the power; everything it had printed by then and nobody has read.
    pub fn cut(mut self) -> Result<Vec<String>> {
        self.kill();
        self.until("nothing begins so", Duration::from_secs(30))
    }

    /// All processes of that kernel: they are a session of their own.
    fn kill(&mut self) {
        let session = self.child.id().to_string();
        let _ = Command::new("pkill").args(["-KILL", "-s", &session]).status();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.kill();
    }
}

/// What the machine runs first: devices, a loopback, the image, and then the text.
fn script(text: &str) -> String {
    format!(
        "#!/bin/sh\n\
         PATH=/usr/sbin:/usr/bin:/sbin:/bin; export PATH\n\
         mount -t proc none /proc; mount -t tmpfs none /run; mount -t tmpfs none /dev\n\
         mknod -m 666 /dev/null c 1 3; mknod -m 666 /dev/zero c 1 5; mknod -m 444 /dev/random c 1 8\n\
         mknod -m 444 /dev/urandom c 1 9; mknod /dev/ubda b 98 0\n\
         HOME=/run TMPDIR=/run; export HOME TMPDIR; ip link set lo up\n\
         if mount -t ext4 /dev/ubda /mnt; then echo {UP}; cd /mnt\n{text}\ncd /; fi\n\
         echo {OVER}; umount /mnt; halt -f\n"
    )
}

//! What the checks need on this machine: installed from Debian where we may, named in one sentence where we may not.

use anyhow::{Result, bail};
use std::process::Command;

use crate::{postgres, shell};

struct Need {
    /// Debian packages that bring it.
    packages: &'static [&'static str],
    present: fn() -> bool,
    /// How it is named to somebody who must install it by hand.
    told: &'static str,
}

const NEEDS: &[Need] = &[
    Need { packages: &["postgresql"], present: postgres::present, told: "PostgreSQL 15 or newer (server)" },
    Need { packages: &["chromium"], present: chromium, told: "Chromium at /usr/bin/chromium or named by $CHROMIUM" },
    Need { packages: &["fonts-noto-cjk"], present: chinese_font, told: "a Chinese font such as Noto Sans CJK" },
    Need { packages: &["nodejs", "npm"], present: node, told: "Node.js 20 or newer with npm" },
];

/// Installs what is missing, or says what is.
pub fn provide() -> Result<()> {
    let missing = missing();
    if missing.is_empty() {
        println!("Everything needed is here.");
        return Ok(());
    }
    if let Some(prefix) = apt() {
        let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
        println!("Installing {}.", packages.join(", "));
        shell::read(&mut apt_get(prefix, &["update", "-qq"]))?;
        shell::read(apt_get(prefix, &["install", "-y", "-qq", "--no-install-recommends"]).args(&packages))?;
    }
    let missing: Vec<&str> = self::missing().iter().map(|need| need.told).collect();
    if !missing.is_empty() {
        bail!("please install {}.", missing.join("; "));
    }
    Ok(())
}

fn missing() -> Vec<&'static Need> {
    NEEDS.iter().filter(|need| !(need.present)()).collect()
}

/// The words that go before `apt-get`, or nothing where it is not for us.
fn apt() -> Option<&'static [&'static str]> {
    shell::find("apt-get")?;
    if shell::is_root() {
        return Some(&["env"]);
    }
    // `-n` refuses instead of asking for a password.
    shell::read(&mut shell::program("sudo", &["-n", "true"])).ok().map(|_| &["sudo", "-n", "env"][..])
}

fn apt_get(prefix: &[&str], arguments: &[&str]) -> Command {
    let mut command = shell::program(prefix[0], &prefix[1..]);
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
    command
}

fn chromium() -> bool {
    match std::env::var_os("CHROMIUM") {
        Some(path) => std::path::Path::new(&path).is_file(),
        None => std::path::Path::new("/usr/bin/chromium").is_file(),
    }
}

/// Whether anything can draw Chinese. Without fontconfig nothing can be asked, and its package comes with the font's.
fn chinese_font() -> bool {
    shell::read(&mut shell::program("fc-list", &[":lang=zh-cn", "family"])).is_ok_and(|list| !list.is_empty())
}

fn node() -> bool {
    let version = shell::read(&mut shell::program("node", &["--version"])).ok();
    let major = version.and_then(|version| version.trim_start_matches('v').split('.').next()?.parse::<u32>().ok());
    major.is_some_and(|major| major >= 20) && shell::find("npm").is_some()
}

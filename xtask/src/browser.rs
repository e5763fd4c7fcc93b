//! What runs in Chromium: the journeys of the `browser` step, and the pictures of `cargo xtask shots`.

use anyhow::{Context, Result};
use std::path::PathBuf;

use crate::shell;

/// Names the `mulin` binary to the scripts under `browser/`.
pub const BINARY: &str = "MULIN_BINARY";

/// Builds the binary and fetches the scripts' two libraries; returns where the binary lies.
pub fn prepare() -> Result<PathBuf> {
    // Built the way the tests are, or cargo would compile half of everything again for other features of our libraries.
    shell::run(&mut shell::cargo(&["test", "--workspace", "--no-run", "--quiet"]))?;
    let mut npm = shell::program("npm", &["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"]);
    // Chromium comes from the system, never from a download.
    npm.current_dir(shell::root().join("browser")).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    shell::read(&mut npm)?;
    // The binary lies beside the one that is running now, whatever the target folder is called.
    let own = std::env::current_exe().context("our own path is unknown")?;
    Ok(own.with_file_name("mulin"))
}

/// Takes the pictures named in `browser/shots.mjs` into `docs/pictures`.
pub fn shots() -> Result<()> {
    let binary = prepare()?;
    shell::run(shell::program("node", &["browser/take.mjs"]).env(BINARY, binary))
}

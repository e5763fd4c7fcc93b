//! What we build on: under licences that let anybody use, change and pass on what we make of it, and without known holes.

use anyhow::{Result, bail};

use crate::shell;

/// Licences that ask for no more than naming who wrote it, and go with Apache-2.0. One that is not here is read before it is added.
const TAKEN: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OpenSSL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];
/// Crates that name no licence, and where it stands.
const UNNAMED: &[(&str, &str)] = &[];
/// What `cargo audit` ends with when it has found something; anything else went wrong before it could look.
const HOLES_FOUND: i32 = 1;

/// Looks at the licence of every crate that goes into the binary, its build or its tests. Needs no network.
pub fn licences() -> Result<()> {
    let tree = ["tree", "--offline", "--workspace", "--edges", "normal,build,dev", "--prefix", "none"];
    let told = ["--format", "{p}|{l}"];
    let all = shell::read(&mut shell::cargo(&[&tree[..], &told[..], &["--all-features"]].concat()));
    let text = match all {
        Ok(text) => text,
        Err(_) => {
            println!("skipped: the crates of features that are off by default (s3) are not on this machine");
            shell::read(&mut shell::cargo(&[&tree[..], &told[..]].concat()))?
        }
    };
    let (crates, faults) = judged(&text);
    if crates < 50 {
        bail!("only {crates} crates were seen; `cargo tree` says something else than it did.");
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    println!("{crates} crates, all under licences that we can pass on.");
    Ok(())
}

/// How many crates a list of `name version|licence` names, and what is wrong with them.
fn judged(text: &str) -> (usize, Vec<String>) {
    let mut lines: Vec<&str> =
        text.lines().map(|line| line.trim_end_matches(" (*)")).filter(|line| !line.is_empty()).collect();
    lines.sort_unstable();
    lines.dedup();
    let fault = |line: &&str| {
        let (name, licence) = line.rsplit_once('|')?;
        let of = name.split(' ').next().unwrap_or(name);
        let known = UNNAMED.iter().any(|(one, _)| *one == of);
        let fine = if licence.trim().is_empty() { known } else { may_take(licence) };
        (!fine).then(|| format!("{name} is under `{licence}`, which nobody here has agreed to"))
    };
    let faults = lines.iter().filter_map(fault).collect();
    (lines.len(), faults)
}

/// Whether an SPDX expression leaves a way that is on the list. `/` is how `or` used to be written.
fn may_take(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (fine, rest) = either(&words);
    fine && rest.is_empty()
}

fn either<'w, 't>(words: &'w [&'t str]) -> (bool, &'w [&'t str]) {
    let (mut fine, mut rest) = both(words);
    while rest.first() == Some(&"OR") {
        let (other, after) = both(&rest[1..]);
        (fine, rest) = (fine || other, after);
    }
    (fine, rest)
}

fn both<'w, 't>(words: &'w [&'t str]) -> (bool, &'w [&'t str]) {
    let (mut fine, mut rest) = one(words);
    while rest.first() == Some(&"AND") {
        let (other, after) = one(&rest[1..]);
        (fine, rest) = (fine && other, after);
    }
    (fine, rest)
}

fn one<'w, 't>(words: &'w [&'t str]) -> (bool, &'w [&'t str]) {
    match words.split_first() {
        Some((&"(", inside)) => {
            let (fine, rest) = either(inside);
            (fine && rest.first() == Some(&")"), rest.get(1..).unwrap_or_default())
        }
        // An exception only allows more.
        Some((name, rest)) if rest.first() == Some(&"WITH") => {
            (TAKEN.contains(name), rest.get(2..).unwrap_or_default())
        }
        Some((name, rest)) => (TAKEN.contains(name), rest),
        None => (false, words),
    }
}

/// Looks for known holes in what Cargo.lock names, where the list of holes can be had.
pub fn advisories() -> Result<()> {
    if shell::find("cargo-audit").is_none() {
        println!("skipped: `cargo install cargo-audit` would look for known holes");
        return Ok(());
    }
    let output = shell::cargo(&["audit", "--quiet"]).output()?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    match output.status.code() {
        Some(0) => println!("no known holes."),
        Some(HOLES_FOUND) if said.contains("RUSTSEC-") => bail!("{said}"),
        _ => println!(
            "skipped: the list of known holes cannot be had here ({})",
            said.lines().next().unwrap_or("no reason given")
        ),
    }
    Ok(())
}

#[cfg(test)]
mod tests;

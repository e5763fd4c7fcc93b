//! Everything that must hold before a change is merged, step by step, each with the seconds it took.

use anyhow::{Result, bail};
use std::process::Command;
use std::time::Instant;

use crate::postgres::Server;
use crate::scratch::Scratch;
use crate::{browser, licences, needs, shell};

pub struct Step {
    pub name: &'static str,
    pub about: &'static str,
    run: fn(&mut Bench) -> Result<()>,
}

pub const STEPS: &[Step] = &[
    Step { name: "needs", about: "install what the steps need, or say what is missing", run: |_| needs::provide() },
    Step { name: "format", about: "cargo fmt --check", run: |_| shell::run(&mut shell::cargo(&["fmt", "--check"])) },
    Step { name: "lints", about: "clippy over everything, warnings are errors", run: |_| lints() },
    Step {
        name: "licences",
        about: "every crate we build on is under a licence that we can pass on",
        run: |_| licences::licences(),
    },
    Step {
        name: "advisories",
        about: "known holes in what we build on, where the list can be had",
        run: |_| licences::advisories(),
    },
    Step { name: "postgres", about: "start a server for this run; without it SQLite is tested alone", run: postgres },
    Step { name: "tests", about: "unit tests and stories, on SQLite and PostgreSQL", run: tests },
    Step { name: "examples", about: "the examples in the documentation", run: examples },
    Step { name: "browser", about: "journeys and accessibility in Chromium, on both databases", run: in_browser },
];

/// Which steps to run.
#[derive(Default)]
pub struct Choice {
    only: Vec<String>,
    skip: Vec<String>,
}

/// What one step leaves for the next. Fields are dropped in this order: the server goes before the folder.
struct Bench {
    server: Option<Server>,
    scratch: Scratch,
}

impl Choice {
    pub fn read(arguments: &[String]) -> Result<Choice> {
        let mut choice = Choice::default();
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let list = match word.as_str() {
                "--only" => &mut choice.only,
                "--skip" => &mut choice.skip,
                other => bail!("`{other}` is not an option of `cargo xtask test`."),
            };
            let Some(names) = words.next() else { bail!("name a step after `{word}`.") };
            list.extend(names.split(',').map(str::to_owned));
        }
        let unknown = choice.only.iter().chain(&choice.skip).find(|name| STEPS.iter().all(|step| step.name != *name));
        match unknown {
            Some(name) => bail!("there is no step `{name}`; see `cargo xtask help`."),
            None => Ok(choice),
        }
    }

    fn holds(&self, step: &Step) -> bool {
        let named = |list: &[String]| list.iter().any(|name| name == step.name);
        (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }
}

/// Runs the chosen steps to the last, so that one run tells everything that is wrong; whether all went well.
pub fn run(choice: &Choice) -> Result<bool> {
    let mut bench = Bench { server: None, scratch: Scratch::new("test", "")? };
    let mut lines = Vec::new();
    let mut good = true;
    for step in STEPS.iter().filter(|step| choice.holds(step)) {
        println!("\n== {}: {}", step.name, step.about);
        let started = Instant::now();
        let outcome = (step.run)(&mut bench);
        let seconds = started.elapsed().as_secs_f64();
        let word = if outcome.is_ok() { "ok" } else { "FAILED" };
        println!("== {}: {word} in {seconds:.1} s", step.name);
        lines.push(format!("  {:<10} {seconds:>7.1} s  {word}", step.name));
        if let Err(error) = outcome {
            eprintln!("xtask: {}: {error:#}", step.name);
            good = false;
            // What is missing would make the later steps fail in less clear words.
            if step.name == "needs" {
                break;
            }
        }
    }
    println!("\n{}\n{}", lines.join("\n"), if good { "All is well." } else { "Something is wrong; see above." });
    Ok(good)
}

fn lints() -> Result<()> {
    shell::run(&mut shell::cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn postgres(bench: &mut Bench) -> Result<()> {
    let server = Server::start()?;
    println!("Listening at {}", server.url);
    bench.server = Some(server);
    Ok(())
}

fn tests(bench: &mut Bench) -> Result<()> {
    let mut command = if shell::find("cargo-nextest").is_some() {
        shell::cargo(&["nextest", "run", "--workspace"])
    } else {
        shell::cargo(&["test", "--workspace", "--lib", "--bins", "--tests"])
    };
    shell::run(bench.surround(&mut command))
}

fn examples(bench: &mut Bench) -> Result<()> {
    shell::run(bench.surround(&mut shell::cargo(&["test", "--doc", "--workspace"])))
}

fn in_browser(bench: &mut Bench) -> Result<()> {
    let binary = browser::prepare()?;
    let mut databases = vec!["sqlite"];
    databases.extend(bench.server.is_some().then_some("postgres"));
    for database in databases {
        println!("-- on {database}");
        let mut command = shell::program("node", &["browser/all.mjs", database]);
        shell::run(bench.surround(&mut command).env(browser::BINARY, &binary))?;
    }
    Ok(())
}

impl Bench {
    /// Tells a program where to put its files and where PostgreSQL listens.
    fn surround<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if let Some(server) = &self.server {
            command.env("MULIN_TEST_POSTGRES", &server.url);
        }
        command.env("TMPDIR", &self.scratch.folder)
    }
}

#[cfg(test)]
mod tests;

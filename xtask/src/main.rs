//! The project's own commands: `cargo xtask test` checks everything, `cargo xtask shots` takes the README's pictures.
//!
//! Kept to the standard library, so that the command itself is built in a second or two.

mod bench;
mod browser;
mod faults;
mod licences;
mod needs;
mod postgres;
mod scratch;
mod shell;
mod steps;

use anyhow::{Result, bail};
use std::process::ExitCode;
use steps::{Choice, STEPS};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<bool> {
    match arguments.split_first().map(|(command, rest)| (command.as_str(), rest)) {
        Some(("test", rest)) => steps::run(&Choice::read(rest)?),
        Some(("bench", rest)) => bench::run(&bench::Choice::read(rest)?).map(|()| true),
        Some(("powercut", rest)) => faults::powercut(&faults::Choice::read(rest)?),
        Some(("fulldisk", rest)) => faults::fulldisk(&faults::Choice::read(rest)?),
        // Runs inside the machine of the two before.
        Some(("fault-load", rest)) => faults::load::run(rest),
        Some(("shots", [])) => browser::shots().map(|()| true),
        Some(("help" | "--help" | "-h", _)) => {
            println!("{}", help());
            Ok(true)
        }
        _ => bail!("say which command to run.\n\n{}", help()),
    }
}

fn help() -> String {
    let steps: Vec<String> = STEPS.iter().map(|step| format!("  {:<10} {}", step.name, step.about)).collect();
    format!(
        "cargo xtask test [--only STEP[,STEP]] [--skip STEP[,STEP]]   check everything\n\
         cargo xtask bench [--postgres] [--requests N]                measure, beside baselines of the same run\n\
         cargo xtask powercut [--rounds N] [--baseline] [--keep]      cut the power of a house at work, look what it kept\n\
         cargo xtask fulldisk [--keep]                                fill the disk under a house and make room again\n\
         cargo xtask shots                                            take the pictures in docs/pictures\n\n\
         Steps, in this order:\n{}",
        steps.join("\n")
    )
}

//! `mulin`: serves the house, fills it, and looks after it.

use clap::Parser;
use mulin::boot;
use mulin::cli::{self, Cli};
use std::process::ExitCode;

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match cli::run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let (sentence, code) = boot::farewell(&error);
            eprintln!("mulin: {sentence}");
            ExitCode::from(code)
        }
    }
}

//! A writer that promises too early, for `cargo xtask powercut --baseline`: one row for each transaction, and its number is
//! printed as soon as SQLite says that it is committed.
//!
//!     forgetful FILE write normal|full      until it is stopped
//!     forgetful FILE count                  how many rows are there

use rusqlite::Connection;
use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [file, rest @ ..] = arguments.as_slice() else { return Err("forgetful FILE write|count".into()) };
    let connection = Connection::open(file)?;
    connection
        .execute_batch("pragma journal_mode = wal; create table if not exists promise (id integer primary key)")?;
    match rest {
        ["write", synchronous @ ("normal" | "full")] => {
            connection.execute_batch(&format!("pragma synchronous = {synchronous}"))?;
            let mut out = std::io::stdout().lock();
            loop {
                connection.execute("insert into promise default values", [])?;
                writeln!(out, "A {}", connection.last_insert_rowid())?;
                out.flush()?;
            }
        }
        ["count"] => {
            let rows: i64 = connection.query_row("select count(*) from promise", [], |row| row.get(0))?;
            println!("COUNT {rows}");
            Ok(())
        }
        _ => Err("forgetful FILE write normal|full, or forgetful FILE count".into()),
    }
}

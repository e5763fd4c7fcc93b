//! What the sums cost: the same work through the system's own layer and through ours, in turns, the best of some.
//!
//!     cargo run --release -p pagesum --example cost -- FOLDER

use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::{Duration, Instant};

const ROWS: u32 = 50_000;
const TURNS: usize = 7;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let folder = std::env::args().nth(1).ok_or("name a folder to work in")?;
    let mut best = [[Duration::MAX; 4]; 2];
    for _ in 0..TURNS {
        for (summed, best) in best.iter_mut().enumerate() {
            let path = Path::new(&folder).join("cost.db");
            for end in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(Path::new(&folder).join(format!("cost.db{end}")));
            }
            for (best, took) in best.iter_mut().zip(turn(&path, summed == 1)?) {
                *best = took.min(*best);
            }
        }
    }
    println!("| work | plain ms | summed ms | more |\n| --- | --- | --- | --- |");
    let names = [
        "50,000 inserts in 500 transactions",
        "reading all rows from the file",
        "50,000 single reads, cache too small",
        "500 durable transactions",
    ];
    for (at, name) in names.iter().enumerate() {
        let (plain, summed) = (best[0][at].as_secs_f64() * 1e3, best[1][at].as_secs_f64() * 1e3);
        println!("| {name} | {plain:.1} | {summed:.1} | {:+.1} % |", 100.0 * (summed / plain - 1.0));
    }
    Ok(())
}

fn turn(path: &Path, summed: bool) -> Outcome<[Duration; 4]> {
    let connection = if summed { pagesum::establish(path)? } else { Connection::open(path)? };
    connection.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = off; pragma cache_size = -16384; pragma wal_autocheckpoint = 2000;
         create table note (id integer primary key, code text not null, text text not null);
         create unique index note_code on note (code)",
    )?;
    let text = "楼道灯不亮了，晚上看不见路。".repeat(10);
    let begun = Instant::now();
    for some in 0..500 {
        connection.execute_batch("begin")?;
        let mut insert = connection.prepare_cached("insert into note values ($1, $2, $3)")?;
        for row in 0..ROWS / 500 {
            let id = some * (ROWS / 500) + row;
            insert.execute((id, format!("{:x}", id.wrapping_mul(2_654_435_761)), &text))?;
        }
        connection.execute_batch("commit")?;
    }
    connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
    let inserts = begun.elapsed();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let reader = if summed { pagesum::open(path, flags)? } else { Connection::open_with_flags(path, flags)? };
    reader.execute_batch("pragma cache_size = -2048")?;
    let begun = Instant::now();
    reader.query_row("select sum(length(text)) from note", [], |row| row.get::<_, i64>(0))?;
    let scan = begun.elapsed();
    let begun = Instant::now();
    let mut select = reader.prepare("select text from note where code = $1")?;
    for n in 0..ROWS {
        let id = n.wrapping_mul(7_919) % ROWS;
        select.query_row([format!("{:x}", id.wrapping_mul(2_654_435_761))], |row| row.get::<_, String>(0))?;
    }
    let singles = begun.elapsed();
    connection.execute_batch("pragma synchronous = full")?;
    let begun = Instant::now();
    for id in 0..500 {
        connection.execute("update note set text = text || '!' where id = $1", [id * 97])?;
    }
    Ok([inserts, scan, singles, begun.elapsed()])
}

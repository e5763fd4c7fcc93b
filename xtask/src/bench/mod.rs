//! `cargo xtask bench`: how fast and how light, as ratios beside baselines of the same run on the same machine.
//!
//! Requests go over real HTTP to the release binary, with full durability. The CPU time of the server, and of the
//! database where it is another program, is read from the kernel.

pub mod load;
pub mod watch;

use anyhow::{Context, Result, bail};
use load::Load;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use watch::{Cpu, Program};

use crate::{postgres, shell};

const RECORDS: usize = 105_339;
const RECORDS_FEW: usize = 1_000;
const CONNECTIONS: usize = 8;
const COMPOUND: &str = "d1";

/// What to measure.
#[derive(Debug)]
pub struct Choice {
    pub postgres: bool,
    /// How many requests each measurement sends.
    pub requests: usize,
    /// Another build of the house, to compare with; nothing is built then.
    pub binary: Option<PathBuf>,
}

impl Choice {
    pub fn read(arguments: &[String]) -> Result<Choice> {
        let mut choice = Choice { postgres: false, requests: 4_000, binary: None };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--postgres" => choice.postgres = true,
                "--requests" => {
                    let number = arguments.next().and_then(|number| number.parse().ok());
                    choice.requests = number.filter(|n| *n >= 100).context("--requests takes a number, 100 or more")?;
                }
                "--binary" => choice.binary = Some(arguments.next().context("--binary takes a path")?.into()),
                other => bail!("bench does not know {other}; it takes --postgres, --requests N and --binary PATH"),
            }
        }
        Ok(choice)
    }
}

/// A house with records in it, and what it is measured against.
struct House {
    server: Program,
    baseline: Program,
    cpu: Cpu,
    _database: Option<postgres::Server>,
}

pub fn run(choice: &Choice) -> Result<()> {
    if choice.binary.is_none() {
        let all = ["build", "--release", "--quiet", "--package", "mulin", "--bins", "--examples"];
        shell::run(&mut shell::cargo(&all))?;
    }
    let scratch = disk_scratch()?;
    println!("Preparing {RECORDS} and {RECORDS_FEW} records.");
    let few = House::open(choice, &scratch, RECORDS_FEW)?;
    let list_few = few.measure("/", &few.server, choice, &|_| load::get(&list_path(), "gzip"))?;
    drop(few);
    let house = House::open(choice, &scratch, RECORDS)?;
    let (server, baseline) = (&house.server, &house.baseline);
    let case = format!("/say/requests/{COMPOUND}-7");
    let words = |n: usize| format!("{{\"place\":\"{COMPOUND}\",\"words\":\"路灯不亮了，晚上看不见 {n}\"}}");
    let bare = house.measure("bare", baseline, choice, &|_| load::get("/bare", "identity"))?;
    let rows = [
        ("bare axum, two bytes", bare),
        ("axum with the same list", house.measure("list", baseline, choice, &|_| load::get("/list", "identity"))?),
        (
            "bare durable insert",
            house
                .measure("insert", baseline, choice, &|n| load::post("/insert", &format!("bench-insert-{n}"), "{}"))?,
        ),
        (
            "create a request",
            house.measure("create", server, choice, &|n| {
                load::post("/api/v1/requests", &format!("bench-create-{n:012}"), &words(n))
            })?,
        ),
        ("list of 25 with filters", house.measure("list", server, choice, &|_| load::get(&list_path(), "gzip"))?),
        ("the same among 1,000", list_few),
        ("case page", house.measure("case", server, choice, &|_| load::get(&case, "gzip"))?),
        (
            "search by a Chinese word",
            house.measure("search", server, choice, &|n| {
                let word = ["%E8%B7%AF%E7%81%AF", "%E5%9E%83%E5%9C%BE", "%E5%81%9C%E8%BD%A6", "%E7%94%B5%E6%A2%AF"];
                load::get(&format!("/search?q={}", word[n % word.len()]), "gzip")
            })?,
        ),
    ];
    print!("{}", table(choice, &rows));
    let page = load::text(&server.address, "/")?;
    let mut first = load::run(&server.address, 1, 1, &|_| load::get("/", "gzip"))?.bytes;
    for asset in assets(&page) {
        first += load::run(&server.address, 1, 1, &|_| load::get(&asset, "gzip"))?.bytes;
    }
    println!(
        "\nFirst view of the front page: {:.1} kB compressed in {} answers.",
        first as f64 / 1e3,
        1 + assets(&page).len()
    );
    Ok(())
}

/// Not in memory, where syncing costs nothing.
fn disk_scratch() -> Result<PathBuf> {
    let folder = shell::root().join("target/bench");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn list_path() -> String {
    format!("/say/requests?compound={COMPOUND}&category=lighting")
}

fn assets(page: &str) -> Vec<String> {
    let parts = page.split(['"', '\'']).filter(|part| part.starts_with("/assets/"));
    let mut all: Vec<String> = parts.map(str::to_owned).collect();
    all.sort();
    all.dedup();
    all
}

impl House {
    fn open(choice: &Choice, scratch: &Path, records: usize) -> Result<House> {
        let folder = scratch.join(records.to_string());
        fs::create_dir_all(&folder)?;
        let sheet = folder.join("records.csv");
        fs::write(&sheet, synthetic(records))?;
        let database = choice.postgres.then(postgres::Server::start_on_disk).transpose()?;
        let url = database.as_ref().map(|server| server.url.clone());
        let built = |name: &str| shell::root().join("target/release").join(name);
        let house = choice.binary.clone().unwrap_or_else(|| built("mulin"));
        let mut import = shell::program(house.clone(), &["import", "requests"]);
        import.arg(&sheet).arg("--data").arg(&folder);
        let mut serve = shell::program(house, &["demo", "--matters", "40"]);
        serve.args(["--listen", "127.0.0.1:0", "--data"]).arg(&folder).env("MULIN_LOG", "error");
        if let Some(url) = &url {
            import.args(["--database", url]);
            serve.args(["--database", url]);
        }
        shell::read(&mut import)?;
        let server = Program::start(&mut serve)?;
        let source = url.clone().unwrap_or_else(|| folder.join("mulin.db").display().to_string());
        let mut measured = shell::program(built("examples/baseline"), &[]);
        let baseline = Program::start(measured.args([source.as_str(), COMPOUND, "lighting"]))?;
        let cpu = Cpu { database: database.as_ref().map(|server| server.folder().to_owned()) };
        Ok(House { server, baseline, cpu, _database: database })
    }

    fn measure(
        &self,
        name: &str,
        program: &Program,
        choice: &Choice,
        request: &(dyn Fn(usize) -> String + Sync),
    ) -> Result<Measured> {
        let warm = choice.requests / 10;
        // A warm-up sends other keys than what is measured.
        load::run(&program.address, CONNECTIONS, warm, &|n| request(n + 1_000_000_000))
            .with_context(|| format!("warming up {name}"))?;
        let before = self.cpu.used(program)?;
        let load =
            load::run(&program.address, CONNECTIONS, choice.requests, request).with_context(|| name.to_owned())?;
        let cpu = (self.cpu.used(program)? - before).as_secs_f64() * 1e3 / load.answers as f64;
        Ok(Measured { load, cpu_ms: cpu })
    }
}

struct Measured {
    load: Load,
    /// CPU milliseconds of server and database for each request.
    cpu_ms: f64,
}

fn table(choice: &Choice, rows: &[(&str, Measured)]) -> String {
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let mut out = format!(
        "\n{CONNECTIONS} connections, {} requests each, {}\n\n| work | requests/s | CPU-ms each | p50 ms | p99 ms | kB | CPU to bare axum | rate to bare insert |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n",
        choice.requests,
        if choice.postgres { "PostgreSQL" } else { "SQLite" }
    );
    let (bare, insert) = (&rows[0].1, &rows[2].1);
    for (name, one) in rows {
        let _ = writeln!(
            out,
            "| {name} | {:.0} | {:.3} | {:.1} | {:.1} | {:.1} | {:.1} | {:.0} % |",
            one.load.per_second,
            one.cpu_ms,
            ms(one.load.p50),
            ms(one.load.p99),
            one.load.bytes as f64 / 1e3,
            one.cpu_ms / bare.cpu_ms,
            100.0 * one.load.per_second / insert.load.per_second,
        );
    }
    out
}

/// Invented records in the form of a city's export: a few districts, a few services, years of them.
fn synthetic(count: usize) -> String {
    const SERVICES: [(&str, &str); 4] = [
        ("路燈故障", "路灯不亮，晚上看不清路"),
        ("髒亂及污染", "垃圾堆在路口没人清"),
        ("違規停車", "停车挡住了出口"),
        ("道路維修", "路面有坑，电梯口也不平"),
    ];
    let mut out = String::new();
    for n in 0..count {
        let (service, words) = SERVICES[n * 7 % 4];
        let (day, month, year) = (1 + n / 12 % 28, 1 + n / 336 % 12, 2016 + n / 4032 % 4);
        let district = ["甲區", "乙區", "丙區", "丁區", "戊區"][n % 5];
        let _ = writeln!(
            out,
            "b{n},{year}-{month:02}-{day:02} {:02}:{:02}:{:02},{district},{service},{words},第{n}件：{words}，请来看看。,中街,{:.6},{:.6}",
            n % 24,
            n / 24 % 60,
            n % 60,
            23.0 + (n % 1000) as f64 / 1e4,
            120.2 + (n % 777) as f64 / 1e4,
        );
    }
    out
}

//! What runs beside the house inside the machine: files requests over HTTP and prints which were acknowledged; looks them up
//! afterwards; fills the disk and makes room again.
//!
//! A request is known by its number. The number makes its key and its words, so it can be sent again and be recognised.

use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::bench::load::{Line, get, post};

pub const ADDRESS: &str = "127.0.0.1:3000";
const COMPOUND: &str = "shiliu";
/// Somebody of the demo, and what a page says to her when nothing can be written.
const LOGIN: &str = "wuye";
const PLAIN: &str = "什么都没有存坏";
const CONNECTIONS: usize = 4;
/// More than fit into any log that is there already.
const TRIES_MAX: usize = 20_000;
const FULL_POSTS_MAX: usize = 3_000;

/// What was sent, and the codes of what was acknowledged.
#[derive(Debug, Default)]
pub struct Said {
    pub sent: BTreeSet<usize>,
    pub acknowledged: BTreeMap<usize, String>,
}

impl Said {
    /// Lines `S number` and `A number code`; anything else is somebody else's.
    pub fn read<'a>(lines: impl Iterator<Item = &'a str>) -> Said {
        let mut said = Said::default();
        for line in lines {
            match line.split_whitespace().collect::<Vec<_>>()[..] {
                ["S", number] => said.sent.extend(number.parse::<usize>().ok()),
                ["A", number, code] => said.acknowledged.extend(number.parse().ok().map(|n| (n, code.to_owned()))),
                _ => {}
            }
        }
        said.sent.extend(said.acknowledged.keys());
        said
    }
}

pub fn run(arguments: &[String]) -> Result<bool> {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["file", first] => file(first.parse()?).map(|()| true),
        ["look", path] => look(&Said::read(fs::read_to_string(path)?.lines())),
        ["full", folder] => full(Path::new(folder)).map(|()| true),
        _ => bail!("this is for the machine inside `cargo xtask powercut`"),
    }
}

fn words(number: usize) -> String {
    format!("楼道灯不亮了，第{number}盏灯")
}

fn request(number: usize) -> String {
    let body = format!("{{\"place\":\"{COMPOUND}\",\"words\":\"{}\"}}", words(number));
    post("/api/v1/requests", &format!("power-cut-{number:012}"), &body)
}

/// A connection to a house that may still be starting.
fn connect() -> Result<Line> {
    let begun = Instant::now();
    loop {
        match Line::open(ADDRESS) {
            Ok(line) => return Ok(line),
            Err(why) if begun.elapsed() > Duration::from_secs(180) => return Err(why),
            Err(_) => thread::sleep(Duration::from_millis(100)),
        }
    }
}

fn ask(line: &mut Line, request: &str) -> Result<(u16, String)> {
    line.send(request)?;
    let (status, body) = line.answer()?;
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

fn code(body: &str) -> Result<String> {
    let (_, rest) = body.split_once("\"code\":\"").context("an answer without a code")?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}

/// Files requests until the power goes.
fn file(first: usize) -> Result<()> {
    let next = AtomicUsize::new(first);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    let mut line = connect()?;
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        println!("S {number}");
                        match ask(&mut line, &request(number))? {
                            (201, body) => println!("A {number} {}", code(&body)?),
                            (status, body) => bail!("{number} was answered with {status}: {body}"),
                        }
                    }
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("a worker does not panic."))
    })
}

/// Whether everything acknowledged is there, and everything sent is there once when it is sent again.
fn look(said: &Said) -> Result<bool> {
    let mut line = connect()?;
    let (mut lost, mut doubled) = (0, 0);
    for (number, code) in &said.acknowledged {
        let (status, body) = ask(&mut line, &get(&format!("/api/v1/requests/{code}"), "identity"))?;
        if status != 200 || !body.contains(&format!("\"{}\"", words(*number))) {
            println!("LOST {number} {code}: {status}");
            lost += 1;
        }
    }
    let mut codes = BTreeMap::new();
    for number in &said.sent {
        let (status, body) = ask(&mut line, &request(*number))?;
        if status != 201 {
            bail!("{number} sent again was answered with {status}: {body}");
        }
        let now = code(&body)?;
        let before = said.acknowledged.get(number).unwrap_or(&now);
        if *before != now || codes.insert(now.clone(), number).is_some() {
            println!("DOUBLED {number} {before} {now}");
            doubled += 1;
        }
    }
    println!("LOOKED {lost} {doubled}");
    Ok(lost == 0 && doubled == 0)
}

/// Fills the disk under a house, sees that it goes on reading and refuses to write in plain words, and makes room again.
fn full(folder: &Path) -> Result<()> {
    let mut line = connect()?;
    let mut number = 0;
    let mut send = |line: &mut Line| -> Result<(u16, String)> {
        number += 1;
        let (status, body) = ask(line, &request(number))?;
        if status == 201 {
            println!("A {number} {}", code(&body)?);
        }
        Ok((status, body))
    };
    for _ in 0..20 {
        expect("a request while there is room", send(&mut line)?, 201)?;
    }
    let ballast = folder.join("ballast");
    fill(&ballast)?;
    let mut tried = 0;
    let refusal = loop {
        let (status, body) = send(&mut line)?;
        if status != 201 {
            break expect("a request on a full disk", (status, body), 503)?;
        }
        tried += 1;
        // What the file system frees meanwhile is taken too.
        fill(&ballast)?;
        if tried > FULL_POSTS_MAX {
            bail!("{tried} requests were taken on a full disk");
        }
    };
    println!("FULL after {tried} more: {refusal}");
    for path in ["/", "/say/requests", "/api/v1/requests/shiliu-1", "/healthz"] {
        expect(path, ask(&mut line, &get(path, "identity"))?, 200)?;
    }
    println!("FULL ready: {}", expect("/readyz on a full disk", ask(&mut line, &get("/readyz", "identity"))?, 503)?);
    let page = expect("a form on a full disk", form(&mut line)?, 503)?;
    if !page.contains(PLAIN) {
        bail!("the page of a refused form does not say what was kept:\n{page}");
    }
    for _ in 0..5 {
        expect("another request on a full disk", send(&mut line)?, 503)?;
    }
    fs::remove_file(&ballast)?;
    let begun = Instant::now();
    loop {
        let (status, body) = ask(&mut line, &get("/readyz", "identity"))?;
        if status == 200 {
            break;
        }
        if begun.elapsed() > Duration::from_secs(30) {
            bail!("there is room again, and the house is still not ready: {body}");
        }
        thread::sleep(Duration::from_millis(200));
    }
    for _ in 0..20 {
        expect("a request when there is room again", send(&mut line)?, 201)?;
    }
    println!("FULL over");
    Ok(())
}

/// Somebody comes in through a page, which begins a session.
fn form(line: &mut Line) -> Result<(u16, String)> {
    let (_, page) = ask(line, &get("/sign-in", "identity"))?;
    let hidden = |name: &str| -> Result<String> {
        let begin = format!("name=\"{name}\" value=\"");
        let (_, rest) = page.split_once(&begin).with_context(|| format!("the page has no {name}"))?;
        Ok(rest.split('"').next().unwrap_or_default().to_owned())
    };
    let body = format!("_csrf={}&_key={}&login={LOGIN}", hidden("_csrf")?, hidden("_key")?);
    let head = get("/demo/be", "identity").replacen("GET", "POST", 1);
    let head = head.trim_end().to_owned();
    let length = body.len();
    ask(
        line,
        &format!("{head}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"),
    )
}

fn expect(what: &str, (status, body): (u16, String), expected: u16) -> Result<String> {
    if status != expected {
        bail!("{what} was answered with {status} instead of {expected}: {body}");
    }
    Ok(body.trim().to_owned())
}

/// Writes until nothing fits any more.
fn fill(path: &Path) -> Result<()> {
    let mut file = File::options().create(true).append(true).open(path)?;
    for size in [1 << 16, 4096, 1] {
        let bytes = vec![7_u8; size];
        for _ in 0..TRIES_MAX {
            // A call that fits in part is followed by one that does not.
            if file.write(&bytes).is_err() {
                break;
            }
        }
    }
    // Reserved is not yet written; what cannot be, is not there.
    let _ = file.sync_all();
    Ok(())
}

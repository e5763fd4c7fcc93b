//! The real binary with data of its own, and a caller who speaks plain HTTP to it.

#![allow(dead_code, reason = "each test that uses this needs another part of it")]

pub mod town;

use std::io::{Error, Result};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A house that can be killed and started again at the same address.
pub struct House {
    pub data: PathBuf,
    pub database: Option<String>,
    pub port: u16,
    child: Option<Child>,
}

impl House {
    /// In a fresh folder; its port stays the same whenever it starts.
    pub fn new(name: &str, database: Option<String>) -> House {
        let data = std::env::temp_dir().join(format!("mulin_{name}_{}", std::process::id()));
        std::fs::create_dir_all(&data).unwrap();
        House { data, database, port: free_port(), child: None }
    }

    /// In a folder that is there already and stays.
    pub fn within(data: PathBuf) -> House {
        House { data, database: None, port: free_port(), child: None }
    }

    pub fn command(&self) -> Command {
        command(&self.data, self.database.as_deref())
    }

    /// Starts it; the callers are named by `X-Forwarded-For`, so that none is too many.
    pub fn start(&mut self) {
        let listen = format!("127.0.0.1:{}", self.port);
        let mut command = self.command();
        self.child = Some(command.args(["serve", "--trusted-proxy", "--listen", &listen]).spawn().unwrap());
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Waits until it says that it is ready, or for a minute.
    pub async fn ready(&self) -> bool {
        for _ in 0..600 {
            if let Ok(answer) = call(self.port, "GET", "/readyz", &[], b"").await
                && answer.status == 200
            {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        false
    }

    /// What `mulin check` says, and whether it is content.
    pub fn check(&self) -> (bool, String) {
        let out = self.command().arg("check").stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        let said = [out.stdout, out.stderr].concat();
        (out.status.success(), String::from_utf8_lossy(&said).into_owned())
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

pub fn command(data: &Path, database: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mulin"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MULIN_")) {
        command.env_remove(name);
    }
    command.env("MULIN_SECRET", "07".repeat(32)).env("MULIN_DATA", data);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(database) = database {
        command.env("MULIN_DATABASE", database);
    }
    command
}

/// A port that was free just now.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// An answer that came whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let line = self
            .head
            .lines()
            .find(|line| line.split_once(':').is_some_and(|(one, _)| one.eq_ignore_ascii_case(name)))?;
        Some(line.split_once(':')?.1.trim())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// One call on a connection of its own. An answer that does not come whole is an error: nothing is acknowledged.
pub async fn call(port: u16, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer> {
    let exchange = async {
        let mut socket = TcpStream::connect(("127.0.0.1", port)).await?;
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if method != "GET" {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        socket.write_all(&[head.as_bytes(), b"\r\n", body].concat()).await?;
        let mut all = Vec::new();
        socket.read_to_end(&mut all).await?;
        whole(all)
    };
    tokio::time::timeout(Duration::from_secs(40), exchange).await.map_err(|_| Error::other("no answer"))?
}

fn whole(all: Vec<u8>) -> Result<Answer> {
    let cut = || Error::other("the answer was cut");
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(cut)?;
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut)?;
    let mut answer = Answer { status, head, body: all[end + 4..].to_vec() };
    if answer.header("transfer-encoding").is_some_and(|how| how.eq_ignore_ascii_case("chunked")) {
        answer.body = unchunked(&answer.body).ok_or_else(cut)?;
        return Ok(answer);
    }
    let length: usize = answer.header("content-length").map_or(Ok(0), str::parse).map_err(|_| cut())?;
    if answer.body.len() == length { Ok(answer) } else { Err(cut()) }
}

fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        rest = &rest[end + 2..];
        if size == 0 {
            return Some(all);
        }
        all.extend(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}

/// A form with files, as browsers send it: the fields, then the files as `photo`.
pub fn multipart(fields: &[(&str, &str)], photos: &[Vec<u8>]) -> (&'static str, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for photo in photos {
        let head = "--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"p.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n";
        body.extend(head.bytes());
        body.extend(photo);
        body.extend(b"\r\n");
    }
    body.extend(b"--b--\r\n");
    ("multipart/form-data; boundary=b", body)
}

/// Random enough for when to kill and what to send.
#[derive(Clone)]
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

//! A plain load: some connections that stay open, each asking again as soon as it has its answer.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// What one load showed.
pub struct Load {
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
    /// Bytes of the last answer's body, as it travelled.
    pub bytes: usize,
    pub answers: usize,
}

/// Sends `count` requests over `connections`; `request` makes the n-th. Every answer must be a 2xx or a 303.
pub fn run(
    address: &str,
    connections: usize,
    count: usize,
    request: &(dyn Fn(usize) -> String + Sync),
) -> Result<Load> {
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    let parts: Vec<Result<(Vec<Duration>, usize)>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| {
                    let mut line = Line::open(address)?;
                    let (mut times, mut bytes) = (Vec::new(), 0);
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        if n >= count {
                            return Ok((times, bytes));
                        }
                        let sent = Instant::now();
                        bytes = line.ask(&request(n))?;
                        times.push(sent.elapsed());
                    }
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().expect("a worker does not panic.")).collect()
    });
    let took = begun.elapsed();
    let (mut times, mut bytes) = (Vec::new(), 0);
    for part in parts {
        let (some, last) = part?;
        times.extend(some);
        bytes = bytes.max(last);
    }
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    Ok(Load {
        per_second: times.len() as f64 / took.as_secs_f64(),
        p50: at(50),
        p99: at(99),
        bytes,
        answers: times.len(),
    })
}

/// One answer's body, as text.
pub fn text(address: &str, path: &str) -> Result<String> {
    let mut line = Line::open(address)?;
    line.send(&get(path, "identity"))?;
    let (status, body) = line.answer()?;
    if status != 200 {
        bail!("{path} answered {status}");
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// A request for a page.
pub fn get(path: &str, encoding: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: {encoding}\r\nCookie: mulin_v={:032}\r\n\r\n",
        7
    )
}

/// A call with a JSON body and a key of its own.
pub fn post(path: &str, key: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A connection that stays open.
pub struct Line {
    reader: BufReader<TcpStream>,
}

impl Line {
    pub fn open(address: &str) -> Result<Line> {
        let stream = TcpStream::connect(address).with_context(|| format!("{address} does not answer"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Line { reader: BufReader::new(stream) })
    }

    fn ask(&mut self, request: &str) -> Result<usize> {
        self.send(request)?;
        let (status, body) = self.answer()?;
        if !(200..=303).contains(&status) {
            bail!("answered {status}: {}", String::from_utf8_lossy(&body).chars().take(300).collect::<String>());
        }
        Ok(body.len())
    }

    pub fn send(&mut self, request: &str) -> Result<()> {
        Ok(self.reader.get_mut().write_all(request.as_bytes())?)
    }

    pub fn answer(&mut self) -> Result<(u16, Vec<u8>)> {
        let mut head = String::new();
        self.reader.read_line(&mut head)?;
        let status = head.split_whitespace().nth(1).and_then(|code| code.parse().ok()).context("no status line")?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let mut field = String::new();
            self.reader.read_line(&mut field)?;
            let field = field.trim().to_ascii_lowercase();
            if field.is_empty() {
                break;
            }
            if let Some(value) = field.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
            chunked |= field.starts_with("transfer-encoding:") && field.contains("chunked");
        }
        let mut body = Vec::new();
        if !chunked {
            body.resize(length, 0);
            self.reader.read_exact(&mut body)?;
            return Ok((status, body));
        }
        loop {
            let mut size = String::new();
            self.reader.read_line(&mut size)?;
            let size = usize::from_str_radix(size.trim(), 16).context("a chunk without a size")?;
            let mut chunk = vec![0; size + 2];
            self.reader.read_exact(&mut chunk)?;
            if size == 0 {
                return Ok((status, body));
            }
            body.extend_from_slice(&chunk[..size]);
        }
    }
}

//! A mail server and a robot on this machine, for stories about what leaves the house.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What a receiver was given, and what it will say next.
#[derive(Clone, Default)]
pub struct Post {
    seen: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<VecDeque<&'static str>>>,
    pub address: String,
}

impl Post {
    /// Everything that was taken or refused so far.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("nobody panicked.").clone()
    }

    fn note(&self, what: String) {
        self.seen.lock().expect("nobody panicked.").push(what);
    }

    fn next(&self, usual: &'static str) -> &'static str {
        self.answers.lock().expect("nobody panicked.").pop_front().unwrap_or(usual)
    }

    async fn listening(answers: &[&'static str]) -> (Post, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port.");
        let address = listener.local_addr().expect("it is bound.").to_string();
        let answers = Arc::new(Mutex::new(answers.iter().copied().collect()));
        (Post { seen: Arc::default(), answers, address }, listener)
    }

    /// A mail server that says `answers` to the letters that come, one after the other, and takes all further ones.
    pub async fn mail(answers: &[&'static str]) -> Post {
        let (post, listener) = Post::listening(answers).await;
        let serving = post.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let post = serving.clone();
                tokio::spawn(async move { smtp(stream, &post).await });
            }
        });
        post
    }

    /// A robot that says `answers`, one after the other, and then that all is well. `slow` says nothing at all.
    pub async fn robot(answers: &[&'static str]) -> Post {
        let (post, listener) = Post::listening(answers).await;
        let serving = post.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let post = serving.clone();
                tokio::spawn(async move { http(stream, &post).await });
            }
        });
        post
    }
}

/// What a mail server hears.
pub enum Heard<'m> {
    /// One line, e.g. `RCPT TO:<granny@mulin.example>`.
    Line(&'m str),
    /// A letter as it was sent, without the point at its end.
    Letter(&'m str),
}

/// Talks SMTP with whoever has come; `answer` says what is answered.
pub async fn talk(stream: TcpStream, mut answer: impl FnMut(Heard<'_>) -> String) -> Option<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 here ESMTP\r\n").await.ok()?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let said = match line.trim() {
            data if data.eq_ignore_ascii_case("DATA") => {
                stream.write_all(b"354 go on\r\n").await.ok()?;
                let mut letter = String::new();
                while !letter.ends_with("\r\n.\r\n") {
                    if stream.read_line(&mut letter).await.ok()? == 0 {
                        return None;
                    }
                }
                answer(Heard::Letter(letter.trim_end_matches(".\r\n")))
            }
            line => answer(Heard::Line(line)),
        };
        stream.write_all(format!("{said}\r\n").as_bytes()).await.ok()?;
    }
}

async fn smtp(stream: TcpStream, post: &Post) -> Option<()> {
    talk(stream, |heard| match heard {
        Heard::Letter(letter) => {
            post.note(letter.to_owned());
            "250 taken".to_owned()
        }
        Heard::Line(line) => match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => "250-here\r\n250 8BITMIME".to_owned(),
            "RCPT" => {
                let answer = post.next("250 yes");
                if !answer.starts_with("250") {
                    post.note(answer.to_owned());
                }
                answer.to_owned()
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 yes".to_owned(),
        },
    })
    .await
}

async fn http(stream: TcpStream, post: &Post) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let (mut first, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if let Some(n) = line.to_lowercase().strip_prefix("content-length:") {
            length = n.trim().parse().ok()?;
        }
        if line.to_lowercase().starts_with("webhook-") {
            first.push_str(&format!(" {}", line.trim()));
        }
        if first.is_empty() {
            first = line.trim().to_owned();
        } else if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    post.note(format!("{first}\n{}", String::from_utf8_lossy(&body)));
    let answer = post.next(r#"200 {"errcode":0,"errmsg":"ok","code":0}"#);
    if answer == "slow" {
        // Until the caller is gone.
        let _ = stream.read(&mut [0; 1]).await;
        return None;
    }
    let (status, body) = answer.split_once(' ').unwrap_or((answer, ""));
    let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(format!("{head}{body}").as_bytes()).await.ok()
}

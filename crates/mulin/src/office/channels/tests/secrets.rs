//! What opens something appears in no log, no stored reason and on no page, though everybody we talk to repeats it.

use super::*;
use crate::village::Seen;
use crate::village::post::{Heard, talk};
use kit::mail::incoming;
use std::collections::VecDeque;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const PASSWORD: &str = "planted-Smtp-Passw0rd";
const ROBOT_KEY: &str = "planted-robot-key-4711";
const SIGNING: &str = "SECplanted-signing-secret";
const POSTMAN: &str = "token-of-the-postman";
const READER: &str = "li.planted@mail.example";

/// Hears everything that is logged, at every level, with every field.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<String>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Ear {
    fn note(&self, line: Line) {
        let mut all = self.0.lock().expect("nobody panicked.");
        all.push_str(&line.0);
        all.push('\n');
    }
}

impl Subscriber for Ear {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut line = Line(format!("{} {}", span.metadata().target(), span.metadata().name()));
        span.record(&mut line);
        self.note(line);
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut line = Line(String::new());
        values.record(&mut line);
        self.note(line);
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut line = Line(format!("{} {}", event.metadata().level(), event.metadata().target()));
        event.record(&mut line);
        self.note(line);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// A mail server that says back what it was told: at its sign-in, at the address, or at the letter.
async fn parrot(refuses_at: &[&'static str]) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let refuses: Arc<Mutex<VecDeque<_>>> = Arc::new(Mutex::new(refuses_at.iter().copied().collect()));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = seen.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (refuses, noted) = (refuses.clone(), noted.clone());
            tokio::spawn(async move { says_back(stream, &refuses, &noted).await });
        }
    });
    (address, seen)
}

async fn says_back(
    stream: TcpStream,
    refuses: &Mutex<VecDeque<&'static str>>,
    noted: &Mutex<Vec<String>>,
) -> Option<()> {
    let refused = |at: &str| {
        let mut left = refuses.lock().unwrap();
        left.front().copied().filter(|first| *first == at).and_then(|_| left.pop_front()).is_some()
    };
    talk(stream, |heard| match heard {
        Heard::Letter(letter) => {
            let text = incoming::read(letter.as_bytes()).map(|letter| letter.text).unwrap_or_default();
            noted.lock().unwrap().push(text.clone());
            let link = text.split_whitespace().find(|word| word.starts_with("http")).unwrap_or_default();
            match refused("data") {
                true => format!("554 5.7.1 {link} and its {} are listed", link.rsplit('/').next().unwrap_or_default()),
                false => "250 taken".to_owned(),
            }
        }
        Heard::Line(line) => match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => "250-here\r\n250-8BITMIME\r\n250 AUTH PLAIN".to_owned(),
            "AUTH" if refused("auth") => format!("535 5.7.8 {line}, which means {PASSWORD}, is wrong"),
            "AUTH" => "235 welcome".to_owned(),
            "RCPT" if refused("rcpt") => format!("550 5.1.1 {line}: {READER} is not here"),
            "QUIT" => "221 bye".to_owned(),
            _ => "250 yes".to_owned(),
        },
    })
    .await
}

fn wants_mail(mail: &'static str) -> [(&'static str, &'static str); 5] {
    [("mail", mail), ("mine", "1"), ("held", "1"), ("from", "21:00"), ("to", "08:00")]
}

async fn wrong_targets(village: &Village, shiliu: &str) -> Vec<Seen> {
    let mut seen = Vec::new();
    for address in [
        format!("ftp://robot.example/{ROBOT_KEY}"),
        format!("https://user:{ROBOT_KEY}@robot.example/"),
        format!("{ROBOT_KEY} is no address"),
        format!("https://robot.example/{}{ROBOT_KEY}", "x".repeat(1_000)),
    ] {
        let refused = add(village, "property", "feishu", &address, SIGNING, shiliu).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
        seen.push(refused);
    }
    seen
}

on_both! { &crate::migrations();
    async fn no_secret_is_logged_kept_or_shown(db) {
        // With a single listener in the process, what another test's thread logs first is taken to interest nobody for good.
        let _second = tracing::Dispatch::new(Ear::default());
        let ear = Ear::default();
        let guard = tracing::subscriber::set_default(ear.clone());
        let (smtp, letters) = parrot(&["auth", "rcpt", "data"]).await;
        let robot = Post::robot(&[
            r#"200 {"errcode":0,"errmsg":"ok"}"#,
            r#"200 {"errcode":45009,"errmsg":"busy: planted-robot-key-4711 SECplanted-signing-secret"}"#,
            r#"200 {"errcode":93000,"errmsg":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx planted-robot-key-4711 in https://robot.example/planted-robot-key-4711"}"#,
            "500 planted-robot-key-4711",
            "slow",
        ])
        .await;
        let mut parts = parts_on(db, true);
        parts.outgoing = Outgoing::new(true).patient(Duration::from_millis(500));
        parts.config.public_url = Some("http://mulin.example".into());
        let from = "睦邻 <mulin@mulin.example>";
        parts.mail = Some(Mailer::open(&format!("smtp://clerk@{smtp}"), Some(PASSWORD), from).unwrap());
        let village = Village::of(App::new(parts)).await;
        let shiliu = place(&village, "property", "石榴园").await;

        let mut shown = wrong_targets(&village, &shiliu).await;
        let address = format!("http://{}/send/{ROBOT_KEY}?access_token={ROBOT_KEY}", robot.address);
        for (kind, secret) in [("wecom", ""), ("dingtalk", SIGNING), ("feishu", SIGNING), ("dingtalk", ""), ("feishu", SIGNING)] {
            add(&village, "property", kind, &address, secret, &shiliu).await;
        }
        // Nobody listens there.
        add(&village, "property", "wecom", &format!("http://127.0.0.1:1/{ROBOT_KEY}"), SIGNING, &shiliu).await;
        village.fill("granny", "/me/notices", "/me/notices", &wants_mail(READER)).await;
        say(&village, "单元门关不上", &[]).await;
        village.listeners().await;
        let mut kept = String::new();
        for _ in 0..4 {
            village.post_all().await;
            kept += &store::kept(&village.app.db).await;
            shown.push(village.get("property", "/office/channels").await);
            village.wait(Moment::minutes(10));
        }
        // The first letter was refused at the door and then for good; one more is refused for what is in it, one arrives.
        for mail in ["wang.planted@mail.example", READER] {
            village.fill("granny", "/me/notices", "/me/notices", &wants_mail(mail)).await;
            village.post_all().await;
            kept += &store::kept(&village.app.db).await;
        }
        village.letter("not-the-token", "", b"x").await;
        village.letter(POSTMAN, "", b"x").await;
        shown.push(village.get("property", "/office/channels").await);
        shown.push(village.get("property", "/api/v1/channels").await);
        shown.push(village.get("property", "/me").await);
        shown.push(village.get("nobody", "/me/notices/confirm/planted-robot-key-4711").await);
        drop(guard);

        let letters = letters.lock().unwrap().clone();
        assert_eq!(letters.len(), 2, "{letters:?}");
        let links = letters.iter().filter_map(|text| text.split("/me/notices/confirm/").nth(1)?.split_whitespace().next());
        let mut secrets: Vec<String> = links.map(str::to_owned).collect();
        assert_eq!(secrets.len(), 2);
        secrets.extend([PASSWORD, ROBOT_KEY, SIGNING, POSTMAN, READER, "wang.planted@mail.example"].map(str::to_owned));
        secrets.push(kit::secrets::base64(format!("\0clerk\0{PASSWORD}").as_bytes()));
        assert!(robot.seen().iter().any(|one| one.contains(ROBOT_KEY)), "the robot was called");
        let logged = ear.0.lock().unwrap().clone();
        assert!(logged.contains("not sent") && logged.contains("sent") && logged.contains("answered"), "{logged}");
        for told in ["535", "550", "554", "45009", "93000", "HTTP 500", "no answer"] {
            assert!(kept.contains(told), "{told} is kept: {kept}");
        }
        for secret in &secrets {
            assert!(!logged.contains(secret), "{secret} is logged:\n{logged}");
            assert!(!kept.contains(secret), "{secret} is kept:\n{kept}");
            for page in &shown {
                page.says_not(secret);
            }
            // Not even the first half, where a reason was cut.
            let half: String = secret.chars().take(12).collect();
            assert!(!kept.contains(&half), "{half} is kept:\n{kept}");
        }
    }
}

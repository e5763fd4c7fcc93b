//! Letters to the outside, handed to the mail server that the operator named, and letters that come in.
//!
//! Towards another machine everything is encrypted, or nothing is said: a mail server that offers no TLS is refused.

pub mod incoming;

use crate::secrets::base64;
use crate::time::Moment;
use crate::{Error, Result};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::collections::HashSet;
use std::fmt;
use std::net::IpAddr;
use std::time::{Duration, UNIX_EPOCH};

/// For each answer of the mail server.
const PATIENCE: Duration = Duration::from_secs(20);

/// Every letter of ours carries it, so that one that comes back is known.
pub const OURS: &str = "X-Mulin";

/// The way to the mail server.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// What a mail server must not repeat to us: the password, plain and as it is sent.
    never: Vec<String>,
}

impl fmt::Debug for Mailer {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mailer({})", self.from)
    }
}

/// What is to be sent.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    /// The part before the `@` of its Message-ID: the same letter sent twice is known as one.
    pub id: String,
    /// Further header lines, e.g. `In-Reply-To`.
    pub headers: Vec<(String, String)>,
}

/// Why something was not taken on the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It may go better another time.
    Later(String),
    /// It will never go.
    Never(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Refusal::Later(why) | Refusal::Never(why)) = self;
        f.write_str(why)
    }
}

impl Mailer {
    /// `smtp://user@host:587` begins plain and turns to TLS; `smtps://` is TLS from the start. On this machine
    /// (`localhost`, `127.0.0.1`) a server without TLS will do.
    ///
    /// # Errors
    /// [`Error::Unavailable`], in a sentence, when the address cannot be used.
    pub fn open(url: &str, password: Option<&str>, from: &str) -> Result<Mailer> {
        let bad = |why: &str| Error::Unavailable(format!("mail: {why}"));
        let (scheme, rest) = url.split_once("://").ok_or_else(|| bad("an address begins with smtp:// or smtps://"))?;
        let (user, server) = match rest.trim_end_matches('/').rsplit_once('@') {
            Some((user, server)) => (Some(user.replace("%40", "@")), server),
            None => (None, rest.trim_end_matches('/')),
        };
        if user.as_ref().is_some_and(|user| user.contains(':')) {
            return Err(bad("the password belongs into MULIN_SMTP_PASSWORD, not into the address"));
        }
        let (host, port) = match server.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse::<u16>().map_err(|_| bad("the port is a number"))?)),
            None => (server, None),
        };
        let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        let tls = || TlsParameters::new(host.to_owned()).map_err(|e| bad(&e.to_string()));
        let (tls, usual) = match scheme {
            "smtps" => (Tls::Wrapper(tls()?), 465),
            "smtp" if here => (Tls::None, 25),
            "smtp" => (Tls::Required(tls()?), 587),
            _ => return Err(bad("an address begins with smtp:// or smtps://")),
        };
        let from: Mailbox = from.parse().map_err(|_| bad("--mail-from is no mail address"))?;
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(port.unwrap_or(usual))
            .tls(tls)
            .timeout(Some(PATIENCE));
        let mut never = Vec::new();
        if let Some(user) = user {
            let password = password.ok_or_else(|| bad("a user needs MULIN_SMTP_PASSWORD"))?;
            never.extend([password.to_owned(), base64(password.as_bytes())]);
            never.push(base64(format!("\0{user}\0{password}").as_bytes()));
            transport = transport.credentials(Credentials::new(user, password.to_owned()));
        }
        Ok(Mailer { transport: transport.build(), from, never })
    }

    /// The address that letters come from.
    pub fn from(&self) -> String {
        self.from.email.to_string()
    }

    /// Ours after the `@`, as in each Message-ID.
    pub fn domain(&self) -> &str {
        self.from.email.domain()
    }

    /// Hands a letter over.
    ///
    /// # Errors
    /// [`Refusal`] says whether another try makes sense, and why without what the letter or the password say.
    pub async fn send(&self, letter: &Letter, now: Moment) -> Result<(), Refusal> {
        let why = |told: &dyn fmt::Display| {
            let links =
                [&letter.text, &letter.subject].into_iter().chain(letter.headers.iter().map(|(_, value)| value));
            let mut never = self.never.clone();
            never.extend(links.flat_map(|text| links_in(text)).flat_map(pieces));
            never.push(letter.to.clone());
            covered(&told.to_string(), &never)
        };
        let message = self.write(letter, now).map_err(|e| Refusal::Never(why(&e)))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            // A wrong password is the operator's to mend; the letter is not at fault.
            Err(e) if e.is_permanent() && e.status().is_none_or(|code| u16::from(code) != 535) => {
                Err(Refusal::Never(why(&e)))
            }
            Err(e) => Err(Refusal::Later(why(&e))),
        }
    }

    fn write(&self, letter: &Letter, now: Moment) -> anyhow::Result<Message> {
        let date = UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).unwrap_or(0));
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, letter.to.parse::<Address>()?))
            .subject(one_line(&letter.subject))
            .date(date)
            .message_id(Some(format!("<{}@{}>", letter.id, self.domain())));
        let ours = [(OURS.to_owned(), "1".to_owned()), ("Auto-Submitted".to_owned(), "auto-generated".to_owned())];
        for (name, value) in letter.headers.iter().chain(&ours) {
            let name = HeaderName::new_from_ascii(name.clone())?;
            builder = builder.raw_header(HeaderValue::new(name, one_line(value)));
        }
        let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(letter.text.clone());
        Ok(match &letter.html {
            Some(html) => {
                let html = SinglePart::builder().header(ContentType::TEXT_HTML).body(html.clone());
                builder.multipart(MultiPart::alternative().singlepart(text).singlepart(html))?
            }
            None => builder.singlepart(text)?,
        })
    }
}

/// A header is one line, whatever people type.
fn one_line(text: &str) -> String {
    text.split(['\r', '\n']).map(str::trim).collect::<Vec<_>>().join(" ")
}

/// So many characters in a row that also stand in a secret are no accident.
const TELLING: usize = 8;
/// A shorter word would black out half of what was said.
const SECRET_CHARACTERS_MIN: usize = 4;

/// What another machine said, without links and without what it repeats of `never`, even in part. It is kept, and read
/// by people who must not learn a password or the address that is one.
pub fn covered(told: &str, never: &[String]) -> String {
    let mut told = told.to_owned();
    let links: Vec<String> = links_in(&told).map(str::to_owned).collect();
    for hidden in links.iter().chain(never.iter().filter(|one| one.chars().count() >= SECRET_CHARACTERS_MIN)) {
        told = told.replace(hidden.as_str(), "…");
    }
    let secrets: Vec<Vec<char>> = never.iter().map(|one| one.chars().collect()).collect();
    let telling: HashSet<&[char]> = secrets.iter().flat_map(|one| one.windows(TELLING)).collect();
    let letters: Vec<char> = told.chars().collect();
    let mut hidden = vec![false; letters.len()];
    for (at, _) in letters.windows(TELLING).enumerate().filter(|(_, window)| telling.contains(window)) {
        hidden[at..at + TELLING].fill(true);
    }
    let shown = letters.iter().zip(&hidden).enumerate().filter_map(|(at, (letter, is_hidden))| match is_hidden {
        false => Some(*letter),
        true => (at == 0 || !hidden[at - 1]).then_some('…'),
    });
    shown.collect()
}

/// The links in a text.
fn links_in(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("http").filter_map(|(at, _)| {
        let rest = &text[at..];
        let is_link = rest.starts_with("http://") || rest.starts_with("https://");
        let end = rest.find(|c: char| !c.is_ascii_graphic() || "\"'<>()[]{}|\\^`,;".contains(c)).unwrap_or(rest.len());
        is_link.then(|| &rest[..end])
    })
}

/// The parts of a link behind its host that are long enough to open something.
pub fn pieces(link: &str) -> Vec<String> {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let path = rest.find(['/', '?']).map_or("", |at| &rest[at..]);
    let parts = path.split(['/', '?', '&', '=', '#']).filter(|part| part.len() >= TELLING);
    parts.map(str::to_owned).collect()
}

/// Whether a letter can be addressed to it.
pub fn is_address(text: &str) -> bool {
    text.len() <= 254 && text.parse::<Address>().is_ok() && text.contains('.')
}

#[cfg(test)]
mod tests;

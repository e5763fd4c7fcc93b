//! Reads a letter, however broken: who wrote, what in their own words, which pictures, and whether a machine wrote it.

use mail_parser::decoders::html::html_to_text;
use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders, PartType};

/// Larger letters are refused before they are read.
pub const LETTER_BYTES_MAX: usize = 31 * 1024 * 1024;
const PARTS_MAX: usize = 200;
/// Of each text; what follows is not read.
const TEXT_BYTES_MAX: usize = 256 * 1024;
const REFERENCES_MAX: usize = 20;

/// A letter as we understand it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incoming {
    /// Without the angle brackets; empty when it has none.
    pub id: String,
    /// In small letters.
    pub from: String,
    pub to: Vec<String>,
    pub subject: String,
    pub text: String,
    /// As they were sent; nothing of them is trusted.
    pub pictures: Vec<Vec<u8>>,
    /// Files that are no pictures.
    pub others: usize,
    /// What it answers to, newest first, without the angle brackets.
    pub answers: Vec<String>,
    /// Why this is no letter from a person.
    pub machine: Option<&'static str>,
}

/// `None` when it is no letter at all.
pub fn read(raw: &[u8]) -> Option<Incoming> {
    if raw.len() > LETTER_BYTES_MAX {
        return None;
    }
    let message = MessageParser::default().parse(raw)?;
    let from = message.from().and_then(Address::first).and_then(|one| one.address()).unwrap_or_default().to_lowercase();
    let mut to: Vec<String> = [message.to(), message.cc()].into_iter().flatten().flat_map(addresses).collect();
    for (name, value) in headers(&message) {
        if ["delivered-to", "x-original-to", "envelope-to"].contains(&name.as_str()) {
            to.push(bare(&value).to_lowercase());
        }
    }
    let mut answers = ids(message.in_reply_to());
    answers.extend(ids(message.references()).into_iter().rev());
    answers.truncate(REFERENCES_MAX);
    let (mut pictures, mut others) = (Vec::new(), 0);
    for part in message.attachments().take(PARTS_MAX) {
        let picture = part.content_type().is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("image"));
        match &part.body {
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) if picture => pictures.push(bytes.to_vec()),
            _ => others += 1,
        }
    }
    Some(Incoming {
        id: message.message_id().unwrap_or_default().chars().take(500).collect(),
        machine: machine(&message, &from),
        text: own_words(&text(&message), !answers.is_empty()),
        subject: message.subject().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" "),
        from,
        to,
        pictures,
        others,
        answers,
    })
}

fn headers(message: &Message<'_>) -> Vec<(String, String)> {
    message.headers_raw().take(500).map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect()
}

fn addresses(list: &Address<'_>) -> Vec<String> {
    list.iter().take(100).filter_map(|one| one.address()).map(str::to_lowercase).collect()
}

fn bare(text: &str) -> &str {
    text.trim().trim_start_matches('<').trim_end_matches('>')
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(one) => vec![bare(one).to_owned()],
        HeaderValue::TextList(all) => all.iter().map(|one| bare(one).to_owned()).collect(),
        _ => Vec::new(),
    }
}

/// Letters that nobody sat down to write, and our own that come back.
fn machine(message: &Message<'_>, from: &str) -> Option<&'static str> {
    for (name, value) in headers(message) {
        let value = value.to_lowercase();
        match name.as_str() {
            "x-mulin" => return Some("ours"),
            "auto-submitted" if value != "no" && !value.starts_with("no ") && !value.starts_with("no;") => {
                return Some("automatic");
            }
            "x-auto-response-suppress" | "x-autoreply" | "x-autorespond" => return Some("automatic"),
            "precedence" if ["bulk", "junk", "list", "auto_reply"].contains(&value.as_str()) => return Some("bulk"),
            "list-id" | "list-unsubscribe" => return Some("list"),
            "return-path" if value.replace(' ', "") == "<>" => return Some("bounce"),
            "x-failed-recipients" => return Some("bounce"),
            _ => {}
        }
    }
    let kind = message.content_type();
    if kind.is_some_and(|kind| kind.ctype() == "multipart" && kind.subtype() == Some("report")) {
        return Some("bounce");
    }
    let name = from.split('@').next().unwrap_or_default();
    if ["mailer-daemon", "postmaster", "no-reply", "noreply", "donotreply", "do-not-reply"].contains(&name) {
        return Some("bounce");
    }
    let subject = message.subject().unwrap_or_default().trim().to_lowercase();
    let away = [
        "out of office",
        "automatic reply",
        "auto reply",
        "autoreply",
        "auto-reply",
        "auto:",
        "vacation reply",
        "undelivered mail",
        "undeliverable",
        "delivery status notification",
        "mail delivery failed",
        "自动回复",
        "自動回覆",
        "休假",
        "外出回复",
        "退信",
        "系统退信",
    ];
    away.iter().any(|words| subject.starts_with(words)).then_some("away")
}

/// The first text that reads as one; a page of HTML is read aloud.
fn text(message: &Message<'_>) -> String {
    let cut = |text: &str| {
        let mut end = text.len().min(TEXT_BYTES_MAX);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text[..end].to_owned()
    };
    match message.text_bodies().next().map(|part| &part.body) {
        Some(PartType::Text(text)) => cut(text),
        Some(PartType::Html(html)) => html_to_text(&cut(html)),
        _ => String::new(),
    }
}

/// Without the signature, and in an answer without what is answered to.
fn own_words(text: &str, answer: bool) -> String {
    let mut kept = Vec::new();
    for line in text.lines() {
        let bare = line.trim();
        let signature = line.trim_end_matches(['\r', '\n']) == "-- " || bare == "--";
        let quoted = answer && (bare.starts_with('>') || begins_quote(bare));
        if signature || quoted && !bare.starts_with('>') {
            break;
        }
        if !quoted {
            kept.push(line.trim_end());
        }
    }
    let text: String = kept.join("\n").chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    text.trim().to_owned()
}

/// The line that mail programs put above what they quote.
fn begins_quote(line: &str) -> bool {
    let small = line.to_lowercase();
    (small.starts_with("on ") && small.ends_with("wrote:"))
        || (line.ends_with("写道：") || line.ends_with("写道:") || line.ends_with("寫道："))
        || small.contains("-----original message-----")
        || line.contains("原始邮件")
        || small.starts_with("________")
}

#[cfg(test)]
mod tests;

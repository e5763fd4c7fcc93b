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
mod tests {
    use super::*;

    fn letter(extra: &str, body: &str) -> Vec<u8> {
        format!(
            "From: Li <Li@Mail.example>\r\nTo: shiliu@mulin.example\r\nSubject: =?UTF-8?B?55S15qKv5Z2P5LqG?=\r\n\
             Message-ID: <1@mail.example>\r\n{extra}\r\n{body}"
        )
        .into_bytes()
    }

    #[test]
    fn a_letter_is_read() {
        let told = read(&letter("", "3号楼的电梯不动了。\r\n\r\n-- \r\n李\r\n")).unwrap();
        assert_eq!(told.id, "1@mail.example");
        assert_eq!(told.from, "li@mail.example");
        assert_eq!(told.to, ["shiliu@mulin.example"]);
        assert_eq!(told.subject, "电梯坏了");
        assert_eq!(told.text, "3号楼的电梯不动了。");
        assert_eq!(told.machine, None);
    }

    #[test]
    fn html_is_read_aloud_and_pictures_are_kept() {
        let body = "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>水管<b>漏</b>了</p><script>x()</script>\r\n\
            --b\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\
            Content-Disposition: attachment; filename=a.jpg\r\n\r\n/9j/\r\n\
            --b\r\nContent-Type: application/zip\r\nContent-Disposition: attachment; filename=a.zip\r\n\r\nPK\r\n--b--\r\n";
        let told = read(&letter("Content-Type: multipart/mixed; boundary=b\r\n", body)).unwrap();
        assert!(told.text.contains("水管漏了"), "{}", told.text);
        assert_eq!(told.pictures, [vec![0xff, 0xd8, 0xff]]);
        assert_eq!(told.others, 1);
    }

    #[test]
    fn an_answer_is_told_without_what_it_answers_to() {
        let head = "In-Reply-To: <2@mulin.example>\r\nReferences: <0@mail.example> <2@mulin.example>\r\n";
        for quote in ["On Tue, Mulin wrote:\r\n> 收到了", "在 2026年11月24日，睦邻 写道：\r\n> 收到了", "> 收到了"]
        {
            let told = read(&letter(head, &format!("还在漏。\r\n\r\n{quote}\r\n"))).unwrap();
            assert_eq!(told.text, "还在漏。", "{quote}");
            assert_eq!(told.answers, ["2@mulin.example", "2@mulin.example", "0@mail.example"]);
        }
    }

    #[test]
    fn what_no_person_wrote_is_known() {
        let machines = [
            ("Auto-Submitted: auto-replied\r\n", "automatic"),
            ("X-Auto-Response-Suppress: All\r\n", "automatic"),
            ("Precedence: bulk\r\n", "bulk"),
            ("Precedence: junk\r\n", "bulk"),
            ("List-Id: <news.example>\r\n", "list"),
            ("Return-Path: <>\r\n", "bounce"),
            ("Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n", "bounce"),
            ("X-Mulin: 1\r\n", "ours"),
        ];
        for (head, why) in machines {
            assert_eq!(read(&letter(head, "x")).unwrap().machine, Some(why), "{head}");
        }
        for head in ["Auto-Submitted: no\r\n", "Return-Path: <li@mail.example>\r\n", "Precedence: first-class\r\n"] {
            assert_eq!(read(&letter(head, "x")).unwrap().machine, None, "{head}");
        }
        let from = "From: MAILER-DAEMON@mail.example\r\nSubject: x\r\n\r\nx";
        assert_eq!(read(from.as_bytes()).unwrap().machine, Some("bounce"));
        for subject in ["Out of Office: holiday", "Automatic reply: x", "自动回复：在外地"] {
            let raw = format!("From: li@mail.example\r\nSubject: {subject}\r\n\r\nx");
            assert_eq!(read(raw.as_bytes()).unwrap().machine, Some("away"), "{subject}");
        }
    }

    /// Whatever comes, nothing falls over: every letter above cut short, bent and repeated, with a fixed sort of chance.
    #[test]
    fn broken_letters_do_no_harm() {
        let nested = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n".repeat(300);
        let whole = letter("Content-Type: multipart/mixed; boundary=b\r\n", &format!("--b\r\n{nested}"));
        let mut chance: u64 = 7;
        let mut next = move || {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (chance >> 33) as usize
        };
        for _ in 0..2_000 {
            let mut bent = whole[..next() % 2_000.min(whole.len())].to_vec();
            for _ in 0..next() % 20 {
                if !bent.is_empty() {
                    let at = next() % bent.len();
                    bent[at] = (next() % 256) as u8;
                }
            }
            let _ = read(&bent);
        }
        let _ = read(&whole);
        for odd in [&b""[..], b"\0", b"\r\n\r\n", b":", b"From:", &[0xff; 100], b"Subject: =?x?B?!!!?=\r\n\r\n"] {
            let _ = read(odd);
        }
        // A bomb of tags is cut before it is read aloud.
        let bomb = letter("Content-Type: text/html\r\n", &"<div>".repeat(400_000));
        assert!(read(&bomb).unwrap().text.len() < TEXT_BYTES_MAX);
        assert_eq!(read(&vec![b'x'; LETTER_BYTES_MAX + 1]), None);
    }
}

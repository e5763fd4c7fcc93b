//! Bytes of strangers: every parser of the kit that takes them, with seeds, so that a fuzzer and an ordinary test feed the same
//! functions. Whatever comes in, nothing panics.

use crate::i18n::Lang;
use crate::time::Moment;
use crate::{base64url, mail, media, oidc, passkey, secrets, text, web};
use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A parser with something to begin from.
pub struct Target {
    pub name: &'static str,
    pub feed: fn(&[u8]),
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// How many mutated inputs an ordinary test feeds it: the slow ones get fewer.
    pub rounds: u64,
}

pub const TARGETS: &[Target] = &[
    Target { name: "letter", feed: letter, seeds: letters, rounds: 2_000 },
    Target { name: "photo", feed: photo, seeds: photos, rounds: 300 },
    Target { name: "voice", feed: voice, seeds: voices, rounds: 3_000 },
    Target { name: "languages", feed: languages, seeds: lines, rounds: 3_000 },
    Target { name: "headers", feed: headers, seeds: lines, rounds: 3_000 },
    Target { name: "words", feed: words, seeds: lines, rounds: 3_000 },
    Target { name: "form", feed: web::form::fed, seeds: forms, rounds: 2_000 },
    Target { name: "passkey", feed: passkey, seeds: passkeys, rounds: 2_000 },
    Target { name: "token", feed: token, seeds: tokens, rounds: 2_000 },
    Target { name: "sealed", feed: sealed, seeds: streams, rounds: 40 },
];

fn letter(data: &[u8]) {
    if let Some(letter) = mail::incoming::read(data) {
        assert!(letter.text.len() <= data.len() * 4 + 1_024, "a letter does not grow");
    }
}

fn letters() -> Vec<Vec<u8>> {
    let plain = "From: Li <li@mail.example>\r\nTo: shiliu@mulin.example\r\nSubject: =?UTF-8?B?55S15qKv?=\r\nMessage-ID: <1@mail.example>\r\n\r\nIt stands.\r\n> quoted\r\n";
    let mixed = "From: li@mail.example\r\nTo: a@b.example, c@d.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=B5=E7=CC=DD</p>\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"a.png\"\r\n\r\niVBORw0KGgo=\r\n--b--\r\n";
    vec![plain.into(), mixed.into()]
}

fn photo(data: &[u8]) {
    let _ = media::prepare(data);
}

fn photos() -> Vec<Vec<u8>> {
    let picture = image::RgbImage::from_fn(24, 16, |x, y| image::Rgb([x as u8 * 9, y as u8 * 13, 80]));
    let written = |format| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("a picture is written.");
        bytes.into_inner()
    };
    vec![written(image::ImageFormat::Png), written(image::ImageFormat::Jpeg), written(image::ImageFormat::WebP)]
}

fn voice(data: &[u8]) {
    let _ = media::listen(data);
}

fn voices() -> Vec<Vec<u8>> {
    let ogg = [
        &b"OggS\0\x02\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0"[..],
        &[0; 64],
    ]
    .concat();
    let webm = [&b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"[..], &[0; 64]].concat();
    let mp4 = [&b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42\0\0\0\x08moov"[..], &[0; 64]].concat();
    vec![
        ogg,
        webm,
        mp4,
        b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec(),
        b"ID3\x04\0\0\0\0\0\x21\xff\xfb\x90\x64".to_vec(),
    ]
}

fn languages(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let _ = (Lang::accepted(&text), Lang::parse(&text));
}

fn headers(data: &[u8]) {
    let mut headers = HeaderMap::new();
    let clean: Vec<u8> = data.iter().copied().filter(|b| *b >= 32 && *b != 127).collect();
    let Ok(value) = HeaderValue::from_bytes(&clean) else { return };
    headers.insert(header::COOKIE, value.clone());
    headers.insert("x-forwarded-for", value);
    let _ = web::call::cookie(&headers, "mulin_s", false);
    let _ = web::call::cookie(&headers, "mulin_s", true);
    let _ = web::door::last_hop(&headers);
}

fn words(data: &[u8]) {
    let typed = String::from_utf8_lossy(data);
    assert!(text::plain(&typed).len() <= typed.len());
    let _ =
        (secrets::normal_code(&typed), secrets::spaced(&typed), mail::is_address(&typed), web::keys::is_key(&typed));
    if let Ok(mut value) = serde_json::from_slice(data) {
        text::plain_json(&mut value);
    }
}

const QUESTION: &[u8] = b"sixteen or more bytes";

/// What a browser brings is taken for a key that it made and for one that it shows, by turns in each of its parts.
fn passkey(data: &[u8]) {
    let here = passkey::Here { id: "mulin.example".into(), origin: "https://mulin.example".into() };
    let words = |deed: &str| {
        let question = base64url::encode(QUESTION);
        format!(r#"{{"type":"webauthn.{deed}","challenge":"{question}","origin":"https://mulin.example"}}"#)
    };
    let _ = (passkey::question(data), passkey::made(&here, QUESTION, data, &[]));
    let _ = passkey::made(&here, QUESTION, words("create").as_bytes(), data);
    let (device, signature) = data.split_at(data.len().min(37));
    for key in [signature, data] {
        let client = words("get");
        let shown = passkey::Shown { client: client.as_bytes(), device, signature };
        let _ = passkey::shown(&here, QUESTION, &shown, key, 0);
    }
}

fn passkeys() -> Vec<Vec<u8>> {
    let place = Sha256::digest(b"mulin.example");
    let point = [7_u8; 32];
    let key = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], &point[..], &[0x22, 0x58, 32], &point].concat();
    let device = [&place[..], &[0x45, 0, 0, 0, 1], &[0; 16], &[0, 16], &[9; 16], &key].concat();
    let length = u16::try_from(device.len()).unwrap_or_default().to_be_bytes();
    let attested = [&b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59"[..], &length, &device].concat();
    vec![attested, device, key, br#"{"type":"webauthn.create","challenge":"c2l4","origin":"https://a"}"#.to_vec()]
}

/// A token, a line end, and the keys of its issuer.
fn token(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (token, keys) = text.split_once('\n').unwrap_or((&text, ""));
    let keys = serde_json::from_str(keys).unwrap_or_default();
    oidc::fed(token, &keys, Moment(1_795_485_600_000));
    let _ = oidc::is_issuer(&text);
}

fn tokens() -> Vec<Vec<u8>> {
    let part = |json: &str| base64url::encode(json.as_bytes());
    let claims = part(
        r#"{"iss":"https://id.example","aud":["mulin"],"sub":"li","nonce":"n","exp":1795485700,"iat":1795485600}"#,
    );
    let number = base64url::encode(&[200; 256]);
    let rsa = format!(
        "{}.{claims}.{number}\n{{\"keys\":[{{\"kty\":\"RSA\",\"kid\":\"1\",\"n\":\"{number}\",\"e\":\"AQAB\"}}]}}",
        part(r#"{"alg":"RS256","kid":"1"}"#)
    );
    let (point, signature) = (base64url::encode(&[3; 32]), base64url::encode(&[5; 64]));
    let elliptic = format!(
        "{}.{claims}.{signature}\n{{\"keys\":[{{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{point}\",\"y\":\"{point}\"}}]}}",
        part(r#"{"alg":"ES256"}"#)
    );
    vec![rsa.into(), elliptic.into(), b"https://id.example/realms/mulin".to_vec()]
}

fn sealed(data: &[u8]) {
    let Ok(key) = secrets::stream::StreamKey::parse("a key of more than enough letters") else { return };
    let Ok(mut opening) = secrets::stream::Opening::begin(data, &key) else { return };
    let read = std::io::Read::read_to_end(&mut opening, &mut Vec::new());
    assert!(read.is_err() || !data.is_empty(), "nothing is genuine");
}

fn streams() -> Vec<Vec<u8>> {
    let written = || -> std::io::Result<Vec<u8>> {
        let key =
            secrets::stream::StreamKey::parse("a key of more than enough letters").map_err(std::io::Error::other)?;
        let mut sealing = secrets::stream::Sealing::begin(Vec::new(), &key)?;
        std::io::Write::write_all(&mut sealing, b"a house in a file")?;
        sealing.finish()
    };
    vec![written().expect("it is sealed.")]
}

fn forms() -> Vec<Vec<u8>> {
    [
        "_csrf=0e11c688&_key=5178b573-new&words=%E7%81%AF+%E4%B8%8D%E4%BA%AE&photo=",
        "--b\r\nContent-Disposition: form-data; name=\"words\"\r\n\r\nit is dark\r\n--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\u{1}\r\n--b--\r\n",
    ]
    .map(|form| form.as_bytes().to_vec())
    .to_vec()
}

fn lines() -> Vec<Vec<u8>> {
    [
        "zh-CN,zh;q=0.9,en;q=0.8,*;q=0.1",
        "mulin_s=0123456789abcdef0123456789abcdef; mulin_lang=en",
        "10.0.0.1, [2001:db8::1]:443",
        "abcde-fghjk",
        "li@mail.example",
        r#"{"words":["\u0000a",1e308,{"x":null}]}"#,
    ]
    .map(|line| line.as_bytes().to_vec())
    .to_vec()
}

/// Random enough to bend bytes with.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n.max(1) as u64) as usize
    }
}

/// Bytes that parsers stumble over.
const STONES: &[&[u8]] = &[
    b"\0",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\x80\0\0\0",
    b"\r\n",
    b"\r\n\r\n",
    b"--",
    b";",
    b"=",
    b",",
    b"\"",
    b"%00",
    b"%",
    b"-1",
    b"99999999999999999999",
    b"\xe2\x80\xae",
    b"\xf0\x9f\x92\xa1",
    b"\xed\xa0\x80",
    b"[[[[[[[[",
    b"{\"",
    b"<a",
    b"&#x0;",
    b"..",
    b"/",
];

/// One of the seeds, bent a few times.
pub fn bent(dice: &mut Dice, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut data = seeds.get(dice.below(seeds.len())).cloned().unwrap_or_default();
    for _ in 0..=dice.below(6) {
        let at = dice.below(data.len() + 1);
        match dice.below(7) {
            0 if at < data.len() => data[at] ^= 1 << dice.below(8),
            1 if at < data.len() => data[at] = dice.below(256) as u8,
            2 => data.truncate(at),
            3 => {
                let stone = STONES[dice.below(STONES.len())];
                data.splice(at..at, stone.iter().copied());
            }
            4 => {
                let end = (at + dice.below(32)).min(data.len());
                let piece = data[at..end].repeat(1 + dice.below(40));
                data.splice(at..at, piece);
            }
            5 => {
                let end = (at + dice.below(32)).min(data.len());
                data.drain(at..end);
            }
            _ => {
                let other = &seeds[dice.below(seeds.len())];
                let from = dice.below(other.len() + 1);
                data.truncate(at);
                data.extend(&other[from..]);
            }
        }
        data.truncate(1 << 16);
    }
    data
}

/// Feeds every target its seeds and what becomes of them.
///
/// # Panics
/// With the name of a target and the input over which it stumbled.
pub fn feed(targets: &[Target], seed: u64) {
    for target in targets {
        let (seeds, mut dice) = ((target.seeds)(), Dice(seed));
        for round in 0..target.rounds {
            let data = match usize::try_from(round).ok().and_then(|round| seeds.get(round)) {
                Some(seed) => seed.clone(),
                None => bent(&mut dice, &seeds),
            };
            let fed = catch_unwind(AssertUnwindSafe(|| (target.feed)(&data)));
            assert!(fed.is_ok(), "{} stumbles over {}", target.name, hex::encode(&data));
        }
    }
}

/// Feeds the target of this name once, as a fuzzer does.
///
/// # Panics
/// When there is none, or it stumbles.
pub fn fed(name: &str, data: &[u8]) {
    feed_one(TARGETS, name, data);
}

/// The same among the targets of another crate.
///
/// # Panics
/// When there is none of this name, or it stumbles.
pub fn feed_one(targets: &[Target], name: &str, data: &[u8]) {
    let target = targets.iter().find(|target| target.name == name).expect("a target has this name.");
    (target.feed)(data);
}

#[cfg(test)]
mod tests;

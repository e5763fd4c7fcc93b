//! Passkeys (W3C Web Authentication, level 3): what a browser brings back is held against what it was asked for.
//!
//! Only what signing in needs. Who made the device is not asked (no attestation), so nothing is learned of it; the person must
//! have been recognised by the device itself (user verification), so a found key opens nothing.

mod cbor;
#[cfg(any(test, feature = "testing"))]
pub mod soft;
pub mod store;
#[cfg(test)]
mod tests;

use crate::base64url;
use cbor::Item;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use sha2::{Digest, Sha256};

/// Ways to sign that we understand, in the order in which they are asked for (RFC 9053).
pub const ALGORITHMS: [i64; 3] = [ES256, ED25519, RS256];
const ES256: i64 = -7;
const ED25519: i64 = -8;
const RS256: i64 = -257;
/// As long as a name of a key may be.
const NAME_BYTES_MAX: usize = 1023;
const KEY_BYTES_MAX: usize = 1_200;

const PRESENT: u8 = 1;
const RECOGNISED: u8 = 1 << 2;
const MAY_BE_COPIED: u8 = 1 << 3;
const IS_COPIED: u8 = 1 << 4;
const BRINGS_KEY: u8 = 1 << 6;
const BRINGS_MORE: u8 = 1 << 7;

/// What is wrong with what a browser brought; told to nobody but the log of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Wrong(pub &'static str);

type Checked<T> = Result<T, Wrong>;

/// The house as passkeys know it: a key made here works here alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Here {
    /// The host name, `mulin.example`.
    pub id: String,
    /// `https://mulin.example`, with a port where it is not the usual one.
    pub origin: String,
}

impl Here {
    /// From the public address; `None` where browsers have no passkeys: without `https` (but on this very machine), and where the
    /// host is a number.
    pub fn of(public_url: Option<&str>) -> Option<Here> {
        let (scheme, rest) = public_url?.trim().split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let authority = rest.split(['/', '?', '#']).next()?.to_ascii_lowercase();
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse::<u16>().ok()?)),
            None => (authority.as_str(), None),
        };
        let named = !host.is_empty()
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
            && host.parse::<std::net::Ipv4Addr>().is_err();
        let own = host == "localhost" || host.ends_with(".localhost");
        let usual = match scheme.as_str() {
            "https" => 443,
            "http" if own => 80,
            _ => return None,
        };
        let port = port.filter(|port| *port != usual).map(|port| format!(":{port}")).unwrap_or_default();
        named.then(|| Here { id: host.to_owned(), origin: format!("{scheme}://{host}{port}") })
    }
}

/// A new key as the browser tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// What the device calls the key.
    pub name: Vec<u8>,
    /// The public key, as the device wrote it.
    pub key: Vec<u8>,
    pub counter: i64,
}

/// What a browser brings to sign in.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'b> {
    pub client: &'b [u8],
    pub device: &'b [u8],
    pub signature: &'b [u8],
}

/// Holds what came back from making a key against what was asked.
///
/// # Errors
/// [`Wrong`] with the first thing that does not fit.
pub fn made(here: &Here, challenge: &[u8], client: &[u8], attested: &[u8]) -> Checked<New> {
    asked(here, challenge, client, "webauthn.create")?;
    let (object, rest) = cbor::read(attested).ok_or(Wrong("the answer cannot be read"))?;
    // Its statement is not looked at: whoever made the device gets no say here.
    let device = object.named("authData").and_then(Item::bytes).filter(|_| rest.is_empty());
    let device = device.ok_or(Wrong("the answer says nothing of a key"))?;
    let (flags, counter, rest) = device_data(here, device)?;
    if flags & BRINGS_KEY == 0 {
        return Err(Wrong("there is no key in it"));
    }
    let short = Wrong("the key is cut off");
    let (_maker, rest) = rest.split_at_checked(16).ok_or(short)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(short)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if !(16..=NAME_BYTES_MAX).contains(&length) {
        return Err(Wrong("the key's name has no such length"));
    }
    let (name, rest) = rest.split_at_checked(length).ok_or(short)?;
    let (_, after) = cbor::read(rest).ok_or(short)?;
    let key = &rest[..rest.len() - after.len()];
    Key::of(key)?;
    only_extensions(flags, after)?;
    Ok(New { name: name.to_vec(), key: key.to_vec(), counter })
}

/// Holds a sign-in against the key that is known; gives the device's counter, to be kept.
///
/// # Errors
/// [`Wrong`] with the first thing that does not fit.
pub fn shown(here: &Here, challenge: &[u8], shown: &Shown<'_>, key: &[u8], counter: i64) -> Checked<i64> {
    asked(here, challenge, shown.client, "webauthn.get")?;
    let (flags, now, rest) = device_data(here, shown.device)?;
    if flags & BRINGS_KEY != 0 {
        return Err(Wrong("a key comes along where none is made"));
    }
    only_extensions(flags, rest)?;
    let signed = [shown.device, &Sha256::digest(shown.client)[..]].concat();
    Key::of(key)?.verify(&signed, shown.signature)?;
    // Devices that count always count on; those whose keys travel between devices say nought.
    if (now, counter) != (0, 0) && now <= counter {
        return Err(Wrong("it counts less than before: there may be a copy"));
    }
    Ok(now)
}

/// The browser's own words: which deed, answering which question, on which page.
fn asked(here: &Here, challenge: &[u8], client: &[u8], deed: &str) -> Checked<()> {
    let said: serde_json::Value =
        serde_json::from_slice(client).map_err(|_| Wrong("the browser's words cannot be read"))?;
    if said["type"] != deed {
        return Err(Wrong("it is an answer to another deed"));
    }
    let answered = said["challenge"].as_str().and_then(base64url::decode);
    if answered.as_deref() != Some(challenge) {
        return Err(Wrong("it answers another question"));
    }
    if said["origin"] != here.origin.as_str() {
        return Err(Wrong("it was made on another page"));
    }
    if said["crossOrigin"] == true || !said["topOrigin"].is_null() {
        return Err(Wrong("it was made inside another's page"));
    }
    Ok(())
}

/// What the device vouches for: flags, counter, and what follows.
fn device_data<'b>(here: &Here, data: &'b [u8]) -> Checked<(u8, i64, &'b [u8])> {
    let short = Wrong("the device's words are cut off");
    let (place, rest) = data.split_at_checked(32).ok_or(short)?;
    let (flags, rest) = rest.split_first().ok_or(short)?;
    let (counter, rest) = rest.split_first_chunk::<4>().ok_or(short)?;
    if place != &Sha256::digest(here.id.as_bytes())[..] {
        return Err(Wrong("the key belongs to another place"));
    }
    if flags & PRESENT == 0 || flags & RECOGNISED == 0 {
        return Err(Wrong("the device has recognised nobody"));
    }
    if flags & IS_COPIED != 0 && flags & MAY_BE_COPIED == 0 {
        return Err(Wrong("it is copied and may not be"));
    }
    Ok((*flags, i64::from(u32::from_be_bytes(*counter)), rest))
}

fn only_extensions(flags: u8, rest: &[u8]) -> Checked<()> {
    let fits = match flags & BRINGS_MORE {
        0 => rest.is_empty(),
        _ => matches!(cbor::read(rest), Some((Item::Map(_), []))),
    };
    if fits { Ok(()) } else { Err(Wrong("something else hangs on it")) }
}

/// A public key in one of the forms that we understand.
enum Key<'b> {
    Es256(Vec<u8>),
    Ed25519(&'b [u8]),
    Rs256 { n: &'b [u8], e: &'b [u8] },
}

impl<'b> Key<'b> {
    /// Reads a key as devices write it (RFC 9052).
    fn of(bytes: &'b [u8]) -> Checked<Key<'b>> {
        let unknown = Wrong("it is no key of a kind that we know");
        let read = cbor::read(bytes).filter(|(_, rest)| rest.is_empty() && bytes.len() <= KEY_BYTES_MAX);
        let (key, _) = read.ok_or(unknown)?;
        let number = |label: i64| key.numbered(label).and_then(Item::number);
        let part =
            |label: i64, bytes: usize| key.numbered(label).and_then(Item::bytes).filter(|part| part.len() == bytes);
        match (number(1), number(3), number(-1)) {
            (Some(2), Some(ES256), Some(1)) => {
                let (x, y) = part(-2, 32).zip(part(-3, 32)).ok_or(unknown)?;
                Ok(Key::Es256([&[4], x, y].concat()))
            }
            (Some(1), Some(ED25519), Some(6)) => part(-2, 32).map(Key::Ed25519).ok_or(unknown),
            (Some(3), Some(RS256), None) => {
                let whole = |label: i64| key.numbered(label).and_then(Item::bytes);
                let (n, e) = whole(-1).zip(whole(-2)).ok_or(unknown)?;
                if (256..=1024).contains(&n.len()) && (1..=8).contains(&e.len()) {
                    Ok(Key::Rs256 { n, e })
                } else {
                    Err(unknown)
                }
            }
            _ => Err(unknown),
        }
    }

    fn verify(&self, signed: &[u8], signature: &[u8]) -> Checked<()> {
        let told = match self {
            Key::Es256(point) => {
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_ASN1, point).verify(signed, signature)
            }
            Key::Ed25519(point) => UnparsedPublicKey::new(&signature::ED25519, point).verify(signed, signature),
            Key::Rs256 { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&signature::RSA_PKCS1_2048_8192_SHA256, signed, signature)
            }
        };
        told.map_err(|_| Wrong("the signature is another one"))
    }
}

/// The question that a browser says it answers; not yet held against anything.
pub fn question(client: &[u8]) -> Option<Vec<u8>> {
    let said: serde_json::Value = serde_json::from_slice(client).ok()?;
    base64url::decode(said["challenge"].as_str()?)
}

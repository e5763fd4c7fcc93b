//! One master secret beside the database, never in it; everything else is derived from it by a label. What is sealed may hang on
//! keys of a [`ring`] instead, which are changed while the house is open.

pub mod ring;
pub mod stream;

use self::ring::{KeyId, Ring};
use crate::time::Moment;
use crate::{Error, Result};
use chacha20poly1305::aead::Aead;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::io::{ErrorKind, Write};
use std::path::Path;
use subtle::ConstantTimeEq;

/// Characters of codes that people read aloud: no 0 and O, no 1, I and L, no U.
const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_CHARACTERS: usize = 10;
const NONCE_BYTES: usize = 24;
/// The first byte of everything sealed, so that another way of sealing can follow.
const SEAL_VERSION: u8 = 1;
/// The same for what is sealed with a key of the ring, whose name follows.
const RING_VERSION: u8 = 2;
const KEY_ID_BYTES: usize = 4;

/// The master secret, and the ring of keys if there is one.
#[derive(Clone)]
pub struct Secrets {
    master: [u8; 32],
    ring: Option<Ring>,
}

impl Secrets {
    pub fn from_bytes(bytes: [u8; 32]) -> Secrets {
        Secrets { master: bytes, ring: None }
    }

    /// Reads `secret.key` in `folder`, or makes it (readable by its owner only) on the first start.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the file cannot be read or written, or holds something else.
    pub fn open(folder: &Path) -> Result<Secrets> {
        let path = Secrets::file(folder);
        let failed = |e: std::io::Error| Error::Unavailable(format!("{}: {e}", path.display()));
        if !path.try_exists().map_err(failed)? {
            make(folder, &path).map_err(failed)?;
        }
        let text = std::fs::read_to_string(&path).map_err(failed)?;
        Secrets::parse(&text)
            .ok_or_else(|| Error::Unavailable(format!("{} holds no 64 hexadecimal digits", path.display())))
    }

    /// Where a data folder keeps it.
    pub fn file(folder: &Path) -> std::path::PathBuf {
        folder.join("secret.key")
    }

    /// From 64 hexadecimal digits, e.g. out of the environment.
    pub fn parse(text: &str) -> Option<Secrets> {
        Some(Secrets::from_bytes(hex::decode(text.trim()).ok()?.try_into().ok()?))
    }

    /// A keyed hash over parts whose borders count.
    pub fn mac(&self, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.master).expect("HMAC takes keys of any length.");
        for part in std::iter::once(label.as_bytes()).chain(parts.iter().copied()) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// Compares in constant time.
    pub fn verify(&self, label: &str, parts: &[&[u8]], tag: &[u8]) -> bool {
        self.mac(label, parts).ct_eq(tag).into()
    }

    /// Seals with the keys of the file at `path` from now on; makes it with a first key where there is none.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the file cannot be read or written, or belongs to another secret.
    pub fn on_ring(self, path: &Path, now: Moment) -> Result<Secrets> {
        let ring = Ring::open(&self, path, now)?;
        Ok(Secrets { ring: Some(ring), ..self })
    }

    pub fn ring(&self) -> Option<&Ring> {
        self.ring.as_ref()
    }

    fn needs_ring(&self) -> Result<&Ring> {
        self.ring.as_ref().ok_or_else(|| Error::Unavailable("this house has no ring of keys".to_owned()))
    }

    /// Adds a key; everything is sealed with it from now on. Gives its name.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the file cannot be written.
    pub fn rotate(&self, now: Moment) -> Result<KeyId> {
        self.needs_ring()?.rotate(self, now)
    }

    /// Takes off the ring what nothing needs: see [`Ring`]. Gives how many keys that were.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the file cannot be written.
    pub fn forget(&self, used: &[KeyId], before: Moment) -> Result<usize> {
        self.needs_ring()?.forget(self, used, before)
    }

    /// Looks whether another program has changed the ring.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the file cannot be read.
    pub fn refresh(&self) -> Result<()> {
        self.ring.as_ref().map_or(Ok(()), |ring| ring.refresh(self))
    }

    /// What everything begins with that is sealed now; the rest is to be sealed anew.
    ///
    /// # Errors
    /// [`Error::Unavailable`] without a ring.
    pub fn seal_prefix(&self) -> Result<Vec<u8>> {
        Ok([&[RING_VERSION][..], &self.needs_ring()?.current()?.id].concat())
    }

    /// The key that something was sealed with; `None` when it was the master secret.
    pub fn key_of(sealed: &[u8]) -> Option<KeyId> {
        let (version, rest) = sealed.split_first()?;
        (*version == RING_VERSION).then(|| rest.get(..KEY_ID_BYTES)?.try_into().ok()).flatten()
    }

    /// Encrypts so that only [`Secrets::unseal`] with the same label reads it, and a change is noticed.
    ///
    /// # Errors
    /// [`Error::Internal`] when the system gives no random bytes.
    pub fn seal(&self, label: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let Some(ring) = &self.ring else { return self.seal_with_master(label, plain) };
        let key = ring.current()?;
        let sealed = encrypt(&cipher(&key.bytes, label), plain)?;
        Ok([&[RING_VERSION][..], &key.id, &sealed].concat())
    }

    fn seal_with_master(&self, label: &str, plain: &[u8]) -> Result<Vec<u8>> {
        Ok([&[SEAL_VERSION][..], &encrypt(&cipher(&self.master, label), plain)?].concat())
    }

    /// `None` when it was sealed otherwise, elsewhere, or was changed.
    pub fn unseal(&self, label: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        match Secrets::key_of(sealed) {
            Some(id) => {
                let key = self.ring.as_ref()?.find(self, id)?;
                decrypt(&cipher(&key.bytes, label), &sealed[1 + KEY_ID_BYTES..])
            }
            None => self.unseal_with_master(label, sealed),
        }
    }

    fn unseal_with_master(&self, label: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (version, rest) = sealed.split_first()?;
        (*version == SEAL_VERSION).then(|| decrypt(&cipher(&self.master, label), rest)).flatten()
    }

    /// A code of ten characters (49 bits) for a thing: always the same one, guessed by nobody without the secret.
    pub fn code(&self, label: &str, thing: &[u8]) -> String {
        let tag = self.mac(label, &[thing]);
        let mut number = u128::from_be_bytes(tag[..16].try_into().expect("a hash has 32 bytes."));
        let mut code = String::new();
        for _ in 0..CODE_CHARACTERS {
            code.push(char::from(ALPHABET[(number % 30) as usize]));
            number /= 30;
        }
        code
    }
}

/// A key for one label out of another key.
fn cipher(key: &[u8; 32], label: &str) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Secrets::from_bytes(*key).mac("seal", &[label.as_bytes()]).into())
}

fn encrypt(cipher: &XChaCha20Poly1305, plain: &[u8]) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE_BYTES] = random()?;
    let sealed = cipher.encrypt(&XNonce::from(nonce), plain).map_err(Error::internal)?;
    Ok([&nonce[..], &sealed].concat())
}

fn decrypt(cipher: &XChaCha20Poly1305, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, body) = sealed.split_at_checked(NONCE_BYTES)?;
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
    cipher.decrypt(&XNonce::from(nonce), body).ok()
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

/// A hash with a key that somebody else gave, as their signatures want it.
pub fn hmac_sha256(key: &[u8], data: &[u8]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length.");
    mac.update(data);
    mac.finalize().into_bytes().into()
}

/// Base64 with its padding.
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number = three.iter().chain([0, 0].iter()).take(3).fold(0_usize, |n, byte| n << 8 | usize::from(*byte));
        for at in 0..4 {
            let digit = char::from(DIGITS[number >> (18 - 6 * at) & 63]);
            text.push(if at <= three.len() { digit } else { '=' });
        }
    }
    text
}

/// Compares two tokens in the same time whatever is wrong with them.
pub fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// The file appears under its name whole and flushed, or not at all: half a secret would lock the house, and a secret
/// that a power cut takes back would lose whatever was sealed with it. Of two first starts the earlier one counts.
fn make(folder: &Path, path: &Path) -> std::io::Result<()> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    let half = folder.join(format!(".secret.{}.half", std::process::id()));
    match std::fs::remove_file(&half) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&half)?;
    let written = file.write_all(hex::encode(bytes).as_bytes()).and_then(|()| file.sync_all());
    // A link, unlike a renaming, never replaces a secret that is there.
    let named = written.and_then(|()| match std::fs::hard_link(&half, path) {
        Err(e) if e.kind() != ErrorKind::AlreadyExists => Err(e),
        _ => Ok(()),
    });
    std::fs::remove_file(&half)?;
    named?;
    std::fs::File::open(folder)?.sync_all()
}

/// `ABCDE-FGHJK`, as it is printed.
pub fn spaced(code: &str) -> String {
    match code.split_at_checked(CODE_CHARACTERS / 2) {
        Some((first, second)) if code.len() == CODE_CHARACTERS => format!("{first}-{second}"),
        _ => code.to_owned(),
    }
}

/// A code as somebody typed it: small letters, spaces, dashes and full-width characters are forgiven.
pub fn normal_code(typed: &str) -> Option<String> {
    let code = squeezed(typed);
    (code.len() == CODE_CHARACTERS && code.bytes().all(|b| ALPHABET.contains(&b))).then_some(code)
}

/// Whether what was typed has as many characters as a code: who left one out is told to count.
pub fn is_as_long_as_a_code(typed: &str) -> bool {
    squeezed(typed).chars().count() == CODE_CHARACTERS
}

fn squeezed(typed: &str) -> String {
    typed
        .chars()
        .map(crate::text::narrow)
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '‑' | '–' | '—' | '−' | 'ー' | '_' | '.' | '·'))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

#[cfg(test)]
mod tests;

//! One master secret beside the database, never in it; everything else is derived from it by a label.

use crate::{Error, Result};
use chacha20poly1305::aead::Aead;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::io::Write;
use std::path::Path;
use subtle::ConstantTimeEq;

/// Characters of codes that people read aloud: no 0 and O, no 1, I and L, no U.
const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_CHARACTERS: usize = 10;
const NONCE_BYTES: usize = 24;
/// The first byte of everything sealed, so that another way of sealing can follow.
const SEAL_VERSION: u8 = 1;

/// The master secret.
#[derive(Clone)]
pub struct Secrets([u8; 32]);

impl Secrets {
    pub fn from_bytes(bytes: [u8; 32]) -> Secrets {
        Secrets(bytes)
    }

    /// Reads `secret.key` in `folder`, or makes it (readable by its owner only) on the first start.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the file cannot be read or written, or holds something else.
    pub fn open(folder: &Path) -> Result<Secrets> {
        let path = folder.join("secret.key");
        let failed = |e: std::io::Error| Error::Unavailable(format!("{}: {e}", path.display()));
        match std::fs::read_to_string(&path) {
            Ok(text) => Secrets::parse(&text)
                .ok_or_else(|| Error::Unavailable(format!("{} holds no 64 hexadecimal digits", path.display()))),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let mut bytes = [0_u8; 32];
                getrandom::fill(&mut bytes).map_err(Error::internal)?;
                let mut options = std::fs::OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(&path).map_err(failed)?;
                file.write_all(hex::encode(bytes).as_bytes()).map_err(failed)?;
                file.sync_all().map_err(failed)?;
                Ok(Secrets(bytes))
            }
            Err(e) => Err(failed(e)),
        }
    }

    /// From 64 hexadecimal digits, e.g. out of the environment.
    pub fn parse(text: &str) -> Option<Secrets> {
        Some(Secrets(hex::decode(text.trim()).ok()?.try_into().ok()?))
    }

    /// A keyed hash over parts whose borders count.
    pub fn mac(&self, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0).expect("HMAC takes keys of any length.");
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

    /// Encrypts so that only [`Secrets::unseal`] with the same label reads it, and a change is noticed.
    ///
    /// # Errors
    /// [`Error::Internal`] when the system gives no random bytes.
    pub fn seal(&self, label: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(Error::internal)?;
        let sealed = self.cipher(label).encrypt(&XNonce::from(nonce), plain).map_err(Error::internal)?;
        Ok([&[SEAL_VERSION][..], &nonce, &sealed].concat())
    }

    /// `None` when it was sealed otherwise, elsewhere, or was changed.
    pub fn unseal(&self, label: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (version, rest) = sealed.split_first()?;
        if *version != SEAL_VERSION || rest.len() < NONCE_BYTES {
            return None;
        }
        let (nonce, body) = rest.split_at(NONCE_BYTES);
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        self.cipher(label).decrypt(&XNonce::from(nonce), body).ok()
    }

    fn cipher(&self, label: &str) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.mac("seal", &[label.as_bytes()]).into())
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

/// `ABCDE-FGHJK`, as it is printed.
pub fn spaced(code: &str) -> String {
    match code.split_at_checked(CODE_CHARACTERS / 2) {
        Some((first, second)) if code.len() == CODE_CHARACTERS => format!("{first}-{second}"),
        _ => code.to_owned(),
    }
}

/// A code as somebody typed it: small letters, spaces, dashes and full-width characters are forgiven.
pub fn normal_code(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .map(|c| match u32::from(c) {
            wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '_' | '.'))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    (code.len() == CODE_CHARACTERS && code.bytes().all(|b| ALPHABET.contains(&b))).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_label_only_and_a_change_is_noticed() {
        let secrets = Secrets::from_bytes([7; 32]);
        let mut sealed = secrets.seal("contact", "13900000000".as_bytes()).unwrap();
        assert_eq!(secrets.unseal("contact", &sealed).unwrap(), b"13900000000");
        assert!(secrets.unseal("other", &sealed).is_none());
        assert!(Secrets::from_bytes([8; 32]).unseal("contact", &sealed).is_none());
        *sealed.last_mut().unwrap() ^= 1;
        assert!(secrets.unseal("contact", &sealed).is_none());
        assert!(secrets.unseal("contact", &[]).is_none());
    }

    #[test]
    fn borders_between_parts_count() {
        let secrets = Secrets::from_bytes([7; 32]);
        assert_ne!(secrets.mac("a", &[b"bc"]), secrets.mac("ab", &[b"c"]));
        assert_ne!(secrets.mac("a", &[b"b", b"c"]), secrets.mac("a", &[b"bc"]));
    }

    #[test]
    fn a_code_is_forgiven_its_dress() {
        let code = Secrets::from_bytes([7; 32]).code("pickup", b"x");
        assert_eq!(code, Secrets::from_bytes([7; 32]).code("pickup", b"x"));
        let typed = format!(" {} ", spaced(&code).to_lowercase().replace('-', " – "));
        assert_eq!(normal_code(&typed), Some(code.clone()));
        let wide: String = code.chars().filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0)).collect();
        assert_eq!(normal_code(&wide), Some(code));
        assert_eq!(normal_code("0OIL1-U2345"), None);
    }

    #[test]
    fn the_secret_is_made_once_and_read_again() {
        let folder = std::env::temp_dir().join(format!("mulin_secret_{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let first = Secrets::open(&folder).unwrap();
        assert_eq!(first.mac("x", &[]), Secrets::open(&folder).unwrap().mac("x", &[]));
        std::fs::write(folder.join("secret.key"), "zz").unwrap();
        assert!(Secrets::open(&folder).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

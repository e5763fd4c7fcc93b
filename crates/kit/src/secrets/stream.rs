//! Sealing what is longer than memory, under a key that somebody keeps elsewhere.
//!
//! XChaCha20-Poly1305 in the STREAM construction: pieces of 64 KiB, numbered, the last one marked, so that none can be changed,
//! left out, repeated, moved or cut off unnoticed. Key and nonce come from the given key and a salt of its own by argon2id.

use crate::id::IdMaker;
use crate::{Error, Result};
use aead_stream::{DecryptorBE32, EncryptorBE32};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::Payload;
use std::io::{self, ErrorKind, Read, Write};

/// What a sealed stream begins with. The parameters below belong to this very line; others get another one.
const MARK: &[u8] = b"mulin sealed stream 1\n";
const SALT_BYTES: usize = 16;
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 19;
const HEAD_BYTES: usize = MARK.len() + SALT_BYTES;
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const PIECE_BYTES: usize = 64 * 1024;
const TAG_BYTES: usize = 16;
/// A shorter key is refused: it would be guessed.
pub const KEY_CHARACTERS_MIN: usize = 16;

/// A key as somebody keeps it: any text that is long enough.
#[derive(Clone)]
pub struct StreamKey(String);

impl StreamKey {
    /// Spaces and line ends around it do not count.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it is too short.
    pub fn parse(text: &str) -> Result<StreamKey> {
        let text = text.trim();
        if text.chars().count() < KEY_CHARACTERS_MIN {
            return Err(Error::Unavailable(format!("the key must have at least {KEY_CHARACTERS_MIN} characters")));
        }
        Ok(StreamKey(text.to_owned()))
    }

    fn derived(&self, salt: &[u8]) -> io::Result<([u8; KEY_BYTES], [u8; NONCE_BYTES])> {
        let mut out = [0_u8; KEY_BYTES + NONCE_BYTES];
        let params = Params::new(MEMORY_KIB, PASSES, 1, Some(out.len())).map_err(other)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon2.hash_password_into(self.0.as_bytes(), salt, &mut out).map_err(other)?;
        let (mut key, mut nonce) = ([0; KEY_BYTES], [0; NONCE_BYTES]);
        key.copy_from_slice(&out[..KEY_BYTES]);
        nonce.copy_from_slice(&out[KEY_BYTES..]);
        Ok((key, nonce))
    }
}

fn other(why: impl std::fmt::Display) -> io::Error {
    io::Error::other(why.to_string())
}

/// Writes sealed. What was written counts only after [`Sealing::finish`].
pub struct Sealing<W> {
    to: W,
    cipher: EncryptorBE32<XChaCha20Poly1305>,
    head: [u8; HEAD_BYTES],
    piece: Vec<u8>,
}

impl<W: Write> Sealing<W> {
    /// # Errors
    /// When `to` cannot be written.
    pub fn begin(mut to: W, key: &StreamKey) -> io::Result<Self> {
        let mut head = [0; HEAD_BYTES];
        head[..MARK.len()].copy_from_slice(MARK);
        head[MARK.len()..].copy_from_slice(&IdMaker::Random.secret());
        let (secret, nonce) = key.derived(&head[MARK.len()..])?;
        to.write_all(&head)?;
        let cipher = EncryptorBE32::new(&secret.into(), &nonce.into());
        Ok(Sealing { to, cipher, head, piece: Vec::with_capacity(PIECE_BYTES) })
    }

    /// Writes the last piece, by which a reader knows that nothing is missing.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        let payload = Payload { msg: &self.piece, aad: &self.head };
        let sealed = self.cipher.encrypt_last(payload).map_err(other)?;
        self.to.write_all(&sealed)?;
        Ok(self.to)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full piece waits until more comes: it may be the last one.
        if self.piece.len() == PIECE_BYTES && !bytes.is_empty() {
            let payload = Payload { msg: &self.piece, aad: &self.head };
            let sealed = self.cipher.encrypt_next(payload).map_err(other)?;
            self.to.write_all(&sealed)?;
            self.piece.clear();
        }
        let some = bytes.len().min(PIECE_BYTES - self.piece.len());
        self.piece.extend_from_slice(&bytes[..some]);
        Ok(some)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads what [`Sealing`] wrote. Nothing of a piece is given before all of it is known to be genuine.
pub struct Opening<R> {
    from: R,
    /// Gone after the last piece.
    cipher: Option<DecryptorBE32<XChaCha20Poly1305>>,
    head: [u8; HEAD_BYTES],
    /// Read, not yet opened: shows whether it is the last one.
    next: Vec<u8>,
    piece: Vec<u8>,
    at: usize,
    first: bool,
}

impl<R: Read> Opening<R> {
    /// # Errors
    /// When it is no sealed stream.
    pub fn begin(mut from: R, key: &StreamKey) -> io::Result<Self> {
        let mut head = [0; HEAD_BYTES];
        from.read_exact(&mut head)?;
        if !head.starts_with(MARK) {
            return Err(io::Error::new(ErrorKind::InvalidData, "this is not sealed, or by a newer program"));
        }
        let (secret, nonce) = key.derived(&head[MARK.len()..])?;
        let cipher = Some(DecryptorBE32::new(&secret.into(), &nonce.into()));
        let next = sealed_piece(&mut from)?;
        Ok(Opening { from, cipher, head, next, piece: Vec::new(), at: 0, first: true })
    }

    /// The next piece; an empty one after the end.
    fn turn(&mut self) -> io::Result<()> {
        let Some(mut cipher) = self.cipher.take() else {
            self.piece.clear();
            return Ok(());
        };
        let after = sealed_piece(&mut self.from)?;
        let payload = Payload { msg: &self.next, aad: &self.head };
        let opened = if after.is_empty() {
            cipher.decrypt_last(payload)
        } else {
            let opened = cipher.decrypt_next(payload);
            self.cipher = Some(cipher);
            opened
        };
        // The first piece is the first use of the key.
        let why = if self.first { "the key is not the one it was sealed with" } else { "it was changed or cut off" };
        self.piece = opened.map_err(|_| io::Error::new(ErrorKind::InvalidData, why))?;
        (self.next, self.at, self.first) = (after, 0, false);
        Ok(())
    }
}

/// A whole sealed piece, or what is left of the stream.
fn sealed_piece(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut piece = Vec::with_capacity(PIECE_BYTES + TAG_BYTES);
    from.take((PIECE_BYTES + TAG_BYTES) as u64).read_to_end(&mut piece)?;
    Ok(piece)
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() {
            self.at = 0;
            self.turn()?;
        }
        let some = to.len().min(self.piece.len() - self.at);
        to[..some].copy_from_slice(&self.piece[self.at..self.at + some]);
        self.at += some;
        Ok(some)
    }
}

#[cfg(test)]
mod tests;

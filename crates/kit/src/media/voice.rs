//! A voice note: what kind of file it is, told by its first bytes, and rid of the parts that tell where and with what it
//! was made, as far as that can be done without decoding it. Nothing here changes the voice itself: who spoke can be
//! heard, so a voice is never for everybody.

use crate::{Error, Result, names};
use sha2::{Digest, Sha256};

/// About a minute as phones record it.
pub const VOICE_BYTES_MAX: usize = 2 * 1024 * 1024;

names! {
    /// The containers that are taken.
    VoiceForm {
        Webm = "webm",
        Ogg = "ogg",
        Mp4 = "mp4",
        Wav = "wav",
    }
}

impl VoiceForm {
    pub fn content_type(self) -> &'static str {
        match self {
            VoiceForm::Webm => "audio/webm",
            VoiceForm::Ogg => "audio/ogg",
            VoiceForm::Mp4 => "audio/mp4",
            VoiceForm::Wav => "audio/wav",
        }
    }
}

/// A voice note as it is kept.
#[derive(Clone, Debug)]
pub struct Voice {
    pub form: VoiceForm,
    pub bytes: Vec<u8>,
}

impl Voice {
    /// Of the bytes that are kept, to notice later that they are still what they were.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.bytes).into()
    }
}

/// Takes webm, ogg, mp4 (m4a) and wav of at most 2 MiB.
///
/// # Errors
/// [`Error::Invalid`] on the field `voice`: too long, or no voice note.
pub fn listen(bytes: &[u8]) -> Result<Voice> {
    if bytes.len() > VOICE_BYTES_MAX {
        return Err(Error::invalid("voice", "media/voice-too-long"));
    }
    let form = form_of(bytes).ok_or(Error::invalid("voice", "media/not-a-voice"))?;
    let bytes = match form {
        VoiceForm::Wav => plain_wav(bytes).ok_or(Error::invalid("voice", "media/not-a-voice"))?,
        VoiceForm::Mp4 => {
            let mut bytes = bytes.to_vec();
            blank_notes(&mut bytes, 0);
            bytes
        }
        // Recorders in browsers write the name of their program here, and nothing of the place.
        VoiceForm::Webm | VoiceForm::Ogg => bytes.to_vec(),
    };
    Ok(Voice { form, bytes })
}

fn form_of(bytes: &[u8]) -> Option<VoiceForm> {
    let has = |at: usize, mark: &[u8]| bytes.get(at..at + mark.len()) == Some(mark);
    let doctype = || bytes.iter().take(64).copied().collect::<Vec<u8>>().windows(4).any(|four| four == b"webm");
    match () {
        () if has(0, &[0x1A, 0x45, 0xDF, 0xA3]) && doctype() => Some(VoiceForm::Webm),
        () if has(0, b"OggS") => Some(VoiceForm::Ogg),
        () if has(4, b"ftyp") => Some(VoiceForm::Mp4),
        () if has(0, b"RIFF") && has(8, b"WAVE") => Some(VoiceForm::Wav),
        () => None,
    }
}

/// A wav of its format and its sound alone.
fn plain_wav(bytes: &[u8]) -> Option<Vec<u8>> {
    let (mut at, mut kept) = (12, Vec::new());
    while let Some(head) = bytes.get(at..at + 8) {
        let size = u32::from_le_bytes(head[4..].try_into().ok()?) as usize;
        // A recorder that was cut off leaves a size that is too large: what is there counts.
        let end = at.checked_add(8)?.checked_add(size)?.min(bytes.len());
        if matches!(&head[..4], b"fmt " | b"data") {
            let body = &bytes[at + 8..end];
            kept.extend_from_slice(&head[..4]);
            kept.extend_from_slice(&u32::try_from(body.len()).ok()?.to_le_bytes());
            kept.extend_from_slice(body);
            if body.len() % 2 == 1 {
                kept.push(0);
            }
        }
        at = end + size % 2;
    }
    let mut out = b"RIFF".to_vec();
    out.extend_from_slice(&u32::try_from(kept.len() + 4).ok()?.to_le_bytes());
    out.extend_from_slice(b"WAVE");
    out.extend(kept);
    Some(out)
}

/// Turns the boxes in which phones note the place and the device into free space. Lengths stay, so nothing moves.
fn blank_notes(bytes: &mut [u8], depth: u8) {
    let mut at = 0;
    while at + 8 <= bytes.len() {
        let size = u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize;
        let end = if size < 8 { bytes.len() } else { (at + size).min(bytes.len()) };
        match &bytes[at + 4..at + 8] {
            b"udta" | b"meta" | b"uuid" | b"XMP_" => {
                bytes[at + 4..at + 8].copy_from_slice(b"free");
                bytes[at + 8..end].fill(0);
            }
            b"moov" | b"trak" | b"mdia" | b"moof" | b"traf" if depth < 6 => {
                blank_notes(&mut bytes[at + 8..end], depth + 1)
            }
            _ => {}
        }
        at = end;
    }
}

#[cfg(test)]
mod tests;

//! Sounds as phones record them, and what only looks like one.

use super::*;

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(body.len() + 8).unwrap().to_be_bytes().to_vec();
    out.extend_from_slice(kind);
    out.extend_from_slice(body);
    out
}

#[test]
fn forms_are_told_by_their_first_bytes_and_nothing_else_is_taken() {
    let webm = [&[0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x82, 0x84][..], b"webm"].concat();
    for (bytes, form) in [
        (&webm[..], VoiceForm::Webm),
        (b"OggS\0\x02", VoiceForm::Ogg),
        (&boxed(b"ftyp", b"M4A "), VoiceForm::Mp4),
        (b"RIFF\x04\0\0\0WAVE", VoiceForm::Wav),
    ] {
        assert_eq!(listen(bytes).unwrap().form, form);
    }
    for bytes in [&b""[..], b"<html><script>", b"ID3\x04", &[0x1A, 0x45, 0xDF, 0xA3]] {
        assert!(listen(bytes).is_err());
    }
    assert!(listen(&[b"OggS".to_vec(), vec![0; VOICE_BYTES_MAX]].concat()).is_err());
}

#[test]
fn the_place_in_a_phones_recording_is_blanked_and_the_sound_stays() {
    let place = boxed(b"udta", &boxed(b"\xA9xyz", b"+31.2304+121.4737/"));
    let movie = boxed(b"moov", &[boxed(b"mvhd", b"head"), boxed(b"trak", &place), place.clone()].concat());
    let file = [boxed(b"ftyp", b"M4A "), movie, boxed(b"mdat", b"sound")].concat();
    let kept = listen(&file).unwrap().bytes;
    assert_eq!(kept.len(), file.len());
    let has = |mark: &[u8]| kept.windows(mark.len()).any(|part| part == mark);
    assert!(!has(b"+31.2304") && has(b"mvhd") && has(b"sound"));
}

#[test]
fn a_wav_keeps_its_format_and_its_sound_alone() {
    let chunk = |kind: &[u8], body: &[u8]| [kind, &u32::try_from(body.len()).unwrap().to_le_bytes(), body].concat();
    let body = [chunk(b"LIST", b"INFOby me!"), chunk(b"fmt ", b"1234"), chunk(b"data", b"hum!")].concat();
    let file = [b"RIFF".as_slice(), &u32::try_from(body.len() + 4).unwrap().to_le_bytes(), b"WAVE", &body].concat();
    let kept = listen(&file).unwrap().bytes;
    assert!(!kept.windows(4).any(|part| part == b"INFO"));
    assert_eq!(&kept[12..], [chunk(b"fmt ", b"1234"), chunk(b"data", b"hum!")].concat());
    assert!(listen(b"RIFF\x10\0\0\0WAVEfmt \xFF\xFF\xFF\xFF").is_ok());
}

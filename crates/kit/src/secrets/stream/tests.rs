use super::*;

fn key(text: &str) -> StreamKey {
    StreamKey::parse(text).unwrap()
}

fn sealed(plain: &[u8], by: &str) -> Vec<u8> {
    let mut sealing = Sealing::begin(Vec::new(), &key(by)).unwrap();
    sealing.write_all(plain).unwrap();
    sealing.finish().unwrap()
}

fn opened(sealed: &[u8], by: &str) -> io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    Opening::begin(sealed, &key(by))?.read_to_end(&mut plain)?;
    Ok(plain)
}

const RIGHT: &str = "four words on a slip";

#[test]
fn what_is_sealed_comes_back_at_every_length_around_a_piece() {
    for length in [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES, 3 * PIECE_BYTES + 7] {
        let plain: Vec<u8> = (0..length).map(|n| (n % 251) as u8).collect();
        let sealed = sealed(&plain, RIGHT);
        assert!(opened(&sealed, RIGHT).unwrap() == plain, "{length} bytes");
        assert!(length < 16 || !sealed.windows(16).any(|some| some == &plain[..16]));
    }
}

#[test]
fn a_wrong_key_is_told_in_a_sentence_and_a_short_one_is_refused() {
    let sealed = sealed(b"words", RIGHT);
    let told = opened(&sealed, "another key altogether").unwrap_err().to_string();
    assert_eq!(told, "the key is not the one it was sealed with");
    assert_eq!(opened(&sealed, &format!("  {RIGHT}\n")).unwrap(), b"words");
    assert!(StreamKey::parse("too short").is_err());
}

#[test]
fn pieces_that_are_changed_moved_repeated_or_left_out_are_noticed() {
    let plain = vec![7_u8; 3 * PIECE_BYTES];
    let whole = sealed(&plain, RIGHT);
    let piece = PIECE_BYTES + TAG_BYTES;
    let (head, body) = whole.split_at(HEAD_BYTES);
    let pieces: Vec<&[u8]> = body.chunks(piece).collect();
    let with = |order: &[usize]| {
        let mut bytes = head.to_vec();
        order.iter().for_each(|at| bytes.extend_from_slice(pieces[*at]));
        bytes
    };
    assert_eq!(opened(&with(&[0, 1, 2]), RIGHT).unwrap(), plain);
    for order in [&[0, 1][..], &[0, 2], &[1, 2], &[0, 2, 1], &[0, 1, 1, 2], &[0, 1, 2, 2], &[]] {
        assert!(opened(&with(order), RIGHT).is_err(), "{order:?}");
    }
    for at in [0, MARK.len(), HEAD_BYTES, whole.len() / 2, whole.len() - 1] {
        let mut bad = whole.clone();
        bad[at] ^= 1;
        assert!(opened(&bad, RIGHT).is_err(), "the byte at {at}");
    }
    assert!(opened(&whole[..whole.len() - 1], RIGHT).is_err());
}

//! Base64 as addresses and browsers want it: `-` and `_`, no padding.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes as text.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let number = three.iter().chain([0, 0].iter()).take(3).fold(0_usize, |n, byte| n << 8 | usize::from(*byte));
        for at in 0..=three.len() {
            text.push(char::from(DIGITS[number >> (18 - 6 * at) & 63]));
        }
    }
    text
}

/// The bytes behind a text; `None` when it is not written so, to the last bit.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| DIGITS.iter().position(|digit| digit == byte);
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for four in text.as_bytes().chunks(4) {
        let digits: Vec<usize> = four.iter().map(digit).collect::<Option<_>>()?;
        let number = digits.iter().fold(0_usize, |n, digit| n << 6 | digit) << (6 * (4 - digits.len()));
        let whole = &number.to_be_bytes()[size_of::<usize>() - 3..];
        let kept = digits.len().checked_sub(1).filter(|kept| *kept > 0)?;
        // Bits that say nothing are nought, so that one value is written in one way.
        if whole[kept..].iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(&whole[..kept]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_nothing_else_is() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg"),
            (&[0xfb, 0xff], "-_8"),
        ] {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text).as_deref(), Some(bytes));
        }
        for wrong in ["Z", "Zh", "Zg==", "Zm9", "+/8", "Zg\n", "石"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(decode(&encode(&all)), Some(all));
    }
}

//! As much of CBOR (RFC 8949) as authenticators write: whole numbers, bytes, text, lists and maps of a known length.

/// A piece of what was read; it borrows from the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item<'b> {
    Number(i64),
    Bytes(&'b [u8]),
    Text(&'b str),
    List(Vec<Item<'b>>),
    Map(Vec<(Item<'b>, Item<'b>)>),
    Truth(bool),
    Nothing,
}

/// So many maps within each other; authenticators need three.
const DEEP_MAX: usize = 6;
const ITEMS_MAX: u64 = 64;

impl<'b> Item<'b> {
    /// The value under a text of a map.
    pub fn named(&self, name: &str) -> Option<&Item<'b>> {
        self.under(&Item::Text(name))
    }

    /// The value under a number of a map.
    pub fn numbered(&self, number: i64) -> Option<&Item<'b>> {
        self.under(&Item::Number(number))
    }

    fn under(&self, key: &Item<'_>) -> Option<&Item<'b>> {
        match self {
            Item::Map(pairs) => pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    pub fn bytes(&self) -> Option<&'b [u8]> {
        match self {
            Item::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<i64> {
        match self {
            Item::Number(number) => Some(*number),
            _ => None,
        }
    }
}

/// The first item, and the bytes behind it; `None` when it cannot be read.
pub fn read(bytes: &[u8]) -> Option<(Item<'_>, &[u8])> {
    item(bytes, DEEP_MAX)
}

fn item(bytes: &[u8], deep: usize) -> Option<(Item<'_>, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (kind, short) = (first >> 5, first & 31);
    if kind == 7 {
        return match short {
            20 | 21 => Some((Item::Truth(short == 21), rest)),
            22 => Some((Item::Nothing, rest)),
            _ => None,
        };
    }
    let (number, rest) = length(short, rest)?;
    match kind {
        0 => Some((Item::Number(i64::try_from(number).ok()?), rest)),
        1 => Some((Item::Number(-1 - i64::try_from(number).ok()?), rest)),
        2 => rest.split_at_checked(usize::try_from(number).ok()?).map(|(own, rest)| (Item::Bytes(own), rest)),
        3 => {
            let (own, rest) = rest.split_at_checked(usize::try_from(number).ok()?)?;
            Some((Item::Text(std::str::from_utf8(own).ok()?), rest))
        }
        4 | 5 if number <= ITEMS_MAX && deep > 0 => several(kind == 5, number, rest, deep - 1),
        _ => None,
    }
}

fn several(map: bool, count: u64, mut rest: &[u8], deep: usize) -> Option<(Item<'_>, &[u8])> {
    let (mut list, mut pairs) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let (one, after) = item(rest, deep)?;
        rest = after;
        if !map {
            list.push(one);
            continue;
        }
        let (value, after) = item(rest, deep)?;
        rest = after;
        // What stands there twice could be read in two ways.
        if pairs.iter().any(|(name, _)| *name == one) {
            return None;
        }
        pairs.push((one, value));
    }
    Some((if map { Item::Map(pairs) } else { Item::List(list) }, rest))
}

fn length(short: u8, rest: &[u8]) -> Option<(u64, &[u8])> {
    let bytes = match short {
        0..=23 => return Some((u64::from(short), rest)),
        24..=27 => 1 << (short - 24),
        _ => return None,
    };
    let (own, rest) = rest.split_at_checked(bytes)?;
    Some((own.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_one_after_the_other() {
        let map = [0xa2, 0x63, b'f', b'm', b't', 0x64, b'n', b'o', b'n', b'e', 0x20, 0x42, 1, 2, 9];
        let (read_map, rest) = read(&map).unwrap();
        assert_eq!(read_map.named("fmt"), Some(&Item::Text("none")));
        assert_eq!(read_map.numbered(-1).and_then(Item::bytes), Some(&[1, 2][..]));
        assert_eq!((read_map.numbered(7), rest), (None, &[9][..]));
        for (bytes, item) in [
            (&[0x18, 200][..], Item::Number(200)),
            (&[0x39, 1, 0], Item::Number(-257)),
            (&[0x82, 1, 0xf5], Item::List(vec![Item::Number(1), Item::Truth(true)])),
            (&[0xf6], Item::Nothing),
        ] {
            assert_eq!(read(bytes), Some((item, &[][..])));
        }
    }

    #[test]
    fn what_is_cut_endless_double_or_too_deep_is_not_read() {
        for bytes in [
            &[][..],
            &[0x42, 1],
            &[0xa1, 1],
            &[0x5f, 0x41, 1, 0xff],
            &[0xa2, 1, 1, 1, 2],
            &[0x61, 0xff],
            &[0xfb, 0, 0, 0, 0, 0, 0, 0, 0],
            &[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x81; 20],
        ] {
            assert_eq!(read(bytes), None, "{bytes:x?}");
        }
    }
}

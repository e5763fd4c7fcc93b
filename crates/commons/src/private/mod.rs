//! What in a text would tell strangers who somebody is or where they live: telephone numbers, ID numbers, plates, mail
//! addresses, homes, names in chat programs. Found by their shape, so that whoever writes is asked before it is public.
//!
//! Pure and quick. Words are read as people type them: full-width digits, spaces and dashes between digits, digits written as
//! 一三八. What belongs to everybody is left alone: 12345, 120, 400 numbers, a building without a home, dates and amounts.

#[cfg(test)]
mod generated;
#[cfg(test)]
mod ordinary;
mod shapes;
#[cfg(test)]
mod tests;

use kit::names;

names! {
    Kind {
        /// A mobile or a telephone at home.
        Phone = "phone",
        /// Of an identity card, with 18 or 15 digits.
        IdNumber = "id_number",
        /// Of a car.
        Plate = "plate",
        Email = "email",
        /// A home, by its entrance and number.
        Room = "room",
        /// How to reach somebody in WeChat or QQ.
        Chat = "chat",
    }
}

/// A piece of a text; positions count characters, the end is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

impl Found {
    /// The piece as it stands in `text`.
    pub fn piece(&self, text: &str) -> String {
        text.chars().skip(self.start).take(self.end - self.start).collect()
    }
}

/// Everything that was found, in the order of the text, without overlaps.
pub fn find(text: &str) -> Vec<Found> {
    // What nobody sees may stand between the digits, e.g. in what was copied from a chat.
    let seen: Vec<(usize, char)> = text.chars().enumerate().filter(|(_, c)| !is_unseen(*c)).collect();
    let plain: Vec<char> = seen.iter().map(|(_, c)| plain(*c)).collect();
    let mut all = shapes::find(&plain);
    // 一三八 is read as 138, but 周一138 is not 1138: so both readings count.
    let spelled: Vec<char> = plain.iter().map(|c| spelled(*c)).collect();
    if spelled != plain {
        all.extend(shapes::find(&spelled));
    }
    for found in &mut all {
        (found.start, found.end) = (seen[found.start].0, seen[found.end - 1].0 + 1);
    }
    all.sort_by_key(|found| (found.start, std::cmp::Reverse(found.end)));
    let mut kept: Vec<Found> = Vec::new();
    for found in all {
        match kept.last_mut() {
            Some(last) if found.start < last.end => last.end = last.end.max(found.end),
            _ => kept.push(found),
        }
    }
    kept
}

/// The text with each piece replaced by what `word` says for its kind.
pub fn masked(text: &str, found: &[Found], mut word: impl FnMut(Kind) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = found.iter().peekable();
    for (at, c) in text.chars().enumerate() {
        while rest.peek().is_some_and(|found| found.end <= at) {
            rest.next();
        }
        match rest.peek() {
            Some(found) if found.start == at => out.push_str(&word(found.kind)),
            Some(found) if found.start < at => {}
            _ => out.push(c),
        }
    }
    out
}

/// The text with everything that was found covered.
pub fn covered(text: &str) -> String {
    let found = find(text);
    let mut pieces = found.iter().map(|found| found.piece(text));
    masked(text, &found, |_| cover(&pieces.next().unwrap_or_default()))
}

/// What stands in a piece's place: `138****`, `苏A****`, otherwise `****`, which people read in any language.
pub fn cover(piece: &str) -> String {
    let start = match find(piece).first().map(|found| found.kind) {
        Some(Kind::Phone) if piece.starts_with('1') => 3,
        Some(Kind::Plate) if !piece.starts_with('车') => 2,
        _ => 0,
    };
    format!("{}****", piece.chars().take(start).collect::<String>())
}

/// Characters without a shape: joiners, soft hyphens, marks of direction, variations.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

/// A digit in a ring, in brackets, raised, or in another type.
fn dressed(c: char) -> Option<char> {
    let code = u32::from(c);
    let from = |first: u32, digit: u32| char::from_digit(code - first + digit, 10);
    match code {
        0x2460..=0x2468 => from(0x2460, 1),
        0x2474..=0x247C => from(0x2474, 1),
        0x2488..=0x2490 => from(0x2488, 1),
        0x24F5..=0x24FD => from(0x24F5, 1),
        0x2776..=0x277E => from(0x2776, 1),
        0x2780..=0x2788 => from(0x2780, 1),
        0x278A..=0x2792 => from(0x278A, 1),
        0x24EA | 0x24FF => Some('0'),
        0x2070 | 0x2074..=0x2079 => from(0x2070, 0),
        0x2080..=0x2089 => from(0x2080, 0),
        0x1D7CE..=0x1D7FF => char::from_digit((code - 0x1D7CE) % 10, 10),
        _ => None,
    }
}

/// One character as it is compared: narrow, large, with one kind of dash and one kind of space.
fn plain(c: char) -> char {
    if let Some(digit) = dressed(c) {
        return digit;
    }
    match c {
        '\u{FF01}'..='\u{FF5E}' => kit::text::narrow(c).to_ascii_uppercase(),
        '\u{3000}' | '\u{00A0}' | '\t' => ' ',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | 'ー' | '_' | '~' => '-',
        '•' | '・' | '●' | '⋅' => '·',
        '樓' => '楼',
        '棟' => '栋',
        '號' => '号',
        '單' => '单',
        '門' => '门',
        '戶' => '户',
        _ => c.to_ascii_uppercase(),
    }
}

/// A digit that is written as a word.
fn spelled(c: char) -> char {
    const WORDS: [&str; 10] = ["〇零○", "一壹幺", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"];
    match WORDS.iter().position(|words| words.contains(c)) {
        Some(digit) => char::from(b'0' + u8::try_from(digit).unwrap_or_default()),
        None => c,
    }
}

#[test]
fn what_nobody_sees_and_dressed_digits_hide_nothing() {
    for gap in ['\u{200B}', '\u{200D}', '\u{00AD}', '\u{2060}', '/'] {
        let text = format!("打138{gap}1234{gap}5678找我");
        let found = find(&text);
        assert_eq!(found.len(), 1, "{text:?}");
        assert_eq!(found[0].piece(&text), format!("138{gap}1234{gap}5678"));
        assert!(!covered(&text).contains("5678"));
    }
    for text in ["①③⑧①②③④⑤⑥⑦⑧", "➊➌➑➊➋➌➍➎➏➐➑", "𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖"]
    {
        assert_eq!(find(text).len(), 1, "{text}");
    }
    assert!(find("①灯不亮②门关不上③楼道堆物2026/11/24").is_empty());
}

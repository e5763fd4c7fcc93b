//! The shapes themselves. Each pattern is followed by what must stand before and behind it, which patterns alone cannot say.

use super::{Found, Kind};
use regex::Regex;
use std::sync::LazyLock;

/// What a match must pass besides its pattern: the matched text, what stands before it and what behind it.
type Test = fn(&str, &str, &str) -> bool;

struct Shape {
    kind: Kind,
    pattern: Regex,
    test: Test,
}

fn shape(kind: Kind, pattern: &str, test: Test) -> Shape {
    Shape { kind, pattern: Regex::new(pattern).expect("a shape is a pattern."), test }
}

/// What stands between a building, an entrance and a home.
const GAP: &str = "[ -.,·#/()]{0,2}";

static SHAPES: LazyLock<Vec<Shape>> = LazyLock::new(|| {
    let building = "(?:[A-Z]?[0-9]{1,3}|[A-Z]|[0-9十]{1,4})(?: ?(?:号楼|号院|栋楼?|幢楼?|座楼?|[#号]楼|楼|号))";
    let entrance = "(?:[0-9十]{1,3}|[A-Z东西南北中甲乙丙丁]) ?(?:单元|门洞|门栋|门|梯)";
    let tail = "(?: ?(?:号?房间?|号?室|号门|号|户))";
    vec![
        shape(Kind::Phone, r"(?:\(?\+? ?(?:00)?86\)?[ -]{0,2})?1(?:[ -/·]{0,2}[0-9]){10}", mobile),
        shape(
            Kind::Phone,
            r"(?:\+?86[ -]?)?\(?0(?:10|2[0-9]|[3-9][0-9]{2})\)?[ -]{0,3}[2-8](?:[ -]?[0-9]){6,7}",
            landline,
        ),
        shape(Kind::Phone, r"[2-8][0-9]{2,3}[ -]?[0-9]{4}", said_to_be_a_phone),
        shape(Kind::IdNumber, r"[1-8](?:[ -]{0,2}[0-9]){16}[ -]{0,2}[0-9X]", id_18),
        shape(Kind::IdNumber, r"[1-8][0-9]{14}", id_15),
        shape(
            Kind::Plate,
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][ ]?[A-Z][ -.·]{0,2}[A-Z0-9](?:[ ·-]?[A-Z0-9]){3,5}[挂学警港澳]?",
            plate,
        ),
        shape(Kind::Plate, r"车牌(?:号码?|照)?[是为: ]{0,2}[A-Z][ -.·]{0,2}[A-Z0-9]{5,6}", |all, _, after| {
            digits(all) >= 2 && !joins(after)
        }),
        shape(Kind::Email, r"[A-Z0-9][A-Z0-9._%+-]*@[A-Z0-9-]+(?:\.[A-Z0-9-]+)*\.[A-Z]{2,}", |_, _, _| true),
        shape(
            Kind::Chat,
            r"(?:微信|薇信|VX|V信|WX|WEIXIN|WECHAT)(?: ?(?:号码?|ID))?[是为: ]{0,3}[A-Z][A-Z0-9-]{5,19}",
            |all, _, _| !all.ends_with('-'),
        ),
        shape(Kind::Chat, r"(?:QQ|扣扣)(?: ?号码?)?[是为: ]{0,3}[1-9][0-9]{4,10}", |_, _, after| {
            !starts_with_digit(after)
        }),
        // 3号楼2单元301, 三栋二门402室
        shape(Kind::Room, &format!("(?:{building}{GAP})?{entrance}{GAP}[0-9]{{3,4}}{tail}?"), |all, before, after| {
            !starts_with_digit(after) && !ends_with_digit(before) && !counted(all, after)
        }),
        // 3号楼2单元5楼东户
        shape(
            Kind::Room,
            &format!("{entrance}{GAP}[0-9十]{{1,3}} ?[楼层] ?[东西中左右南北](?:边|手|面|首)?(?:户|边|手|门)"),
            |_, _, _| true,
        ),
        // 12栋1203, A座801室
        shape(Kind::Room, &format!("{building}{GAP}[0-9]{{3,4}}{tail}?"), |all, before, after| {
            !starts_with_digit(after) && !ends_with_digit(before) && !street(all) && !counted(all, after)
        }),
        // 3栋2-301, 5#1-1001
        shape(
            Kind::Room,
            &format!("[0-9]{{1,3}} ?(?:[#栋幢座]|号楼){GAP}[0-9]{{1,2}}-[0-9]{{3,4}}{tail}?"),
            |_, before, after| !starts_with_digit(after) && !ends_with_digit(before),
        ),
        // 3-2-301
        shape(Kind::Room, &format!("[A-Z]?[0-9]{{1,3}}-[0-9]{{1,2}}-[0-9]{{3,4}}{tail}?"), |all, before, after| {
            !joins(after) && !ends_with_digit(before) && !before.ends_with('-') && !date(all)
        }),
        // 3-301室
        shape(Kind::Room, "[A-Z]?[0-9]{1,3}-[0-9]{3,4} ?(?:室|号?房)", |all, before, after| {
            !ends_with_digit(before) && !before.ends_with('-') && !counted(all, after)
        }),
        // 301室, 302 号房
        shape(Kind::Room, "[A-Z]?[0-9]{3,4} ?(?:室|号?房间?|号室)", |all, before, after| {
            !ends_with_digit(before) && !before.ends_with(['-', '.', '有']) && !counted(all, after)
        }),
        // 住502, 楼上603
        shape(
            Kind::Room,
            "(?:家?住(?:在|的是)?|我家(?:是|在)?|我是|楼上|楼下|隔壁|对门|对面|业主|门牌号?|房号|房间号|户号)[是为: 的]{0,2}[0-9]{3,4}",
            |all, _, after| !starts_with_digit(after) && !counted(all, after),
        ),
    ]
});

/// Every match of every shape, in any order.
pub fn find(text: &[char]) -> Vec<Found> {
    let whole: String = text.iter().collect();
    let at = |byte: usize| whole[..byte].chars().count();
    let mut all = Vec::new();
    for shape in SHAPES.iter() {
        let mut from = 0;
        while let Some(hit) = shape.pattern.find_at(&whole, from) {
            if (shape.test)(hit.as_str(), &whole[..hit.start()], &whole[hit.end()..]) {
                all.push(Found { kind: shape.kind, start: at(hit.start()), end: at(hit.end()) });
                from = hit.end();
            } else {
                // The next try begins one character further on: 2019 13812345678 hides a number behind a year.
                from = hit.start() + whole[hit.start()..].chars().next().map_or(1, char::len_utf8);
            }
        }
    }
    all
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

fn only_digits(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_digit() || *c == 'X').collect()
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn ends_with_digit(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
}

/// Whether a longer number or word goes on behind.
fn joins(after: &str) -> bool {
    let mut next = after.chars();
    match next.next() {
        Some('-' | '.') => next.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => c.is_ascii_alphanumeric(),
        None => false,
    }
}

/// Eleven digits in groups as people speak them, not the middle of a longer number.
fn mobile(all: &str, before: &str, after: &str) -> bool {
    let number = only_digits(all);
    let own = &number[number.len() - 11..];
    let groups: Vec<usize> =
        all.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|length| *length > 0).collect();
    // 1 3 8 … one by one, or in a few groups; many small groups are a list of figures.
    let spoken =
        groups.len() <= 5 || groups.iter().all(|length| *length == 1) || groups.iter().all(|length| *length <= 2);
    let decimal = before.ends_with('.') && before.trim_end_matches('.').ends_with(|c: char| c.is_ascii_digit());
    ('3'..='9').contains(&own.chars().nth(1).unwrap_or('0'))
        && spoken
        && !decimal
        && !ends_with_digit(before)
        && !starts_with_digit(after)
}

fn landline(all: &str, before: &str, after: &str) -> bool {
    let spaces = all.matches([' ', '-']).count();
    spaces <= 4 && !ends_with_digit(before) && !starts_with_digit(after) && !before.ends_with('.')
}

/// A number of seven or eight digits is one only when the words before it say so.
fn said_to_be_a_phone(_: &str, before: &str, after: &str) -> bool {
    const WORDS: [&str; 10] = ["电话", "座机", "手机", "号码", "拨打", "致电", "联系", "TEL", "固话", "打我"];
    let near: Vec<char> = before.chars().rev().take(6).collect();
    let near: String = near.into_iter().rev().collect();
    !starts_with_digit(after)
        && !ends_with_digit(before)
        && !joins(after)
        && WORDS.iter().any(|word| near.contains(word))
}

/// The check digit of ISO 7064, a possible province and a possible birthday.
fn id_18(all: &str, before: &str, after: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let id = only_digits(all);
    if id.len() != 18 || ends_with_digit(before) || starts_with_digit(after) {
        return false;
    }
    let sum: u32 = id.chars().zip(WEIGHTS).map(|(c, weight)| c.to_digit(10).unwrap_or(0) * weight).sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize);
    // Whoever calls it an ID number and mistypes a digit gives away nearly as much.
    let said = before.contains("身份证");
    province(&id) && ["19", "20"].contains(&&id[6..8]) && day(&id[10..14]) && (said || check == id.chars().last())
}

fn id_15(all: &str, before: &str, after: &str) -> bool {
    province(all) && day(&all[8..12]) && !ends_with_digit(before) && !joins(after)
}

fn province(id: &str) -> bool {
    let code: u32 = id[..2].parse().unwrap_or(0);
    matches!(code, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
}

/// `MMDD`.
fn day(text: &str) -> bool {
    let (month, day): (u32, u32) = (text[..2].parse().unwrap_or(0), text[2..].parse().unwrap_or(0));
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// Five or six letters and digits behind the letter of the city, most of them digits.
fn plate(all: &str, _: &str, after: &str) -> bool {
    let count = all.chars().filter(char::is_ascii_alphanumeric).count();
    let full = matches!(count, 6 | 7) || count == 5 && all.ends_with(['挂', '学', '警', '港', '澳']);
    full && digits(all) >= 2 && !joins(after)
}

/// 5号2019 is a day, 1路 a line: a bare 号 needs a word behind the number.
fn street(all: &str) -> bool {
    const ENDS: [char; 4] = ['室', '房', '户', '门'];
    let house = all.contains("号楼") || all.contains("号院") || all.contains(['栋', '幢', '座', '#']);
    let short = all.contains('楼') && all.ends_with(['室', '房', '间', '户', '号']);
    !(house || short || all.contains('号') && all.ends_with(ENDS))
}

/// Whether the number counts or measures something: 301多户, 200元, 2019年, 120平, 室内.
fn counted(all: &str, after: &str) -> bool {
    const UNITS: &str =
        "多余元块人年月日米平个名家辆台套层楼栋幢万千百吨度次天小分点线路%℃MK公里亩㎡棵盏条件张位岁斤升瓦伏兆倍段左来";
    const BEHIND_ROOM: &str = "内外温产屋价租源款子顶型东贷管改地";
    let suffix = all.ends_with(['室', '房', '间']);
    let number = all.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number = &number[number.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + last_len(number, at))..];
    let emergency = ["110", "119", "120", "122"].contains(&number) && !suffix;
    let households = all.ends_with('户') && !all.contains("单元");
    match after.trim_start().chars().next() {
        _ if emergency || households => true,
        Some(next) if suffix => BEHIND_ROOM.contains(next),
        Some('户') => true,
        Some(next) => !all.ends_with('号') && UNITS.contains(next),
        None => false,
    }
}

fn last_len(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}

/// 1-12-2019 is a day.
fn date(all: &str) -> bool {
    let parts: Vec<u32> = all.split('-').map(|part| part.parse().unwrap_or(0)).collect();
    matches!(parts[..], [first, second, year] if first <= 31 && second <= 12 && (2010..=2035).contains(&year))
}

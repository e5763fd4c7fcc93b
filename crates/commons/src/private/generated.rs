//! A thousand planted ones, each in another dress, in sentences that people write.

use super::Kind;

/// A small generator of numbers, the same in every run.
pub struct Dice(u64);

impl Dice {
    pub fn new() -> Dice {
        Dice(0x5EED)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn digits(&mut self, n: usize) -> String {
        (0..n).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }
}

const SENTENCES: &[&str] = &[
    "楼道灯坏了三天，{}，麻烦来看看",
    "请联系我{}",
    "我的情况是{}，谢谢！",
    "{}这家天天半夜吵",
    "昨晚8点半又停电了。{}。希望尽快处理",
    "2019年3月5日反映过一次（{}），没人管",
    "急！{}！急！",
    "交了200元，还没办好 {} 请回复",
    "12345转来的，{},已经等了15天",
    "尊敬的领导：\n{}\n此致",
];

fn wide(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
            c => c,
        })
        .collect()
}

fn spelled(text: &str, zero: char) -> String {
    text.chars()
        .map(|c| c.to_digit(10).map_or(c, |d| [zero, '一', '二', '三', '四', '五', '六', '七', '八', '九'][d as usize]))
        .collect()
}

fn mobile(dice: &mut Dice) -> String {
    let start = dice.pick(&["138", "139", "150", "166", "177", "189", "198", "135", "147", "191"]);
    let rest = dice.digits(8);
    let number = format!("{start}{rest}");
    let (a, b) = rest.split_at(4);
    match dice.below(12) {
        0 => format!("{start} {a} {b}"),
        1 => format!("{start}-{a}-{b}"),
        2 => format!("+86 {number}"),
        3 => format!("+86-{start}-{a}-{b}"),
        4 => format!("0086{number}"),
        5 => wide(&number),
        6 => spelled(&number, '零'),
        7 => spelled(&number, '〇'),
        8 => format!("电话{number}"),
        9 => format!("{start}.{a}.{b}"),
        10 => format!("tel:{number}"),
        _ => number,
    }
}

fn landline(dice: &mut Dice) -> String {
    let area = dice.pick(&["010", "021", "025", "0731", "0512", "0755"]);
    let rest = format!("8{}", dice.digits(7));
    match dice.below(6) {
        0 => format!("({area}){rest}"),
        1 => format!("{area} {rest}"),
        2 => format!("{area}{rest}"),
        3 => wide(&format!("{area}-{rest}")),
        4 => format!("家里电话{rest}"),
        _ => format!("{area}-{rest}"),
    }
}

fn id_number(dice: &mut Dice) -> String {
    let province = dice.pick(&["110105", "320106", "430102", "510104", "440305", "650102"]);
    let (year, month, day) = (1940 + dice.below(75), 1 + dice.below(12), 1 + dice.below(28));
    if dice.below(5) == 0 {
        return format!("{province}{:02}{month:02}{day:02}{}", year % 100, dice.digits(3));
    }
    let body = format!("{province}{year}{month:02}{day:02}{}", dice.digits(3));
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.bytes().zip(weights).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
    let check = "10X98765432".as_bytes()[(sum % 11) as usize] as char;
    match dice.below(6) {
        0 => format!("{} {} {}{check}", &body[..6], &body[6..14], &body[14..]),
        1 => wide(&format!("{body}{check}")),
        2 => format!("身份证号{body}{}", check.to_ascii_lowercase()),
        3 => format!("{}-{}-{}{check}", &body[..6], &body[6..14], &body[14..]),
        _ => format!("{body}{check}"),
    }
}

fn plate(dice: &mut Dice) -> String {
    let place = dice.pick(&["苏A", "湘A", "京N", "沪C", "粤B", "川G", "苏a"]);
    let rest = match dice.below(5) {
        0 => format!("D{}", dice.digits(5)),
        1 => format!("F{}", dice.digits(5)),
        2 => format!("{}D", dice.digits(5)),
        3 => format!("{}K{}", dice.digits(1), dice.digits(3)),
        _ => dice.digits(5),
    };
    match dice.below(6) {
        0 => format!("{place}·{rest}"),
        1 => format!("{place} {rest}"),
        2 => format!("{place}-{rest}"),
        3 => format!("{place}.{rest}"),
        4 => format!("{place}{rest}的车"),
        _ => format!("{place}{rest}"),
    }
}

fn email(dice: &mut Dice) -> String {
    let name = dice.pick(&["wang.min", "li_2008", "zhangsan88", "a", "chen-yu", "lao.zhou+xq"]);
    let host = dice.pick(&["163.com", "qq.com", "example.org", "mail.sina.com.cn", "foxmail.com"]);
    let mail = format!("{name}{}@{host}", dice.below(99));
    match dice.below(4) {
        0 => wide(&mail),
        1 => mail.to_uppercase(),
        2 => format!("邮箱{mail}"),
        _ => mail,
    }
}

fn room(dice: &mut Dice) -> String {
    let (b, u) = (1 + dice.below(30), 1 + dice.below(6));
    let r = format!("{}0{}", 1 + dice.below(28), 1 + dice.below(6));
    match dice.below(20) {
        0 => format!("{b}-{u}-{r}"),
        1 => format!("{b}栋{r}"),
        2 => format!("{b}栋{u}单元{r}"),
        3 => format!("{r}室"),
        4 => format!("{r} 号房"),
        5 => format!("{b}#{u}-{r}"),
        6 => format!("{b}幢{r}室"),
        7 => format!("{u}单元{r}"),
        8 => spelled(&format!("{}号楼{u}单元30{u}室", 1 + dice.below(9)), '零'),
        9 => wide(&format!("{b}-{u}-{r}")),
        10 => format!("{b} 号楼 {u} 单元 {r} 室"),
        11 => format!("{b}号楼{r}"),
        12 => format!("{}座{r}", dice.pick(&["A", "B", "C"])),
        13 => format!("{b}栋{u}门{r}"),
        14 => format!("{b}号{r}室"),
        15 => format!("{b}-{r}室"),
        16 => format!("{b}栋{u}单元{r}号"),
        17 => format!("{b}号楼{u}单元{r}户"),
        18 => format!("我家住{r}"),
        _ => format!("{b}号楼{u}单元{r}"),
    }
}

/// A sentence, what was planted in it, and its kind.
pub fn planted(count: usize) -> Vec<(String, String, Kind)> {
    let mut dice = Dice::new();
    (0..count)
        .map(|n| {
            let (piece, kind) = match n % 6 {
                0 => (mobile(&mut dice), Kind::Phone),
                1 => (landline(&mut dice), Kind::Phone),
                2 => (id_number(&mut dice), Kind::IdNumber),
                3 => (plate(&mut dice), Kind::Plate),
                4 => (email(&mut dice), Kind::Email),
                _ => (room(&mut dice), Kind::Room),
            };
            (dice.pick(SENTENCES).replace("{}", &piece), piece, kind)
        })
        .collect()
}

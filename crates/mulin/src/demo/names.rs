//! Invented people: a family name and a given name, each with its reading.

use super::rng::Rng;

#[rustfmt::skip]
const FAMILY: &[(&str, &str)] = &[
    ("林", "Lin"), ("沈", "Shen"), ("顾", "Gu"), ("陆", "Lu"), ("许", "Xu"), ("姚", "Yao"), ("蒋", "Jiang"), ("邵", "Shao"),
    ("钱", "Qian"), ("孟", "Meng"), ("方", "Fang"), ("罗", "Luo"), ("魏", "Wei"), ("唐", "Tang"), ("秦", "Qin"), ("宋", "Song"),
    ("曹", "Cao"), ("谢", "Xie"), ("丁", "Ding"), ("范", "Fan"), ("石", "Shi"), ("白", "Bai"), ("夏", "Xia"), ("崔", "Cui"),
    ("江", "Jiang"), ("邱", "Qiu"), ("侯", "Hou"), ("薛", "Xue"), ("柳", "Liu"), ("温", "Wen"), ("俞", "Yu"), ("冯", "Feng"),
];

#[rustfmt::skip]
const FIRST: &[(&str, &str)] = &[
    ("秋", "Qiu"), ("玉", "Yu"), ("文", "Wen"), ("素", "Su"), ("春", "Chun"), ("慧", "Hui"), ("家", "Jia"), ("立", "Li"),
    ("雨", "Yu"), ("思", "Si"), ("建", "Jian"), ("少", "Shao"), ("晓", "Xiao"), ("云", "Yun"), ("静", "Jing"), ("明", "Ming"),
    ("桂", "Gui"), ("金", "Jin"), ("海", "Hai"), ("永", "Yong"), ("淑", "Shu"), ("志", "Zhi"), ("梦", "Meng"), ("子", "Zi"),
];

#[rustfmt::skip]
const SECOND: &[(&str, &str)] = &[
    ("兰", "lan"), ("芬", "fen"), ("棠", "tang"), ("安", "an"), ("珍", "zhen"), ("山", "shan"), ("宁", "ning"), ("禾", "he"),
    ("平", "ping"), ("岚", "lan"), ("川", "chuan"), ("月", "yue"), ("英", "ying"), ("良", "liang"), ("霞", "xia"), ("朗", "lang"),
    ("荣", "rong"), ("竹", "zhu"), ("清", "qing"), ("远", "yuan"), ("梅", "mei"), ("舟", "zhou"), ("妍", "yan"), ("生", "sheng"),
];

/// A name and how it reads.
pub fn name(rng: &mut Rng) -> (String, String) {
    let (family, first, second) = (rng.pick(FAMILY), rng.pick(FIRST), rng.pick(SECOND));
    (format!("{}{}{}", family.0, first.0, second.0), format!("{} {}{}", family.1, first.1, second.1))
}

//! A category suggested from the words. Never demanded, never final: the holder may sort it anew.

/// Where words go that fit nowhere else.
pub const OTHER: &str = "other";

/// Words that point to a category; the first list that matches most often wins.
const SIGNS: &[(&str, &[&str])] = &[
    ("lift", &["电梯", "lift", "elevator"]),
    (
        "leak",
        &["漏水", "渗水", "水管", "滴水", "漏雨", "下水", "堵住", "堵了", "停水", "返水", "leak", "pipe", "drain"],
    ),
    (
        "lighting",
        &[
            "路灯",
            "楼道灯",
            "灯不亮",
            "灯坏",
            "灯又",
            "灯一闪",
            "照明",
            "太黑",
            "声控灯",
            "感应灯",
            "light",
            "lamp",
            "dark",
        ],
    ),
    (
        "clutter",
        &[
            "堆物",
            "杂物",
            "堆放",
            "堆了",
            "堆着",
            "柜子",
            "鞋架",
            "纸箱",
            "旧家具",
            "楼道里放",
            "消防通道",
            "clutter",
            "blocked",
        ],
    ),
    ("garbage", &["垃圾", "臭", "清运", "分类", "蟑螂", "老鼠", "garbage", "rubbish", "smell"]),
    ("greenery", &["绿化", "草坪", "树枝", "修剪", "花坛", "tree", "grass", "hedge"]),
    ("ebike", &["电动车", "电瓶车", "充电", "飞线", "e-bike", "charging"]),
    ("parking", &["停车", "车位", "乱停", "占位", "挡道", "车库", "parking", "parked", "garage"]),
    ("noise", &["噪音", "吵", "装修声", "扰民", "广场舞", "半夜", "noise", "loud"]),
    ("dispute", &["邻居", "纠纷", "吵架", "楼上", "楼下", "隔壁", "quarrel", "neighbour", "neighbor", "upstairs"]),
    ("gate", &["门禁", "大门", "单元门", "门锁", "刷卡", "保安", "gate", "door lock"]),
    ("dogs", &["狗", "遛狗", "犬", "猫", "dog", "cat"]),
    ("help", &["帮忙", "帮我", "老人", "买药", "代办", "腿脚", "help", "errand"]),
    ("facilities", &["健身", "长椅", "滑梯", "扶手", "栏杆", "地砖", "坏了", "bench", "handrail", "broken"]),
    ("praise", &["谢谢", "感谢", "表扬", "点赞", "thank", "praise"]),
    ("suggestion", &["建议", "希望", "能不能", "最好", "suggest", "could we"]),
];

/// The slug that the words point to.
pub fn category(words: &str) -> &'static str {
    let words = words.to_lowercase();
    let mut best = (0, OTHER);
    for (slug, signs) in SIGNS {
        let hits = signs.iter().filter(|sign| holds(&words, sign)).count();
        if hits > best.0 {
            best = (hits, slug);
        }
    }
    best.1
}

/// Chinese words stand anywhere; English ones begin a word, so that a location is no cat.
fn holds(words: &str, sign: &str) -> bool {
    let begins = |at: usize| !words[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    words.match_indices(sign).any(|(at, _)| !sign.is_ascii() || begins(at))
}

/// The same among the categories that there are; one that is named in the words comes first, because the neighbours who
/// made it call it so.
pub fn among<'c>(words: &str, known: &'c [super::Category]) -> Option<&'c super::Category> {
    let lower = words.to_lowercase();
    let named = |category: &&super::Category| {
        let names = [category.name.as_str(), category.name_en.as_str()];
        names.iter().any(|name| name.chars().count() > 1 && lower.contains(&name.to_lowercase()))
    };
    let guessed = category(words);
    let by_name = known.iter().filter(|category| category.slug != OTHER).find(named);
    by_name.or_else(|| known.iter().find(|category| category.slug == guessed && guessed != OTHER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_point_to_a_category_and_unknown_ones_to_none() {
        assert_eq!(category("3号楼电梯又停了"), "lift");
        assert_eq!(category("楼道灯不亮，太黑了"), "lighting");
        assert_eq!(category("厨房漏水"), "leak");
        assert_eq!(category("The lamp by the gate is dark"), "lighting");
        assert_eq!(category("想问一件事"), OTHER);
    }

    #[test]
    fn a_category_of_the_neighbours_own_is_found_by_its_name() {
        let mut known = crate::case::starting_categories();
        let own = crate::case::Category { slug: "own-1".into(), name: "晾衣架".into(), ..known[0].clone() };
        known.push(own);
        assert_eq!(among("楼下晾衣架松了", &known).map(|one| one.slug.as_str()), Some("own-1"));
        assert_eq!(among("楼道灯不亮", &known).map(|one| one.slug.as_str()), Some("lighting"));
        assert!(among("想问一件事", &known).is_none());
    }
}

//! Words that mean danger to life: then the number to call stands before everything else. What was said is filed all
//! the same, because a second call costs nothing, and a form is no fire engine.

/// What is feared, the number to call, and the words it is told by.
const SIGNS: &[(&str, &str, &[&str])] = &[
    (
        "fire",
        "119",
        &[
            "着火",
            "起火",
            "失火",
            "火灾",
            "冒烟",
            "浓烟",
            "烧起来",
            "烧着了",
            "爆炸",
            "on fire",
            "caught fire",
            "there is a fire",
            "there's a fire",
            "smoke is coming",
            "smoke coming",
            "full of smoke",
            "explosion",
            "exploded",
        ],
    ),
    (
        "gas",
        "119",
        &[
            "煤气味",
            "燃气味",
            "天然气味",
            "煤气泄漏",
            "燃气泄漏",
            "天然气泄漏",
            "煤气漏",
            "燃气漏",
            "天然气漏",
            "漏煤气",
            "漏燃气",
            "漏天然气",
            "漏气",
            "煤气中毒",
            "一氧化碳",
            "gas leak",
            "leaking gas",
            "smell gas",
            "smell of gas",
            "smells of gas",
            "carbon monoxide",
        ],
    ),
    (
        "trapped",
        "119",
        &[
            "困在电梯",
            "困电梯",
            "电梯困人",
            "电梯里困",
            "被困",
            "关在电梯",
            "卡在电梯",
            "电梯关人",
            "困在里面",
            "trapped",
            "stuck in the lift",
            "stuck in the elevator",
            "stuck inside the lift",
        ],
    ),
    (
        "injury",
        "120",
        &[
            "受伤",
            "流血",
            "出血",
            "昏迷",
            "晕倒",
            "昏倒",
            "没有呼吸",
            "没呼吸",
            "叫不醒",
            "摔伤",
            "摔倒起不来",
            "砸伤",
            "烫伤",
            "烧伤",
            "触电",
            "中毒",
            "心脏病",
            "胸口疼",
            "抽搐",
            "溺水",
            "坠楼",
            "跳楼",
            "injured",
            "bleeding",
            "unconscious",
            "not breathing",
            "heart attack",
            "electrocuted",
            "electric shock",
            "drowning",
        ],
    ),
    (
        "crime",
        "110",
        &[
            "打人",
            "被打",
            "持刀",
            "拿刀",
            "砍人",
            "抢劫",
            "入室",
            "进贼",
            "小偷",
            "家暴",
            "跳楼",
            "要自杀",
            "想自杀",
            "robbed",
            "robbery",
            "burglar",
            "with a knife",
            "being beaten",
            "break-in",
        ],
    ),
    (
        "traffic",
        "122",
        &["撞人", "被车撞", "车祸", "撞了人", "撞到人", "hit by a car", "car accident", "traffic accident"],
    ),
];

/// Phrases that hold such words and mean no danger.
const HARMLESS: &[&str] = &[
    "火灾演习",
    "火灾演练",
    "火灾隐患",
    "火灾报警器",
    "火灾保险",
    "预防火灾",
    "防止火灾",
    "火灾宣传",
    "火灾知识",
    "不冒烟",
    "油烟",
    "抽烟冒烟",
    "被打扫",
    "被打开",
    "被打通",
    "被打断",
    "打人字梯",
    "小偷小摸的事以前",
    "防小偷",
    "防盗",
    "煤气卡",
    "燃气卡",
    "轮胎漏气",
    "漏气的轮胎",
    "车胎漏气",
    "皮球漏气",
    "充气",
    "食物中毒讲座",
    "急救培训",
    "急救课",
    "smoke detector",
    "fire drill",
    "fire extinguisher",
    "no smoking",
    "could be injured someday",
    "被打湿",
    "被打碎",
    "被打破",
    "被打坏",
    "被打乱",
    "怕着火",
    "担心着火",
    "防着火",
    "防受伤",
    "没有受伤",
    "没人受伤",
    "没受伤",
    "无人受伤",
    "没有人受伤",
    "没有起火",
    "没有着火",
    "没着火",
    "没起火",
    "没人被困",
    "没有人被困",
    "无人被困",
    "nobody trapped",
    "no one trapped",
    "nobody is trapped",
    "nobody injured",
    "no one injured",
    "not on fire",
    "gas card",
];

/// A danger: its name for the page, and the number to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Danger {
    pub name: &'static str,
    pub number: &'static str,
}

/// The dangers that the words tell of, the gravest first; each number once.
pub fn of(words: &str) -> Vec<Danger> {
    let mut words = words.to_lowercase();
    for phrase in HARMLESS {
        // Something stays in the gap, so that what stood left and right of it does not become a word.
        words = words.replace(phrase, "·");
    }
    let mut found: Vec<Danger> = Vec::new();
    for (name, number, signs) in SIGNS {
        let told = signs.iter().any(|sign| words.contains(sign));
        if told && !found.iter().any(|danger| danger.number == *number) {
            found.push(Danger { name, number });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn danger_is_heard_in_both_languages() {
        let table = [
            ("3号楼楼道着火了", "119"),
            ("厨房有煤气味，很重", "119"),
            ("老人困在电梯里", "119"),
            ("电梯困人了快来", "119"),
            ("有人摔伤了，在流血", "120"),
            ("地下室有人触电", "120"),
            ("楼下有人持刀", "110"),
            ("南门口撞人了", "122"),
            ("The kitchen is on fire", "119"),
            ("I smell gas on the stairs", "119"),
            ("My mother is trapped in the lift", "119"),
            ("He is unconscious", "120"),
        ];
        for (words, number) in table {
            assert!(of(words).iter().any(|danger| danger.number == number), "{words}");
        }
        assert_eq!(of("着火了，有人受伤").iter().map(|danger| danger.number).collect::<Vec<_>>(), ["119", "120"]);
    }

    #[test]
    fn what_only_sounds_like_danger_rings_no_bell() {
        let calm = [
            "电梯广告太多",
            "电梯里的广告声音太大",
            "煤气卡在哪里充值",
            "燃气卡坏了",
            "天然气什么时候通",
            "建议办一次火灾演习",
            "楼道堆物有火灾隐患",
            "灭火器过期了",
            "消防通道被占",
            "自行车轮胎漏气，想借打气筒",
            "楼道没有被打扫",
            "单元门被打开后关不上",
            "电梯停了，没人被困",
            "地砖翘起，没有人受伤",
            "The smoke detector beeps",
            "When is the fire drill?",
            "Where can I top up my gas card?",
            "厨房油烟排到楼道",
            "The lift is stuck on floor 5",
        ];
        for words in calm {
            assert_eq!(of(words), Vec::new(), "{words}");
        }
    }
}

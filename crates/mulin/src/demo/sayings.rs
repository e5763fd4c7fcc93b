//! What people say, by category: sentences with a few blanks, so that a year of them does not repeat itself.

use super::rng::Rng;

const TIMES: &[&str] = &["昨晚", "今天早上", "这几天", "上周开始", "从前天起", "周末", "刚才", "每天傍晚"];
const FLOORS: &[&str] = &["一楼", "二楼", "三楼", "四楼", "五楼", "顶楼", "楼梯拐角", "单元门口"];
const TAILS: &[&str] = &[
    "。",
    "，麻烦看看。",
    "，老人走着不放心。",
    "，已经有几天了。",
    "，邻居们也都在说。",
    "，希望早点处理。",
    "，孩子经过不安全。",
    "，谢谢。",
];

/// Category and its sentences; `{t}` is a time, `{f}` a floor.
#[rustfmt::skip]
const SAYINGS: &[(&str, usize, &[&str])] = &[
    ("lighting", 10, &["{f}的灯{t}不亮了", "{t}路灯一闪一闪的", "{f}声控灯喊半天不亮", "车棚边上的路灯坏了，{t}黑得看不见", "{f}的灯罩掉下来一半"]),
    ("lift", 8, &["电梯{t}停在{f}不动", "电梯门关不严，{t}又夹了人的包", "电梯里{t}有股焦味", "电梯{t}上下抖得厉害", "电梯按钮{t}按了没反应"]),
    ("leak", 10, &["{f}的水管{t}在滴水", "{t}下水道堵了，往上返水", "楼顶{t}渗水，{f}墙面都湿了", "厨房地漏{t}冒水", "{f}的水表井{t}积水"]),
    ("clutter", 9, &["{f}堆了纸箱和旧柜子，过不去人", "{t}楼道里又放了自行车，{f}只能侧着走", "{f}消防栓前面堆着杂物", "{t}有人把旧床垫放在{f}"]),
    ("garbage", 11, &["垃圾桶{t}满了没人清", "{t}投放点旁边全是散落的垃圾", "{f}有人放厨余，{t}招了蟑螂", "分类桶的盖子坏了，{t}味道很大"]),
    ("greenery", 6, &["树枝{t}伸到{f}窗户里来了", "草坪{t}踩出一条路，下雨全是泥", "花坛里的石榴{t}好像生虫了", "{t}风大，有棵树歪了"]),
    ("parking", 12, &["{t}有车停在消防通道上", "地面车位{t}被地锁占了", "{t}门口两边都停满，救护车进不来", "访客的车{t}停了一整夜，堵住{f}的出口"]),
    ("ebike", 8, &["{f}有人拉线给电动车充电", "{t}有电瓶推上楼，放在{f}", "车棚充电口{t}坏了两个", "充电桩{t}扫码没反应"]),
    ("noise", 8, &["{t}装修声音很大，午休也不停", "广场舞的音响{t}到九点半还在放", "{f}空调外机{t}嗡嗡响", "{t}半夜有人在楼下喊"]),
    ("gate", 6, &["单元门{t}关不上了", "门禁{t}刷卡没反应", "南门的道闸{t}抬起来不落", "{f}的对讲{t}听不见声音"]),
    ("dogs", 5, &["{t}有人遛狗不拴绳", "{f}门口{t}总有狗粪", "流浪猫{t}在车棚里下了一窝"]),
    ("facilities", 7, &["健身器材的扶手{t}松了", "小花园的长椅{t}断了一条板", "{f}的楼梯扶手晃得厉害", "滑梯底下{t}露出钉子"]),
    ("suggestion", 5, &["能不能在{f}装一把折叠凳，老人上楼好歇脚", "建议{t}组织一次旧衣物回收", "希望快递柜旁边加一盏灯", "能不能把聊天角的遮阳棚修一修"]),
    ("praise", 3, &["{t}保安师傅帮我把菜提到{f}，谢谢", "楼栋长{t}冒雨帮大家收被子，表扬", "修水管的师傅{t}很快就来了，点赞"]),
    ("help", 5, &["腿脚不便，{t}想请人帮忙买药", "{t}家里灯泡坏了，老人够不着，想请人帮忙换", "想请人教教怎么用手机挂号"]),
    ("dispute", 4, &["楼上{t}浇花总滴到我家被子上，说了也不听", "和隔壁为{f}的鞋柜{t}吵了两次，想请人说和", "楼下嫌孩子跑动，{t}上来敲了三回门"]),
    ("other", 3, &["想问一下暖气什么时候试水", "户口本复印件在哪里办", "楼下的公告栏{t}看不清字"]),
];

/// A category and words for it.
pub fn saying(rng: &mut Rng) -> (&'static str, String) {
    let total: usize = SAYINGS.iter().map(|(_, weight, _)| weight).sum();
    let mut at = rng.below(total);
    let (slug, _, sentences) = SAYINGS
        .iter()
        .find(|(_, weight, _)| {
            let hit = at < *weight;
            at = at.wrapping_sub(*weight);
            hit
        })
        .unwrap_or(&SAYINGS[0]);
    let words = rng.pick(sentences).replace("{t}", rng.pick::<&str>(TIMES)).replace("{f}", rng.pick::<&str>(FLOORS));
    (slug, format!("{words}{}", rng.pick::<&str>(TAILS)))
}

const DONE: &[&str] = &[
    "已经修好，请看看行不行。",
    "今天去看过了，换了新的。",
    "清走了，也和住户说过了。",
    "处理好了，有反复再说。",
    "已经约师傅弄好。",
];
const ANSWERED: &[&str] =
    &["这件事记下了，会放到下次业主碰头时说。", "问过了，下月统一安排。", "已经和当事人说好，以后注意。"];
const IMPOSSIBLE: &[&str] =
    &["这一段管线归自来水公司，已经报修，这里没法动。", "按消防规定这里不能加装，说明贴在楼下。"];
const NOTES: &[&str] = &["已到现场看过。", "配件订了，后天到。", "和楼里几户都问过情况。", "约了师傅明天上午来。"];
const REASONS: &[&str] = &["这要动公共管线，得物业来。", "超出楼栋能办的，请接一下。", "要和全小区一起安排。"];
const REFUSED: &[&str] = &["这一段在红线外，不归我们。", "先要楼里几户商量好再来。"];
const UNSOLVED: &[&str] = &["第二天又坏了。", "还是一样，没变化。", "只弄了一半。"];
const THANKS: &[&str] = &["很快，谢谢。", "弄得很好。", ""];

/// Words for a step.
pub fn step(rng: &mut Rng, kind: &str) -> String {
    let from = match kind {
        "solved" => DONE,
        "answered" => ANSWERED,
        "not_possible" => IMPOSSIBLE,
        "note" => NOTES,
        "reason" => REASONS,
        "refused" => REFUSED,
        "unsolved" => UNSOLVED,
        _ => THANKS,
    };
    (*rng.pick(from)).to_owned()
}

#[test]
fn nothing_that_the_demo_says_looks_personal() {
    let mut rng = Rng::new(7);
    for _ in 0..2_000 {
        let (_, words) = saying(&mut rng);
        assert!(commons::private::find(&words).is_empty(), "{words}");
    }
}

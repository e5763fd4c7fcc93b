//! What this house must never ask or keep of anybody, looked for in every column of both databases, every field of every form
//! and of every call, and in the words that stand beside them.

use super::samples::Stage;
use crate::holds::store;
use crate::openapi;
use crate::village::Village;
use crate::words::FILES;
use kit::i18n::Lang;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// What is never kept, by the words it would go by: English, pinyin, Chinese.
const NEVER: &[(&str, &str)] = &[
    (
        "ID number",
        "idcard id_card id_number identity identification passport ssn national_id citizen_id shenfenzheng shenfen sfz zhengjian zhengjianhao 身份证 证件号 护照 公民身份",
    ),
    (
        "face, fingerprint",
        "face facial faces fingerprint biometric biometrics iris retina palmprint voiceprint renlian zhiwen hongmo 人脸 面部 指纹 虹膜 声纹 掌纹",
    ),
    ("religion", "religion religious faith church belief zongjiao xinyang jiaopai 宗教 信仰 教派"),
    ("ethnicity", "ethnicity ethnic race nation nationality minzu zhongzu guoji 民族 种族 国籍"),
    (
        "marriage",
        "marriage marital married spouse divorce divorced wedding hunyin hunfou peiou 婚姻 婚否 已婚 离异 配偶",
    ),
    (
        "political status",
        "political politics party party_member communist league_member zhengzhi mianmao zhengzhimianmao dangyuan tuanyuan 政治面貌 党员 团员 党派",
    ),
    (
        "health",
        "health medical disease illness diagnosis disability disabled handicap blood hospital vaccination pregnancy jiankang jibing bingli canji xuexing yimiao 健康 疾病 病史 病历 残疾 血型 疫苗 怀孕",
    ),
    (
        "income",
        "income salary wage wages earnings wealth welfare pension subsistence shouru gongzi dibao pinkun tuixiujin 收入 工资 低保 贫困 退休金 存款",
    ),
    (
        "tracks",
        "track tracks trajectory position positions gps geolocation movement movements location_history guiji dingwei xingcheng 轨迹 定位 行程 行踪",
    ),
    (
        "tags of persons",
        "tag tags profile profiles persona risk watchlist blacklist whitelist focus suspect priority_person biaoqian huaxiang zhongdian zhongdianrenyuan heimingdan weiwen 标签 画像 重点人员 黑名单 维稳 风险等级",
    ),
    (
        "scores of persons",
        "score scores scoring rating ratings point points credit credits rank ranks ranking rankings grade star stars merit reputation karma level levels trust_level jifen pingfen xinyong dengji paiming xingji 积分 评分 得分 信用 等级 排名 星级 文明分",
    ),
    (
        "streaks",
        "streak streaks checkin check_in checkins punch punch_in online_time last_login login_count attendance daka qiandao lianxu zaixian 打卡 签到 连续天数 在线时长 登录次数",
    ),
    (
        "leaderboards",
        "leaderboard leaderboards champion champions top_people best_people paihang paihangbang bangdan 排行 榜单 光荣榜",
    ),
];

/// False friends: where it stands, and what it is there. Each must still be met, so that the list does not outlive them.
const FRIENDS: &[(&str, &str)] = &[
    ("column activity.position", "the place of an entry in the chain of the book"),
    ("column street.points", "the corners of a line on the map"),
    ("field owners", "the hint beside the owners of a home, which says not to write an ID number"),
    ("call points", "requests on the map of a compound, and the corners of its streets"),
    ("call point", "where a request is on the map of its compound, chosen by the one who says it"),
];

/// A name in its parts: `idCardNo2` is `id card no`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let breaks =
            !c.is_alphanumeric() || c.is_ascii_digit() || (c.is_ascii_uppercase() && before.is_ascii_lowercase());
        if breaks {
            parts.push(String::new());
        }
        if let Some(last) = parts.last_mut().filter(|_| c.is_alphabetic()) {
            last.extend(c.to_lowercase());
        }
        before = c;
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// What a name or a label asks for that nobody may ask for here.
fn never(name: &str) -> Option<&'static str> {
    let parts = parts(name);
    let asks = |word: &str| match word.is_ascii() {
        // A word of several parts also stands written as one.
        true => {
            let wanted: Vec<&str> = word.split('_').collect();
            let joined = wanted.concat();
            parts.windows(wanted.len()).any(|some| some.iter().zip(&wanted).all(|(one, other)| one == other))
                || parts.contains(&joined)
        }
        false => name.contains(word),
    };
    NEVER.iter().find(|(_, words)| words.split(' ').any(asks)).map(|(what, _)| *what)
}

/// Everything wrong with a list of `where it stands` and `name`; friends are left out and noted.
fn faults(all: &BTreeSet<(String, String)>, met: &mut BTreeSet<&'static str>) -> Vec<String> {
    let mut faults = Vec::new();
    for (place, name) in all {
        let Some(what) = never(name) else { continue };
        match FRIENDS.iter().find(|(friend, _)| friend == place) {
            Some((friend, why)) => {
                assert!(why.len() > 20, "{friend}: {why}");
                met.insert(friend);
            }
            None => faults.push(format!("{place} ({name}): {what}")),
        }
    }
    faults
}

async fn columns(db: &kit::db::Db) -> BTreeSet<(String, String)> {
    let all = store::columns(db).await;
    all.into_iter()
        .flat_map(|(table, column)| {
            let place = format!("column {table}.{column}");
            [(place.clone(), column), (format!("table {table}"), table)]
        })
        .collect()
}

fn sources(folder: &Path, each: &mut dyn FnMut(&str, &str)) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            sources(&path, each);
        } else if name.ends_with(".html") {
            each(&name, &std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// Every field of every form as the templates have it, with the label beside it in both languages.
fn fields() -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    let mut add = |name: &str, said: &str| {
        all.insert((format!("field {name}"), said.to_owned()));
    };
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut |_, text| {
        for (at, _) in text.match_indices(" name=\"") {
            let name = text[at + 7..].split('"').next().unwrap();
            add(name, name);
        }
        // Fields that the small parts make: name, kind, label, hint.
        for call in ["ui::field(v, wrong, ", "ui::area(v, wrong, "] {
            for (at, _) in text.match_indices(call) {
                let literals: Vec<&str> = text[at..].split('}').next().unwrap().split('"').skip(1).step_by(2).collect();
                for name in &literals {
                    add(literals[0], name);
                    if let Some((zh, en)) = labels(name) {
                        add(literals[0], &zh);
                        add(literals[0], &en);
                    }
                }
            }
        }
        for (at, _) in text.match_indices("<label") {
            let label = text[at..].split("</label>").next().unwrap();
            let name = label.split("for=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("label");
            for key in label.split("v.t(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                if let Some((zh, en)) = labels(key) {
                    add(name, &zh);
                    add(name, &en);
                }
            }
        }
    });
    // Questions that come with a new community.
    for field in commons::case::fields::starting_fields() {
        for said in [&field.code, &field.name, &field.name_en, &field.hint, &field.hint_en] {
            add(&field.code, said);
        }
    }
    all
}

/// The words of a key in both languages.
fn labels(key: &str) -> Option<(String, String)> {
    let of = |wanted: Lang| {
        let texts = FILES.iter().filter(|(lang, ..)| *lang == wanted).flat_map(|(.., text)| text.lines());
        let mut lines = texts.filter_map(|line| line.split_once(" = "));
        lines.find(|(name, _)| *name == key).map(|(_, words)| words.to_owned())
    };
    Some((of(Lang::Zh)?, of(Lang::En)?))
}

/// Every property and parameter of every call.
fn calls() -> BTreeSet<(String, String)> {
    fn walk(node: &Value, all: &mut BTreeSet<(String, String)>) {
        match node {
            Value::Object(map) => {
                let named = map.get("properties").and_then(Value::as_object);
                all.extend(
                    named.into_iter().flat_map(|map| map.keys()).map(|name| (format!("call {name}"), name.clone())),
                );
                if let (Some(name), Some(_)) = (map.get("name").and_then(Value::as_str), map.get("in")) {
                    all.insert((format!("call {name}"), name.to_owned()));
                }
                map.values().for_each(|value| walk(value, all));
            }
            Value::Array(list) => list.iter().for_each(|value| walk(value, all)),
            _ => {}
        }
    }
    let mut all = BTreeSet::new();
    walk(&openapi::document(), &mut all);
    all
}

kit::on_both! { &crate::migrations();
    async fn no_table_no_form_and_no_call_asks_what_is_nobodys_business(db) {
        let (columns, fields, calls) = (columns(&db).await, fields(), calls());
        assert!(columns.len() > 300 && fields.len() > 150 && calls.len() > 200, "{} {} {}", columns.len(), fields.len(), calls.len());
        let mut met = BTreeSet::new();
        let mut all = faults(&columns, &mut met);
        all.extend(faults(&fields, &mut met));
        all.extend(faults(&calls, &mut met));
        assert_eq!(all, Vec::<String>::new());
        let gone: Vec<_> = FRIENDS.iter().filter(|(friend, _)| !met.contains(friend)).collect();
        assert!(gone.is_empty(), "no longer there: {gone:?}");
    }

    async fn a_column_that_somebody_adds_is_noticed(db) {
        for (sql, column, what) in store::PLANTED {
            let before = faults(&columns(&db).await, &mut BTreeSet::new());
            store::plant(&db, sql).await;
            let after = faults(&columns(&db).await, &mut BTreeSet::new());
            let new: Vec<_> = after.iter().filter(|fault| !before.contains(fault)).collect();
            assert!(new.iter().any(|fault| fault.contains(column) && fault.ends_with(what)), "{sql}: {new:?}");
        }
    }

    async fn a_field_of_a_form_as_it_is_served_is_one_of_those_that_were_looked_at(db) {
        let stage = Stage::of(Village::on(db).await).await;
        let known = fields();
        let pages = ["/say/requests/new?at=shiliu/1", "/sign-in", "/me/notices", "/me/homes/ask"];
        let mut seen = 0;
        for page in pages {
            let body = stage.village.get("granny", page).await.body;
            for name in body.split("<form").skip(1).flat_map(|form| form.split(" name=\"").skip(1)) {
                let name = name.split('"').next().unwrap();
                assert_eq!(never(name), None, "{page}: {name}");
                seen += usize::from(known.iter().any(|(_, said)| said == name));
            }
        }
        assert!(seen > 10, "{seen}");
    }
}

#[test]
fn the_words_are_told_from_their_false_friends() {
    for (name, what) in [
        ("id_card_no", "ID number"),
        ("idCard", "ID number"),
        ("shenfenzheng", "ID number"),
        ("居民身份证号", "ID number"),
        ("face_vector", "face, fingerprint"),
        ("minzu", "ethnicity"),
        ("政治面貌", "political status"),
        ("marital_status", "marriage"),
        ("personTags", "tags of persons"),
        ("zhongdian_renyuan", "tags of persons"),
        ("total_score", "scores of persons"),
        ("checkIn2", "streaks"),
        ("打卡天数", "streaks"),
        ("gps", "tracks"),
        ("leaderboard", "leaderboards"),
        ("health_record", "health"),
        ("shouru", "income"),
    ] {
        assert_eq!(never(name), Some(what), "{name}");
    }
    for name in [
        "facility_kind",
        "surface",
        "starts",
        "stage",
        "embrace",
        "donation",
        "pointed",
        "tagline",
        "partly",
        "interface",
    ] {
        assert_eq!(never(name), None, "{name}");
    }
}

use super::*;

fn numbers(index: &Index, text: &str) -> Vec<usize> {
    index.nearest(&Bag::of(text), 3).into_iter().map(|(number, _)| number).collect()
}

#[test]
fn what_says_the_same_in_other_words_comes_first() {
    let mut index = Index::default();
    for text in ["三号楼电梯又停在五楼了", "西门口路灯不亮，晚上看不见", "楼下广场舞音响太吵", "电梯广告太多"]
    {
        index.add(&Bag::of(text));
    }
    assert_eq!(numbers(&index, "电梯停在五楼不动，三号楼的")[0], 0);
    assert_eq!(numbers(&index, "路灯坏了，西门口很黑")[0], 1);
    assert_eq!(numbers(&index, "完全不同"), Vec::<usize>::new());
}

#[test]
fn an_index_knows_nothing_of_what_comes_later_and_bears_odd_texts() {
    let mut index = Index::default();
    assert!(index.nearest(&Bag::of("电梯"), 5).is_empty());
    for text in ["", "。。。", "A", "ＡＢＣ 123", "字"] {
        index.add(&Bag::of(text));
        let _ = index.nearest(&Bag::of(text), 5);
        let _ = index.own_score(&Bag::of(text));
    }
    assert_eq!(numbers(&index, "abc"), [3], "full-width letters are letters");
}

#[test]
fn a_text_is_as_alike_as_can_be_to_itself() {
    let mut index = Index::default();
    let texts = ["三号楼电梯又停在五楼了", "楼道灯不亮", "楼道里堆了柜子"];
    texts.iter().for_each(|text| index.add(&Bag::of(text)));
    for (number, text) in texts.iter().enumerate() {
        let found = index.nearest(&Bag::of(text), 1)[0];
        assert_eq!(found.0, number);
        assert!(found.1 / index.own_score(&Bag::of(text)) > 0.99);
    }
}

/// A few hundred matters at places with names of their own, each told three times in other words among all the others.
#[test]
fn of_retold_matters_nineteen_in_twenty_find_an_earlier_telling_first() {
    const WORDS: &str =
        "石榴锦绣桂花望江春和梧桐听雨长宁搅拌夜施工楼顶漏水地库车位卖租摆摊占道办证幼儿园配套噪声油烟路灯电梯";
    let words: Vec<char> = WORDS.chars().collect();
    let name = |seed: u64, length: usize| -> String {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            words[(state >> 33) as usize % words.len()]
        };
        (0..length).map(|_| next()).collect()
    };
    let ways = [
        |p: &str, m: &str| format!("{p}小区{m}，已经半年了，大家睡不好"),
        |p: &str, m: &str| format!("反映{m}的事，我住在{p}，没人管"),
        |p: &str, m: &str| format!("又是{p}，{m}，请来看看"),
    ];
    let matters: Vec<(String, String)> = (0..400_u64).map(|n| (name(n % 40, 3), name(n + 1000, 8))).collect();
    let (mut index, mut keys) = (Index::default(), Vec::new());
    let (mut first, mut among_five) = (0, 0);
    for round in 0..ways.len() {
        for (number, (place, matter)) in matters.iter().enumerate() {
            let bag = Bag::of(&ways[(number + round) % ways.len()](place, matter));
            if round > 0 {
                let found: Vec<usize> = index.nearest(&bag, 5).into_iter().map(|(at, _)| keys[at]).collect();
                first += usize::from(found.first() == Some(&number));
                among_five += usize::from(found.contains(&number));
            }
            index.add(&bag);
            keys.push(number);
        }
    }
    assert!(first >= 760, "{first} of 800 first");
    assert!(among_five >= 792, "{among_five} of 800 among five");
}

#[test]
fn lines_come_back_with_the_ids_they_had() {
    let input = r#"{"id":7,"time":"2026-01-01","title":"电梯","text":"三号楼电梯停了"}
{"id":"b","title":"路灯","text":"西门路灯不亮"}

{"id":9,"text":"电梯停在三号楼"}"#;
    let mut output = Vec::new();
    lines::similar(input.as_bytes(), &mut output, 5).unwrap();
    let output = String::from_utf8(output).unwrap();
    let told: Vec<&str> = output.lines().collect();
    assert_eq!(told.len(), 3);
    assert_eq!(told[0], r#"{"id":7,"similar":[]}"#);
    assert!(told[2].starts_with(r#"{"id":9,"similar":[{"id":7,"#), "{}", told[2]);
    let wrong = lines::similar("{\"id\":1}\nnot json".as_bytes(), Vec::new(), 5).unwrap_err();
    assert!(wrong.to_string().contains("line 2"), "{wrong}");
}

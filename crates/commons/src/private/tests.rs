//! What is found, and what is left alone.

use super::generated::planted;
use super::ordinary::ORDINARY;
use super::*;

fn kinds(text: &str) -> Vec<(Kind, String)> {
    find(text).iter().map(|found| (found.kind, found.piece(text))).collect()
}

#[test]
fn of_a_thousand_planted_ones_at_least_990_are_found_whole() {
    let all = planted(1_002);
    let missed: Vec<&(String, String, Kind)> = all
        .iter()
        .filter(|(text, piece, _)| {
            let begin = text.find(piece.as_str()).map_or(0, |at| text[..at].chars().count());
            let word =
                piece.trim_start_matches(|c: char| !c.is_ascii() && !c.is_numeric() && !spelled(c).is_ascii_digit());
            let digits = |text: &str| text.chars().filter(|c| plain(spelled(*c)).is_ascii_alphanumeric()).count();
            let covered: usize = find(text)
                .iter()
                .filter(|found| found.start < begin + piece.chars().count() && found.end > begin)
                .map(|found| digits(&found.piece(text)))
                .sum();
            covered < digits(word).min(11)
        })
        .collect();
    let few: Vec<_> = missed.iter().take(20).collect();
    assert!(missed.len() <= 10, "{} of {} missed: {few:#?}", missed.len(), all.len());
}

#[test]
fn ordinary_sentences_full_of_figures_are_left_alone() {
    assert!(ORDINARY.len() >= 150, "{}", ORDINARY.len());
    let wrong: Vec<_> = ORDINARY.iter().filter(|text| !find(text).is_empty()).map(|text| (text, kinds(text))).collect();
    assert!(wrong.len() * 100 <= ORDINARY.len(), "{} of {}: {wrong:#?}", wrong.len(), ORDINARY.len());
}

#[test]
fn each_kind_is_told_and_its_place_counted_in_characters() {
    let text = "我住3号楼2单元301，电话13812345678，车牌苏A·12345";
    let found = find(text);
    assert_eq!(
        kinds(text),
        [
            (Kind::Room, "3号楼2单元301".to_owned()),
            (Kind::Phone, "13812345678".to_owned()),
            (Kind::Plate, "苏A·12345".to_owned())
        ]
    );
    assert_eq!((found[1].start, found[1].end), (14, 25));
    let hidden = masked(text, &found, |kind| format!("[{kind}]"));
    assert_eq!(hidden, "我住[room]，电话[phone]，车牌[plate]");
    assert!(find(&hidden).is_empty());
}

#[test]
fn an_id_number_with_a_wrong_check_digit_is_one_only_when_it_is_called_so() {
    assert!(!find("流水11010519491231002X").is_empty());
    assert!(find("流水110105194912310021").is_empty());
    assert_eq!(find("身份证110105194912310021").len(), 1);
}

#[test]
fn what_is_covered_is_found_no_more() {
    let text = "13812345678，苏A·12345，3-2-301，一三八零零一三八零零零\n李家";
    assert_eq!(covered(text), "138****，苏A****，****，****\n李家");
    assert!(find(&covered(text)).is_empty());
    assert_eq!(cover("李某某"), "****");
}

#[test]
fn names_in_chat_programs_are_found() {
    assert_eq!(kinds("加我微信wang_min88")[0].0, Kind::Chat);
    assert_eq!(kinds("QQ：1234567")[0].0, Kind::Chat);
    assert!(find("QQ群1234567").is_empty());
}

/// Measured on what people of a city wrote: `MULIN_MEASURE` names a file with one message a line.
#[test]
fn a_file_of_real_messages_can_be_measured() {
    let Some(path) = std::env::var_os("MULIN_MEASURE") else { return };
    let text = std::fs::read_to_string(path).expect("the file can be read.");
    let mut warned: Vec<&str> = text.lines().filter(|line| !find(line).is_empty()).collect();
    let all = text.lines().count();
    println!("{} of {all} messages: {:.3} %", warned.len(), warned.len() as f64 * 100.0 / all as f64);
    warned.truncate(60);
    for line in warned {
        println!("{:?} in {line}", kinds(line));
    }
}

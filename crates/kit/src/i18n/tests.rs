//! Words, numbers and choices in both languages.

use super::*;

#[test]
fn words_are_filled_in_and_differences_are_told() {
    let zh = "hello = 您好\nwait = 还有{ $n }天\nonly = 只有中文";
    let en = "hello = Hello\nwait = { $n ->\n    [one] One day\n   *[other] { $n } days\n } left";
    let words = Words::load(&[(Lang::Zh, "a.ftl", zh), (Lang::En, "a.ftl", en)]).ok().unwrap();
    assert_eq!(&*words.text(Lang::Zh, "hello"), "您好");
    assert_eq!(words.text_with(Lang::Zh, "wait", &[("n", 3.into())]), "还有3天");
    assert_eq!(words.text_with(Lang::En, "wait", &[("n", 1.into())]), "One day left");
    assert_eq!(&*words.text(Lang::En, "missing"), "missing");
    assert_eq!(words.differences(), ["only has no English"]);
}

#[test]
fn a_broken_file_and_a_key_that_stands_twice_are_told() {
    let problems = Words::load(&[(Lang::Zh, "a.ftl", "a = 1\na = 2\nb = {"), (Lang::En, "a.ftl", "")]);
    assert!(problems.err().unwrap().len() >= 2);
}

#[test]
fn the_first_language_we_speak_is_taken() {
    assert_eq!(Lang::accepted("fr-FR, en-GB;q=0.8, zh;q=0.5"), Some(Lang::En));
    assert_eq!(Lang::accepted("de"), None);
    assert_eq!(Lang::parse("zh_Hans"), Some(Lang::Zh));
}

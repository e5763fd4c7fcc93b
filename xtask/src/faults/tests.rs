//! What is chosen on the command line, and how the machine's lines are read.

use super::*;

fn chosen(words: &[&str]) -> Result<Choice> {
    Choice::read(&words.iter().map(ToString::to_string).collect::<Vec<_>>())
}

#[test]
fn rounds_are_chosen_and_strange_words_refused() {
    assert_eq!(chosen(&[]).unwrap().rounds, 20);
    let choice = chosen(&["--rounds", "3", "--keep", "--binary", "/bin/true"]).unwrap();
    assert_eq!((choice.rounds, choice.keep, choice.baseline), (3, true, false));
    assert!(chosen(&["--rounds", "0"]).is_err() && chosen(&["--rounds"]).is_err() && chosen(&["--fast"]).is_err());
}

#[test]
fn a_line_that_the_power_cut_short_acknowledges_nothing() {
    let said = Said::read(["S 7", "A 7 shiliu-3", "S 8", "A 8", "Kernel panic", "A 9 shiliu-4"].into_iter());
    assert_eq!(said.sent.into_iter().collect::<Vec<_>>(), [7, 8, 9]);
    assert_eq!(said.acknowledged.into_iter().collect::<Vec<_>>(), [(7, "shiliu-3".into()), (9, "shiliu-4".into())]);
}

//! What is chosen on the command line.

use super::*;

fn chosen(words: &[&str]) -> Result<Vec<&'static str>> {
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    let choice = Choice::read(&words)?;
    Ok(STEPS.iter().filter(|step| choice.holds(step)).map(|step| step.name).collect())
}

#[test]
fn steps_are_chosen_by_name_and_a_strange_name_is_refused() {
    assert_eq!(chosen(&[]).unwrap().len(), STEPS.len());
    assert_eq!(chosen(&["--only", "tests,format"]).unwrap(), ["format", "tests"]);
    assert_eq!(chosen(&["--only", "tests,format", "--skip", "tests"]).unwrap(), ["format"]);
    assert!(chosen(&["--only", "test"]).is_err());
    assert!(chosen(&["--only"]).is_err());
    assert!(chosen(&["--fast"]).is_err());
}

//! What a line says, and which ends a talk has.

use super::{TalkState, Who};

#[test]
fn who_it_was_says_only_what_was_said() {
    let nobody = Who::default();
    assert!(nobody.is_empty());
    assert_eq!(nobody.line(), "");
    let some = Who { name: "王阿姨".into(), door: String::new(), phone: "0512-5550 0000".into() };
    assert_eq!(some.line(), "王阿姨 · 0512-5550 0000");
}

#[test]
fn a_talk_is_over_in_four_ways() {
    let over: Vec<_> = TalkState::ALL.iter().filter(|state| state.is_over()).map(|state| state.name()).collect();
    assert_eq!(over, ["settled", "unsettled", "passed_on", "stopped"]);
}

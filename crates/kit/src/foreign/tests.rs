//! A few thousand bent inputs for every parser, the same ones each time.

use super::*;

#[test]
fn whatever_strangers_send_nothing_stumbles() {
    feed(TARGETS, 20_261_124);
}

#[test]
fn who_stumbles_is_named_with_what_it_stumbled_over() {
    fn falls(data: &[u8]) {
        assert!(!data.contains(&0));
    }
    let target = Target { name: "falls", feed: falls, seeds: || vec![b"a".to_vec()], rounds: 1_000 };
    let fell = catch_unwind(|| feed(&[target], 1)).unwrap_err();
    assert!(fell.downcast_ref::<String>().unwrap().starts_with("falls stumbles over "));
}

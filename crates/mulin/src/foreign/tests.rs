//! A few thousand bent inputs for every parser, the same ones each time.

#[test]
fn whatever_strangers_send_nothing_stumbles() {
    kit::foreign::feed(super::TARGETS, 20_261_124);
}

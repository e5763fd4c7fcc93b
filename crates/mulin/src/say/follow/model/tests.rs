//! Addresses that are none.

use super::*;

#[test]
fn addresses_that_could_smuggle_a_line_or_a_second_reader_are_refused() {
    assert_eq!(mail(" Granny+a@Example.ORG ").unwrap(), "granny+a@example.org");
    for bad in ["", "a", "a@b", "@b.c", "a@b..c", "a@b@c.d", "a b@c.d", "a@c.d\nBcc: x@y.z", "a@c.d,x@y.z", "<a@c.d>"] {
        assert!(mail(bad).is_err(), "{bad:?}");
    }
}

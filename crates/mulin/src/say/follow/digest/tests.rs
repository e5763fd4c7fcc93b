//! When the daily letter goes.

use super::*;

#[test]
fn the_cut_is_the_last_time_it_was_six() {
    let zone = Zone::china();
    let at = |text: &str| zone.parse(text).unwrap();
    for (now, then) in [
        ("2026-11-24T17:59", "2026-11-23T18:00"),
        ("2026-11-24T18:00", "2026-11-24T18:00"),
        ("2026-11-25T00:10", "2026-11-24T18:00"),
    ] {
        assert_eq!(cut(&zone, at(now)).unwrap(), at(then));
    }
}

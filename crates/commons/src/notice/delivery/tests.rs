//! When something is handed over, and when again.

use super::*;
use crate::calendar::Zone;

#[test]
fn what_can_wait_waits_for_the_morning() {
    let zone = Zone::china();
    let at = |text: &str| zone.parse(text).unwrap();
    let night = Quiet::default();
    for (now, then) in [
        ("2026-11-24T20:59", "2026-11-24T20:59"),
        ("2026-11-24T21:00", "2026-11-25T08:00"),
        ("2026-11-24T23:30:15", "2026-11-25T08:00"),
        ("2026-11-25T07:59:59", "2026-11-25T08:00"),
        ("2026-11-25T08:00", "2026-11-25T08:00"),
    ] {
        assert_eq!(night.after(&zone, at(now)), at(then), "{now}");
    }
    let noon = Quiet::parse("12:00", "14:00").unwrap();
    assert_eq!(noon.after(&zone, at("2026-11-24T12:30")), at("2026-11-24T14:00"));
    assert_eq!(noon.after(&zone, at("2026-11-24T21:30")), at("2026-11-24T21:30"));
    let none = Quiet::parse("00:00", "00:00").unwrap();
    assert_eq!(none.after(&zone, at("2026-11-24T00:00")), at("2026-11-24T00:00"));
    for (from, to) in [("24:00", "08:00"), ("9", "10"), ("", ""), ("08:60", "09:00")] {
        assert_eq!(Quiet::parse(from, to), None);
    }
    assert_eq!(night.shown(), ("21:00".to_owned(), "08:00".to_owned()));
}

//! The days of a week.

use super::*;

#[test]
fn weeks_are_named_and_found_again() {
    let zone = Zone::china();
    // Tuesday, 24 November 2026, ten in the morning.
    let week = Week::of(&zone, Moment(1_795_485_600_000));
    assert_eq!(week.name(), "2026-W48");
    assert_eq!(Week::parse("2026-W48"), Some(week));
    assert_eq!(week.step(-1).map(Week::name).as_deref(), Some("2026-W47"));
    let (from, to) = week.span(&zone).unwrap();
    assert_eq!((zone.rfc3339(from), to - from), ("2026-11-23T00:00:00+08:00".to_owned(), Moment::days(7)));
    assert_eq!(Week::parse("2027-W01").map(|week| week.step(-1).unwrap().name()).as_deref(), Some("2026-W53"));
    for bad in ["2026-W54", "2025-W53", "2026-47", "26-W47", "2026-W7", "x", "", "-W01", "9999-W99"] {
        assert_eq!(Week::parse(bad), None, "{bad}");
    }
}

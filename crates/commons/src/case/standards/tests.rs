//! Which limit holds: the nearest that somebody has set.

use super::*;

fn set(own: bool, category: Option<&str>, amount: i64) -> (bool, Standard) {
    let category = category.map(str::to_owned);
    let (door, clock, unit) = (Door::Compound, ClockKind::Settle, Unit::WorkingDays);
    (own, Standard { category, door, clock, amount, unit })
}

#[test]
fn a_limit_comes_from_the_nearest_that_has_one() {
    let mut standards = Standards::default();
    let holds = |standards: &Standards| {
        let found = standards.effective("leak", Door::Compound, ClockKind::Settle).unwrap();
        (found.amount, found.origin)
    };
    assert_eq!(holds(&standards), (24, Origin::Rulebook), "the rulebook knows that a leak cannot wait");
    standards.set.push(set(false, None, 5));
    assert_eq!(holds(&standards), (5, Origin::Community));
    standards.set.push(set(false, Some("leak"), 4));
    assert_eq!(holds(&standards), (4, Origin::CommunityCategory));
    standards.set.push(set(true, None, 3));
    assert_eq!(holds(&standards), (3, Origin::Compound));
    standards.set.push(set(true, Some("leak"), 2));
    assert_eq!(holds(&standards), (2, Origin::CompoundCategory));
    let lamp = standards.effective("lighting", Door::Compound, ClockKind::Settle).unwrap();
    assert_eq!(lamp.origin, Origin::Compound, "another category's own limit does not hold for a lamp");
}

#[test]
fn the_rulebook_has_a_limit_for_every_clock_at_every_door() {
    let standards = Standards::default();
    for door in Door::ALL {
        for clock in ClockKind::ALL {
            let found = standards.effective("other", *door, *clock).unwrap();
            assert!(found.limit().is_ok() && found.source.is_some(), "{door} {clock}");
        }
        assert!(OfficeHours::parse(&standards.hours(*door).unwrap().0).is_ok());
    }
}

#[test]
fn what_is_typed_is_read_kindly_and_within_bounds() {
    assert_eq!(hours_of("9：00－12：00， 13:30～17:30").unwrap(), "9:00-12:00,13:30-17:30");
    assert!(hours_of("17:00-9:00").is_err());
    assert_eq!(limit_of(" 3 ", "working_days").unwrap(), (3, Unit::WorkingDays));
    for (amount, unit) in [("0", "days"), ("-1", "days"), ("91", "days"), ("x", "days"), ("1", "moons"), ("", "hours")]
    {
        assert!(limit_of(amount, unit).is_err(), "{amount} {unit}");
    }
}

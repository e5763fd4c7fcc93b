//! Which office is held where, and for how long.

use super::*;

#[test]
fn every_office_fits_its_places_and_no_other() {
    use PlaceKind::*;
    let table: &[(Office, &[PlaceKind])] = &[
        (Office::Owner, &[Home]),
        (Office::Tenant, &[Home]),
        (Office::Family, &[Home]),
        (Office::Captain, &[Building]),
        (Office::Volunteer, &[Compound, Community]),
        (Office::GridWorker, &[Grid]),
        (Office::Committee, &[Compound]),
        (Office::Property, &[Compound]),
        (Office::Guard, &[Compound]),
        (Office::Hub, &[Compound, Community]),
        (Office::Community, &[Community]),
        (Office::Subdistrict, &[Subdistrict]),
        (Office::Partner, &[Compound, Community]),
        (Office::Mediator, &[Compound, Community]),
        (Office::Operator, &[Community, Subdistrict]),
    ];
    assert_eq!(table.len(), Office::ALL.len());
    for (office, fitting) in table {
        for kind in PlaceKind::ALL {
            assert_eq!(office.fits(*kind), fitting.contains(kind), "{office} at a {kind}");
        }
    }
}

#[test]
fn an_election_is_for_three_years_and_the_rest_until_it_is_ended() {
    // Tuesday, 24 November 2026, ten in the morning in China.
    let now = Moment(1_795_485_600_000);
    let last = |starts: Moment| Zone::china().civil(Source::Election.ends(starts).unwrap().unwrap());
    assert_eq!(last(now).date(), jiff::civil::date(2029, 11, 23), "with a leap year in it");
    assert_eq!((last(now).hour(), last(now).minute()), (23, 59));
    let leap = Zone::china().moment(jiff::civil::date(2028, 2, 29).at(9, 0, 0, 0)).unwrap();
    assert_eq!(last(leap).date(), jiff::civil::date(2031, 2, 28));
    let plain = Zone::china().moment(jiff::civil::date(2029, 3, 1).at(0, 0, 0, 0)).unwrap();
    assert_eq!(last(plain).date(), jiff::civil::date(2032, 2, 29));
    for source in Source::ALL.iter().filter(|source| **source != Source::Election) {
        assert_eq!(source.ends(now).unwrap(), None, "{source}");
    }
}

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
    let now = Moment(0);
    assert_eq!(Source::Election.ends(now).unwrap(), Some(now + Moment::days(3 * 365)));
    for source in Source::ALL.iter().filter(|source| **source != Source::Election) {
        assert_eq!(source.ends(now).unwrap(), None, "{source}");
    }
}

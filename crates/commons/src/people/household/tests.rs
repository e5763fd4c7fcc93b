//! Shares are reckoned exactly, and the table of who may verify.

use super::*;
use crate::people::{Mandate, Person, Source};
use crate::place::{NewPlace, PlaceKind};
use kit::Uuid;

fn shares(all: &[&str]) -> Vec<Share> {
    all.iter().map(|text| Share::parse(text).unwrap()).collect()
}

#[test]
fn shares_of_three_heirs_are_one_home_and_not_a_hair_more() {
    assert!(!Share::exceed(&shares(&["1/3", "1/3", "1/3"])));
    assert!(Share::exceed(&shares(&["1/3", "1/3", "1/3", "1/10000"])));
    assert!(!Share::exceed(&shares(&["50%", "1/4", "25%"])));
    assert!(Share::exceed(&shares(&["", "1%"])));
    let odd: Vec<Share> = (9_000..9_040).map(|whole| Share { part: 1, whole }).collect();
    assert!(Share::exceed(&odd), "what cannot be reckoned exactly is not taken");
}

#[test]
fn a_share_is_more_than_nothing_and_at_most_everything() {
    for text in ["0", "0/3", "4/3", "-1/3", "1/0", "101%", "x", "1/10001", "1/3/5", "9223372036854775808"] {
        assert!(Share::parse(text).is_err(), "{text}");
    }
    assert_eq!(Share::parse(" 2 / 5 ").unwrap(), Share { part: 2, whole: 5 });
}

#[test]
fn who_verifies_a_household() {
    let tenant = TenantId(Uuid::from_u128(1));
    let id = |n: u128| PlaceId(Uuid::from_u128(n));
    let compound = NewPlace::new(PlaceKind::Compound, "shiliu", "石榴园", "").below(id(2), tenant, None);
    let building = NewPlace::new(PlaceKind::Building, "1", "1号楼", "").below(id(3), tenant, Some(&compound));
    let mut home = NewPlace::new(PlaceKind::Home, "301", "301", "").below(id(4), tenant, Some(&building));
    home.grid = Some(id(5));
    let me = PersonId(Uuid::from_u128(9));
    let with = |office: Office, place: PlaceId, kind: PlaceKind| Actor {
        persons: vec![Person { tenant, id: me, name: String::new(), name_en: String::new() }],
        mandates: vec![Mandate {
            id: MandateId(Uuid::nil()),
            tenant,
            person: me,
            office,
            place,
            place_kind: kind,
            place_label: String::new(),
            place_label_en: String::new(),
            compound: None,
            building: None,
            organisation: None,
            source: Source::Appointment,
            starts: Moment(0),
            ends: None,
            acts_for: None,
        }],
        ..Actor::default()
    };
    let may: &[(Office, PlaceId, PlaceKind, bool)] = &[
        (Office::Captain, id(3), PlaceKind::Building, true),
        (Office::Captain, id(30), PlaceKind::Building, false),
        (Office::GridWorker, id(5), PlaceKind::Grid, true),
        (Office::GridWorker, id(50), PlaceKind::Grid, false),
        (Office::Community, id(1), PlaceKind::Community, true),
        (Office::Operator, id(1), PlaceKind::Community, true),
        (Office::Property, id(2), PlaceKind::Compound, false),
        (Office::Committee, id(2), PlaceKind::Compound, false),
        (Office::Guard, id(2), PlaceKind::Compound, false),
        (Office::Hub, id(2), PlaceKind::Compound, false),
        (Office::Volunteer, id(2), PlaceKind::Compound, false),
        (Office::Owner, id(4), PlaceKind::Home, false),
        (Office::Subdistrict, id(1), PlaceKind::Subdistrict, false),
    ];
    for (office, place, kind, allowed) in may {
        let actor = with(*office, *place, *kind);
        assert_eq!(keep(&actor, &home).is_ok(), *allowed, "{office}");
        assert_eq!(verify(&actor, &home, Some(PersonId(Uuid::nil()))).is_ok(), *allowed, "{office}");
        assert!(verify(&actor, &home, Some(me)).is_err(), "{office} about themselves");
        assert!(end(&actor, &home, me).is_ok_and(|office| office.is_none()), "{office} moves out");
    }
    let mut neighbour = with(Office::Captain, id(3), PlaceKind::Building);
    neighbour.mandates.push(with(Office::Owner, id(4), PlaceKind::Home).mandates.remove(0));
    assert!(verify(&neighbour, &home, None).is_err(), "the captain's own household");
}

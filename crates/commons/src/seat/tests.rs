//! What a board must show, and what a number is.

use super::*;
use crate::place::{NewPlace, PlaceKind, TenantId};
use kit::Uuid;

fn building(grid: bool) -> Place {
    let new = NewPlace::new(PlaceKind::Building, "1", "1号楼", "Building 1");
    let mut place = new.below(PlaceId(Uuid::from_u128(1)), TenantId(Uuid::from_u128(9)), None);
    place.grid = grid.then_some(PlaceId(Uuid::from_u128(2)));
    place
}

fn seat(office: Office, phone: bool, duties: &str) -> Seat {
    Seat {
        office,
        place: PlaceId(Uuid::from_u128(1)),
        person: PersonId(Uuid::from_u128(3)),
        name: "沈一鸣".into(),
        name_en: "Shen Yiming".into(),
        starts: Moment(0),
        ends: None,
        phone: phone.then(|| "0512-6000".into()),
        duties: duties.into(),
        stands_in: None,
    }
}

#[test]
fn an_empty_board_says_everything_that_is_missing() {
    let none = missing(&building(true), &[], &BoardWords::default());
    let empty = |office| Missing::Empty(office);
    let all = [
        Missing::Area,
        empty(Office::GridWorker),
        empty(Office::Captain),
        empty(Office::Community),
        Missing::Supervision,
    ];
    assert_eq!(none, all);
    assert_eq!(missing(&building(false), &[], &BoardWords::default())[0], Missing::Grid);
}

#[test]
fn a_board_is_complete_without_the_number_of_a_captain_but_not_of_a_grid_worker() {
    let words = BoardWords { area: "一到五号楼".into(), supervision: "0512-6111".into() };
    let mut seats = vec![
        seat(Office::GridWorker, true, "入户走访"),
        seat(Office::Captain, false, "议事"),
        seat(Office::Community, true, "统筹"),
    ];
    assert_eq!(missing(&building(true), &seats, &words), []);
    seats[0].phone = None;
    seats[1].duties.clear();
    let lacks = [Missing::Phone(Office::GridWorker), Missing::Duties(Office::Captain)];
    assert_eq!(missing(&building(true), &seats, &words), lacks);
}

#[test]
fn a_number_rings_somewhere() {
    for good in [
        "0512-6000 1234",
        "+86 138 0000 0000",
        "12345",
        "(0512)60001234",
        "13912345678",
        "8613912345678",
        "400-800-1234",
        "963110",
    ] {
        assert!(is_phone(good), "{good}");
    }
    for bad in [
        "",
        "1234",
        "139000",
        "1380000000",
        "11012345678",
        "0512",
        "call me",
        "138000000001234567",
        "110;rm",
        "一三八〇〇〇〇〇〇〇〇",
    ] {
        assert!(!is_phone(bad), "{bad}");
    }
}

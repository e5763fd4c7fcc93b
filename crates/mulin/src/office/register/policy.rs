//! Who reads the register, and who writes it.

use commons::people::{Actor, Office};
use commons::place::Place;
use kit::{Error, Result};

/// The owners' committee of the compound, and its community for oversight.
pub fn read(actor: &Actor, compound: &Place) -> Result<Office> {
    let offices = [Office::Committee, Office::Community, Office::Operator];
    offices.into_iter().find(|office| actor.covers(*office, compound)).ok_or(Error::denied("register/not-committee"))
}

/// Only the owners' committee of the compound.
pub fn write(actor: &Actor, compound: &Place) -> Result<Office> {
    match actor.covers(Office::Committee, compound) {
        true => Ok(Office::Committee),
        false => Err(Error::denied("register/not-committee")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use commons::people::{Mandate, MandateId, PersonId, Source};
    use commons::place::{NewPlace, PlaceId, PlaceKind, TenantId};
    use kit::Uuid;
    use kit::time::Moment;

    #[test]
    fn who_reads_and_who_writes() {
        let tenant = TenantId(Uuid::from_u128(1));
        let id = |n: u128| PlaceId(Uuid::from_u128(n));
        let here = NewPlace::new(PlaceKind::Compound, "jinxiu", "锦绣里", "").below(id(2), tenant, None);
        let with = |office: Office, place: PlaceId, kind: PlaceKind| Actor {
            mandates: vec![Mandate {
                id: MandateId(Uuid::nil()),
                tenant,
                person: PersonId(Uuid::nil()),
                office,
                place,
                place_kind: kind,
                place_label: String::new(),
                place_label_en: String::new(),
                compound: None,
                building: None,
                organisation: None,
                source: Source::Election,
                starts: Moment(0),
                ends: None,
                acts_for: None,
            }],
            ..Actor::default()
        };
        for office in Office::ALL {
            let kind = office.places()[0];
            let at = if kind == PlaceKind::Compound { here.id } else { id(9) };
            let actor = with(*office, at, kind);
            let reads = matches!(office, Office::Committee | Office::Community | Office::Operator);
            assert_eq!(read(&actor, &here).is_ok(), reads, "{office}");
            assert_eq!(write(&actor, &here).is_ok(), *office == Office::Committee, "{office}");
        }
        let elsewhere = with(Office::Committee, id(3), PlaceKind::Compound);
        assert!(read(&elsewhere, &here).is_err() && write(&elsewhere, &here).is_err(), "another compound's committee");
    }
}

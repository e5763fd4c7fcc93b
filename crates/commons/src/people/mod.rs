//! People and what they are trusted with: a mandate is a person in an office at a place, for a term, from a source.
//!
//! Being owner, tenant or family of a home is a mandate too, so permission has one source.

pub mod back;
pub mod household;
pub mod login;
pub mod phone;
pub mod provider;
pub mod standing;
pub mod store;
#[cfg(test)]
mod tests;

pub use store::invite;

use crate::calendar::Zone;
use crate::place::{Place, PlaceId, PlaceKind, Tenant, TenantId};
use crate::rulebook;
use kit::time::Moment;
use kit::{Result, id, names};

id!(AccountId, PersonId, MandateId, OrganisationId);

names! {
    /// What a mandate makes of a person. The names are keys of the locale files (`office-captain`).
    Office {
        Owner = "owner",
        Tenant = "tenant",
        Family = "family",
        Captain = "captain",
        Volunteer = "volunteer",
        GridWorker = "grid_worker",
        Committee = "committee",
        Property = "property",
        Guard = "guard",
        Hub = "hub",
        Community = "community",
        Subdistrict = "subdistrict",
        Partner = "partner",
        Mediator = "mediator",
        Operator = "operator",
    }
    /// Where a mandate comes from.
    Source {
        Verified = "verified",
        Election = "election",
        Appointment = "appointment",
        Contract = "contract",
        /// The first person of a house, set up with the code on the console.
        FirstRun = "first_run",
    }
}

impl Office {
    /// The offices that come with living somewhere.
    pub const RESIDENT: &'static [Office] = &[Office::Owner, Office::Tenant, Office::Family];
    /// The offices that may hold a case.
    pub const HOLDING: &'static [Office] =
        &[Office::Captain, Office::GridWorker, Office::Committee, Office::Property, Office::Hub, Office::Community];
    /// The offices that file for someone at the desk, on the phone or on the stairs.
    pub const FILING: &'static [Office] = &[
        Office::Captain,
        Office::GridWorker,
        Office::Property,
        Office::Guard,
        Office::Hub,
        Office::Committee,
        Office::Community,
    ];

    /// Whether it works for others: such an office neither judges for them nor sees less than its desk.
    pub fn is_staff(self) -> bool {
        Office::FILING.contains(&self) || matches!(self, Office::Subdistrict | Office::Operator)
    }

    /// The offices that keep a community's register: they give mandates and end them.
    pub const KEEPING: &'static [Office] = &[Office::Community, Office::Operator];

    pub fn is_resident(self) -> bool {
        Office::RESIDENT.contains(&self)
    }

    /// The kinds of place at which it can be held.
    pub fn places(self) -> &'static [PlaceKind] {
        match self {
            Office::Owner | Office::Tenant | Office::Family => &[PlaceKind::Home],
            Office::Captain => &[PlaceKind::Building],
            Office::GridWorker => &[PlaceKind::Grid],
            Office::Committee | Office::Property | Office::Guard => &[PlaceKind::Compound],
            Office::Hub | Office::Volunteer | Office::Partner | Office::Mediator => {
                &[PlaceKind::Compound, PlaceKind::Community]
            }
            Office::Community => &[PlaceKind::Community],
            Office::Subdistrict => &[PlaceKind::Subdistrict],
            Office::Operator => &[PlaceKind::Community, PlaceKind::Subdistrict],
        }
    }

    pub fn fits(self, place: PlaceKind) -> bool {
        self.places().contains(&place)
    }
}

impl Source {
    /// How many years a mandate from here runs when nobody says otherwise; `None`: until it is ended.
    ///
    /// # Errors
    /// [`kit::Error::Internal`] when the rulebook does not say.
    pub fn years(self) -> Result<Option<i64>> {
        match self {
            Source::Election => Ok(Some(rulebook::rule("mandate/elected-years")?.amount)),
            _ => Ok(None),
        }
    }

    /// When a mandate ends that begins at `starts` and for which nothing else was said.
    ///
    /// # Errors
    /// [`kit::Error::Internal`] when the rulebook does not say.
    pub fn ends(self, starts: Moment) -> Result<Option<Moment>> {
        self.years()?.map(|years| years_on(starts, years)).transpose()
    }
}

/// When a term of so many years is over that begins at `starts`: with the day before the same date that many years on.
///
/// # Errors
/// [`kit::Error::Invalid`] at the very end of the calendar.
pub fn years_on(starts: Moment, years: i64) -> Result<Moment> {
    let zone = Zone::china();
    let begins = zone.date(starts);
    let on = begins.saturating_add(jiff::Span::new().years(years));
    // From 29 February until 28 February.
    let on = if on.day() < begins.day() { on.tomorrow().unwrap_or(on) } else { on };
    Ok(zone.moment(on.to_datetime(jiff::civil::Time::midnight()))? - 1)
}

/// Person + office + place + term + source.
#[derive(Clone, Debug)]
pub struct Mandate {
    pub id: MandateId,
    pub tenant: TenantId,
    pub person: PersonId,
    pub office: Office,
    pub place: PlaceId,
    pub place_kind: PlaceKind,
    pub place_label: String,
    pub place_label_en: String,
    pub compound: Option<PlaceId>,
    pub building: Option<PlaceId>,
    pub organisation: Option<OrganisationId>,
    pub source: Source,
    pub starts: Moment,
    pub ends: Option<Moment>,
    /// The holder, while a deputy carries it.
    pub acts_for: Option<PersonId>,
}

/// A person as one tenant knows them.
#[derive(Clone, Debug)]
pub struct Person {
    pub tenant: TenantId,
    pub id: PersonId,
    pub name: String,
    pub name_en: String,
}

/// Who is at the door: the persons behind an account and the mandates that run now. Nobody in particular has none.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    pub account: Option<AccountId>,
    pub persons: Vec<Person>,
    pub mandates: Vec<Mandate>,
    /// Notices that none of these persons has seen yet.
    pub unseen: i64,
    /// Who is really here, when it is somebody who stands in for this person.
    pub substitute: Option<standing::Substitute>,
}

impl Actor {
    pub fn person_in(&self, tenant: TenantId) -> Option<PersonId> {
        self.persons.iter().find(|person| person.tenant == tenant).map(|person| person.id)
    }

    pub fn is(&self, tenant: TenantId, person: Option<PersonId>) -> bool {
        person.is_some() && self.person_in(tenant) == person
    }

    /// Whether this very office at this very place is held.
    pub fn holds(&self, office: Office, place: PlaceId) -> bool {
        self.mandates.iter().any(|mandate| mandate.office == office && mandate.place == place)
    }

    /// Whether an office is held whose place holds `place`.
    pub fn covers(&self, office: Office, place: &Place) -> bool {
        self.mandates.iter().any(|mandate| mandate.office == office && mandate.reaches(place))
    }

    /// Whether the subdistrict office above this tenant is held.
    pub fn above(&self, parent: Option<TenantId>) -> bool {
        let Some(parent) = parent else { return false };
        self.mandates.iter().any(|mandate| mandate.office == Office::Subdistrict && mandate.tenant == parent)
    }

    pub fn has_any(&self, offices: &[Office]) -> bool {
        self.mandates.iter().any(|mandate| offices.contains(&mandate.office))
    }

    pub fn in_tenant(&self, tenant: TenantId) -> impl Iterator<Item = &Mandate> {
        self.mandates.iter().filter(move |mandate| mandate.tenant == tenant)
    }

    /// The homes where this person lives.
    pub fn homes(&self) -> impl Iterator<Item = &Mandate> {
        self.mandates.iter().filter(|mandate| mandate.office.is_resident())
    }

    /// The office under which a filing for somebody else at `place` is typed.
    pub fn files_at(&self, place: &Place) -> Option<Office> {
        let reaching = |mandate: &&Mandate| Office::FILING.contains(&mandate.office) && mandate.in_compound_of(place);
        self.mandates.iter().find(reaching).map(|mandate| mandate.office)
    }
}

impl Mandate {
    /// Whether the mandate's place holds `place`.
    pub fn reaches(&self, place: &Place) -> bool {
        if self.tenant != place.tenant {
            return false;
        }
        let here = Some(self.place);
        self.place == place.id
            || match self.place_kind {
                PlaceKind::Community | PlaceKind::Subdistrict => true,
                PlaceKind::Compound => place.compound == here,
                PlaceKind::Building => place.building == here,
                PlaceKind::Entrance => place.entrance == here,
                PlaceKind::Grid => place.grid == here,
                PlaceKind::Home | PlaceKind::Facility => false,
            }
    }

    /// Whether `place` lies in the compound of this mandate (or anywhere, for the community's own).
    pub fn in_compound_of(&self, place: &Place) -> bool {
        self.tenant == place.tenant && (self.compound.is_none() || self.compound == place.compound)
    }
}

/// Whether a tenant is the one a mandate of `actor` belongs to.
pub fn belongs(actor: &Actor, tenant: &Tenant) -> bool {
    actor.in_tenant(tenant.id).next().is_some() || actor.above(tenant.parent)
}

//! The way back in for somebody who has lost their password: two who know them say so, one after the other, each in person.
//!
//! No secret question, no letter that resets: whoever holds a telephone or a mailbox would hold the account.

pub mod store;

use super::{AccountId, Actor, Mandate, MandateId, Office, PersonId};
use crate::place::{Place, TenantId};
use kit::time::Moment;
use kit::{Error, Result, id};

id!(WayBackId);

/// The second word has to come within a day, and the code is good for one.
pub const HOURS: i64 = 24;

/// The offices whose word counts, where they reach.
const VOUCHING: &[Office] = &[Office::Captain, Office::GridWorker, Office::Hub, Office::Community, Office::Operator];

/// Somebody's word, and what it may still need.
#[derive(Clone, Debug)]
pub struct WayBack {
    pub tenant: TenantId,
    pub id: WayBackId,
    pub person: PersonId,
    pub account: AccountId,
    pub name: String,
    pub name_en: String,
    pub login: String,
    pub first: Word,
    pub second: Option<Word>,
    pub ends: Moment,
    pub used: Option<Moment>,
    pub stopped: Option<Moment>,
}

/// Who said so, in which office, when.
#[derive(Clone, Debug)]
pub struct Word {
    pub by: PersonId,
    pub mandate: MandateId,
    pub office: Office,
    pub name: String,
    pub name_en: String,
    pub at: Moment,
}

impl WayBack {
    pub fn is_open(&self, now: Moment) -> bool {
        self.ends > now && self.used.is_none() && self.stopped.is_none()
    }
}

/// The mandate under which somebody vouches for a person: it reaches every place where that person holds anything, so nobody
/// lets in somebody who could do more than they can.
///
/// # Errors
/// [`Error::Denied`] with the reason.
pub fn vouch<'a>(
    actor: &'a Actor,
    (tenant, person): (TenantId, PersonId),
    held: &Actor,
    places: &[Place],
) -> Result<&'a Mandate> {
    if actor.is(tenant, Some(person)) {
        return Err(Error::denied("back/own"));
    }
    let here = held.mandates.iter().all(|mandate| mandate.tenant == tenant);
    let above = held.mandates.iter().any(|mandate| matches!(mandate.office, Office::Operator | Office::Subdistrict));
    if !here || above || held.persons.iter().any(|one| one.tenant != tenant) {
        return Err(Error::denied("back/not-reached"));
    }
    let reaches = |mandate: &&Mandate| {
        let keeps = Office::KEEPING.contains(&mandate.office);
        let equal = held.mandates.iter().all(|one| keeps || !Office::KEEPING.contains(&one.office));
        VOUCHING.contains(&mandate.office) && equal && places.iter().all(|place| mandate.reaches(place))
    };
    // Somebody who holds nothing any more is known to the keepers of the register alone.
    let reaches_nothing = |mandate: &&Mandate| !places.is_empty() || Office::KEEPING.contains(&mandate.office);
    let found = actor.in_tenant(tenant).filter(reaches_nothing).find(reaches);
    found.ok_or(Error::denied("back/not-reached"))
}

/// The second word is another person's, under another mandate.
///
/// # Errors
/// [`Error::Denied`] when it is the same one's.
pub fn second(way: &WayBack, by: PersonId, mandate: MandateId) -> Result<()> {
    if way.first.by == by || way.first.mandate == mandate {
        return Err(Error::denied("back/second-same"));
    }
    Ok(())
}

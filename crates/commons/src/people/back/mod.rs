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

/// Something that somebody who is to come back holds, or would carry as a deputy; nothing of a person who holds nothing.
#[derive(Clone, Debug)]
pub struct Held {
    pub tenant: TenantId,
    pub seat: Option<(Office, Place)>,
}

/// The mandate under which somebody vouches for a person: it reaches every place where that person holds anything, so nobody
/// lets in somebody who could do more than they can.
///
/// # Errors
/// [`Error::Denied`] with the reason.
pub fn vouch<'a>(actor: &'a Actor, (tenant, person): (TenantId, PersonId), held: &[Held]) -> Result<&'a Mandate> {
    if actor.is(tenant, Some(person)) {
        return Err(Error::denied("back/own"));
    }
    let seats: Vec<&(Office, Place)> = held.iter().filter_map(|one| one.seat.as_ref()).collect();
    let above = seats.iter().any(|(office, _)| matches!(office, Office::Operator | Office::Subdistrict));
    if above || held.iter().any(|one| one.tenant != tenant) {
        return Err(Error::denied("back/not-reached"));
    }
    let reaches = |mandate: &&Mandate| {
        let keeps = Office::KEEPING.contains(&mandate.office);
        // Somebody who holds nothing any more is known to the keepers of the register alone.
        let known = keeps || !seats.is_empty();
        let equal = seats.iter().all(|(office, _)| keeps || !Office::KEEPING.contains(office));
        VOUCHING.contains(&mandate.office) && known && equal && seats.iter().all(|(_, place)| mandate.reaches(place))
    };
    actor.in_tenant(tenant).find(reaches).ok_or(Error::denied("back/not-reached"))
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

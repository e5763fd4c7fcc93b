//! Households: who belongs to a home, what was seen when that was verified, who asks to belong, and what ends with moving out.
//!
//! A membership is a mandate at a home. The paper that was shown is never kept, only which kind it was.

pub mod store;
#[cfg(test)]
mod tests;

use super::{Actor, MandateId, Office, PersonId};
use crate::place::{Place, PlaceId, TenantId};
use kit::time::Moment;
use kit::{Error, Result, id, names};

id!(JoiningId);

/// So long a question and its answer stay, in days.
pub const JOINING_DAYS: i64 = 90;
/// So many questions of one person may wait at once.
pub const WAITING_MAX: usize = 5;

names! {
    /// What kind of thing was seen. The names are keys of the locale files (`proof-lease`).
    Proof {
        /// 不动产权证
        Certificate = "certificate",
        /// 租赁合同
        Lease = "lease",
        /// 户口簿
        HouseholdBook = "household_book",
        /// Known in person.
        Known = "known",
    }
    /// What became of somebody's question to belong to a home.
    JoinDecision {
        Verified = "verified",
        TurnedDown = "turned_down",
        TakenBack = "taken_back",
    }
}

/// A part of a home's ownership: `1/3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub part: i64,
    pub whole: i64,
}

const WHOLE_MAX: i64 = 10_000;

impl Share {
    pub const ALL: Share = Share { part: 1, whole: 1 };

    /// `1/3`, `50%`, or nothing for all of it.
    ///
    /// # Errors
    /// [`Error::Invalid`] on `share` when it is not more than nothing and at most everything.
    pub fn parse(text: &str) -> Result<Share> {
        let wrong = || Error::invalid("share", "homes/share");
        let text = text.trim();
        if text.is_empty() {
            return Ok(Share::ALL);
        }
        let number = |text: &str| text.trim().parse::<i64>().map_err(|_| wrong());
        let (part, whole) = match (text.strip_suffix(['%', '％']), text.split_once('/')) {
            (Some(percent), _) => (number(percent)?, 100),
            (None, Some((part, whole))) => (number(part)?, number(whole)?),
            (None, None) => (number(text)?, 1),
        };
        let fits = (1..=WHOLE_MAX).contains(&whole) && (1..=whole).contains(&part);
        if fits { Ok(Share { part, whole }) } else { Err(wrong()) }
    }

    /// Whether shares together are more than one whole, reckoned exactly.
    pub fn exceed(shares: &[Share]) -> bool {
        let divisor = |mut a: i128, mut b: i128| {
            while b != 0 {
                (a, b) = (b, a % b);
            }
            a.max(1)
        };
        let (mut part, mut whole) = (0_i128, 1_i128);
        for share in shares {
            let (p, w) = (i128::from(share.part), i128::from(share.whole));
            let sum = part.checked_mul(w).zip(p.checked_mul(whole)).and_then(|(a, b)| a.checked_add(b));
            let (Some(sum), Some(of)) = (sum, whole.checked_mul(w)) else { return true };
            let common = divisor(sum, of);
            (part, whole) = (sum / common, of / common);
        }
        part > whole
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.part, self.whole)
    }
}

/// Somebody who belongs to a home, with what was seen when that was verified.
#[derive(Clone, Debug)]
pub struct Member {
    pub mandate: MandateId,
    pub person: PersonId,
    pub name: String,
    pub name_en: String,
    pub office: Office,
    pub home: PlaceId,
    pub label: String,
    pub label_en: String,
    pub path: String,
    pub share: Option<Share>,
    pub proof: Option<Proof>,
    pub verified_office: Option<Office>,
    pub verified: Option<Moment>,
    pub starts: Moment,
    pub ended: Option<Moment>,
    /// Whether they can sign in.
    pub enters: bool,
}

/// Somebody who asks to belong to a home.
#[derive(Clone, Debug)]
pub struct Joining {
    pub id: JoiningId,
    pub tenant: TenantId,
    pub person: PersonId,
    pub name: String,
    pub name_en: String,
    pub home: PlaceId,
    pub label: String,
    pub label_en: String,
    pub path: String,
    pub office: Office,
    pub asked: Moment,
    pub decision: Option<JoinDecision>,
    pub decided: Option<Moment>,
}

/// What was seen, as it is recorded.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub proof: Proof,
    /// Of an owner.
    pub share: Option<Share>,
}

/// The captain of the building, the worker of the grid and the community verify who lives in a home, and see who does.
///
/// # Errors
/// [`Error::Denied`] for everybody else.
pub fn keep(actor: &Actor, home: &Place) -> Result<Office> {
    let offices = [Office::Captain, Office::GridWorker, Office::Community, Office::Operator];
    offices.into_iter().find(|office| actor.covers(*office, home)).ok_or(Error::denied("homes/not-keeper"))
}

/// The same about a certain person: nobody verifies their own household.
///
/// # Errors
/// [`Error::Denied`] with the reason.
pub fn verify(actor: &Actor, home: &Place, person: Option<PersonId>) -> Result<Office> {
    let office = keep(actor, home)?;
    let lives = actor.homes().any(|mandate| mandate.place == home.id);
    if lives || actor.is(home.tenant, person) {
        return Err(Error::denied("homes/own"));
    }
    Ok(office)
}

/// Members move out by themselves; so do those who verify see to it that who has left is gone.
///
/// # Errors
/// [`Error::Denied`] for everybody else.
pub fn end(actor: &Actor, home: &Place, person: PersonId) -> Result<Option<Office>> {
    if actor.is(home.tenant, Some(person)) {
        return Ok(None);
    }
    keep(actor, home).map(Some)
}

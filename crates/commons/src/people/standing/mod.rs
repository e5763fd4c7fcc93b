//! Standing in: somebody does for another what that one may do as a resident, with their recorded consent, until a day, and
//! either may end it at any time.
//!
//! It opens what a resident says and follows up, never what hangs on an office, an account, a password or a ballot.

pub mod store;

use super::{Office, PersonId};
use crate::place::TenantId;
use kit::time::Moment;
use kit::{id, names};

id!(StandInId);

/// How many days the code may wait for whoever is to stand in.
pub const CODE_DAYS: i64 = 7;
/// For how many days somebody may agree to it at once; it can be said again.
pub const DAYS: &[i64] = &[30, 90, 365];
/// So many may stand in for one person at once, and so many codes may wait.
pub const OPEN_MAX: i64 = 5;
/// So long it stays to be read after it has ended, in days.
pub const KEPT_DAYS: i64 = 365;

names! {
    /// How the consent was given. The names are keys of the locale files (`consent-by-own`).
    Consent {
        /// By the person, signed in.
        Own = "own",
        /// Said to an office that keeps their household, face to face.
        Spoken = "spoken",
        /// Signed on paper, shown to that office; the paper stays with the person.
        Paper = "paper",
    }
}

/// One who stands in for another, or is to.
#[derive(Clone, Debug)]
pub struct StandIn {
    pub tenant: TenantId,
    pub id: StandInId,
    /// For whom.
    pub principal: PersonId,
    pub principal_name: (String, String),
    /// Who does it; nobody while the code waits.
    pub person: Option<PersonId>,
    pub person_name: Option<(String, String)>,
    pub consent: Consent,
    /// The office that heard the consent; none when it was given in person.
    pub office: Option<Office>,
    pub made: Moment,
    pub code_ends: Moment,
    pub ends: Moment,
    pub accepted: Option<Moment>,
    pub ended: Option<Moment>,
}

impl StandIn {
    /// Whether somebody acts under it at `now`.
    pub fn runs(&self, now: Moment) -> bool {
        self.accepted.is_some() && self.ended.is_none() && self.ends > now
    }

    /// Whether its code waits at `now`.
    pub fn waits(&self, now: Moment) -> bool {
        self.accepted.is_none() && self.ended.is_none() && self.code_ends > now && self.ends > now
    }
}

/// What a visit knows of whoever stands in.
#[derive(Clone, Debug)]
pub struct Substitute {
    pub id: StandInId,
    pub person: PersonId,
    pub name: String,
    pub name_en: String,
    /// Holds an office that works for others here: then they say nothing about how that work went.
    pub serves: bool,
}

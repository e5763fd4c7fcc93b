//! The desk of the hub: who walked in with what, talks between neighbours (邻里劝导), opinions under topics, keys of rooms.
//!
//! Of people there is as little as can be: sealed, only where somebody has to be answered or brings a key back, and only until that is
//! done.

pub mod store;
#[cfg(test)]
mod tests;

use crate::people::{Office, PersonId};
use crate::place::{PlaceId, TenantId};
use jiff::civil::Date;
use kit::time::Moment;
use kit::{id, names};

id!(WalkInId, TalkId, TopicId, OpinionId, KeyId, LoanId);

names! {
    /// What becomes of what somebody came with. The names are keys of the locale files (`became-talk`).
    Became {
        Request = "request",
        Talk = "talk",
        Opinion = "opinion",
        /// Answered at once.
        Answer = "answer",
        /// To be called back.
        Later = "later",
    }
    /// How far a talk is.
    TalkState {
        Asked = "asked",
        /// Both sides said yes.
        Agreed = "agreed",
        Held = "held",
        Settled = "settled",
        Unsettled = "unsettled",
        PassedOn = "passed_on",
        /// One side no longer wants to; which one is written nowhere.
        Stopped = "stopped",
    }
    /// Ways that stay open to whoever does not want to talk on.
    Way {
        Mediation = "mediation",
        Community = "community",
        Police = "police",
        Court = "court",
    }
}

impl TalkState {
    pub fn is_over(self) -> bool {
        matches!(self, TalkState::Settled | TalkState::Unsettled | TalkState::PassedOn | TalkState::Stopped)
    }
}

/// Why somebody may sit at the desk at this moment, beside an office.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// Holds a post of this hub, and those who keep it said yes.
    pub post: bool,
    /// Has a duty now that those who keep the hub gave or published; a claim of one's own opens nothing.
    pub duty: bool,
}

/// The chair at the desk: under which office its deeds stand in the book, and whether talks are seen from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chair {
    pub office: Office,
    pub talks: bool,
}

/// Who it was, as far as they want to say.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Who {
    pub name: String,
    pub door: String,
    /// Only where they want an answer by telephone.
    pub phone: String,
}

impl Who {
    pub fn is_empty(&self) -> bool {
        self.name.is_empty() && self.door.is_empty() && self.phone.is_empty()
    }

    /// In one line.
    pub fn line(&self) -> String {
        let parts = [&self.name, &self.door, &self.phone];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ")
    }
}

/// Both sides of a talk; the other one is nobody until they have said yes.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Parties {
    pub asked: String,
    pub other: String,
}

/// What came in, in one line.
#[derive(Clone, Debug)]
pub struct WalkIn {
    pub id: WalkInId,
    pub tenant: TenantId,
    pub place: PlaceId,
    pub day: Date,
    /// Of its day.
    pub number: i64,
    pub at: Moment,
    pub became: Became,
    /// Empty for a talk: its line stands with the talk.
    pub about: String,
    pub who: Who,
    pub taken_by: PersonId,
    pub takes: Option<PersonId>,
    pub takes_name: Option<(String, String)>,
    pub done: Option<Moment>,
    pub line: String,
    /// Of the request it became.
    pub code: String,
    /// The talk it became.
    pub talk: Option<TalkId>,
}

/// What is typed when somebody walks in.
#[derive(Clone, Debug)]
pub struct NewWalkIn {
    pub became: Became,
    pub about: String,
    pub who: Who,
    /// How it was answered at once.
    pub line: String,
}

/// A talk between two sides.
#[derive(Clone, Debug)]
pub struct Talk {
    pub id: TalkId,
    pub tenant: TenantId,
    pub place: PlaceId,
    pub walk_in: WalkInId,
    pub state: TalkState,
    pub about: String,
    pub parties: Parties,
    pub asked: Moment,
    pub meets: Option<Moment>,
    pub meets_where: String,
    pub held: Option<Moment>,
    pub ended: Option<Moment>,
    pub passed_to: Option<Way>,
}

/// What people say something about, answered once for all.
#[derive(Clone, Debug)]
pub struct Topic {
    pub id: TopicId,
    pub place: PlaceId,
    pub name: String,
    pub opinions: i64,
    /// What people said, and what came of it.
    pub said: String,
    pub came: String,
    pub answered: Option<Moment>,
}

/// What people said about a topic, and what came of it.
#[derive(Clone, Debug)]
pub struct Answered {
    pub topic: String,
    pub opinions: i64,
    pub said: String,
    pub came: String,
    pub at: Moment,
}

/// What somebody thinks; nobody's name.
#[derive(Clone, Debug)]
pub struct Opinion {
    pub id: OpinionId,
    pub topic: Option<TopicId>,
    pub text: String,
    pub at: Moment,
}

/// A key of a room, and where it is.
#[derive(Clone, Debug)]
pub struct RoomKey {
    pub id: KeyId,
    pub place: PlaceId,
    pub name: String,
    pub loan: Option<Loan>,
}

/// A key that somebody has.
#[derive(Clone, Debug)]
pub struct Loan {
    pub id: LoanId,
    pub who: Who,
    pub given: Moment,
    pub due: Moment,
}

/// What the desk shows beside its list.
#[derive(Clone, Debug, Default)]
pub struct Aside {
    /// Names of keys that should be back.
    pub overdue: Vec<String>,
    pub keys_out: i64,
    /// Opinions under no topic yet.
    pub unsorted: i64,
    pub talks_open: i64,
}

/// A month at the hub, counted from rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// What it counts (`walk_in`, `talk`, …), which kind of it, how many.
    pub all: Vec<(String, String, i64)>,
}

impl Counted {
    pub fn of(&self, what: &str, kind: &str) -> i64 {
        self.all.iter().find(|one| one.0 == what && one.1 == kind).map_or(0, |one| one.2)
    }

    /// The same without one of the things.
    pub fn without(&self, what: &str) -> Counted {
        Counted { all: self.all.iter().filter(|one| one.0 != what).cloned().collect() }
    }

    pub fn kinds<'s>(&'s self, what: &'s str) -> impl Iterator<Item = (&'s str, i64)> {
        self.all.iter().filter(move |one| one.0 == what).map(|one| (one.1.as_str(), one.2))
    }
}

//! A case: something said that must be answered. It is held by an office at a place, travels through three doors,
//! and is over only when the one who said it says so, or the days for that have run out.
//!
//! Pure: no database, no clock. [`store`] keeps it, [`road`] finds its holder, [`clocks`] tells until when.

pub mod clocks;
pub mod danger;
pub mod fields;
pub mod guess;
pub mod recheck;
pub mod road;
pub mod standards;
pub mod store;
#[cfg(test)]
mod tests;

pub use store::replies;

use crate::people::{Office, PersonId};
use crate::place::{PlaceId, TenantId};
use kit::time::Moment;
use kit::{Error, Result, id, names};

id!(CaseId, EntryId, PhotoId, HandoverId, JudgementId);

names! {
    /// 家门 → 小区门 → 社区门.
    Door {
        Home = "home",
        Compound = "compound",
        Community = "community",
    }
    State {
        /// Filed; the door it stands at has not yet taken it.
        Said = "said",
        /// Somebody has taken it in hand.
        Accepted = "accepted",
        /// The holder says what came of it; the one who said it judges.
        Reported = "reported",
        /// Judged, or left unrated.
        Closed = "closed",
        Withdrawn = "withdrawn",
        /// Lives on in another case.
        Merged = "merged",
    }
    Kind {
        Repair = "repair",
        Complaint = "complaint",
        Suggestion = "suggestion",
        /// Between neighbours; never public.
        Dispute = "dispute",
        Help = "help",
        Question = "question",
        Praise = "praise",
    }
    /// What the holder reports.
    Outcome {
        Solved = "solved",
        Answered = "answered",
        NotPossible = "not_possible",
    }
    Satisfaction {
        Good = "good",
        Fair = "fair",
        Bad = "bad",
    }
    /// How it came in.
    Channel {
        Web = "web",
        /// Opened from a sign's QR code.
        Sign = "sign",
        /// Typed by staff for someone at the desk, on the phone or on the stairs.
        Desk = "desk",
        Api = "api",
        Import = "import",
        /// A letter.
        Mail = "mail",
    }
    EntryKind {
        /// The first words.
        Words = "words",
        /// More from the one who said it.
        Addition = "addition",
        /// A step told by the holder.
        Note = "note",
        /// What came of it.
        Report = "report",
        /// Why not solved, or thanks.
        Judgement = "judgement",
        /// Why a hand-over was offered or refused.
        Handover = "handover",
    }
    /// How a hand-over goes.
    Way {
        Sideways = "sideways",
        Up = "up",
        Back = "back",
    }
    /// What the receiver of a hand-over says.
    Decision {
        Accepted = "accepted",
        Refused = "refused",
        Withdrawn = "withdrawn",
    }
    /// What is waited for while the clocks of a case stand still.
    WaitReason {
        /// The one who said it: to be at home, to answer a question.
        Resident = "resident",
        Part = "part",
        /// Somebody else's consent or work.
        Permit = "permit",
        Weather = "weather",
    }
    /// Why a case went up without anyone's consent.
    Cause {
        /// The one who said it moved it up.
        Resident = "resident",
        /// 没解决 for the second time.
        Unsolved = "unsolved",
        Overdue = "overdue",
    }
}

impl Door {
    /// The next door, unless this is the last one: beyond it lies the city's hotline.
    pub fn up(self) -> Option<Door> {
        match self {
            Door::Home => Some(Door::Compound),
            Door::Compound => Some(Door::Community),
            Door::Community => None,
        }
    }

    /// The door at which an office stands.
    pub fn of(office: Office) -> Option<Door> {
        match office {
            Office::Captain | Office::GridWorker => Some(Door::Home),
            Office::Property | Office::Committee | Office::Hub => Some(Door::Compound),
            Office::Community => Some(Door::Community),
            _ => None,
        }
    }
}

impl State {
    pub fn is_open(self) -> bool {
        matches!(self, State::Said | State::Accepted | State::Reported)
    }
}

/// Who answers for a case: an office at a place, and the person who has taken it in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    pub office: Office,
    pub place: PlaceId,
    pub person: Option<PersonId>,
}

/// The case as it stands.
#[derive(Clone, Debug)]
pub struct Case {
    pub tenant: TenantId,
    pub id: CaseId,
    /// `shiliu-12`: the compound's code and a number that counts there.
    pub code: String,
    pub compound: PlaceId,
    pub building: Option<PlaceId>,
    pub entrance: Option<PlaceId>,
    pub home: Option<PlaceId>,
    pub place: PlaceId,
    pub kind: Kind,
    pub category: String,
    pub door: Door,
    pub state: State,
    pub holder: Holder,
    /// Counts from 1; each reopening begins another.
    pub round: i64,
    pub private: bool,
    pub author: Option<PersonId>,
    pub typed_by: Option<PersonId>,
    pub channel: Channel,
    /// The first words, as they stand now.
    pub words: String,
    pub photos: i64,
    pub supporters: i64,
    pub said: Moment,
    pub changed: Moment,
    pub closed: Option<Moment>,
    /// Until when the next thing is expected: from the holder, or, after a report, from the one who said it.
    pub due: Option<Moment>,
    /// The due time reaches into a year whose holidays are not published yet.
    pub provisional: bool,
    pub outcome: Option<Outcome>,
    /// `None` after closing means: left unrated.
    pub solved: Option<bool>,
    pub satisfaction: Option<Satisfaction>,
    pub lat_e7: Option<i64>,
    pub lon_e7: Option<i64>,
}

impl Case {
    /// Whether everybody may read it.
    pub fn is_public(&self) -> bool {
        self.was_public() && self.state != State::Withdrawn
    }

    /// Whether everybody could read it before its author took it back, if they did.
    pub fn was_public(&self) -> bool {
        !self.private && self.kind != Kind::Dispute
    }

    /// Whether a reader at `now` sees a case that was judged as solved. A closed case that was not is merely over.
    pub fn is_solved_at(&self, now: Moment) -> bool {
        self.state_at(now) == State::Closed && self.state == State::Closed && self.solved == Some(true)
    }

    pub fn is_overdue(&self, now: Moment) -> bool {
        matches!(self.state, State::Said | State::Accepted) && self.due.is_some_and(|due| due < now)
    }

    /// Taken in hand by `person`.
    pub fn accepted(&self, person: Option<PersonId>, now: Moment) -> Result<Case> {
        self.must_be(&[State::Said], "requests/accept-not-waiting")?;
        let holder = Holder { person, ..self.holder };
        Ok(Case { state: State::Accepted, holder, changed: now, ..self.clone() })
    }

    /// Told what came of it.
    pub fn reported(&self, outcome: Outcome, person: Option<PersonId>, now: Moment) -> Result<Case> {
        self.must_be(&[State::Said, State::Accepted], "requests/report-not-open")?;
        let holder = Holder { person: person.or(self.holder.person), ..self.holder };
        Ok(Case {
            state: State::Reported,
            outcome: Some(outcome),
            // What was said of the report before this one is in its judgement.
            solved: None,
            satisfaction: None,
            holder,
            due: None,
            provisional: false,
            changed: now,
            ..self.clone()
        })
    }

    /// Judged by the one who said it: over, or back to whoever reported it, in a new round.
    pub fn judged(&self, solved: bool, satisfaction: Option<Satisfaction>, now: Moment) -> Result<Case> {
        self.must_be(&[State::Reported, State::Closed], "requests/judge-not-reported")?;
        if solved {
            if self.state == State::Closed && self.solved == Some(true) {
                return Err(Error::conflict("requests/judge-already"));
            }
            let closed = Some(self.closed.unwrap_or(now));
            return Ok(Case {
                state: State::Closed,
                solved: Some(true),
                satisfaction,
                closed,
                changed: now,
                ..self.clone()
            });
        }
        Ok(Case {
            state: State::Accepted,
            solved: Some(false),
            satisfaction,
            outcome: None,
            closed: None,
            round: self.round + 1,
            changed: now,
            ..self.clone()
        })
    }

    /// Nobody judged in time: closed, and counted neither as solved nor as satisfied.
    pub fn left_unrated(&self, now: Moment) -> Result<Case> {
        self.must_be(&[State::Reported], "requests/judge-not-reported")?;
        if now < self.unrated_from() {
            return Err(Error::conflict("requests/close-too-early"));
        }
        Ok(Case { state: State::Closed, closed: Some(now), solved: None, changed: now, ..self.clone() })
    }

    /// Whether a contact may still be shown: until some days after the end, and never later, though no chore ran.
    pub fn contact_shown(&self, now: Moment) -> bool {
        self.closed.is_none_or(|closed| contact_days().is_ok_and(|days| now < closed + Moment::days(days)))
    }

    /// From when on a report without an answer counts as closed.
    pub fn unrated_from(&self) -> Moment {
        self.due.unwrap_or(self.changed)
    }

    /// The state a reader sees at `now`, though every background job stood still.
    pub fn state_at(&self, now: Moment) -> State {
        if self.state == State::Reported && now >= self.unrated_from() { State::Closed } else { self.state }
    }

    /// Handed to another office that has said yes.
    pub fn handed_over(&self, to: Holder, door: Door, now: Moment) -> Result<Case> {
        self.must_be(&[State::Said, State::Accepted], "requests/handover-not-open")?;
        Ok(Case { state: State::Accepted, holder: to, door, changed: now, ..self.clone() })
    }

    /// Moved up a door, where the next holder finds it waiting.
    pub fn moved_up(&self, to: Holder, now: Moment) -> Result<Case> {
        self.must_be(&[State::Said, State::Accepted, State::Reported], "requests/up-not-open")?;
        let door = self.door.up().ok_or(Error::conflict("requests/up-last-door"))?;
        Ok(Case { state: State::Said, holder: to, door, outcome: None, changed: now, ..self.clone() })
    }

    pub fn withdrawn(&self, now: Moment) -> Result<Case> {
        self.must_be(&[State::Said, State::Accepted, State::Reported, State::Closed], "requests/withdraw-already")?;
        Ok(Case {
            state: State::Withdrawn,
            closed: Some(now),
            due: None,
            provisional: false,
            changed: now,
            ..self.clone()
        })
    }

    /// Goes on in another case.
    pub fn merged(&self, now: Moment) -> Result<Case> {
        self.must_be(&[State::Said, State::Accepted, State::Reported], "requests/merge-not-open")?;
        Ok(Case { state: State::Merged, due: None, provisional: false, changed: now, ..self.clone() })
    }

    /// Goes on by itself again, from where it stood.
    pub fn unmerged(&self, before: &store::together::Merged, now: Moment) -> Result<Case> {
        self.must_be(&[State::Merged], "requests/unmerge-not-merged")?;
        Ok(Case { state: before.state, due: before.due, provisional: before.provisional, changed: now, ..self.clone() })
    }

    /// Whether one more 没解决 takes it up a door by itself.
    pub fn climbs_when_unsolved(&self) -> bool {
        self.round >= 2 && self.door.up().is_some()
    }

    fn must_be(&self, states: &[State], otherwise: &'static str) -> Result<()> {
        if states.contains(&self.state) { Ok(()) } else { Err(Error::conflict(otherwise)) }
    }
}

/// A piece of text in a case.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: EntryId,
    pub at: Moment,
    pub person: Option<PersonId>,
    pub office: Option<Office>,
    pub kind: EntryKind,
    pub public: bool,
    pub text: String,
    pub withdrawn: Option<Moment>,
    /// When its writer changed it last.
    pub edited: Option<Moment>,
}

impl Entry {
    /// Until when its writer may still change it.
    pub fn editable_until(&self) -> Moment {
        self.at + Moment::minutes(EDIT_MINUTES)
    }

    /// Whether it is the first words or a later addition: what the one who said it wrote about the matter itself.
    pub fn is_telling(&self) -> bool {
        matches!(self.kind, EntryKind::Words | EntryKind::Addition)
    }
}

/// How long words may be changed after they were said. What was answered to them stands under the words it answers.
pub const EDIT_MINUTES: i64 = 10;

/// A picture in a case; the bytes lie in the media store under its id.
#[derive(Clone, Debug)]
pub struct Photo {
    pub id: PhotoId,
    pub entry: EntryId,
    pub public: bool,
    pub width: i64,
    pub height: i64,
}

/// An offer to take a case over, and what was said to it.
#[derive(Clone, Debug)]
pub struct Handover {
    pub id: HandoverId,
    pub way: Way,
    pub from: (Office, PlaceId),
    pub to: (Office, PlaceId),
    pub to_door: Door,
    pub to_label: String,
    pub to_label_en: String,
    pub reason: String,
    pub offered: Moment,
    pub offered_by: Option<PersonId>,
    pub decision: Option<Decision>,
}

/// What people may say something about; the text they write suggests one.
#[derive(Clone, Debug)]
pub struct Category {
    pub slug: String,
    pub name: String,
    pub name_en: String,
    pub kind: Kind,
    /// Where it goes first.
    pub door: Door,
    /// Cases of this category are for the parties only.
    pub private: bool,
    pub sort: i64,
    /// Which office at that door is asked first, where it is not the usual one.
    pub office: Option<Office>,
    /// Offered only there; everywhere in the community if none.
    pub compound: Option<PlaceId>,
}

impl Category {
    /// Whether something in this compound may be sorted under it.
    pub fn offered_in(&self, compound: Option<PlaceId>) -> bool {
        self.compound.is_none() || self.compound == compound
    }
}

/// How many days after the end a contact is kept, unless the rulebook says otherwise.
pub fn contact_days() -> Result<i64> {
    crate::rulebook::rule("request/contact-days").map(|rule| rule.amount)
}

/// The categories that a new community starts with.
pub fn starting_categories() -> Vec<Category> {
    #[derive(serde::Deserialize)]
    struct File {
        category: Vec<Line>,
    }
    #[derive(serde::Deserialize)]
    struct Line {
        slug: String,
        name: String,
        name_en: String,
        kind: String,
        door: String,
        #[serde(default)]
        private: bool,
    }
    let file: File =
        toml::from_str(include_str!("../../data/categories.toml")).expect("the shipped categories can be read.");
    let read = |(at, line): (usize, Line)| Category {
        kind: Kind::parse(&line.kind).expect("a shipped category has a known kind."),
        door: Door::parse(&line.door).expect("a shipped category has a known door."),
        slug: line.slug,
        name: line.name,
        name_en: line.name_en,
        private: line.private,
        sort: i64::try_from(at).unwrap_or(0),
        office: None,
        compound: None,
    };
    file.category.into_iter().enumerate().map(read).collect()
}

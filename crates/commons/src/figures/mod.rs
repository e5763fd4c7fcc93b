//! How it went, in numbers: what was said, what was closed, and what those who said it answered.
//!
//! A case goes through rounds: each ends when the one who said it answers a report, or when the days for an answer run out.
//! A round counts once, in the span in which it first ended, with the last answer that was given to it. Its denominator is the
//! answers alone (valid call-backs): who did not answer is neither content nor discontent. Everything is counted for places,
//! categories and service units, read from the book; there is no way to ask for a person.
//!
//! Pure: whole numbers and fractions, no floating point. [`store`] reads the book, [`span`] knows months.

pub mod settings;
pub mod span;
pub mod store;
#[cfg(test)]
mod tests;

pub use settings::Settings;
pub use span::Span;

use crate::case::{CaseId, Satisfaction};
use crate::people::{Office, OrganisationId};
use crate::place::{PlaceId, TenantId};
use kit::time::Moment;
use std::collections::BTreeMap;

/// Who figures are told for: an organisation, or all who hold the same office in a compound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    Organisation(OrganisationId),
    Office(Office),
}

impl Unit {
    /// Captains and grid workers sit alone in their offices, so they are counted together: a unit is never one person.
    pub fn of(office: Office, organisation: Option<OrganisationId>) -> Unit {
        match (office, organisation) {
            (Office::Captain | Office::GridWorker, _) => Unit::Office(Office::Captain),
            (_, Some(organisation)) => Unit::Organisation(organisation),
            (office, None) => Unit::Office(office),
        }
    }
}

/// A line of the book that figures are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    Said {
        category: String,
    },
    /// Somebody took it in hand; whether that was before its due time.
    Taken {
        in_time: bool,
    },
    /// It went up because nobody took it in time.
    LateUp,
    Reported {
        in_time: bool,
        unit: Option<Unit>,
    },
    Judged {
        round: i64,
        solved: bool,
        satisfaction: Option<Satisfaction>,
    },
    LeftUnrated,
}

/// One line with the case it belongs to, in the order of the book.
#[derive(Clone, Debug)]
pub struct Line {
    pub tenant: TenantId,
    pub case: CaseId,
    pub compound: PlaceId,
    pub at: Moment,
    pub deed: Deed,
}

/// What was answered to a round, the last time that it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    pub solved: bool,
    pub satisfaction: Option<Satisfaction>,
}

/// A round that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    pub tenant: TenantId,
    pub compound: PlaceId,
    pub category: String,
    pub unit: Option<Unit>,
    /// When it ended for the first time: the span in which it counts.
    pub closed: Moment,
    /// The first answer to the resident came before it was due.
    pub in_time: bool,
    /// `None` while nobody has judged: left unrated.
    pub answer: Option<Answer>,
    /// It was over, and came back unsolved afterwards.
    pub reopened: bool,
    /// From the first words to the report, in milliseconds.
    pub took: i64,
}

#[derive(Default)]
struct Open {
    round: i64,
    answered: Option<bool>,
    reported: Option<Moment>,
    unit: Option<Unit>,
}

/// The rounds of one case that have ended; `lines` are all its lines, oldest first.
pub fn rounds(lines: &[Line]) -> Vec<Round> {
    let Some(first) = lines.first() else { return Vec::new() };
    let category = lines.iter().find_map(|line| match &line.deed {
        Deed::Said { category } => Some(category.clone()),
        _ => None,
    });
    let category = category.unwrap_or_default();
    let end = |open: &Open, at: Moment| Round {
        tenant: first.tenant,
        compound: first.compound,
        category: category.clone(),
        unit: open.unit,
        closed: at,
        in_time: open.answered == Some(true),
        answer: None,
        reopened: false,
        took: open.reported.unwrap_or(at) - first.at,
    };
    let mut ended: BTreeMap<i64, Round> = BTreeMap::new();
    let mut open = Open { round: 1, ..Open::default() };
    for line in lines {
        match &line.deed {
            Deed::Said { .. } => {}
            Deed::Taken { in_time } => {
                open.answered.get_or_insert(*in_time);
            }
            Deed::LateUp => {
                open.answered.get_or_insert(false);
            }
            Deed::Reported { in_time, unit } => {
                open.answered.get_or_insert(*in_time);
                (open.reported, open.unit) = (Some(line.at), *unit);
            }
            Deed::LeftUnrated => {
                ended.entry(open.round).or_insert_with(|| end(&open, line.at));
            }
            Deed::Judged { round, solved, satisfaction } => {
                let was_over = ended.contains_key(round);
                let it = ended.entry(*round).or_insert_with(|| end(&open, line.at));
                it.reopened |= was_over && !solved;
                it.answer = Some(Answer { solved: *solved, satisfaction: *satisfaction });
                if !solved {
                    open = Open { round: round + 1, ..Open::default() };
                }
            }
        }
    }
    ended.into_values().collect()
}

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    pub said: i64,
    /// Rounds that ended: answered, or left without an answer.
    pub closed: i64,
    /// Of those closed: the first answer came before it was due.
    pub in_time: i64,
    /// Valid call-backs: the one who said it judged.
    pub valid: i64,
    /// Of the valid ones, as all that follow: answered before it was due.
    pub contacted: i64,
    pub solved: i64,
    pub good: i64,
    pub fair: i64,
    pub bad: i64,
    /// Over, and unsolved again afterwards.
    pub reopened: i64,
}

impl Counts {
    pub fn add(&mut self, round: &Round) {
        self.closed += 1;
        self.in_time += i64::from(round.in_time);
        self.reopened += i64::from(round.reopened);
        let Some(answer) = round.answer else { return };
        self.valid += 1;
        self.contacted += i64::from(round.in_time);
        self.solved += i64::from(answer.solved);
        let felt = |is: Satisfaction| i64::from(answer.satisfaction == Some(is));
        self.good += felt(Satisfaction::Good);
        self.fair += felt(Satisfaction::Fair);
        self.bad += felt(Satisfaction::Bad);
    }

    pub fn plus(&mut self, other: &Counts) {
        self.said += other.said;
        self.closed += other.closed;
        self.in_time += other.in_time;
        self.valid += other.valid;
        self.contacted += other.contacted;
        self.solved += other.solved;
        self.good += other.good;
        self.fair += other.fair;
        self.bad += other.bad;
        self.reopened += other.reopened;
    }

    /// 响应率: answered in time, of the valid call-backs.
    pub fn response(&self) -> Rate {
        Rate { part: self.contacted, whole: self.valid }
    }

    /// 解决率.
    pub fn solving(&self) -> Rate {
        Rate { part: self.solved, whole: self.valid }
    }

    /// 满意率: the good ones, and `settings.fair` hundredths of the fair ones. Both sides are in hundredths.
    pub fn satisfaction(&self, settings: &Settings) -> Rate {
        Rate { part: 100 * self.good + settings.fair * self.fair, whole: 100 * self.valid }
    }

    /// The good ones alone.
    pub fn plainly_good(&self) -> Rate {
        Rate { part: self.good, whole: self.valid }
    }

    /// How many of those closed were judged at all.
    pub fn coverage(&self) -> Rate {
        Rate { part: self.valid, whole: self.closed }
    }

    /// 综合: the three rates by their weights, as one fraction; 100 points are everything.
    pub fn composite(&self, settings: &Settings) -> Rate {
        let [response, solving, satisfaction] = settings.weights;
        let part = response * 100 * self.contacted
            + solving * 100 * self.solved
            + satisfaction * self.satisfaction(settings).part;
        Rate { part, whole: 100 * 100 * self.valid }
    }
}

/// A part of a whole, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub part: i64,
    pub whole: i64,
}

impl Rate {
    /// In tenths of a percent, half of one rounded up; `None` when there is no whole.
    pub fn tenths(self) -> Option<i64> {
        let (part, whole) = (i128::from(self.part), i128::from(self.whole));
        (whole > 0).then(|| i64::try_from((2 * 1000 * part + whole) / (2 * whole)).unwrap_or(i64::MAX))
    }

    /// `95.0`; `None` when there is no whole.
    pub fn percent(self) -> Option<String> {
        self.tenths().map(|tenths| decimal(tenths, 1))
    }
}

/// A whole number of tenths or hundredths as a decimal: `decimal(95_0, 1)` is `95.0`.
pub fn decimal(n: i64, places: u32) -> String {
    let one = 10_i64.pow(places);
    format!("{}.{:0width$}", n / one, n % one, width = places as usize)
}

/// How long it took until what the one who said it called solved, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Took {
    pub count: i64,
    /// Half took no longer.
    pub median: i64,
    /// Nine in ten took no longer.
    pub p90: i64,
}

/// The times of the rounds that were judged solved, by nearest rank; `None` without any.
pub fn took<'r>(rounds: impl IntoIterator<Item = &'r Round>) -> Option<Took> {
    let solved = |round: &&Round| round.answer.is_some_and(|answer| answer.solved);
    let mut all: Vec<i64> = rounds.into_iter().filter(solved).map(|round| round.took).collect();
    all.sort_unstable();
    let rank = |hundredths: usize| all.get((all.len() * hundredths).div_ceil(100).saturating_sub(1)).copied();
    Some(Took { count: i64::try_from(all.len()).unwrap_or(i64::MAX), median: rank(50)?, p90: rank(90)? })
}

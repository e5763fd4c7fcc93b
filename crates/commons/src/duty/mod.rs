//! Duty at the hub: when it is open, its posts, its shifts, who can come and who comes.

pub mod plan;
pub mod store;

use crate::people::PersonId;
use crate::place::{PlaceId, TenantId};
use jiff::civil::{Date, Time};
use kit::time::Moment;
use kit::{id, names};

id!(PostId, EntryId, ShiftId, ClaimId, SwapId);

names! {
    /// What a shift needs. The names are keys of the locale files (`skill-desk`).
    Skill {
        /// Whoever sits at the desk.
        Desk = "desk",
        /// 邻里劝导.
        Talks = "talks",
        /// 讲政策.
        Policy = "policy",
    }
    /// How a duty came about.
    How {
        Plan = "plan",
        Hand = "hand",
        Claim = "claim",
        Swap = "swap",
    }
}

impl How {
    /// What a new plan leaves as it is.
    pub fn stands(self) -> bool {
        self != How::Plan
    }
}

/// A piece of a day to be covered.
#[derive(Clone, Debug)]
pub struct Shift {
    pub id: ShiftId,
    pub tenant: TenantId,
    pub place: PlaceId,
    pub day: Date,
    /// Minutes since midnight.
    pub starts: i64,
    pub ends: i64,
    pub skill: Skill,
    pub need: i64,
}

/// Somebody on a shift.
#[derive(Clone, Debug)]
pub struct Duty {
    pub shift: ShiftId,
    pub day: Date,
    pub person: PersonId,
    pub name: String,
    pub name_en: String,
    pub named: bool,
    pub how: How,
    /// Since when.
    pub at: Moment,
}

/// When somebody can come, as they said themselves.
#[derive(Clone, Debug)]
pub struct Ready {
    pub person: PersonId,
    pub name: String,
    pub name_en: String,
    /// Monday is bit 0.
    pub weekdays: i64,
    pub skills: Vec<Skill>,
    pub month_max: i64,
    pub rest_days: i64,
    /// Whether their name may be read by everybody while they are on duty.
    pub named: bool,
}

/// A shift that somebody has.
#[derive(Clone, Debug)]
pub struct Mine {
    pub shift: Shift,
    pub how: How,
    pub compound: String,
    pub place_name: String,
    pub place_name_en: String,
}

/// Somebody who is on duty at this very minute; a name only where its owner lets it be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnNow {
    pub place: PlaceId,
    pub name: Option<(String, String)>,
    pub skill: Skill,
    pub ends: i64,
}

/// How far a month's roster is.
#[derive(Clone, Debug)]
pub struct MonthState {
    pub planned: Moment,
    pub published: Option<Moment>,
    pub exact: bool,
    pub gaps: Vec<GapTold>,
}

impl MonthState {
    /// Whether it is proved that no plan is better, and still true of `duties`: nobody was put on after the plan was made, nor the
    /// plan filled after it was published.
    pub fn best(&self, duties: &[Duty]) -> bool {
        let filled = self.published.is_some_and(|published| published < self.planned);
        self.exact && !filled && duties.iter().all(|duty| duty.at <= self.planned)
    }
}

/// What a plan left open, as it is kept: counts, nobody's name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GapTold {
    pub shift: ShiftId,
    pub open: i64,
    pub out: Vec<(plan::Out, i64)>,
}

/// One claim for a recurring duty.
#[derive(Clone, Debug)]
pub struct Claim {
    pub id: ClaimId,
    pub person: PersonId,
    /// Monday is 1.
    pub weekday: i64,
    pub starts: i64,
    pub until: Date,
}

/// What somebody said of themselves at one hub.
#[derive(Clone, Debug, Default)]
pub struct Part {
    pub ready: Option<Ready>,
    pub claims: Vec<Claim>,
}

/// One who has a duty asks another to take it.
#[derive(Clone, Debug)]
pub struct Swap {
    pub id: SwapId,
    pub shift: ShiftId,
    pub day: Date,
    pub starts: i64,
    pub asked_by: PersonId,
    pub asked_by_name: String,
    pub asked_by_name_en: String,
    pub asked: PersonId,
    pub asked_name: String,
    pub asked_name_en: String,
}

/// A month in the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month(Date);

impl Month {
    pub fn of(day: Date) -> Month {
        Month(day.first_of_month())
    }

    /// `2026-12`.
    pub fn parse(text: &str) -> Option<Month> {
        let (year, month) = text.split_once('-')?;
        let plain = text.len() == 7 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let (year, month): (i16, i8) = (year.parse().ok()?, month.parse().ok()?);
        let day = Date::new(year, month, 1).ok()?;
        (plain && (2000..=2200).contains(&year)).then_some(Month(day))
    }

    pub fn name(self) -> String {
        format!("{:04}-{:02}", self.0.year(), self.0.month())
    }

    pub fn first(self) -> Date {
        self.0
    }

    pub fn last(self) -> Date {
        self.0.last_of_month()
    }

    /// The month after (or before).
    pub fn step(self, by: i32) -> Month {
        let months = jiff::Span::new().months(by);
        Month(self.0.checked_add(months).unwrap_or(self.0))
    }

    pub fn days(self) -> impl Iterator<Item = Date> {
        let first = self.0;
        (0..i64::from(first.days_in_month())).filter_map(move |n| first.checked_add(jiff::Span::new().days(n)).ok())
    }
}

/// A day as a number that grows by one from each day to the next.
pub fn number(day: Date) -> i64 {
    let epoch = jiff::civil::date(2000, 1, 1);
    i64::from((day - epoch).get_days())
}

/// Monday is 0.
pub fn weekday(day: Date) -> i64 {
    i64::from(day.weekday().to_monday_zero_offset())
}

/// As a Chinese keyboard writes it, made plain: full-width digits, colons and the many dashes.
fn plain(text: &str) -> String {
    let plain = |c: char| match c {
        '－' | '—' | '–' | '―' | '−' | '‐' | '‑' | '～' | '〜' | '~' | '─' => '-',
        '、' | '；' | ';' => ',',
        '\u{3000}' => ' ',
        c => kit::text::narrow(c),
    };
    text.chars().map(plain).collect()
}

/// `09:30` as minutes since midnight; `24:00` is the end of a day.
pub fn minutes(text: &str) -> Option<i64> {
    let text = plain(text);
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    let real = (hour < 24 && minute < 60) || (hour, minute) == (24, 0);
    real.then_some(hour * 60 + minute)
}

/// `09:30`.
pub fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Spans of a day: `09:00-12:00,13:30-17:30`; nothing is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans(pub Vec<(i64, i64)>);

impl Spans {
    /// In order and apart, as any keyboard writes it; `None` where it cannot be read so.
    pub fn parse(text: &str) -> Option<Spans> {
        let mut spans: Vec<(i64, i64)> = Vec::new();
        for span in plain(text).split(',').map(str::trim).filter(|span| !span.is_empty()) {
            let (from, to) = span.split_once('-')?;
            // A dash of a Chinese text is two characters long.
            let to = to.trim_start_matches('-');
            let (from, to) = (minutes(from)?, minutes(to)?);
            if from >= to || spans.last().is_some_and(|(_, end)| *end > from) {
                return None;
            }
            spans.push((from, to));
        }
        Some(Spans(spans))
    }

    pub fn text(&self) -> String {
        self.0.iter().map(|(from, to)| format!("{}-{}", clock(*from), clock(*to))).collect::<Vec<_>>().join(",")
    }

    /// Until when it is open, if it is at this time of day.
    pub fn open_until(&self, minute: i64) -> Option<i64> {
        self.0.iter().find(|(from, to)| (*from..*to).contains(&minute)).map(|(_, to)| *to)
    }

    /// For how many minutes it is open.
    pub fn minutes(&self) -> i64 {
        self.0.iter().map(|(from, to)| to - from).sum()
    }

    /// When it opens next on the same day.
    pub fn opens_after(&self, minute: i64) -> Option<i64> {
        self.0.iter().map(|(from, _)| *from).find(|from| *from > minute)
    }
}

/// One day on which the hours are others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    pub day: Date,
    pub spans: Spans,
    pub why: String,
}

/// When a hub is open: its week, and days that differ.
#[derive(Clone, Debug, Default)]
pub struct Hours {
    /// Monday first.
    pub week: [Spans; 7],
    pub exceptions: Vec<Exception>,
}

impl Hours {
    pub fn on(&self, day: Date) -> (&Spans, Option<&Exception>) {
        let exception = self.exceptions.iter().find(|one| one.day == day);
        let usual = &self.week[usize::try_from(weekday(day)).unwrap_or(0)];
        (exception.map_or(usual, |one| &one.spans), exception)
    }

    /// The next day within two weeks on which it opens, with the minute.
    pub fn opens_next(&self, today: Date) -> Option<(Date, i64)> {
        let later = (1..=14).filter_map(|n| today.checked_add(jiff::Span::new().days(n)).ok());
        later.filter_map(|day| Some((day, self.on(day).0.0.first()?.0))).next()
    }

    /// When it opens next from a minute of today on: later today, else within two weeks.
    pub fn opens_from(&self, today: Date, minute: i64) -> Option<(Date, i64)> {
        let later = self.on(today).0.opens_after(minute).map(|opens| (today, opens));
        later.or_else(|| self.opens_next(today))
    }

    /// Whether it is closed on a day, with the reason where that day differs; hours that nobody ever said close nothing.
    pub fn closed(&self, day: Date) -> Option<Option<&str>> {
        match self.on(day) {
            (spans, _) if !spans.0.is_empty() => None,
            (_, Some(exception)) => Some(Some(&exception.why)),
            (_, None) => self.known().then_some(None),
        }
    }

    /// Whether anybody ever said when it is open.
    pub fn known(&self) -> bool {
        self.week.iter().any(|spans| !spans.0.is_empty())
    }
}

/// A post at the hub: a name, duties, one holder or nobody.
#[derive(Clone, Debug)]
pub struct Post {
    pub id: PostId,
    pub place: PlaceId,
    pub name: String,
    pub duties: String,
    /// Whether it sits at the desk, and so reads who came, talks, opinions and who has a key.
    pub desk: bool,
    pub holder: Option<PersonId>,
    pub holder_name: Option<(String, String)>,
    pub held: Option<Moment>,
    /// When those who keep the hub said yes to the holder; before, the post opens nothing.
    pub confirmed: Option<Moment>,
    /// When the holder is away, and who stands in.
    pub leave: Option<Leave>,
    pub deputy_name: Option<(String, String)>,
}

impl Post {
    pub fn is_of(&self, person: Option<PersonId>) -> bool {
        person.is_some() && self.holder == person
    }

    /// The holder's names, for whoever may read them: a claim to which nobody said yes is between those who keep the hub and
    /// the one who made it.
    pub fn named_to(&self, person: Option<PersonId>, keeps: bool) -> Option<&(String, String)> {
        self.holder_name.as_ref().filter(|_| keeps || self.is_of(person) || self.confirmed.is_some())
    }
}

/// From when until when the holder of a post is away; somebody stands in by their own yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    pub from: Moment,
    pub until: Moment,
    pub deputy: Option<PersonId>,
}

impl Leave {
    pub fn runs(&self, now: Moment) -> bool {
        self.from <= now && now < self.until
    }
}

impl Post {
    /// Whether somebody writes for this post: its holder, and while that one is away who stands in.
    pub fn is_carried_by(&self, person: PersonId, now: Moment) -> bool {
        self.holder == Some(person) || self.leave.is_some_and(|leave| leave.runs(now) && leave.deputy == Some(person))
    }
}

/// A post, and what was done on it in a span.
#[derive(Clone, Debug)]
pub struct PostDay {
    pub post: PostId,
    pub name: String,
    /// Whether it has not been done away with since.
    pub runs: bool,
    pub holder: Option<PersonId>,
    pub leave: Option<Leave>,
    pub entries: Vec<Entry>,
}

impl PostDay {
    /// Whether somebody writes for this post.
    pub fn is_carried_by(&self, person: PersonId, now: Moment) -> bool {
        self.holder == Some(person) || self.leave.is_some_and(|leave| leave.runs(now) && leave.deputy == Some(person))
    }
}

/// A day as the team wrote it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubDay {
    pub day: Date,
    /// When it was open.
    pub spans: Spans,
    pub note: String,
}

/// What was done, in one line.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: EntryId,
    pub post: PostId,
    pub post_name: String,
    pub person: PersonId,
    pub name: String,
    pub name_en: String,
    pub at: Moment,
    pub text: String,
}

/// The time of day in minutes.
pub fn minute_of(time: Time) -> i64 {
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

#[cfg(test)]
mod tests;

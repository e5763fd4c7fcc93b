//! Until when: working hours, working days and plain hours from a start, with pauses that do not count.
//!
//! Everything is counted on the wall, where every day is 24 hours long: the due time is the first at which the office
//! has been open, unpaused, for as long as the limit says. So one more holiday or pause can only make it later.

use super::{DAY, DAYS_AHEAD_MAX, OfficeHours, WorkCalendar, Zone, too_far};
use kit::Result;
use kit::time::Moment;

/// Until when; provisional when it reaches into a year whose holidays are not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub at: Moment,
    pub provisional: bool,
}

/// Time that does not count: from `from` until just before `to`. One that does not end after its beginning is empty;
/// several may overlap. For a pause that still runs, `to` is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    pub from: Moment,
    pub to: Moment,
}

/// Counts due times for one office.
#[derive(Clone, Debug)]
pub struct Office<'c> {
    pub calendar: &'c WorkCalendar,
    pub hours: OfficeHours,
    pub zone: Zone,
}

impl Office<'_> {
    /// After `ms` of working time inside office hours; after none at all, when the office is next open.
    ///
    /// # Errors
    /// [`kit::Error::Invalid`] for a negative or absurdly long time.
    pub fn due_hours(&self, start: Moment, ms: i64) -> Result<Due> {
        self.due_hours_with(start, ms, &[])
    }

    /// [`Office::due_hours`], the pauses not counting.
    pub fn due_hours_with(&self, start: Moment, ms: i64, pauses: &[Pause]) -> Result<Due> {
        let start = self.zone.wall(start)?;
        if !(0..=DAYS_AHEAD_MAX * DAY).contains(&ms) {
            return Err(too_far());
        }
        self.told(start, self.open_until(start, ms, pauses)?)
    }

    /// The end of office hours on the `days`-th working day after the day of `start`.
    ///
    /// # Errors
    /// [`kit::Error::Invalid`] for an absurd number of days.
    pub fn due_days(&self, start: Moment, days: u32) -> Result<Due> {
        self.due_days_with(start, days, &[])
    }

    /// [`Office::due_days`], the pauses not counting: the office time that they took is added at the end. The day of
    /// the start does not count, and neither do pauses on it.
    pub fn due_days_with(&self, start: Moment, days: u32, pauses: &[Pause]) -> Result<Due> {
        let start = self.zone.wall(start)?;
        let today = start.div_euclid(DAY);
        if i64::from(days) > DAYS_AHEAD_MAX {
            return Err(too_far());
        }
        if days == 0 {
            return self.told(start, today * DAY + self.hours.end());
        }
        let open = i64::from(days) * self.hours.length();
        self.told(start, self.open_until((today + 1) * DAY, open, pauses)?)
    }

    fn told(&self, start: i64, due: i64) -> Result<Due> {
        // An office that closes at 24:00 does so on the day that ends, not on the one that begins.
        let last = (due - 1).max(start).div_euclid(DAY);
        let known = self.calendar.is_known(start.div_euclid(DAY), last)?;
        Ok(Due { at: self.zone.on_clocks(due)?, provisional: !known })
    }

    /// When the office has been open for `open` since `start`, pauses left out.
    fn open_until(&self, start: i64, open: i64, pauses: &[Pause]) -> Result<i64> {
        let mut walls = Vec::with_capacity(pauses.len());
        for pause in pauses {
            walls.push((self.zone.wall(pause.from)?, self.zone.wall(pause.to)?));
        }
        past(walls, start, open, |from, open| self.open_after(from, open), |from, to| self.open_between(from, to))
    }

    /// When the office has been open for `open` since `from`.
    fn open_after(&self, from: i64, open: i64) -> Result<i64> {
        if open == 0 {
            return Ok(self.open_after(from, 1)? - 1);
        }
        let (day, time) = (from.div_euclid(DAY), from.rem_euclid(DAY));
        // What the first day has already used is asked for again, so that every day counts whole.
        let used = if self.calendar.works(day) { self.hours.open_before(time) } else { 0 };
        let wanted = open + used;
        let whole_days = (wanted - 1) / self.hours.length();
        let last = self.calendar.working_day_after(day - 1, whole_days + 1)?;
        Ok(last * DAY + self.hours.after(wanted - whole_days * self.hours.length()))
    }

    fn open_between(&self, from: i64, to: i64) -> i64 {
        let used = |wall: i64| {
            let worked = self.calendar.works(wall.div_euclid(DAY));
            if worked { self.hours.open_before(wall.rem_euclid(DAY)) } else { 0 }
        };
        let days = self.calendar.working_days(from.div_euclid(DAY), to.div_euclid(DAY));
        days * self.hours.length() + used(to) - used(from)
    }
}

/// Round the clock, whatever day it is: for what cannot wait until the office opens.
///
/// # Errors
/// [`kit::Error::Invalid`] for a negative or absurdly long time.
pub fn due_plain(start: Moment, ms: i64, pauses: &[Pause]) -> Result<Due> {
    let sane = |moment: Moment| jiff::Timestamp::from_millisecond(moment.0).is_ok();
    let all_sane = sane(start) && pauses.iter().all(|pause| sane(pause.from) && sane(pause.to));
    if !all_sane || !(0..=DAYS_AHEAD_MAX * DAY).contains(&ms) {
        return Err(too_far());
    }
    let pauses = pauses.iter().map(|pause| (pause.from.0, pause.to.0)).collect();
    let at = Moment(past(pauses, start.0, ms, |from, ms| Ok(from + ms), |from, to| to - from)?);
    if sane(at) { Ok(Due { at, provisional: false }) } else { Err(too_far()) }
}

/// Goes from `start` until `left` is used up, stepping over the pauses. `after(from, left)` tells when it would be used
/// up without them, `used(from, to)` how much a stretch uses.
fn past(
    mut pauses: Vec<(i64, i64)>,
    start: i64,
    mut left: i64,
    after: impl Fn(i64, i64) -> Result<i64>,
    used: impl Fn(i64, i64) -> i64,
) -> Result<i64> {
    pauses.sort_unstable();
    let (mut at, mut due) = (start, after(start, left)?);
    for (from, to) in pauses {
        if due <= from {
            break;
        }
        if to > at && to > from {
            left -= used(at, from.max(at));
            at = to;
            due = after(at, left)?;
        }
    }
    Ok(due)
}

/// A limit of a service standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The end of office hours on the n-th working day after.
    WorkingDays(u32),
    /// Minutes inside office hours.
    OfficeMinutes(i64),
    /// Minutes round the clock.
    Minutes(i64),
}

impl Limit {
    /// From the words of the `service_standard` table.
    pub fn of(amount: i64, unit: &str) -> Option<Limit> {
        match unit {
            "working_days" => u32::try_from(amount).ok().map(Limit::WorkingDays),
            "office_hours" => Some(Limit::OfficeMinutes(amount.saturating_mul(60))),
            "office_minutes" => Some(Limit::OfficeMinutes(amount)),
            "days" => Some(Limit::Minutes(amount.saturating_mul(24 * 60))),
            "hours" => Some(Limit::Minutes(amount.saturating_mul(60))),
            "minutes" => Some(Limit::Minutes(amount)),
            _ => None,
        }
    }

    /// When it is over for something that starts at `start`.
    ///
    /// # Errors
    /// As [`Office::due_days`], [`Office::due_hours`] and [`due_plain`].
    pub fn due(self, office: &Office<'_>, start: Moment) -> Result<Due> {
        self.due_with(office, start, &[])
    }

    /// [`Limit::due`], the pauses not counting.
    pub fn due_with(self, office: &Office<'_>, start: Moment, pauses: &[Pause]) -> Result<Due> {
        const MINUTE: i64 = Moment::minutes(1);
        match self {
            Limit::WorkingDays(days) => office.due_days_with(start, days, pauses),
            Limit::OfficeMinutes(minutes) => office.due_hours_with(start, minutes.saturating_mul(MINUTE), pauses),
            Limit::Minutes(minutes) => due_plain(start, minutes.saturating_mul(MINUTE), pauses),
        }
    }
}

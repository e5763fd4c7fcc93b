//! Civil time: zones, days, working days with make-up weekends, office hours, and until when something is due.
//!
//! The only place in the house that knows what a day is. Pure: "now" is an argument, holidays are data.

pub mod lines;
#[cfg(test)]
mod tests;

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use kit::time::Moment;
use kit::{Error, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// How far a due time may lie ahead; beyond that the question is a mistake.
const DAYS_AHEAD_MAX: u32 = 40_000;
const MINUTE: i64 = Moment::minutes(1);

/// The zone in which a compound's days begin.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// By IANA name.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there is no such zone.
    pub fn named(name: &str) -> Result<Zone> {
        TimeZone::get(name).map(Zone).map_err(|_| Error::invalid("zone", "calendar/zone-unknown"))
    }

    /// China has one zone: UTC+8, without summer time.
    pub fn china() -> Zone {
        Zone(TimeZone::get("Asia/Shanghai").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(8))))
    }

    pub fn civil(&self, moment: Moment) -> DateTime {
        self.0.to_datetime(moment.timestamp())
    }

    pub fn date(&self, moment: Moment) -> Date {
        self.civil(moment).date()
    }

    /// RFC 3339 with the zone's offset.
    pub fn rfc3339(&self, moment: Moment) -> String {
        let offset = self.0.to_offset(moment.timestamp());
        moment.timestamp().display_with_offset(offset).to_string()
    }

    /// The instant of a time on the wall, `2026-11-24 18:05:00` or with a `T`.
    pub fn parse(&self, text: &str) -> Option<Moment> {
        let civil: DateTime = text.replace(' ', "T").parse().ok()?;
        let stamp = self.0.to_ambiguous_timestamp(civil).compatible().ok()?;
        Some(Moment(stamp.as_millisecond()))
    }

    /// The instant at which the day has run for `minutes`.
    fn moment(&self, date: Date, minutes: i64) -> Moment {
        let civil = date.at(0, 0, 0, 0).saturating_add(jiff::Span::new().minutes(minutes));
        let stamp = self.0.to_ambiguous_timestamp(civil).compatible().map(|stamp| stamp.as_millisecond());
        Moment(stamp.unwrap_or(i64::MAX))
    }
}

/// Which days are worked.
#[derive(Clone, Debug, Default)]
pub struct WorkCalendar {
    years: BTreeSet<i16>,
    /// Days that differ from the weekly pattern: worked or not.
    exceptions: BTreeMap<Date, bool>,
}

#[derive(Deserialize)]
struct File {
    year: Vec<Year>,
}

#[derive(Deserialize)]
struct Year {
    year: i16,
    off: Vec<String>,
    work: Vec<String>,
}

impl WorkCalendar {
    /// Mainland China, with the arrangements published so far.
    pub fn china() -> &'static WorkCalendar {
        static CHINA: LazyLock<WorkCalendar> = LazyLock::new(|| {
            WorkCalendar::parse(include_str!("../../data/calendar-cn.toml")).expect("the shipped calendar can be read.")
        });
        &CHINA
    }

    /// Reads a calendar file: per year `off` (days or `from/to`) and `work`, as `MM-DD`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what cannot be read.
    pub fn parse(text: &str) -> Result<WorkCalendar> {
        let file: File = toml::from_str(text).map_err(|_| Error::invalid("calendar", "calendar/file-bad"))?;
        let mut calendar = WorkCalendar::default();
        for year in file.year {
            calendar.years.insert(year.year);
            for span in &year.off {
                let (from, to) = span.split_once('/').unwrap_or((span, span));
                let (mut day, last) = (date(year.year, from)?, date(year.year, to)?);
                while day <= last {
                    calendar.exceptions.insert(day, false);
                    day = next(day)?;
                }
            }
            for day in &year.work {
                calendar.exceptions.insert(date(year.year, day)?, true);
            }
        }
        Ok(calendar)
    }

    /// The same calendar with one more day off.
    pub fn with_day_off(&self, day: Date) -> WorkCalendar {
        let mut more = self.clone();
        more.exceptions.insert(day, false);
        more
    }

    pub fn is_working(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.exceptions.get(&day).copied().unwrap_or(!weekend)
    }

    pub fn is_published(&self, day: Date) -> bool {
        self.years.contains(&day.year())
    }
}

fn date(year: i16, text: &str) -> Result<Date> {
    let bad = || Error::invalid("calendar", "calendar/file-bad");
    let (month, day) = text.split_once('-').ok_or_else(bad)?;
    Date::new(year, month.parse().map_err(|_| bad())?, day.parse().map_err(|_| bad())?).map_err(|_| bad())
}

fn next(day: Date) -> Result<Date> {
    day.tomorrow().map_err(|_| Error::invalid("due", "calendar/too-far"))
}

/// When an office is open on a working day: spans in minutes since midnight, in order, apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeHours(Vec<(i64, i64)>);

impl OfficeHours {
    /// `09:00-12:00,13:30-17:30`.
    ///
    /// # Errors
    /// [`Error::Invalid`] when a time cannot be read, a span is empty, or spans overlap or stand out of order.
    pub fn parse(text: &str) -> Result<OfficeHours> {
        let bad = || Error::invalid("office", "calendar/office-bad");
        let clock = |text: &str| -> Option<i64> {
            let (hour, minute) = text.trim().split_once(':')?;
            let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
            ((0..=23).contains(&hour) && (0..60).contains(&minute) || (hour, minute) == (24, 0))
                .then_some(hour * 60 + minute)
        };
        let mut spans: Vec<(i64, i64)> = Vec::new();
        for span in text.split(',') {
            let (from, to) = span.split_once('-').ok_or_else(bad)?;
            let (from, to) = (clock(from).ok_or_else(bad)?, clock(to).ok_or_else(bad)?);
            if from >= to || spans.last().is_some_and(|(_, end)| *end > from) {
                return Err(bad());
            }
            spans.push((from, to));
        }
        Ok(OfficeHours(spans))
    }

    fn end(&self) -> i64 {
        self.0.last().map_or(0, |(_, end)| *end)
    }
}

/// Until when; provisional when it reaches into a year whose holidays are not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub at: Moment,
    pub provisional: bool,
}

/// Counts due times for one office.
#[derive(Clone, Debug)]
pub struct Office<'c> {
    pub calendar: &'c WorkCalendar,
    pub hours: OfficeHours,
    pub zone: Zone,
}

impl Office<'_> {
    /// After `ms` of working time inside office hours.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a negative or absurdly long time.
    pub fn due_hours(&self, start: Moment, ms: i64) -> Result<Due> {
        let too_far = || Error::invalid("due", "calendar/too-far");
        if ms < 0 || self.hours.0.is_empty() {
            return Err(too_far());
        }
        let (mut day, mut left, mut provisional) = (self.zone.date(start), ms, false);
        for _ in 0..DAYS_AHEAD_MAX {
            provisional |= !self.calendar.is_published(day);
            if self.calendar.is_working(day) {
                for (from, to) in &self.hours.0 {
                    let begins = self.zone.moment(day, *from).max(start);
                    let ends = self.zone.moment(day, *to);
                    let open = (ends - begins).max(0);
                    if open > 0 && left <= open {
                        return Ok(Due { at: begins + left, provisional });
                    }
                    left -= open;
                }
            }
            day = next(day)?;
        }
        Err(too_far())
    }

    /// The end of office hours on the `days`-th working day after the day of `start`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an absurd number of days.
    pub fn due_days(&self, start: Moment, days: u32) -> Result<Due> {
        let (mut day, mut left, mut provisional) = (self.zone.date(start), days, false);
        provisional |= !self.calendar.is_published(day);
        for _ in 0..DAYS_AHEAD_MAX {
            if left == 0 {
                return Ok(Due { at: self.zone.moment(day, self.hours.end()), provisional });
            }
            day = next(day)?;
            provisional |= !self.calendar.is_published(day);
            left -= u32::from(self.calendar.is_working(day));
        }
        Err(Error::invalid("due", "calendar/too-far"))
    }
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
    /// From the words of the `standard` table.
    pub fn of(amount: i64, unit: &str) -> Option<Limit> {
        match unit {
            "working_days" => u32::try_from(amount).ok().map(Limit::WorkingDays),
            "office_minutes" => Some(Limit::OfficeMinutes(amount)),
            "minutes" => Some(Limit::Minutes(amount)),
            _ => None,
        }
    }

    /// When it is over for something that starts at `start`.
    ///
    /// # Errors
    /// As [`Office::due_days`] and [`Office::due_hours`].
    pub fn due(self, office: &Office<'_>, start: Moment) -> Result<Due> {
        match self {
            Limit::WorkingDays(days) => office.due_days(start, days),
            Limit::OfficeMinutes(minutes) => office.due_hours(start, minutes.saturating_mul(MINUTE)),
            Limit::Minutes(minutes) => Ok(Due { at: start + minutes.saturating_mul(MINUTE), provisional: false }),
        }
    }
}

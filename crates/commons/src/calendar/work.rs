//! Which days are worked: Monday to Friday, but for the holidays and make-up days of the years published so far.

use super::{DAY, DAYS_AHEAD_MAX, too_far};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use kit::{Error, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Mainland China: what the General Office of the State Council has announced, a file per notice.
const CHINA: &[&str] = &[
    include_str!("../../data/calendar/cn-2015.toml"),
    include_str!("../../data/calendar/cn-2016.toml"),
    include_str!("../../data/calendar/cn-2017.toml"),
    include_str!("../../data/calendar/cn-2018.toml"),
    include_str!("../../data/calendar/cn-2019.toml"),
    include_str!("../../data/calendar/cn-2020.toml"),
    include_str!("../../data/calendar/cn-2021.toml"),
    include_str!("../../data/calendar/cn-2022.toml"),
    include_str!("../../data/calendar/cn-2023.toml"),
    include_str!("../../data/calendar/cn-2024.toml"),
    include_str!("../../data/calendar/cn-2025.toml"),
    include_str!("../../data/calendar/cn-2026.toml"),
];

/// Which days are worked.
#[derive(Clone, Debug, Default)]
pub struct WorkCalendar {
    years: BTreeMap<i16, Year>,
    more_off: BTreeSet<i64>,
    /// What follows from the above: the days that differ from the weekly pattern, and whether they are worked.
    exceptions: BTreeMap<i64, bool>,
}

/// What one notice says. Days are counted since 1970.
#[derive(Clone, Debug)]
struct Year {
    notice: Notice,
    off: BTreeMap<i64, String>,
    work: BTreeSet<i64>,
}

/// Where a year's arrangement is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Title and number of the notice.
    pub source: String,
    /// The later notice that changed it, if one did; its changes are in the days.
    pub changed_by: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    year: i16,
    source: String,
    changed_by: Option<String>,
    #[serde(default)]
    holiday: Vec<Holiday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    name: String,
    off: Vec<String>,
    #[serde(default)]
    work: Vec<String>,
}

impl WorkCalendar {
    /// The shipped calendar of a jurisdiction: `cn`.
    ///
    /// # Errors
    /// [`Error::Invalid`] when none is shipped under that name.
    pub fn named(jurisdiction: &str) -> Result<&'static WorkCalendar> {
        match jurisdiction {
            "cn" => Ok(WorkCalendar::china()),
            _ => Err(Error::invalid("calendar", "calendar/calendar-unknown")),
        }
    }

    /// Mainland China, with the arrangements published so far.
    pub fn china() -> &'static WorkCalendar {
        static SHIPPED: LazyLock<WorkCalendar> = LazyLock::new(|| {
            let mut calendar = WorkCalendar::default();
            for file in CHINA {
                calendar = calendar.with_year(file).expect("a shipped calendar file can be read.");
            }
            calendar
        });
        &SHIPPED
    }

    /// The same calendar with one more year, or with a newer word on a year that it knew.
    ///
    /// A file has `year`, `source`, perhaps `changed_by`, and a `[[holiday]]` each with `name`, `off` (days or
    /// `from/to`) and `work` (make-up days). A day is `MM-DD` of the year, or `YYYY-MM-DD`: New Year's holiday may begin
    /// in December.
    ///
    /// # Errors
    /// [`Error::Invalid`]: `file-unreadable`, `file-day-unknown` for what is no day of this year or of a neighbouring
    /// one, `file-backwards` for a span that ends before it begins, `file-contradiction` for a day both off and worked.
    pub fn with_year(&self, file: &str) -> Result<WorkCalendar> {
        let bad = |why| Error::invalid("calendar", why);
        let file: File = toml::from_str(file).map_err(|_| bad("calendar/file-unreadable"))?;
        let notice = Notice { source: file.source, changed_by: file.changed_by };
        let mut year = Year { notice, off: BTreeMap::new(), work: BTreeSet::new() };
        for holiday in file.holiday {
            for span in &holiday.off {
                let (from, to) = span.split_once('/').unwrap_or((span, span));
                let (from, to) = (day_in(file.year, from)?, day_in(file.year, to)?);
                if from > to {
                    return Err(bad("calendar/file-backwards"));
                }
                year.off.extend((from..=to).map(|day| (day, holiday.name.clone())));
            }
            for day in &holiday.work {
                year.work.insert(day_in(file.year, day)?);
            }
        }
        if year.work.iter().any(|day| year.off.contains_key(day)) {
            return Err(bad("calendar/file-contradiction"));
        }
        let mut calendar = self.clone();
        calendar.years.insert(file.year, year);
        Ok(calendar.settled())
    }

    /// What was known when `year` was the last one published.
    pub fn through(&self, year: i16) -> WorkCalendar {
        let mut calendar = self.clone();
        calendar.years.retain(|known, _| *known <= year);
        calendar.settled()
    }

    /// The last year whose arrangement is published.
    pub fn last_year(&self) -> Option<i16> {
        self.years.last_key_value().map(|(year, _)| *year)
    }

    /// The years whose arrangement is published, with their notices.
    pub fn notices(&self) -> impl Iterator<Item = (i16, &Notice)> {
        self.years.iter().map(|(year, known)| (*year, &known.notice))
    }

    /// The year that a file is about; what [`WorkCalendar::with_year`] refuses is refused here too.
    ///
    /// # Errors
    /// As [`WorkCalendar::with_year`].
    pub fn year_of(file: &str) -> Result<i16> {
        let one = WorkCalendar::default().with_year(file)?;
        one.last_year().ok_or_else(|| Error::invalid("calendar", "calendar/file-unreadable"))
    }

    /// The same calendar with one more day off.
    pub fn with_day_off(&self, day: Date) -> WorkCalendar {
        let mut calendar = self.clone();
        calendar.more_off.insert(number(day));
        calendar.settled()
    }

    /// Later notices have the last word on a day, and days off of our own over them.
    fn settled(mut self) -> WorkCalendar {
        let mut said = BTreeMap::new();
        for year in self.years.values() {
            said.extend(year.off.keys().map(|day| (*day, false)));
            said.extend(year.work.iter().map(|day| (*day, true)));
        }
        said.extend(self.more_off.iter().map(|day| (*day, false)));
        said.retain(|day, worked| *worked != is_weekday(*day));
        self.exceptions = said;
        self
    }

    pub fn is_working(&self, day: Date) -> bool {
        self.works(number(day))
    }

    /// What the day off is called in the notice: `国庆节`. None on working days and plain weekends.
    pub fn holiday(&self, day: Date) -> Option<&str> {
        let nearby = self.years.range(day.year()..=day.year().saturating_add(1));
        nearby.rev().find_map(|(_, year)| year.off.get(&number(day))).map(String::as_str)
    }

    pub fn is_published(&self, day: Date) -> bool {
        self.years.contains_key(&day.year())
    }

    /// The notice that arranges a year; none while it is not published.
    pub fn notice(&self, year: i16) -> Option<&Notice> {
        self.years.get(&year).map(|year| &year.notice)
    }

    pub(super) fn works(&self, day: i64) -> bool {
        self.exceptions.get(&day).copied().unwrap_or_else(|| is_weekday(day))
    }

    /// Working days from `from` up to, but without, `to`.
    pub(super) fn working_days(&self, from: i64, to: i64) -> i64 {
        if from >= to {
            return 0;
        }
        let differ: i64 = self.exceptions.range(from..to).map(|(_, worked)| if *worked { 1 } else { -1 }).sum();
        weekdays_before(to) - weekdays_before(from) + differ
    }

    /// The `n`-th working day after `day`.
    pub(super) fn working_day_after(&self, day: i64, n: i64) -> Result<i64> {
        let (mut at, mut left) = (day, n);
        // As many days as are still to be found can be leapt at once: they never hold more working days than that.
        // When the last leap finds all of them, each of its days was worked, so it ends on a working day.
        while left > 0 {
            let to = at + left;
            if to - day > DAYS_AHEAD_MAX {
                return Err(too_far());
            }
            left -= self.working_days(at + 1, to + 1);
            at = to;
        }
        Ok(at)
    }

    /// Whether the arrangement of every day from `from` to `to` is known. Both are days since 1970.
    pub(super) fn is_known(&self, from: i64, to: i64) -> Result<bool> {
        let (from, to) = (date(from)?.year(), date(to)?.year());
        Ok((from..=to).all(|year| self.years.contains_key(&year)))
    }
}

/// `MM-DD`, or a whole date.
fn day_in(year: i16, text: &str) -> Result<i64> {
    let whole = if text.len() == 5 { format!("{year:04}-{text}") } else { text.to_owned() };
    let day: Option<Date> = whole.parse().ok().filter(|day: &Date| (day.year() - year).abs() <= 1);
    day.map(number).ok_or_else(|| Error::invalid("calendar", "calendar/file-day-unknown"))
}

/// Days since 1970-01-01.
fn number(day: Date) -> i64 {
    let midnight = Offset::UTC.to_timestamp(day.at(0, 0, 0, 0));
    midnight.map_or(i64::MAX / DAY, |stamp| stamp.as_millisecond().div_euclid(DAY))
}

fn date(number: i64) -> Result<Date> {
    let ms = number.checked_mul(DAY).ok_or_else(too_far)?;
    Timestamp::from_millisecond(ms).map(|stamp| Offset::UTC.to_datetime(stamp).date()).map_err(|_| too_far())
}

/// 1970-01-05 was a Monday.
const MONDAY: i64 = 4;

fn is_weekday(day: i64) -> bool {
    (day - MONDAY).rem_euclid(7) < 5
}

/// Mondays to Fridays since that Monday.
fn weekdays_before(day: i64) -> i64 {
    let days = day - MONDAY;
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}

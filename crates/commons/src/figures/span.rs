//! The time that figures are told for: a month as the community counts months, twelve of them, or any days.

use crate::calendar::Zone;
use jiff::ToSpan;
use jiff::civil::Date;
use kit::time::Moment;
use kit::{Error, Result};

/// From the beginning of one day to the beginning of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub first: Date,
    /// The first day that is not part of it any more.
    pub after: Date,
    pub from: Moment,
    pub until: Moment,
}

/// How many days may be asked for at once.
const DAYS_MAX: i64 = 800;
/// How many months the curves show.
pub const MONTHS: i64 = 12;

impl Span {
    /// # Errors
    /// [`Error::Invalid`] when it ends before it begins, or is longer than two years.
    pub fn days(zone: &Zone, first: Date, after: Date) -> Result<Span> {
        let long = first.until(after).map_or(0, |span| i64::from(span.get_days()));
        if !(1..=DAYS_MAX).contains(&long) {
            return Err(Error::invalid("until", "figures/span-wrong"));
        }
        let at = |date: Date| zone.moment(date.at(0, 0, 0, 0));
        Ok(Span { first, after, from: at(first)?, until: at(after)? })
    }

    /// The month called by the first of `month`; it may begin on `day` of the month before.
    ///
    /// # Errors
    /// At the ends of the calendar.
    pub fn month(zone: &Zone, month: Date, day: i64) -> Result<Span> {
        let month = month.first_of_month();
        let on = |of: Date| Date::new(of.year(), of.month(), i8::try_from(day).unwrap_or(1)).map_err(Error::internal);
        let next = |months: i64| month.checked_add(months.months()).map_err(|_| far());
        match day {
            1 => Span::days(zone, month, next(1)?),
            _ => Span::days(zone, on(next(-1)?)?, on(month)?),
        }
    }

    /// `2026-11` and the day on which months begin.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is no month.
    pub fn named(zone: &Zone, month: &str, day: i64) -> Result<Span> {
        let wrong = || Error::invalid("month", "figures/month-wrong");
        let first: Date = format!("{month}-01").parse().map_err(|_| wrong())?;
        Span::month(zone, first, day).map_err(|_| wrong())
    }

    /// The twelve months of which the last holds `now`, oldest first.
    ///
    /// # Errors
    /// At the ends of the calendar.
    pub fn twelve(zone: &Zone, now: Moment, day: i64) -> Result<Vec<Span>> {
        let today = zone.date(now);
        let late = day > 1 && i64::from(today.day()) >= day;
        let last = today.first_of_month().checked_add(i64::from(late).months()).map_err(|_| far())?;
        Span::ending(zone, last, day)
    }

    /// The twelve months of which the last is called by the first of `last`.
    ///
    /// # Errors
    /// At the ends of the calendar.
    pub fn ending(zone: &Zone, last: Date, day: i64) -> Result<Vec<Span>> {
        (0..MONTHS)
            .map(|n| {
                let month = last.first_of_month().checked_sub((MONTHS - 1 - n).months()).map_err(|_| far())?;
                Span::month(zone, month, day)
            })
            .collect()
    }

    /// Before and after everything.
    pub fn ever() -> Span {
        Span { first: Date::MIN, after: Date::MAX, from: Moment(i64::MIN), until: Moment(i64::MAX) }
    }

    /// The last day of it.
    pub fn last(&self) -> Date {
        self.after.yesterday().unwrap_or(self.after)
    }

    /// The first of the month that it is called by: the one in which it ends.
    pub fn called(&self) -> Date {
        self.last().first_of_month()
    }

    pub fn holds(&self, at: Moment) -> bool {
        self.from <= at && at < self.until
    }
}

fn far() -> Error {
    Error::invalid("month", "figures/month-wrong")
}

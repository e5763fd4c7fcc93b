//! A week from Monday to Sunday, named as ISO 8601 does: `2026-W47`.

use commons::calendar::Zone;
use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use kit::time::Moment;
use kit::{Error, Result};

/// A week of a place's own days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week(Date);

impl Week {
    pub fn of(zone: &Zone, now: Moment) -> Week {
        let week = zone.date(now).iso_week_date();
        Week(ISOWeekDate::new(week.year(), week.week(), Weekday::Monday).map_or(zone.date(now), |day| day.date()))
    }

    /// `None` when there is no such week.
    pub fn parse(text: &str) -> Option<Week> {
        let (year, week) = text.split_once("-W")?;
        let fits = year.len() == 4 && week.len() == 2;
        let monday = ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, Weekday::Monday).ok()?;
        fits.then_some(Week(monday.date()))
    }

    pub fn name(self) -> String {
        let week = self.0.iso_week_date();
        format!("{:04}-W{:02}", week.year(), week.week())
    }

    /// The week before (−1) or after (1).
    pub fn step(self, weeks: i64) -> Option<Week> {
        self.0.checked_add(weeks.weeks()).ok().map(Week)
    }

    /// From its first moment to the first moment after it.
    ///
    /// # Errors
    /// [`Error::NotFound`] at the very ends of the calendar.
    pub fn span(self, zone: &Zone) -> Result<(Moment, Moment)> {
        let start = |week: Week| zone.moment(week.0.at(0, 0, 0, 0));
        let next = self.step(1).ok_or(Error::NotFound)?;
        Ok((start(self).map_err(|_| Error::NotFound)?, start(next).map_err(|_| Error::NotFound)?))
    }
}

#[cfg(test)]
mod tests;

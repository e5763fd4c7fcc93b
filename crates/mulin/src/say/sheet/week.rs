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
mod tests {
    use super::*;

    #[test]
    fn weeks_are_named_and_found_again() {
        let zone = Zone::china();
        // Tuesday, 24 November 2026, ten in the morning.
        let week = Week::of(&zone, Moment(1_795_485_600_000));
        assert_eq!(week.name(), "2026-W48");
        assert_eq!(Week::parse("2026-W48"), Some(week));
        assert_eq!(week.step(-1).map(Week::name).as_deref(), Some("2026-W47"));
        let (from, to) = week.span(&zone).unwrap();
        assert_eq!((zone.rfc3339(from), to - from), ("2026-11-23T00:00:00+08:00".to_owned(), Moment::days(7)));
        assert_eq!(Week::parse("2027-W01").map(|week| week.step(-1).unwrap().name()).as_deref(), Some("2026-W53"));
        for bad in ["2026-W54", "2025-W53", "2026-47", "26-W47", "2026-W7", "x", "", "-W01", "9999-W99"] {
            assert_eq!(Week::parse(bad), None, "{bad}");
        }
    }
}

//! When an office is open on a day that is worked.

use super::DAY;
use kit::time::Moment;
use kit::{Error, Result};

/// Spans in milliseconds since midnight: in order, apart, at least one, none empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeHours(Vec<(i64, i64)>);

impl OfficeHours {
    /// `09:00-12:00,13:30-17:30`; the last span may end at `24:00`.
    ///
    /// # Errors
    /// [`Error::Invalid`]: `office-unreadable` for what is no `from-to` with hours and minutes, `office-backwards` for a
    /// span that does not end after its beginning, `office-overlap` for spans that overlap or stand out of order.
    pub fn parse(text: &str) -> Result<OfficeHours> {
        let bad = |why| Error::invalid("office", why);
        let mut spans: Vec<(i64, i64)> = Vec::new();
        for span in text.split(',') {
            let (from, to) = span.split_once('-').ok_or_else(|| bad("calendar/office-unreadable"))?;
            let (from, to) = clock(from).zip(clock(to)).ok_or_else(|| bad("calendar/office-unreadable"))?;
            if from >= to {
                return Err(bad("calendar/office-backwards"));
            }
            if spans.last().is_some_and(|(_, end)| *end > from) {
                return Err(bad("calendar/office-overlap"));
            }
            spans.push((from, to));
        }
        Ok(OfficeHours(spans))
    }

    /// Open time of a whole day.
    pub(super) fn length(&self) -> i64 {
        self.open_before(DAY)
    }

    /// When the day's work ends, since midnight.
    pub(super) fn end(&self) -> i64 {
        self.0.last().map_or(0, |(_, to)| *to)
    }

    /// Open time between midnight and `time`.
    pub(super) fn open_before(&self, time: i64) -> i64 {
        self.0.iter().map(|(from, to)| (time.min(*to) - from).max(0)).sum()
    }

    /// The earliest time at which the office has been open for `open`, which is more than nothing and no more than a day.
    pub(super) fn after(&self, mut open: i64) -> i64 {
        for (from, to) in &self.0 {
            if open <= to - from {
                return from + open;
            }
            open -= to - from;
        }
        self.end()
    }
}

/// `HH:MM` as milliseconds since midnight.
fn clock(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let two_digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !two_digits(hour) || !two_digits(minute) {
        return None;
    }
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    let real = (hour < 24 && minute < 60) || (hour, minute) == (24, 0);
    real.then(|| Moment::hours(hour) + Moment::minutes(minute))
}

//! Where a place's days begin: instants to what its clocks on the wall show, and back.

use super::too_far;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use kit::time::Moment;
use kit::{Error, Result};

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

    /// China has one zone: UTC+8, without summer time. Works on a machine without a zone database, too.
    pub fn china() -> Zone {
        Zone(TimeZone::get("Asia/Shanghai").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(8))))
    }

    pub fn civil(&self, moment: Moment) -> DateTime {
        self.0.to_datetime(moment.timestamp())
    }

    pub fn date(&self, moment: Moment) -> Date {
        self.civil(moment).date()
    }

    /// When the clock on the wall shows it: the first time if it shows it twice, just after the gap if never.
    ///
    /// # Errors
    /// [`Error::Invalid`] at the very ends of the calendar.
    pub fn moment(&self, civil: DateTime) -> Result<Moment> {
        let stamp = self.0.to_ambiguous_timestamp(civil).compatible().map_err(|_| too_far())?;
        Ok(Moment(stamp.as_millisecond()))
    }

    /// The instant of a time on the wall: `2026-11-24 18:05:00`, or `2026-11-24T18:05` as a form's field sends it.
    pub fn parse(&self, text: &str) -> Option<Moment> {
        self.moment(text.parse().ok()?).ok()
    }

    /// RFC 3339 with the zone's offset.
    pub fn rfc3339(&self, moment: Moment) -> String {
        let offset = self.0.to_offset(moment.timestamp());
        moment.timestamp().display_with_offset(offset).to_string()
    }

    /// Milliseconds since 1970 began on the wall: a number in which every day is 24 hours long.
    pub(super) fn wall(&self, moment: Moment) -> Result<i64> {
        let stamp = Timestamp::from_millisecond(moment.0).map_err(|_| too_far())?;
        Ok(moment.0 + i64::from(self.0.to_offset(stamp).seconds()) * 1000)
    }

    /// Back from the wall.
    pub(super) fn on_clocks(&self, wall: i64) -> Result<Moment> {
        let stamp = Timestamp::from_millisecond(wall).map_err(|_| too_far())?;
        self.moment(Offset::UTC.to_datetime(stamp))
    }
}

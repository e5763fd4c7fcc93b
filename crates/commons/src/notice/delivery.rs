//! What leaves the house: a letter, a line in a group chat. One row for each thing to send, written in the transaction of
//! what it tells of and handed over afterwards, with growing patience, until it is taken or given up.
//!
//! What it says is sealed while it waits and gone once it is sent; that it was sent stays for a while.

pub mod store;

pub use store::queue;

use super::channel::ChannelId;
use crate::people::PersonId;
use crate::place::TenantId;
use kit::time::Moment;
use kit::{Uuid, id, names};
use serde::{Deserialize, Serialize};

id!(DeliveryId);

names! {
    /// How it goes out.
    Via {
        Mail = "mail",
        /// The robot of a group chat.
        Robot = "robot",
        /// A code to somebody's own number.
        Sms = "sms",
    }
    /// How far it is.
    Stage {
        Queued = "queued",
        Sent = "sent",
        /// Refused for good, or not taken often enough.
        GivenUp = "given_up",
    }
}

/// After so many tries (over four hours) it is given up, and whoever answers for the channel sees it.
pub const TRIES_MAX: i64 = 9;
/// How long it stays known that something was sent.
pub const KEPT_DAYS: i64 = 90;

/// What is said, and to whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// A mail address; empty for a channel, which knows its own.
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    /// Further header lines of a letter.
    pub headers: Vec<(String, String)>,
}

/// Something to send. The key is made of what it tells of, the way and the target (`{activity}/mail/{person}`):
/// queued twice, it is sent once.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    pub key: String,
    pub via: Via,
    pub channel: Option<ChannelId>,
    pub person: Option<PersonId>,
    /// The case it tells of; when its words are erased, what still waits is not sent.
    pub about: Option<Uuid>,
    pub content: Content,
    /// Not before; see [`Quiet::after`].
    pub due: Moment,
}

/// Something that waits to be sent.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub tenant: TenantId,
    pub id: DeliveryId,
    pub via: Via,
    pub channel: Option<ChannelId>,
    pub about: Option<Uuid>,
    /// `None` when it was sealed with another secret.
    pub content: Option<Content>,
    pub tries: i64,
}

/// What became of it, for those who answer for a channel.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub at: Moment,
    pub stage: Stage,
    pub error: Option<String>,
    pub sent: Option<Moment>,
}

/// When the next try is, after so many: one minute, two, four, up to two hours.
pub fn again(now: Moment, tries: i64) -> Moment {
    now + (Moment::minutes(1) << tries.clamp(0, 7))
}

/// Hours in which nothing is sent that can wait, as minutes of the day; the same twice means none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    pub from: i64,
    pub to: i64,
}

const DAY: i64 = 24 * 60;

impl Default for Quiet {
    /// Nine in the evening to eight in the morning.
    fn default() -> Self {
        Quiet { from: 21 * 60, to: 8 * 60 }
    }
}

impl Quiet {
    /// From `21:00` and `08:00`.
    pub fn parse(from: &str, to: &str) -> Option<Quiet> {
        let minute = |text: &str| {
            let (hour, minute) = text.trim().split_once(':')?;
            let (hour, minute) = (hour.parse::<i64>().ok()?, minute.parse::<i64>().ok()?);
            ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
        };
        Some(Quiet { from: minute(from)?, to: minute(to)? })
    }

    /// As a form shows them.
    pub fn shown(self) -> (String, String) {
        let text = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        (text(self.from), text(self.to))
    }

    /// The first moment at or after `now` that is not quiet.
    pub fn after(self, zone: &crate::calendar::Zone, now: Moment) -> Moment {
        let wall = zone.civil(now);
        let minute = i64::from(wall.hour()) * 60 + i64::from(wall.minute());
        let inside = |minute: i64| match self.from.cmp(&self.to) {
            std::cmp::Ordering::Less => (self.from..self.to).contains(&minute),
            std::cmp::Ordering::Equal => false,
            std::cmp::Ordering::Greater => minute >= self.from || minute < self.to,
        };
        if !inside(minute) {
            return now;
        }
        let left = (self.to - minute).rem_euclid(DAY);
        let begun = i64::from(wall.second()) * 1000 + i64::from(wall.millisecond());
        now + Moment::minutes(left) - begun
    }
}

#[cfg(test)]
mod tests;

//! How instants, offices and states read on a page.

use super::View;
use crate::words;
use commons::calendar::Zone;
use commons::case::{Door, State};
use commons::people::Office;
use kit::i18n::Lang;
use kit::time::Moment;
use std::sync::{Arc, LazyLock};

static ZONE: LazyLock<Zone> = LazyLock::new(Zone::china);

/// `11月24日 18:05`, with the year when it is another one.
pub fn moment(lang: Lang, at: Moment, now: Moment) -> String {
    let (then, today) = (ZONE.civil(at), ZONE.civil(now));
    let date = day_of(lang, then.date(), then.year() != today.year());
    format!("{date} {:02}:{:02}", then.hour(), then.minute())
}

/// `11月24日`, with the year when it is another one.
pub fn day(lang: Lang, at: Moment, now: Moment) -> String {
    day_of(lang, ZONE.date(at), ZONE.civil(at).year() != ZONE.civil(now).year())
}

fn day_of(lang: Lang, date: jiff::civil::Date, with_year: bool) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = usize::try_from(date.month()).unwrap_or(1);
    match (lang, with_year) {
        (Lang::Zh, false) => format!("{month}月{}日", date.day()),
        (Lang::Zh, true) => format!("{}年{month}月{}日", date.year(), date.day()),
        (Lang::En, false) => format!("{} {}", date.day(), MONTHS[month - 1]),
        (Lang::En, true) => format!("{} {} {}", date.day(), MONTHS[month - 1], date.year()),
    }
}

/// `还有2天` or `超了3小时`: how far something due is away.
pub fn until(lang: Lang, due: Moment, now: Moment) -> String {
    let late = due < now;
    let ms = (due - now).abs();
    let (key, n) = match ms {
        ms if ms >= Moment::days(1) => ("days", ms / Moment::days(1)),
        ms if ms >= Moment::hours(1) => ("hours", ms / Moment::hours(1)),
        ms => ("minutes", ms / Moment::minutes(1)),
    };
    let key = format!("until-{}-{key}", if late { "late" } else { "left" });
    words::t_with(lang, &key, &[("n", n.into())])
}

/// `3个工作日`: a limit in the unit in which it was set.
pub fn amount(lang: Lang, amount: i64, unit: &str) -> String {
    words::t_with(lang, &format!("amount-{}", unit.replace('_', "-")), &[("n", amount.into())])
}

pub fn office(lang: Lang, office: Office) -> Arc<str> {
    words::t(lang, &format!("office-{}", office.name().replace('_', "-")))
}

pub fn door(lang: Lang, door: Door) -> Arc<str> {
    words::t(lang, &format!("door-{door}"))
}

pub fn state(lang: Lang, state: State) -> Arc<str> {
    words::t(lang, &format!("state-{state}"))
}

impl View {
    pub fn moment(&self, at: Moment, now: Moment) -> String {
        moment(self.lang, at, now)
    }
    pub fn day(&self, at: Moment, now: Moment) -> String {
        day(self.lang, at, now)
    }
    pub fn until(&self, due: Moment, now: Moment) -> String {
        until(self.lang, due, now)
    }
    /// An office as what somebody is: 社区工作人员 rather than 社区.
    pub fn role(&self, office: Office) -> Arc<str> {
        words::t(self.lang, &format!("letters-role-{}", office.name().replace('_', "-")))
    }

    pub fn office(&self, office: Office) -> Arc<str> {
        self::office(self.lang, office)
    }
    pub fn door(&self, door: Door) -> Arc<str> {
        self::door(self.lang, door)
    }
    pub fn state(&self, state: State) -> Arc<str> {
        self::state(self.lang, state)
    }
}

/// RFC 3339 in the house's zone: what programs are given.
pub fn rfc3339(at: Moment) -> String {
    ZONE.rfc3339(at)
}

//! How long what is kept, and the statements that take it away: one table for the chore, the public page and the check.

use crate::notice::delivery::KEPT_DAYS;
use crate::people::household::JOINING_DAYS;
use crate::people::standing;
use kit::db::{Db, Tx};
use kit::time::Moment;
use kit::{Result, params};

/// A period. In every statement `$1` is the moment before which it is over.
#[derive(Clone, Copy, Debug)]
pub struct Timer {
    /// Names it in the locale files: `timer-sessions`, `timer-sessions-why`.
    pub name: &'static str,
    pub days: i64,
    /// What takes it away, in this order; nothing where a chore of its own does it with an activity.
    pub remove: &'static [&'static str],
    /// How much should be gone.
    pub over: &'static str,
}

/// Accounts whose owner was verified nowhere, asks nothing and said nothing.
macro_rules! unused {
    ($head:literal, $what:literal) => {
        concat!(
            $head,
            " (select ",
            $what,
            " from person p join account a on a.id = p.account where a.since < $1
    and not exists (select 1 from person q join mandate m on m.tenant = q.tenant and (m.person = q.id or m.deputy = q.id)
        where q.account = a.id)
    and not exists (select 1 from joining j where j.tenant = p.tenant and j.person = p.id)
    and not exists (select 1 from request r where r.tenant = p.tenant and r.author = p.id)
    and not exists (select 1 from entry e where e.tenant = p.tenant and e.person = p.id)
    and not exists (select 1 from supporter s where s.tenant = p.tenant and s.person = p.id)
    and not exists (select 1 from subscription s where s.tenant = p.tenant and s.person = p.id)
    and not exists (select 1 from session s where s.account = a.id))"
        )
    };
}

/// How long words are kept that only the parties of a matter read: three years after its end, the time within which
/// somebody may go to court about it (Civil Code, article 188).
pub const WORDS_DAYS: i64 = 3 * 365 + 1;

/// Every period, in the order of the page.
pub const TIMERS: &[Timer] = &[
    Timer {
        name: "sessions-idle",
        days: 30,
        remove: &["delete from session where seen <= $1"],
        over: "select count(*) as n from session where seen <= $1",
    },
    Timer {
        name: "sessions",
        days: 0,
        remove: &["delete from session where ends <= $1"],
        over: "select count(*) as n from session where ends <= $1",
    },
    Timer {
        name: "request-keys",
        days: 7,
        remove: &["delete from request_key where at < $1"],
        over: "select count(*) as n from request_key where at < $1",
    },
    Timer {
        name: "ceremonies",
        days: 1,
        remove: &["delete from ceremony where ends < $1"],
        over: "select count(*) as n from ceremony where ends < $1",
    },
    Timer {
        name: "phone-codes",
        days: 2,
        remove: &["delete from phone_code where at < $1"],
        over: "select count(*) as n from phone_code where at < $1",
    },
    Timer {
        name: "codes",
        days: 30,
        remove: &["delete from invitation where ends < $1"],
        over: "select count(*) as n from invitation where ends < $1",
    },
    Timer {
        name: "ways-back",
        days: 90,
        remove: &["delete from way_back where ends < $1"],
        over: "select count(*) as n from way_back where ends < $1",
    },
    Timer {
        name: "tokens",
        days: 90,
        remove: &["delete from token where ends < $1 or ended < $1"],
        over: "select count(*) as n from token where ends < $1 or ended < $1",
    },
    Timer {
        name: "joinings",
        days: JOINING_DAYS,
        remove: &["delete from joining where decided < $1 or asked < $1"],
        over: "select count(*) as n from joining where decided < $1 or asked < $1",
    },
    Timer {
        name: "stand-ins",
        days: standing::KEPT_DAYS,
        remove: &["delete from stand_in where ended < $1 or ends < $1 or (accepted is null and code_ends < $1)"],
        over: "select count(*) as n from stand_in where ended < $1 or ends < $1 or (accepted is null and code_ends < $1)",
    },
    Timer {
        name: "unused-accounts",
        days: 180,
        remove: &[
            unused!("delete from notice where person in", "p.id"),
            unused!("delete from preference where person in", "p.id"),
            unused!("update person set name = '（已注销）', name_en = '(account erased)' where id in", "p.id"),
            unused!("delete from passkey where account in", "a.id"),
            unused!("delete from own_phone where account in", "a.id"),
            unused!("delete from account where id in", "a.id"),
            "update person set account = null where account is not null and since < $1
                and not exists (select 1 from account a where a.id = person.account)",
        ],
        over: unused!("select count(*) as n from account where id in", "a.id"),
    },
    Timer {
        name: "contacts",
        days: 90,
        remove: &[],
        over: "select count(*) as n from request where contact is not null and state in ('closed', 'withdrawn') and closed < $1",
    },
    Timer {
        name: "words",
        days: WORDS_DAYS,
        remove: &[],
        over: "select count(*) as n from request where closed is not null and words_over is null and closed < $1",
    },
    Timer {
        name: "notices",
        days: 180,
        remove: &["delete from notice where seen < $1"],
        over: "select count(*) as n from notice where seen < $1",
    },
    Timer {
        name: "deliveries",
        days: KEPT_DAYS,
        remove: &["delete from delivery where state <> 'queued' and at < $1"],
        over: "select count(*) as n from delivery where state <> 'queued' and at < $1",
    },
    Timer {
        name: "unconfirmed",
        days: 7,
        remove: &["delete from subscription where confirmed is null and since < $1"],
        over: "select count(*) as n from subscription where confirmed is null and since < $1",
    },
    Timer {
        name: "mail-seen",
        days: 365,
        remove: &["delete from mail_seen where at < $1"],
        over: "select count(*) as n from mail_seen where at < $1",
    },
    Timer {
        name: "duties",
        days: 400,
        remove: &["delete from duty where at < $1"],
        over: "select count(*) as n from duty where at < $1",
    },
    Timer {
        name: "swaps",
        days: 180,
        remove: &["delete from swap where at < $1"],
        over: "select count(*) as n from swap where at < $1",
    },
    Timer {
        name: "walk-ins",
        days: 90,
        remove: &["update walk_in set who = null where who is not null and at < $1"],
        over: "select count(*) as n from walk_in where who is not null and at < $1",
    },
    Timer {
        name: "walk-in-lines",
        days: 400,
        remove: &["update walk_in set about = '', line = '' where (about <> '' or line <> '') and at < $1"],
        over: "select count(*) as n from walk_in where (about <> '' or line <> '') and at < $1",
    },
    Timer {
        name: "talks-asleep",
        days: 90,
        remove: &[
            "update walk_in set done = $1 where done is null and became = 'talk' and exists (select 1 from talk t
                where t.tenant = walk_in.tenant and t.walk_in = walk_in.id and t.ended is null and t.changed < $1)",
            "update talk set state = 'stopped', ended = changed where ended is null and changed < $1",
        ],
        over: "select count(*) as n from talk where ended is null and changed < $1",
    },
    Timer {
        name: "talk-names",
        days: 30,
        remove: &["update talk set parties = null where parties is not null and ended < $1"],
        over: "select count(*) as n from talk where parties is not null and ended < $1",
    },
    Timer {
        name: "talk-lines",
        days: 180,
        remove: &[
            "update talk set about = '', meets_where = '' where (about <> '' or meets_where <> '') and ended < $1",
        ],
        over: "select count(*) as n from talk where (about <> '' or meets_where <> '') and ended < $1",
    },
    Timer {
        name: "opinions",
        days: 400,
        remove: &["update opinion set text = '', person = null where (text <> '' or person is not null) and at < $1"],
        over: "select count(*) as n from opinion where (text <> '' or person is not null) and at < $1",
    },
    Timer {
        name: "key-names",
        days: 30,
        remove: &["update key_loan set who = null where who is not null and back < $1"],
        over: "select count(*) as n from key_loan where who is not null and back < $1",
    },
    Timer {
        name: "deputy-numbers",
        days: 7,
        remove: &["update seat_card set deputy_phone = null, deputy = null where deputy is not null and not exists
            (select 1 from mandate m where m.tenant = seat_card.tenant and m.place = seat_card.place
                and m.office = seat_card.office and m.deputy = seat_card.deputy and m.away_until > $1)"],
        over: "select count(*) as n from seat_card where deputy is not null and not exists
            (select 1 from mandate m where m.tenant = seat_card.tenant and m.place = seat_card.place
                and m.office = seat_card.office and m.deputy = seat_card.deputy and m.away_until > $1)",
    },
];

/// So much later than it should be gone, the check says that it is still there.
const GRACE_DAYS: i64 = 2;

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<&'static str> {
    TIMERS.iter().flat_map(|timer| timer.remove).copied().chain(TIMERS.iter().map(|timer| timer.over)).collect()
}

/// Takes away everything whose time is over; gives how many rows that were.
pub async fn run(tx: &mut Tx<'_>) -> Result<u64> {
    let now = tx.now();
    let mut gone = 0;
    for timer in TIMERS {
        for sql in timer.remove {
            gone += tx.run(sql, params![now - Moment::days(timer.days)]).await?;
        }
    }
    Ok(gone)
}

/// What should have been taken away by now and was not: name and number.
pub async fn overdue(db: &Db, now: Moment) -> Result<Vec<(&'static str, i64)>> {
    let mut all = Vec::new();
    for timer in TIMERS {
        let before = now - Moment::days(timer.days + GRACE_DAYS);
        let n: i64 = db.report(timer.over, params![before]).await?.first().map_or(Ok(0), |row| row.get("n"))?;
        if n > 0 {
            all.push((timer.name, n));
        }
    }
    Ok(all)
}

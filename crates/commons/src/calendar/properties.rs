//! What must hold for any start, limit, holiday and pause, tried on seeded random ones.

use super::tests::{at, office};
use super::*;
use jiff::ToSpan;

/// A linear congruential generator: the same numbers on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).expect("31 bits fit into 63.") % bound
    }

    fn start(&mut self) -> Moment {
        let step = [1, 1_000, 60_000, 1_800_000][self.below(4) as usize];
        at("2024-01-01T00:00") + self.below(Moment::days(1_000) / step) * step
    }

    fn pause(&mut self, near: Moment) -> Pause {
        let from = near + self.below(Moment::days(20)) - Moment::days(3);
        Pause { from, to: from + self.below(Moment::days(4)) }
    }
}

#[derive(Clone, Copy, Debug)]
enum Ask {
    Hours(i64),
    Days(u32),
    Plain(i64),
}

fn due(office: &Office<'_>, start: Moment, ask: Ask, pauses: &[Pause]) -> Moment {
    let due = match ask {
        Ask::Hours(ms) => office.due_hours_with(start, ms, pauses),
        Ask::Days(days) => office.due_days_with(start, days, pauses),
        Ask::Plain(ms) => due_plain(start, ms, pauses),
    };
    due.expect("the calendar has a working day ahead.").at
}

#[test]
fn one_more_holiday_or_pause_never_makes_it_earlier() {
    let mut dice = Dice(7);
    let plain = office();
    for round in 0..20_000 {
        let start = dice.start();
        let ask = match round % 3 {
            0 => Ask::Hours(dice.below(Moment::hours(80))),
            1 => Ask::Days(dice.below(25) as u32),
            _ => Ask::Plain(dice.below(Moment::days(10))),
        };
        let mut pauses = Vec::new();
        let mut last = due(&plain, start, ask, &pauses);
        for _ in 0..4 {
            pauses.push(dice.pause(start));
            let later = due(&plain, start, ask, &pauses);
            assert!(later >= last, "{ask:?} from {start} with {pauses:?}");
            last = later;
        }
        let off = plain.zone.date(start) + dice.below(40).days();
        let calendar = plain.calendar.with_day_off(off);
        let holiday = Office { calendar: &calendar, ..plain.clone() };
        assert!(due(&holiday, start, ask, &pauses) >= last, "{ask:?} from {start} with {off} off and {pauses:?}");
        assert!(due(&holiday, start, ask, &[]) >= due(&plain, start, ask, &[]), "{ask:?} from {start} with {off} off");
    }
}

#[test]
fn an_hour_and_two_are_three() {
    let mut dice = Dice(11);
    let office = office();
    for _ in 0..20_000 {
        let start = dice.start();
        let (a, b) = (1 + dice.below(Moment::hours(60)), 1 + dice.below(Moment::hours(60)));
        let pauses = [dice.pause(start), dice.pause(start)];
        for pauses in [&pauses[..], &[]] {
            let halfway = due(&office, start, Ask::Hours(a), pauses);
            let twice = due(&office, halfway, Ask::Hours(b), pauses);
            assert_eq!(due(&office, start, Ask::Hours(a + b), pauses), twice, "{a} and {b} from {start}, {pauses:?}");
        }
    }
}

#[test]
fn it_is_due_while_the_office_is_open_on_a_working_day() {
    let mut dice = Dice(13);
    let office = office();
    for _ in 0..20_000 {
        let start = dice.start();
        let (ms, days) = (1 + dice.below(Moment::hours(300)), 1 + dice.below(60) as u32);
        let by_hours = due(&office, start, Ask::Hours(ms), &[]);
        let civil = office.zone.civil(by_hours);
        assert!(office.calendar.is_working(civil.date()), "{ms} from {start}");
        let time = (civil.time() - jiff::civil::Time::midnight())
            .total(jiff::Unit::Minute)
            .expect("a time of day has minutes.");
        assert!((540.0..=720.0).contains(&time) || (810.0..=1050.0).contains(&time), "{ms} from {start}: {civil}");
        assert!(by_hours >= start + ms);

        let by_days = office.zone.civil(due(&office, start, Ask::Days(days), &[]));
        assert!(office.calendar.is_working(by_days.date()));
        assert_eq!((by_days.hour(), by_days.minute(), by_days.second()), (17, 30, 0));
    }
}

/// The short way through whole months must come out where a clerk does who turns every page of the calendar.
#[test]
fn leaping_finds_the_same_day_as_walking() {
    let mut dice = Dice(17);
    let office = office();
    for _ in 0..3_000 {
        let (start, days) = (dice.start(), 1 + dice.below(400));
        let (mut day, mut left) = (office.zone.date(start), days);
        while left > 0 {
            day = day.tomorrow().expect("these days have one after them.");
            left -= i64::from(office.calendar.is_working(day));
        }
        let due = due(&office, start, Ask::Days(days as u32), &[]);
        assert_eq!(office.zone.date(due), day, "{days} from {start}");
    }
}

/// Minute by minute, with pauses: slow and plain to see.
#[test]
fn counting_every_minute_comes_out_the_same() {
    let mut dice = Dice(19);
    let office = office();
    for _ in 0..300 {
        let minute = Moment::minutes(1);
        let whole = |moment: Moment| Moment(moment.0.div_euclid(minute) * minute);
        let start = whole(dice.start());
        let pauses: Vec<Pause> = (0..dice.below(4))
            .map(|_| dice.pause(start))
            .map(|pause| Pause { from: whole(pause.from), to: whole(pause.to) })
            .collect();
        let minutes = 1 + dice.below(1_500);
        let (mut now, mut left) = (start, minutes);
        while left > 0 {
            let civil = office.zone.civil(now);
            let time = i64::from(civil.hour()) * 60 + i64::from(civil.minute());
            let open = (540..720).contains(&time) || (810..1050).contains(&time);
            let paused = pauses.iter().any(|pause| pause.from <= now && now < pause.to);
            left -= i64::from(open && !paused && office.calendar.is_working(civil.date()));
            now = now + minute;
        }
        assert_eq!(
            due(&office, start, Ask::Hours(minutes * minute), &pauses),
            now,
            "{minutes} from {start}, {pauses:?}"
        );
    }
}

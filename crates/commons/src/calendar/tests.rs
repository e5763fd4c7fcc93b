//! Due times against days checked by hand, calendar files, office hours, and the lines that `mulin due` reads.

use super::*;
use jiff::civil::{Date, date};
use kit::Result;

pub(super) fn office() -> Office<'static> {
    let hours = OfficeHours::parse("09:00-12:00,13:30-17:30").unwrap();
    Office { calendar: WorkCalendar::china(), hours, zone: Zone::china() }
}

pub(super) fn at(text: &str) -> Moment {
    Zone::china().parse(text).unwrap()
}

fn shown(due: Result<Due>) -> String {
    office().zone.rfc3339(due.unwrap().at)[..16].to_owned()
}

fn pause(from: &str, to: &str) -> Pause {
    Pause { from: at(from), to: at(to) }
}

fn refusal<T>(result: Result<T>) -> &'static str {
    match result.err() {
        Some(Error::Invalid(fields)) => fields[0].reason.0,
        Some(other) => panic!("{other} is no refusal"),
        None => "none",
    }
}

/// Another program's answers when `MULIN_DUE_CASES` names a file of `{"start","hours"|"days","due"}` lines; otherwise
/// ours, which were counted by hand.
#[test]
fn another_counts_the_same_times() {
    let by_hand = include_str!("../../data/calendar/due-cases.jsonl").to_owned();
    let text = std::env::var("MULIN_DUE_CASES").map_or(by_hand, |path| std::fs::read_to_string(path).unwrap());
    let (mut asked, mut expected) = (String::new(), Vec::new());
    for line in text.lines() {
        let mut case: serde_json::Value = serde_json::from_str(line).unwrap();
        expected.push((line, case.as_object_mut().unwrap().remove("due").unwrap()));
        asked.push_str(&format!("{case}\n"));
    }
    let mut told = Vec::new();
    lines::due_lines(&office(), asked.as_bytes(), &mut told).unwrap();
    let told = String::from_utf8(told).unwrap();
    assert!(expected.len() >= 40);
    assert_eq!(told.lines().count(), expected.len());
    for (answer, (line, due)) in told.lines().zip(expected) {
        let answer: serde_json::Value = serde_json::from_str(answer).unwrap();
        assert_eq!(answer["due"], due, "{line}");
    }
}

#[test]
fn every_published_year_names_its_notice_and_its_holidays() {
    let calendar = WorkCalendar::named("cn").unwrap();
    for year in 2015..=2026 {
        let source = &calendar.notice(year).unwrap().source;
        assert!(source.contains(&format!("{year}年")) && source.contains("国办发明电〔"), "{source}");
    }
    assert!(calendar.notice(2027).is_none() && calendar.notice(2014).is_none());
    assert!(calendar.notice(2020).unwrap().changed_by.as_ref().unwrap().contains("延长2020年春节假期"));
    assert_eq!(calendar.holiday(date(2026, 10, 3)), Some("国庆节"));
    assert_eq!(calendar.holiday(date(2018, 12, 31)), Some("元旦"), "arranged by the next year's notice");
    assert_eq!(calendar.holiday(date(2026, 10, 10)), None);
    for (month, day) in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)] {
        assert!(calendar.is_working(date(2026, month, day)), "{month}-{day} makes up for a day off");
    }
    assert_eq!(refusal(WorkCalendar::named("atlantis")), "calendar/calendar-unknown");
}

#[test]
fn a_year_that_is_not_published_makes_it_provisional_until_it_is() {
    let provisional = |due: Result<Due>| due.unwrap().provisional;
    assert!(!provisional(office().due_days(at("2026-12-25T10:00"), 4)));
    assert!(provisional(office().due_days(at("2026-12-30T10:00"), 4)));
    assert!(!provisional(office().due_hours(at("2026-12-31T16:30"), Moment::hours(1))));
    assert!(provisional(office().due_hours(at("2026-12-31T16:30"), Moment::minutes(61))));
    assert!(provisional(office().due_hours(at("2027-03-01T10:00"), 1)));
    assert!(!provisional(due_plain(at("2026-12-31T23:00"), Moment::hours(2), &[])), "an emergency asks no calendar");

    assert_eq!(shown(office().due_days(at("2026-12-31T10:00"), 1)), "2027-01-01T17:30", "a plain Friday as yet");
    let file = "year = 2027\nsource = \"a notice\"\n[[holiday]]\nname = \"元旦\"\noff = [\"01-01/01-03\"]\n";
    let told = WorkCalendar::china().with_year(file).unwrap();
    let due = Office { calendar: &told, ..office() }.due_days(at("2026-12-31T10:00"), 1);
    assert!(!due.as_ref().unwrap().provisional);
    assert_eq!(shown(due), "2027-01-04T17:30");
}

#[test]
fn a_newer_word_on_a_year_leaves_nothing_of_the_older() {
    let file = |days: &str| format!("year = 2027\nsource = \"a notice\"\n[[holiday]]\nname = \"元旦\"\n{days}\n");
    let first = WorkCalendar::china().with_year(&file("off = [\"01-04\"]\nwork = [\"2026-12-26\"]")).unwrap();
    assert!(!first.is_working(date(2027, 1, 4)) && first.is_working(date(2026, 12, 26)));
    let second = first.with_year(&file("off = [\"01-01\"]")).unwrap();
    assert!(second.is_working(date(2027, 1, 4)) && !second.is_working(date(2026, 12, 26)));
    assert!(!second.is_working(date(2027, 1, 1)) && !second.is_working(date(2026, 10, 7)));
    assert!(!second.with_day_off(date(2026, 10, 10)).is_working(date(2026, 10, 10)));
}

#[test]
fn a_calendar_file_that_makes_no_sense_is_refused() {
    let read = |text: &str| refusal(WorkCalendar::default().with_year(text));
    let days = |off: &str, work: &str| {
        read(&format!("year = 2027\nsource = \"s\"\n[[holiday]]\nname = \"n\"\noff = [{off}]\nwork = [{work}]"))
    };
    assert_eq!(days("\"01-01/01-03\", \"2026-12-31\"", "\"01-09\""), "none");
    assert_eq!(read("year = 2027"), "calendar/file-unreadable");
    assert_eq!(read("year = 2027\nsource = \"s\"\nholydays = 1"), "calendar/file-unreadable");
    assert_eq!(days("\"02-29\"", ""), "calendar/file-day-unknown");
    assert_eq!(days("\"\"", ""), "calendar/file-day-unknown");
    assert_eq!(days("\"2020-01-01/2027-01-01\"", ""), "calendar/file-day-unknown");
    assert_eq!(days("\"01-03/01-01\"", ""), "calendar/file-backwards");
    assert_eq!(days("\"01-01/01-03\"", "\"01-02\""), "calendar/file-contradiction");
}

#[test]
fn office_hours_are_read_or_refused_with_what_is_wrong() {
    let read = |text: &str| refusal(OfficeHours::parse(text));
    for fine in ["09:00-12:00,13:30-17:30", "9:00-12:00, 12:00-17:30", "00:00-24:00"] {
        assert_eq!(read(fine), "none", "{fine}");
    }
    for text in ["", "9-12", "25:00-26:00", "09:00-12:60", "09:00-24:01", "+9:00-10:00", "09:00", "09:00-12:00,"] {
        assert_eq!(read(text), "calendar/office-unreadable", "{text}");
    }
    assert_eq!(read("12:00-09:00"), "calendar/office-backwards");
    assert_eq!(read("09:00-09:00"), "calendar/office-backwards");
    assert_eq!(read("09:00-12:00,11:00-13:00"), "calendar/office-overlap");
    assert_eq!(read("13:30-17:30,09:00-12:00"), "calendar/office-overlap");
}

#[test]
fn pauses_do_not_count() {
    let hours =
        |start: &str, h: i64, pauses: &[Pause]| shown(office().due_hours_with(at(start), Moment::hours(h), pauses));
    let days = |start: &str, n: u32, pauses: &[Pause]| shown(office().due_days_with(at(start), n, pauses));
    let morning = pause("2026-11-24T10:00", "2026-11-24T11:00");
    assert_eq!(hours("2026-11-24T09:00", 2, &[morning]), "2026-11-24T12:00");
    assert_eq!(hours("2026-11-24T09:00", 2, &[morning, morning]), "2026-11-24T12:00", "told twice, counted once");
    assert_eq!(hours("2026-11-24T09:00", 1, &[morning]), "2026-11-24T10:00", "over before the pause");
    assert_eq!(hours("2026-11-24T11:00", 1, &[morning]), "2026-11-24T12:00", "begun after the pause");
    let lunch = pause("2026-11-24T12:00", "2026-11-24T13:30");
    assert_eq!(hours("2026-11-24T11:00", 2, &[lunch]), "2026-11-24T14:30", "nobody works then anyway");
    let overlapping = [pause("2026-11-24T10:30", "2026-11-24T14:00"), morning];
    assert_eq!(hours("2026-11-24T09:30", 1, &overlapping), "2026-11-24T14:30");
    let backwards = pause("2026-11-24T11:00", "2026-11-24T10:00");
    assert_eq!(hours("2026-11-24T09:00", 2, &[backwards]), "2026-11-24T11:00");

    let wednesday = pause("2026-11-25T00:00", "2026-11-26T00:00");
    assert_eq!(days("2026-11-24T09:00", 2, &[wednesday]), "2026-11-27T17:30");
    assert_eq!(days("2026-11-24T09:00", 2, &[morning]), "2026-11-26T17:30", "the day of the start does not count");
    let hour = pause("2026-11-26T09:00", "2026-11-26T10:00");
    assert_eq!(days("2026-11-24T09:00", 2, &[hour]), "2026-11-27T10:00", "an hour's pause is an hour more");
    assert_eq!(days("2026-11-28T09:00", 0, &[]), "2026-11-28T17:30");

    let plain = due_plain(at("2026-11-28T22:00"), Moment::hours(4), &[pause("2026-11-28T23:00", "2026-11-29T01:30")]);
    assert_eq!(shown(plain), "2026-11-29T04:30");
    let limit = Limit::of(60, "minutes").unwrap().due_with(&office(), at("2026-11-24T09:30"), &[morning]);
    assert_eq!(shown(limit), "2026-11-24T11:30");
}

#[test]
fn hostile_numbers_are_refused_and_never_counted_out() {
    let now = at("2026-11-24T09:00");
    let far = "calendar/too-far";
    assert_eq!(refusal(office().due_hours(now, -1)), far);
    assert_eq!(refusal(office().due_hours(now, i64::MAX)), far);
    assert_eq!(refusal(office().due_hours(Moment(i64::MAX), 1)), far);
    assert_eq!(refusal(office().due_days(now, u32::MAX)), far);
    assert_eq!(refusal(office().due_days(Moment(i64::MIN), 1)), far);
    assert_eq!(refusal(due_plain(now, i64::MAX, &[])), far);
    assert_eq!(refusal(due_plain(Moment(i64::MIN), 1, &[])), far);
    let endless = Pause { from: now, to: Moment(i64::MAX) };
    assert_eq!(refusal(office().due_hours_with(now, 1, &[endless])), far);
    for (amount, unit) in [(i64::MAX, "minutes"), (i64::MAX, "office_minutes"), (100_000, "working_days")] {
        assert_eq!(refusal(Limit::of(amount, unit).unwrap().due(&office(), now)), far);
    }
    let mut never = WorkCalendar::default();
    for n in 0..7 {
        let off = "[[holiday]]\nname = \"n\"\noff = [\"01-01/12-31\"]";
        let file = format!("year = {}\nsource = \"s\"\n{off}\n", 2027 + n);
        never = never.with_year(&file).unwrap();
    }
    let due = Office { calendar: &never, ..office() }.due_days(at("2026-12-31T10:00"), 1);
    assert_eq!(shown(due), "2034-01-02T17:30", "seven years of holidays, then a Monday");
}

#[test]
fn a_night_office_counts_on_the_wall_where_clocks_change() {
    let hours = OfficeHours::parse("00:00-24:00").unwrap();
    let Ok(zone) = Zone::named("Europe/Berlin") else { return };
    let office = Office { calendar: WorkCalendar::china(), hours, zone };
    let start = office.zone.parse("2026-03-27T12:00").unwrap();
    let due = office.due_days(start, 1).unwrap();
    assert_eq!(office.zone.rfc3339(due.at), "2026-03-31T00:00:00+02:00", "Monday after the change to summer time");
    assert_eq!(refusal(Zone::named("Nowhere/Else")), "calendar/zone-unknown");
    assert_eq!(Zone::china().parse("tomorrow"), None);
    assert_eq!(Zone::china().parse("2026-11-24 18:05:00"), Some(at("2026-11-24T18:05")));
    assert_eq!(Zone::china().date(start), Date::constant(2026, 3, 27));
}

#[test]
fn a_bad_line_is_told_by_its_number() {
    let run = |input: &str| {
        let mut out = Vec::new();
        let done = lines::due_lines(&office(), input.as_bytes(), &mut out);
        (String::from_utf8(out).unwrap(), done)
    };
    let good = "{\"start\":\"2026-11-24T09:00:00+08:00\",\"hours\":2.5}\n";
    let (told, done) = run(&format!("{good}\n{{\"start\":\"2026-12-30T10:00:00Z\",\"days\":4}}\n"));
    assert_eq!(done, Ok(()));
    assert_eq!(
        told,
        "{\"due\":\"2026-11-24T11:30:00+08:00\",\"provisional\":false}\n\
         {\"due\":\"2027-01-05T17:30:00+08:00\",\"provisional\":true}\n"
    );
    for bad in [
        "{\"start\":\"x\",\"hours\":1}",
        "{\"start\":\"2026-11-24T09:00:00\",\"hours\":1}",
        "{\"start\":\"2026-11-24T09:00:00Z\"}",
        "{\"start\":\"2026-11-24T09:00:00Z\",\"hours\":1,\"days\":1}",
        "{\"start\":\"2026-11-24T09:00:00Z\",\"hours\":-0.0001}",
        "{\"start\":\"2026-11-24T09:00:00Z\",\"hours\":1e300}",
        "{\"start\":\"2026-11-24T09:00:00Z\",\"days\":-1}",
        "{\"start\":\"2026-11-24T09:00:00Z\",\"days\":40001}",
        "{\"start\":\"2026-11-24T09:00:00Z\",\"weeks\":1}",
        "nonsense",
    ] {
        let (told, done) = run(&format!("{good}\n{bad}\n{good}"));
        let error = done.unwrap_err();
        assert!(error.starts_with("line 3: "), "{bad}: {error}");
        assert_eq!(told.lines().count(), 1, "the line before it was answered");
    }
}

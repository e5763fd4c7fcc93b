//! Due times against days checked by hand, and what must hold for any of them.

use super::*;

fn office() -> Office<'static> {
    let hours = OfficeHours::parse("09:00-12:00,13:30-17:30").unwrap();
    Office { calendar: WorkCalendar::china(), hours, zone: Zone::china() }
}

fn at(text: &str) -> Moment {
    Moment(format!("{text}:00+08:00").parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn shown(due: Result<Due>) -> (String, bool) {
    let due = due.unwrap();
    (office().zone.rfc3339(due.at)[..16].to_owned(), due.provisional)
}

#[test]
fn days_end_with_the_office_and_skip_what_is_not_worked() {
    let days = |start: &str, n: u32| shown(office().due_days(at(start), n)).0;
    assert_eq!(days("2026-11-23T10:00", 3), "2026-11-26T17:30");
    assert_eq!(days("2026-11-27T10:00", 1), "2026-11-30T17:30", "over a weekend");
    assert_eq!(days("2026-09-24T10:00", 1), "2026-09-28T17:30", "Mid-autumn");
    assert_eq!(days("2026-09-30T18:00", 2), "2026-10-09T17:30", "the long holiday");
    assert_eq!(days("2026-10-09T10:00", 1), "2026-10-10T17:30", "a Saturday that is worked");
    assert_eq!(days("2026-02-13T10:00", 2), "2026-02-24T17:30", "Spring Festival, after a worked Saturday");
    assert_eq!(days("2026-11-28T10:00", 0), "2026-11-28T17:30");
}

#[test]
fn hours_run_only_while_the_office_is_open() {
    let hours = |start: &str, h: i64| shown(office().due_hours(at(start), Moment::hours(h))).0;
    assert_eq!(hours("2026-11-24T09:00", 3), "2026-11-24T12:00");
    assert_eq!(hours("2026-11-24T11:00", 2), "2026-11-24T14:30");
    assert_eq!(hours("2026-11-24T17:00", 1), "2026-11-25T09:30");
    assert_eq!(hours("2026-11-24T12:30", 1), "2026-11-24T14:30");
    assert_eq!(hours("2026-11-27T20:00", 7), "2026-11-30T17:30");
    assert_eq!(hours("2026-02-14T16:30", 2), "2026-02-24T10:00");
}

#[test]
fn a_year_that_is_not_published_makes_it_provisional() {
    assert!(!shown(office().due_days(at("2026-12-25T10:00"), 4)).1);
    assert!(shown(office().due_days(at("2026-12-30T10:00"), 4)).1);
    assert!(shown(office().due_hours(at("2027-03-01T10:00"), 1)).1);
}

#[test]
fn a_holiday_more_never_makes_it_earlier_and_hours_add_up() {
    let mut seed = 7_u64;
    let mut random = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let first = at("2024-01-01T00:00").0;
    for _ in 0..2_000 {
        let start = Moment(first + (random(1_000 * 1440) as i64) * 60_000);
        let (a, b) = (random(60) as i64 * 600_000, random(60) as i64 * 600_000);
        let (days, plain) = (random(30) as u32, office());
        let off = plain.zone.date(start + Moment::days(random(40) as i64));
        let calendar = plain.calendar.with_day_off(off);
        let holiday = Office { calendar: &calendar, hours: plain.hours.clone(), zone: plain.zone.clone() };
        assert!(holiday.due_days(start, days).unwrap().at >= plain.due_days(start, days).unwrap().at);
        assert!(holiday.due_hours(start, a).unwrap().at >= plain.due_hours(start, a).unwrap().at);
        let once = plain.due_hours(start, a + b).unwrap().at;
        let twice = plain.due_hours(plain.due_hours(start, a).unwrap().at, b).unwrap().at;
        if b > 0 {
            assert_eq!(once, twice, "{a} and {b} from {start}");
        }
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    for text in ["", "9-12", "12:00-09:00", "09:00-12:00,11:00-13:00", "25:00-26:00", "09:00-12:60"] {
        assert!(OfficeHours::parse(text).is_err(), "{text}");
    }
    assert!(office().due_hours(Moment(0), -1).is_err());
    assert!(office().due_days(Moment(0), u32::MAX).is_err());
    assert!(Zone::named("Nowhere/Else").is_err());
    let mut out = Vec::new();
    let input = "{\"start\":\"2026-11-24T09:00:00+08:00\",\"hours\":2.5}\n{\"start\":\"x\"}\n";
    let error = lines::due_lines(&office(), input.as_bytes(), &mut out).unwrap_err();
    assert!(error.starts_with("line 2"), "{error}");
    let first = String::from_utf8(out).unwrap();
    assert_eq!(first.trim(), r#"{"due":"2026-11-24T11:30:00+08:00","provisional":false}"#);
}

/// Another program's answers, when `MULIN_DUE_CASES` names a file of `{"start","hours"|"days","due"}` lines.
#[test]
fn another_program_comes_to_the_same_times() {
    let Ok(path) = std::env::var("MULIN_DUE_CASES") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let mut count = 0;
    for line in text.lines() {
        let mut case: serde_json::Value = serde_json::from_str(line).unwrap();
        let due = case.as_object_mut().unwrap().remove("due").unwrap();
        let mut out = Vec::new();
        lines::due_lines(&office(), case.to_string().as_bytes(), &mut out).unwrap();
        let told: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(told["due"], due, "{line}");
        count += 1;
    }
    assert!(count > 0);
}

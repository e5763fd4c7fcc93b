//! Hours, months and days.

use super::*;
use jiff::civil::date;

#[test]
fn spans_are_read_in_order_or_not_at_all() {
    let spans = Spans::parse("9:00-12:00，13:30-17:30").unwrap();
    assert_eq!(spans.text(), "09:00-12:00,13:30-17:30");
    assert_eq!((spans.open_until(9 * 60), spans.open_until(12 * 60)), (Some(720), None));
    assert_eq!((spans.opens_after(12 * 60), spans.opens_after(14 * 60)), (Some(810), None));
    assert_eq!(Spans::parse(""), Some(Spans::default()));
    assert!(Spans::parse("20:00-24:00").is_some());
    for typed in [
        "9：00-11：30",
        "９：００－１１：３０",
        "9:00—11:30",
        "9:00——11:30",
        "9:00～11:30",
        "9：00 – 11：30",
        "9:00~11:30；",
    ] {
        assert_eq!(Spans::parse(typed).map(|spans| spans.text()).as_deref(), Some("09:00-11:30"), "{typed}");
    }
    assert_eq!(Spans::parse("9：00－11：30；14：00－17：00"), Spans::parse("9:00-11:30,14:00-17:00"));
    for bad in ["9-12", "12:00-9:00", "9:00-12:00,11:00-13:00", "9:00", "25:00-26:00", "9:60-10:00", "x", "-9:00-10:00"]
    {
        assert_eq!(Spans::parse(bad), None, "{bad}");
    }
}

#[test]
fn a_day_that_differs_comes_before_the_week() {
    let mut hours = Hours::default();
    assert!(!hours.known());
    hours.week[1] = Spans(vec![(540, 720)]);
    let tuesday = date(2026, 11, 24);
    assert_eq!(hours.on(tuesday).0.text(), "09:00-12:00");
    hours.exceptions.push(Exception { day: tuesday, spans: Spans::default(), why: "停电".into() });
    let (spans, exception) = hours.on(tuesday);
    assert!(spans.0.is_empty() && exception.is_some_and(|one| one.why == "停电"));
    assert!(hours.known());
}

#[test]
fn a_month_is_read_as_it_is_written() {
    let month = Month::parse("2026-12").unwrap();
    assert_eq!((month.name().as_str(), month.days().count(), month.last()), ("2026-12", 31, date(2026, 12, 31)));
    assert_eq!((month.step(1).name().as_str(), month.step(-1).name().as_str()), ("2027-01", "2026-11"));
    for bad in ["2026-13", "2026-00", "26-1", "2026-1", "", "9999-12", "2026-12-01", "-026-01", "+026-01"] {
        assert_eq!(Month::parse(bad), None, "{bad}");
    }
    assert_eq!(number(date(2026, 3, 1)) - number(date(2026, 2, 28)), 1);
    assert_eq!(weekday(date(2026, 11, 23)), 0);
}

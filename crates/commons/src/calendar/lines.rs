//! Due times for many lines at once: what `mulin due` reads and prints.

use super::{DAY, DAYS_AHEAD_MAX, Due, Office};
use kit::Error;
use kit::time::Moment;
use serde::Deserialize;
use std::fmt::Display;
use std::io::{BufRead, Write};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    start: jiff::Timestamp,
    hours: Option<f64>,
    days: Option<u32>,
}

/// Reads `{"start":RFC3339,"hours":H}` or `{"start":…,"days":N}` a line and prints `{"due":RFC3339,"provisional":bool}`.
/// `H` may be a fraction and counts to the nearest millisecond. Empty lines are passed over.
///
/// # Errors
/// With the number of the first line that cannot be answered; the lines before it have been.
pub fn due_lines(office: &Office<'_>, input: impl BufRead, mut output: impl Write) -> Result<(), String> {
    for (at, line) in input.lines().enumerate() {
        let wrong = |why: &dyn Display| format!("line {}: {why}", at + 1);
        let line = line.map_err(|e| wrong(&e))?;
        if line.trim().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_str(&line).map_err(|e| wrong(&e))?;
        let start = Moment(line.start.as_millisecond());
        let due = match (line.hours, line.days) {
            (Some(hours), None) => office.due_hours(start, hour_ms(hours).map_err(|e| wrong(&e))?),
            (None, Some(days)) => office.due_days(start, days),
            _ => return Err(wrong(&"give either hours or days")),
        };
        let Due { at: due, provisional } = due.map_err(|e| wrong(&reason(&e)))?;
        let told = serde_json::json!({ "due": office.zone.rfc3339(due), "provisional": provisional });
        writeln!(output, "{told}").map_err(|e| wrong(&e))?;
    }
    Ok(())
}

fn hour_ms(hours: f64) -> Result<i64, &'static str> {
    let ms = (hours * Moment::hours(1) as f64).round();
    if ms < 0.0 || hours < 0.0 {
        return Err("hours cannot be negative");
    }
    if ms > (DAYS_AHEAD_MAX * DAY) as f64 {
        return Err("that lies too far ahead");
    }
    Ok(ms as i64)
}

fn reason(error: &Error) -> String {
    match error {
        Error::Invalid(fields) if fields.iter().any(|field| field.reason.0 == "calendar/too-far") => {
            "that lies too far ahead".to_owned()
        }
        other => other.to_string(),
    }
}

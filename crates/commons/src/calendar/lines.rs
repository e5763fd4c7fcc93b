//! Due times for many lines at once: what `mulin due` reads and prints.

use super::{Due, Office};
use kit::time::Moment;
use serde::Deserialize;
use std::io::{BufRead, Write};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    start: jiff::Timestamp,
    hours: Option<serde_json::Number>,
    days: Option<u32>,
}

/// Reads `{"start":RFC3339,"hours":H}` or `{"start":…,"days":N}` a line and prints `{"due":RFC3339,"provisional":bool}`.
///
/// # Errors
/// With the number of the first line that cannot be answered.
pub fn due_lines(office: &Office<'_>, input: impl BufRead, mut output: impl Write) -> Result<(), String> {
    for (at, line) in input.lines().enumerate() {
        let wrong = |why: &dyn std::fmt::Display| format!("line {}: {why}", at + 1);
        let line = line.map_err(|e| wrong(&e))?;
        if line.trim().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_str(&line).map_err(|e| wrong(&e))?;
        let start = Moment(line.start.as_millisecond());
        let due = match (line.hours, line.days) {
            (Some(hours), None) => {
                let ms = hour_ms(&hours.to_string()).ok_or_else(|| wrong(&"hours cannot be read"))?;
                office.due_hours(start, ms)
            }
            (None, Some(days)) => office.due_days(start, days),
            _ => return Err(wrong(&"give either hours or days")),
        };
        let Due { at: due, provisional } = due.map_err(|e| wrong(&e))?;
        let told = serde_json::json!({ "due": office.zone.rfc3339(due), "provisional": provisional });
        writeln!(output, "{told}").map_err(|e| wrong(&e))?;
    }
    Ok(())
}

/// Decimal hours as milliseconds, rounded to the nearest, without floating point.
fn hour_ms(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = fraction.chars().take(9).collect();
    let scale = 10_i128.pow(u32::try_from(digits.len()).ok()?);
    let fraction: i128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    let whole: i128 = whole.parse().ok()?;
    if whole < 0 || text.starts_with('-') {
        return None;
    }
    let ms = ((whole * scale + fraction) * 3_600_000 + scale / 2) / scale;
    i64::try_from(ms).ok().filter(|ms| *ms < i64::from(u32::MAX) * 1000)
}

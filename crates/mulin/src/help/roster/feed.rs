//! One's own duties as a calendar, at an address that only its owner knows.

use axum::http::header;
use axum::response::IntoResponse;
use commons::calendar::Zone;
use commons::duty::{Mine, store};
use jiff::ToSpan;
use kit::time::Moment;
use kit::web::answer::Answer;
use kit::web::{App, Path};
use kit::{Error, Result};

use crate::layout::Visit;

const LINE_BYTES_MAX: usize = 75;
const DAYS_BEFORE: i64 = 31;

/// What is kept of an address.
pub fn hashed(app: &App, token: &str) -> Vec<u8> {
    app.secrets.mac("duty-feed", &[token.as_bytes()]).to_vec()
}

/// `GET /help/roster/feed/{token}.ics`.
pub async fn show(visit: Visit, Path(token): Path<String>) -> Answer {
    let token = token.strip_suffix(".ics").unwrap_or(&token);
    let (app, now) = (&visit.app, visit.call.now);
    let (tenant, person) = store::feed(&app.db, &hashed(app, token)).await?.ok_or(Error::NotFound)?;
    let today = super::actions::today(now);
    let since = today.checked_sub(DAYS_BEFORE.days()).unwrap_or(today);
    let mine = store::mine(&app.db, tenant, person, since).await?;
    let title = |one: &Mine| {
        let skill = crate::words::t(visit.call.lang, &format!("skill-{}", one.shift.skill));
        let place = visit.call.lang.pick(&one.place_name, &one.place_name_en);
        crate::words::t_with(
            visit.call.lang,
            "roster-feed-title",
            &[("skill", skill.to_string().into()), ("place", place.to_owned().into())],
        )
    };
    let text = calendar(&mine, title, now)?;
    let headers =
        [(header::CONTENT_TYPE, "text/calendar; charset=utf-8"), (header::CACHE_CONTROL, "private, no-store")];
    Ok((headers, text).into_response())
}

/// The calendar as RFC 5545 has it, in UTC, so that it needs no table of zones.
pub fn calendar(mine: &[Mine], title: impl Fn(&Mine) -> String, now: Moment) -> Result<String> {
    let mut out = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Mulin//Duty roster//EN", "CALSCALE:GREGORIAN"] {
        push(&mut out, line);
    }
    let zone = Zone::china();
    let at = |one: &Mine, minutes: i64| {
        let midnight = zone.moment(one.shift.day.to_datetime(jiff::civil::Time::midnight()))?;
        Ok::<String, Error>(stamp(midnight + Moment::minutes(minutes)))
    };
    for one in mine {
        push(&mut out, "BEGIN:VEVENT");
        push(&mut out, &format!("UID:{}@duty.mulin", one.shift.id));
        push(&mut out, &format!("DTSTAMP:{}", stamp(now)));
        push(&mut out, &format!("DTSTART:{}", at(one, one.shift.starts)?));
        push(&mut out, &format!("DTEND:{}", at(one, one.shift.ends)?));
        push(&mut out, &format!("SUMMARY:{}", escaped(&title(one))));
        push(&mut out, "END:VEVENT");
    }
    push(&mut out, "END:VCALENDAR");
    Ok(out)
}

fn stamp(at: Moment) -> String {
    at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// A line in pieces of at most 75 bytes, never cut inside a character.
fn push(out: &mut String, line: &str) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > LINE_BYTES_MAX {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}

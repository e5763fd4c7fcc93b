//! Terms that end: a page for those who keep the register, and a calendar that opens with a link of theirs. The calendar names
//! offices and places, no persons; it closes with the mandate it was given to.

use super::{policy, seats};
use crate::layout::{View, Visit, link, page, show};
use askama::Template;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use commons::calendar::Zone;
use commons::people::store::seat::{self, Seat};
use commons::people::{MandateId, Office};
use commons::place::TenantId;
use kit::i18n::Lang;
use kit::secrets::{Secrets, same};
use kit::time::Moment;
use kit::web::Path;
use kit::web::answer::Answer;
use kit::{Error, Result};

/// So far ahead the page and the calendar look.
const AHEAD: i64 = Moment::days(2 * 365);
/// And so far back, so that what has just ended is not overlooked.
const BACK: i64 = Moment::days(60);
/// A term that ends this soon is marked.
const SOON: i64 = Moment::days(90);
const MAC_BYTES: usize = 16;

/// A term as it reads.
pub struct Term {
    pub seat: seats::Row,
    pub name: String,
    pub ends: String,
    pub over: bool,
    pub soon: bool,
}

/// `GET /office/people/terms`.
#[derive(Template)]
#[template(path = "office/people/templates/terms.html")]
pub struct TermsPage {
    pub v: View,
    pub terms: Vec<Term>,
    /// The address of the calendar.
    pub feed: String,
}

/// The terms of a community that have ended of late or will end, the nearest first.
pub async fn ending(visit: &Visit) -> Result<(TenantId, Vec<Seat>)> {
    let tenant = super::pages::keeper(visit)?;
    let now = visit.call.now;
    Ok((tenant, seat::ending(&visit.app.db, tenant, now - BACK, now + AHEAD).await?))
}

pub async fn show(visit: Visit, headers: HeaderMap) -> Answer {
    let (tenant, all) = ending(&visit).await?;
    let v = visit.view("terms-title");
    let now = visit.call.now;
    let term = |one: &Seat| {
        let ends = one.ends.unwrap_or(now);
        Term {
            seat: seats::row(&visit, &v, one),
            name: v.pick(&one.name, &one.name_en).to_owned(),
            ends: v.day(ends, now),
            over: ends <= now,
            soon: ends > now && ends - now <= SOON,
        }
    };
    let terms = all.iter().map(term).collect();
    let feed = format!("{}{}", link::base(&visit.app, &headers), address(&visit, tenant)?);
    page(&TermsPage { terms, feed, v })
}

/// The address of the calendar for the one who is here.
pub fn address(visit: &Visit, tenant: TenantId) -> Result<String> {
    let keeps = |mandate: &&commons::people::Mandate| Office::KEEPING.contains(&mandate.office);
    let mandate = visit.actor.in_tenant(tenant).find(keeps).ok_or(Error::denied("people/not-keeper"))?;
    let token = token(&visit.app.secrets, tenant, mandate.id);
    Ok(format!("/office/people/terms/{token}"))
}

fn token(secrets: &Secrets, tenant: TenantId, mandate: MandateId) -> String {
    let (tenant, mandate) = (tenant.0.as_bytes(), mandate.0.as_bytes());
    let mac = secrets.mac("terms-feed", &[tenant, mandate]);
    [&tenant[..], mandate, &mac[..MAC_BYTES]].iter().map(hex::encode).collect()
}

/// Whose calendar it is, when the token is one of ours.
fn read(secrets: &Secrets, text: &str) -> Option<(TenantId, MandateId)> {
    let id = |from: usize| kit::Uuid::from_slice(&hex::decode(text.get(from..from + 32)?).ok()?).ok();
    let (tenant, mandate) = (TenantId(id(0)?), MandateId(id(32)?));
    same(&token(secrets, tenant, mandate), text).then_some((tenant, mandate))
}

/// `GET /office/people/terms/{token}`: for calendar programs, which cannot sign in.
pub async fn feed(visit: Visit, Path(text): Path<String>) -> Answer {
    let (db, now) = (&visit.app.db, visit.call.now);
    let (tenant, mandate) = read(&visit.app.secrets, &text).ok_or(Error::NotFound)?;
    let holder = seat::find(db, tenant, mandate, now).await?.ok_or(Error::NotFound)?;
    if !Office::KEEPING.contains(&holder.office) {
        return Err(Error::NotFound.into());
    }
    let all = seat::ending(db, tenant, now - BACK, now + AHEAD).await?;
    let body = calendar(visit.call.lang, &all, now);
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8"), (header::CACHE_CONTROL, "private, no-cache")];
    Ok((kind, body).into_response())
}

/// An iCalendar of all-day events, as RFC 5545 has it.
pub fn calendar(lang: Lang, all: &[Seat], now: Moment) -> String {
    let zone = Zone::china();
    let stamp = |at: Moment| at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string();
    let name = crate::words::t(lang, "terms-title");
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Mulin//terms//EN".to_owned(),
        format!("X-WR-CALNAME:{}", escaped(&name)),
    ];
    for one in all {
        let Some(ends) = one.ends else { continue };
        let place = lang.pick(&one.label, &one.label_en);
        let what = crate::words::t_with(
            lang,
            "terms-event",
            &[("office", show::office(lang, one.office).to_string().into()), ("place", place.to_owned().into())],
        );
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}@mulin", one.id),
            format!("DTSTAMP:{}", stamp(now)),
            format!("DTSTART;VALUE=DATE:{}", zone.date(ends).strftime("%Y%m%d")),
            format!("SUMMARY:{}", escaped(&what)),
            "TRANSP:TRANSPARENT".to_owned(),
            "END:VEVENT".to_owned(),
        ]);
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// A line is at most 75 bytes long and goes on after a space.
fn folded(line: &str) -> String {
    const BYTES_MAX: usize = 74;
    let (mut out, mut width) = (String::new(), 0);
    for c in line.chars() {
        if width + c.len_utf8() > BYTES_MAX {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out + "\r\n"
}

/// Whether the one who is here keeps a register: then the page leads here.
pub fn keeps(visit: &Visit) -> bool {
    visit.actor.persons.iter().any(|person| policy::keeps(&visit.actor, person.tenant).is_some())
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let line = format!("SUMMARY:{}", "石榴园".repeat(30));
        let text = folded(&line);
        assert!(text.split("\r\n").all(|part| part.len() <= 75), "{text}");
        assert_eq!(text.replace("\r\n ", ""), format!("{line}\r\n"));
        assert_eq!(folded("A:b"), "A:b\r\n");
    }
}

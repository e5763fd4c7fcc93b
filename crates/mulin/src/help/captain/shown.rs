//! Seats and teams as they read on a page.

use crate::layout::View;
use commons::people::PersonId;
use commons::seat::{Member, Seat, TeamDuty};
use kit::time::Moment;

/// Somebody who answers.
#[derive(Clone, Debug)]
pub struct SeatShown {
    pub office: String,
    pub name: String,
    pub phone: Option<Phone>,
    pub duties: String,
    /// `到2027年3月1日`.
    pub until: Option<String>,
    /// `代王阿姨，顶到11月30日`, while the holder is away.
    pub stands_in: Option<String>,
}

/// A number to read and to ring.
#[derive(Clone, Debug)]
pub struct Phone {
    pub text: String,
    pub href: String,
}

impl Phone {
    pub fn of(text: &str) -> Phone {
        let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        Phone { text: text.to_owned(), href: format!("tel:{digits}") }
    }
}

impl SeatShown {
    pub fn of(v: &View, seat: &Seat, now: Moment) -> SeatShown {
        SeatShown {
            office: v.office(seat.office).to_string(),
            name: v.pick(&seat.name, &seat.name_en).to_owned(),
            phone: seat.phone.as_deref().map(Phone::of),
            duties: seat.duties.clone(),
            until: seat.ends.map(|ends| v.a("captain-until", "day", v.day(ends, now))),
            stands_in: seat.stands_in.as_ref().map(|one| {
                let name = v.pick(&one.for_name, &one.for_name_en).to_owned();
                let said = [("name", name.into()), ("until", v.day(one.until - 1, now).into())];
                crate::words::t_with(v.lang, "captain-stands-in", &said)
            }),
        }
    }
}

/// A team of a building.
#[derive(Clone, Debug)]
pub struct TeamShown {
    pub duty: &'static str,
    pub name: String,
    pub about: String,
    pub people: usize,
    pub mine: bool,
    /// For those who may know them.
    pub names: Vec<String>,
}

/// The four teams; names are told to those who are in, and to whoever `knows` all.
pub fn teams(v: &View, members: &[Member], me: Option<PersonId>, knows: bool) -> Vec<TeamShown> {
    let team = |duty: &TeamDuty| {
        let within: Vec<&Member> = members.iter().filter(|member| member.duty == *duty).collect();
        let mine = me.is_some() && within.iter().any(|member| Some(member.person) == me);
        let name = |member: &&Member| v.pick(&member.name, &member.name_en).to_owned();
        TeamShown {
            duty: duty.name(),
            name: v.t(&format!("team-{duty}")).to_string(),
            about: v.t(&format!("team-{duty}-about")).to_string(),
            people: within.len(),
            mine,
            names: if mine || knows { within.iter().map(name).collect() } else { Vec::new() },
        }
    };
    TeamDuty::ALL.iter().map(team).collect()
}

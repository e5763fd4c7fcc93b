//! The calls of this folder in OpenAPI.

use super::actions::{MONTH_MAX, NEED_MAX, REST_DAYS_MAX};
use crate::openapi::parts::{
    Operation, day, id, list, maybe, moment, object, one_of, reference, said, text, truth, whole,
};
use commons::duty::plan::Out;
use commons::duty::{How, Skill};
use serde_json::{Value, json};

const TAG: &str = "roster";
const DEEDS: &[&str] =
    &["ready", "not-ready", "shifts", "drop-shift", "publish", "put", "take-off", "claim", "unclaim", "ask", "answer"];

pub fn paths() -> Value {
    let show = Operation::new("showRoster", TAG, "The shifts of a month, and who is on them").anybody("requests:read");
    let mine = Operation::new("showMyDuties", TAG, "When I can come, my duties, claims and questions").known("me:read");
    let plan = Operation::new("planRoster", TAG, "Plans a month: most places covered, loads as even as can be").about(
        "Of a published month everybody stays where they are, and only open places are filled; those put on are told",
    );
    let feed = Operation::new("makeDutyFeed", TAG, "A new private address for one's calendar").known("me:write");
    let act = Operation::new("actOnRoster", TAG, "Shifts, readiness, claims, swaps").known("me:write");
    let about = "ready: weekdays, skills, month_max, rest_days, named; shifts: month, weekdays, starts, ends, skill, need; publish: month; drop-shift: shift; put, ask: shift, person; take-off: shift, person or oneself; claim: weekday, starts, until; unclaim: claim; answer: swap, yes";
    let code = "The code of a compound; one's own without it";
    let month = "E.g. 2026-12; this month without it";
    json!({
        "/api/v1/roster": { "get": show.query("compound", code).query("month", month).may(&[404, 422])
            .gives(200, reference("Roster")).done() },
        "/api/v1/roster/mine": { "get": mine.query("compound", code).may(&[404]).gives(200, reference("MyDuties")).done() },
        "/api/v1/roster/plan": { "post": plan.known("office:write").body(reference("RosterMonth")).may(&[404])
            .gives(200, reference("RosterPlanned")).done() },
        "/api/v1/roster/feed": { "post": feed.body(reference("RosterPlace")).may(&[404])
            .gives(200, reference("DutyFeed")).done() },
        "/api/v1/roster/{deed}": { "post": act.about(about).path_of("deed", DEEDS, "What is done")
            .body(reference("RosterDeed")).gives(200, reference("RosterPlace")).done() }
    })
}

fn shift() -> Vec<(&'static str, Value)> {
    let skills: Vec<&str> = Skill::ALL.iter().map(|skill| skill.name()).collect();
    vec![
        ("id", id()),
        ("day", day()),
        ("starts", text()),
        ("ends", text()),
        ("skill", one_of(&skills)),
        ("need", whole()),
    ]
}

pub fn schemas() -> Value {
    let skills: Vec<&str> = Skill::ALL.iter().map(|skill| skill.name()).collect();
    let hows: Vec<&str> = How::ALL.iter().map(|how| how.name()).collect();
    let outs: Vec<&str> = Out::ALL.iter().map(|out| out.name()).collect();
    let within = |from: i64, to: i64| json!({ "type": "integer", "minimum": from, "maximum": to });
    let on = object(&[("person", maybe(id())), ("name", maybe(text())), ("how", one_of(&hows))]);
    let out = object(&[("why", one_of(&outs)), ("people", whole())]);
    let mut shown = shift();
    shown.extend([
        ("people", list(on)),
        ("out", said("Of an open place, for those who make the roster: how many are out, and why", list(out))),
        ("closed", said("That the hub is closed on that day, with the reason where that day differs", maybe(text()))),
    ]);
    let weekdays = || said("Monday is 1", list(within(1, 7)));
    let ready = object(&[
        ("weekdays", weekdays()),
        ("skills", list(one_of(&skills))),
        ("month_max", whole()),
        ("rest_days", whole()),
        ("named", truth()),
    ]);
    let swap = object(&[
        ("id", id()),
        ("shift", id()),
        ("asked_by", text()),
        ("asked", text()),
        ("answer", said("It waits for the caller", truth())),
    ]);
    let claim = object(&[("id", id()), ("weekday", whole()), ("starts", text()), ("until", day())]);
    json!({
        "Roster": object(&[("compound", text()), ("month", text()), ("shifts", list(object(&shown))),
            ("planned", maybe(moment())), ("published", maybe(moment())),
            ("exact", said("It is proved that no plan is better", truth()))]),
        "MyDuties": object(&[("compound", text()), ("ready", maybe(ready)), ("duties", list(object(&shift()))),
            ("swaps", list(swap)), ("claims", list(claim))]),
        "RosterMonth": object(&[("compound?", text()), ("month", text())]),
        "RosterPlace": object(&[("compound", text())]),
        "RosterPlanned": object(&[("month", text()), ("covered", whole()), ("open", whole()), ("exact", truth())]),
        "DutyFeed": object(&[("path", said("Told this once", text()))]),
        "RosterDeed": object(&[("compound?", text()), ("month?", text()), ("weekdays?", weekdays()),
            ("skills?", list(one_of(&skills))), ("month_max?", within(1, MONTH_MAX)),
            ("rest_days?", within(0, REST_DAYS_MAX)), ("named?", truth()), ("starts?", text()), ("ends?", text()),
            ("skill?", one_of(&skills)), ("need?", within(1, NEED_MAX)), ("shift?", id()), ("person?", id()),
            ("weekday?", within(1, 7)), ("until?", day()), ("claim?", id()), ("swap?", id()), ("yes?", truth())])
    })
}

//! The calls of this folder in OpenAPI.

use super::actions::{NAME_CHARACTERS_MAX, TEXT_CHARACTERS_MAX};
use crate::openapi::parts::{
    Operation, day, id, list, maybe, moment, object, one_of, reference, said, text, text_to, truth, whole,
};
use commons::duty::Skill;
use serde_json::{Value, json};

const TAG: &str = "hub";
const DEEDS: &[&str] = &[
    "hours",
    "exception",
    "usual",
    "post",
    "hold",
    "confirm",
    "opinion",
    "give-back",
    "end",
    "entry",
    "withdraw",
    "away",
    "here",
    "stand-in",
    "stand-down",
    "write-up",
];

pub fn paths() -> Value {
    let show = Operation::new("showHub", TAG, "When the hub is open, who is there now, its posts");
    let entries = Operation::new("listHubEntries", TAG, "What was done at the hub in a month").known("office:read");
    let act = Operation::new("actAtHub", TAG, "Hours, posts and entries").known("office:write");
    let about = "hours: d1 to d7; exception: day, spans, why; usual: day; post: name, duties, desk; hold, confirm, give-back, end: id of a post; entry: id of a post, text; withdraw: id of an entry; away: id of one's own post, from, until; here, stand-in, stand-down: id of a post; write-up: day, spans, note";
    let code = "The code of a compound; one's own without it";
    json!({
        "/api/v1/hub": { "get": show.anybody("requests:read").query("compound", code).may(&[404]).gives(200, reference("Hub")).done() },
        "/api/v1/hub/entries": { "get": entries.query("compound", code).query("month", "E.g. 2026-12").may(&[404, 422])
            .gives(200, reference("HubEntries")).done() },
        "/api/v1/hub/day": { "get": Operation::new("showHubDay", TAG, "A day at the hub, put together from what was written once").known("office:read")
            .query("compound", code).query("day", "E.g. 2026-11-24; today without it").may(&[404, 422]).gives(200, reference("HubDay")).done() },
        "/api/v1/hub/month": { "get": Operation::new("showHubMonth", TAG, "A month at the hub in figures without names").anybody("requests:read")
            .query("compound", code).query("month", "E.g. 2026-12; this one without it").may(&[404, 422]).gives(200, reference("HubMonth")).done() },
        "/api/v1/hub/{deed}": { "post": act.about(about).path_of("deed", DEEDS, "What is done")
            .body(reference("HubDeed")).gives(200, reference("HubDone")).done() }
    })
}

pub fn schemas() -> Value {
    let skills: Vec<&str> = Skill::ALL.iter().map(|skill| skill.name()).collect();
    let spans = || said("09:00-12:00,13:30-17:30; empty where it is closed", text());
    let exception = object(&[("day", day()), ("spans", spans()), ("why", text())]);
    let post = object(&[
        ("id", id()),
        ("name", text()),
        ("duties", text()),
        ("desk", said("It sits at the desk, and so reads who came, talks, opinions and who has a key", truth())),
        ("holder", said("Named once those who keep the hub said yes", maybe(text()))),
        ("taken", said("Somebody has it or asks for it", truth())),
        ("mine", truth()),
        ("confirmed", said("Those who keep the hub said yes to the holder", truth())),
        ("away_from", maybe(moment())),
        ("away_until", maybe(moment())),
        ("stands_in", said("Who stands in while the holder is away", maybe(text()))),
    ]);
    let answered = object(&[
        ("topic", text()),
        ("opinions", whole()),
        ("said", said("What people said", text())),
        ("came", said("What came of it", text())),
        ("answered", moment()),
    ]);
    let count = || list(object(&[("kind", text()), ("n", whole())]));
    let there = object(&[("name", maybe(text())), ("skill", one_of(&skills)), ("until", text())]);
    let entry = object(&[
        ("id", id()),
        ("post", id()),
        ("post_name", text()),
        ("name", text()),
        ("at", moment()),
        ("text", text()),
        ("mine", truth()),
    ]);
    let mut deed = vec![("compound?", text()), ("id?", id()), ("day?", day()), ("spans?", spans())];
    deed.extend(["d1?", "d2?", "d3?", "d4?", "d5?", "d6?", "d7?"].map(|name| (name, spans())));
    deed.extend([
        ("why?", text_to(TEXT_CHARACTERS_MAX)),
        ("name?", text_to(NAME_CHARACTERS_MAX)),
        ("duties?", text_to(TEXT_CHARACTERS_MAX)),
        ("desk?", truth()),
        ("text?", text_to(TEXT_CHARACTERS_MAX)),
        ("from?", said("The first day away", text())),
        ("until?", said("The last day away", text())),
        ("note?", text_to(TEXT_CHARACTERS_MAX)),
    ]);
    json!({
        "Hub": object(&[("compound", text()), ("open", truth()), ("week", said("Monday first", list(text()))),
            ("exceptions", list(exception)), ("posts", list(post)), ("on_duty", list(there)),
            ("opens_next", said("On the clock of the place, later today or another day: 2026-11-25T09:00", maybe(text()))),
            ("opinions", said("Answered within the last year", list(answered.clone())))]),
        "HubDay": object(&[("compound", text()), ("day", day()), ("written", truth()), ("spans", spans()), ("note", text()),
            ("posts", list(object(&[("id", id()), ("name", text()), ("lines", list(text()))]))), ("counts", reference("HubCounts"))]),
        "HubMonth": object(&[("compound", text()), ("month", text()), ("days_open", whole()), ("minutes_open", whole()),
            ("days_written", whole()), ("counts", reference("HubCounts")), ("opinions", list(answered))]),
        "HubCounts": object(&[("walk_in", count()), ("talk", count()), ("opinion", whole()), ("key", count()), ("shift", count()),
            ("covered", count()), ("entry", count()), ("open", whole())]),
        "HubEntries": object(&[("compound", text()), ("month", text()), ("entries", list(entry))]),
        "HubDeed": object(&deed),
        "HubDone": object(&[("compound", text())])
    })
}

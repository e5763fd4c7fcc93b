//! The calls of the desk in OpenAPI.

use super::actions::{ABOUT_CHARACTERS_MAX, NAME_CHARACTERS_MAX, TEXT_CHARACTERS_MAX};
use crate::openapi::parts::{
    Operation, day, id, list, maybe, moment, object, one_of, reference, said, text, text_to, truth, whole,
};
use commons::desk::{Became, TalkState, Way};
use serde_json::{Value, json};

const TAG: &str = "hub";
const DEEDS: &[&str] = &[
    "take-in",
    "take",
    "done",
    "talk-agreed",
    "talk-held",
    "talk-ended",
    "topic",
    "sort",
    "answer",
    "key",
    "end-key",
    "lend",
    "back",
];

pub fn paths() -> Value {
    let code = "The code of a compound; one's own without it";
    let read = |name: &str, summary: &str, shape: &str| {
        let read = Operation::new(name, TAG, summary).known("office:read").query("compound", code).may(&[404]);
        json!({ "get": read.gives(200, reference(shape)).done() })
    };
    let about = "take-in: about, became (request, talk, opinion, answer, later), name, door, phone, line; take: id; done: id, line; talk-agreed: id, when, where, both, other; talk-held: id; talk-ended: id, how, to; topic: name; sort: id of an opinion, topic; answer: id of a topic, said, came; key: name; end-key: id; lend: id of a key, name, phone, until; back: id of a loan. A line that is to become a request is handed in by fileRequest with its id as `desk`";
    let act = Operation::new("actAtDesk", TAG, "What comes in at the desk of the hub, and what becomes of it");
    let act = act.known("office:write").about(about).path_of("deed", DEEDS, "What is done");
    let slip = Operation::new("askSlip", TAG, "How a line of the desk stands, for whoever has the code of its slip");
    json!({
        "/api/v1/hub/desk": read("showDesk", "What came in today, and what is still open from before", "Desk"),
        "/api/v1/hub/desk/talks": read("listTalks", "Talks between neighbours, for those who lead them", "DeskTalks"),
        "/api/v1/hub/desk/opinions": read("listOpinions", "Topics, and opinions that no answer has met yet", "DeskOpinions"),
        "/api/v1/hub/desk/keys": read("listKeys", "Keys of rooms, and who has them", "DeskKeys"),
        "/api/v1/hub/desk/{deed}": { "post": act.body(reference("DeskDeed")).gives(200, reference("DeskDone")).done() },
        "/api/v1/hub/slip": { "get": slip.anybody("requests:read").query("code", "As it stands on the slip")
            .may(&[422]).gives(200, reference("DeskSlip")).done() }
    })
}

fn names<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> Value {
    one_of(&all.iter().map(|one| name(*one)).collect::<Vec<_>>())
}

pub fn schemas() -> Value {
    let became = || names(Became::ALL, Became::name);
    let line = object(&[
        ("id", id()),
        ("day", day()),
        ("number", whole()),
        ("at", moment()),
        ("became", became()),
        ("about", said("Empty for a talk: its line stands with the talk", text())),
        ("who", said("As far as they said; only for whoever took it down or takes it on, while it is open", text())),
        ("taken", truth()),
        ("mine", truth()),
        ("done", maybe(moment())),
        ("line", text()),
        ("request", maybe(text())),
        ("talk", maybe(id())),
    ]);
    let talk = object(&[
        ("id", id()),
        ("state", names(TalkState::ALL, TalkState::name)),
        ("about", text()),
        ("asked", moment()),
        ("meets", maybe(moment())),
        ("where", text()),
        ("one_side", said("Gone thirty days after the end", text())),
        ("other_side", said("Nobody until they said yes", text())),
        ("held", maybe(moment())),
        ("ended", maybe(moment())),
        ("passed_to", maybe(names(Way::ALL, Way::name))),
    ]);
    let topic = object(&[
        ("id", id()),
        ("name", text()),
        ("opinions", whole()),
        ("said", text()),
        ("came", text()),
        ("answered", maybe(moment())),
    ]);
    let opinion = object(&[("id", id()), ("topic", maybe(id())), ("text", text()), ("at", moment())]);
    let loan = object(&[("id", id()), ("who", text()), ("given", moment()), ("due", moment()), ("overdue", truth())]);
    let key = object(&[("id", id()), ("name", text()), ("loan", maybe(loan))]);
    let civil = |about: &str| said(about, text());
    let deed = object(&[
        ("compound?", text()),
        ("id?", id()),
        ("about?", text_to(ABOUT_CHARACTERS_MAX)),
        ("became?", became()),
        ("name?", said("As they want it said; empty where they do not want to say", text_to(NAME_CHARACTERS_MAX))),
        ("door?", text_to(NAME_CHARACTERS_MAX)),
        ("phone?", said("Only where they want an answer by telephone", text_to(NAME_CHARACTERS_MAX))),
        ("line?", text_to(ABOUT_CHARACTERS_MAX)),
        ("when?", civil("2026-11-25T15:00, on the clock of the place")),
        ("where?", text_to(ABOUT_CHARACTERS_MAX)),
        ("both?", said("Both sides said yes", truth())),
        ("other?", said("How the other side wants to be reached, once they said yes", text())),
        ("how?", one_of(&["settled", "unsettled", "passed_on", "stopped"])),
        ("to?", names(Way::ALL, Way::name)),
        ("topic?", id()),
        ("said?", text_to(TEXT_CHARACTERS_MAX)),
        ("came?", text_to(TEXT_CHARACTERS_MAX)),
        (
            "personal?",
            said("What becomes of telephone numbers and the like in a public answer", one_of(&["mask", "as-is"])),
        ),
        ("until?", civil("2026-11-24T17:00, on the clock of the place")),
    ]);
    json!({
        "Desk": object(&[("compound", text()), ("lines", list(line)), ("overdue_keys", list(text())), ("keys_out", whole()),
            ("talks_open", whole()), ("unsorted_opinions", whole())]),
        "DeskTalks": object(&[("compound", text()), ("talks", list(talk))]),
        "DeskOpinions": object(&[("compound", text()), ("topics", list(topic)), ("opinions", list(opinion))]),
        "DeskKeys": object(&[("compound", text()), ("keys", list(key))]),
        "DeskDeed": deed,
        "DeskDone": object(&[("compound", text()), ("id", maybe(id())), ("number", maybe(whole())), ("code", maybe(text()))]),
        "DeskSlip": object(&[("compound", text()), ("day", day()), ("number", whole()), ("became", became()), ("taken", truth()),
            ("done", maybe(moment())), ("line", text()), ("request", maybe(text()))])
    })
}

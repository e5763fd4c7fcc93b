//! The calls of this folder in OpenAPI.

use crate::openapi::parts::{
    Operation, id, list, maybe, moment, nothing, object, one_of, reference, said, text, truth, whole,
};
use commons::people::Office;
use commons::people::standing::Consent;
use serde_json::{Value, json};

pub fn paths() -> Value {
    let new = |name: &str, summary: &str| Operation::new(name, "me", summary).in_person();
    let act = object(&[
        ("at", moment()),
        ("by", text()),
        ("stem", text()),
        ("about", said("The code of the request, if it is one", text())),
    ]);
    let all = object(&[
        ("acting", said("The one under which whoever is signed in here acts in another's part just now", maybe(id()))),
        ("for_me", list(reference("StandIn"))),
        ("by_me", list(reference("StandIn"))),
        ("done_for_me", list(act)),
    ]);
    let days = said("30, 90 or 365", whole());
    let made = object(&[("id", id()), ("code", said("For whoever is to stand in", text()))]);
    json!({
        "/api/v1/me/standing": {
            "get": new("listStandIns", "Who stands in for me, for whom I do, and what was done in my name").gives(200, all).done(),
            "post": new("agreeToStandIn", "I agree to whoever brings the code standing in for me")
                .body(object(&[("days", days)])).gives(201, made).done() },
        "/api/v1/me/standing/accept": { "post": new("acceptStandIn", "I bring a code, and stand in from now on")
            .body(object(&[("code", text())])).gives(201, object(&[("id", id())])).done() },
        "/api/v1/me/standing/{id}/end": { "post": new("endStandIn", "Ends it, from either side")
            .path("id", "The one to end").body(nothing()).gives(200, nothing()).done() },
        "/api/v1/me/standing/{id}/begin": { "post": new("beginStandingIn", "Acts in another's part from now on, where one is signed in")
            .path("id", "The one under which").body(nothing()).gives(200, nothing()).done() },
        "/api/v1/me/standing/stop": { "post": new("stopStandingIn", "Acts in one's own part again")
            .body(nothing()).gives(200, nothing()).done() }
    })
}

pub fn schemas() -> Value {
    let offices: Vec<&str> = Office::ALL.iter().map(|office| office.name()).collect();
    let consents: Vec<&str> = Consent::ALL.iter().map(|consent| consent.name()).collect();
    json!({ "StandIn": object(&[
        ("id", id()),
        ("for", text()),
        ("by", said("None while the code waits", maybe(text()))),
        ("consent", one_of(&consents)),
        ("heard_by", maybe(one_of(&offices))),
        ("made", moment()),
        ("ends", moment()),
        ("accepted", maybe(moment())),
        ("ended", maybe(moment())),
        ("runs", truth()),
    ]) })
}

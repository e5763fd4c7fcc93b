//! The calls of this folder in OpenAPI.

use crate::openapi::parts::{
    self, Operation, id, list, maybe, moment, nothing, object, one_of, reference, text, text_to, truth, whole,
};
use commons::people::Office;
use commons::people::household::{JoinDecision, Proof};
use serde_json::{Value, json};

const TAG: &str = "people";

fn living() -> Value {
    one_of(&Office::RESIDENT.iter().map(|office| office.name()).collect::<Vec<_>>())
}

fn proof() -> Value {
    one_of(&Proof::ALL.iter().map(|proof| proof.name()).collect::<Vec<_>>())
}

fn share() -> Value {
    parts::said("Of an owner: 1/3 or 50%; without it the whole", maybe(text_to(20)))
}

pub fn paths() -> Value {
    let new = |name: &str, summary: &str| Operation::new(name, TAG, summary);
    let read = |name: &str, summary: &str| new(name, summary).known("office:read");
    let write = |name: &str, summary: &str| new(name, summary).known("office:write");
    let homes = object(&[
        ("within", maybe(text())),
        ("homes", list(object(&[("at", text()), ("label", text()), ("members", whole()), ("waiting", whole())]))),
        ("joinings", list(reference("Joining"))),
    ]);
    let one = object(&[
        ("at", text()),
        ("label", text()),
        ("members", list(reference("HouseholdMember"))),
        ("joinings", list(reference("Joining"))),
    ]);
    let hearing = object(&[("consent", one_of(&["spoken", "paper"])), ("days", parts::said("30, 90 or 365", whole()))]);
    let heard = object(&[("id", id()), ("code", parts::said("For whoever is to stand in", text()))]);
    let letter = parts::said("The code of the letter that lets them in", text());
    let letters = object(&[("letters", list(object(&[("name", text()), ("code", text()), ("link", text())])))]);
    let adding =
        object(&[("at", text()), ("name", text_to(60)), ("as", living()), ("proof", proof()), ("share?", share())]);
    let seen = object(&[("proof", proof()), ("share?", share())]);
    let answer = object(&[
        ("answer", one_of(&["yes", "no"])),
        ("proof?", parts::said("Needed for a yes", maybe(proof()))),
        ("share?", share()),
    ]);
    json!({
        "/api/v1/homes": { "get": read("listHomes", "The homes of a building or grid that one keeps, with how many belong and ask to")
            .query("within", "The path of the building or grid; the first one without it").gives(200, homes).done() },
        "/api/v1/homes/one": { "get": read("getHousehold", "Who belongs to a home; the look is written down for its members")
            .needs("at", "The path of the home").may(&[404]).gives(200, one).done() },
        "/api/v1/homes/letters": {
            "get": new("listHomeLetters", "Letters of a home or of a whole building that nobody has used yet").in_person()
                .needs("at", "The path of the home or building").may(&[404]).gives(200, letters).done(),
            "post": new("writeBuildingLetters", "A new letter for everybody in a building who cannot sign in yet; those before end")
                .in_person().body(object(&[("at", text())])).may(&[404]).gives(201, object(&[("letters", whole())])).done() },
        "/api/v1/homes/members": { "post": new("addHouseholdMember", "Takes somebody new into a household, with a letter")
            .in_person().body(adding).may(&[404]).gives(201, object(&[("id", id()), ("letter", letter.clone())])).done() },
        "/api/v1/homes/members/{id}/verify": { "post": write("verifyHouseholdMember", "Records what kind of thing was seen")
            .path("id", "The membership").body(seen).gives(200, nothing()).done() },
        "/api/v1/homes/members/{id}/letter": { "post": new("writeHomeLetter", "One more letter for a member who cannot sign in yet")
            .in_person().path("id", "The membership").body(nothing()).gives(201, object(&[("letter", letter)])).done() },
        "/api/v1/homes/members/{id}/end": { "post": write("endHouseholdMember", "Somebody has moved out; what hung on it ends with it")
            .path("id", "The membership").body(nothing()).gives(200, nothing()).done() },
        "/api/v1/homes/members/{id}/standing": {
            "get": read("listStandInsOf", "Who stands in for a member; the look is written down for the household")
                .path("id", "The membership").gives(200, object(&[("standing", list(reference("StandIn")))])).done(),
            "post": write("hearStandInConsent", "Records that a member agreed, before this office, to somebody standing in for them")
            .path("id", "The membership").body(hearing).gives(201, heard).done() },
        "/api/v1/homes/standing/{id}/end": { "post": write("endStandInAtWord", "Ends a stand-in at the word of the one it is for")
            .path("id", "The stand-in").body(nothing()).gives(200, nothing()).done() },
        "/api/v1/homes/joinings/{id}": { "post": write("answerJoining", "Answers somebody who asks to belong to a home")
            .path("id", "The question").body(answer).gives(200, nothing()).done() }
    })
}

pub fn schemas() -> Value {
    let offices: Vec<&str> = Office::ALL.iter().map(|office| office.name()).collect();
    let decisions: Vec<&str> = JoinDecision::ALL.iter().map(|decision| decision.name()).collect();
    json!({
        "HouseholdMember": object(&[
            ("id", id()),
            ("name", text()),
            ("as", living()),
            ("home", text()),
            ("share", maybe(text())),
            ("proof", maybe(proof())),
            ("verified_by", maybe(one_of(&offices))),
            ("verified", maybe(moment())),
            ("since", moment()),
            ("ended", maybe(moment())),
            ("enters", parts::said("Whether they can sign in", truth())),
        ]),
        "Joining": object(&[
            ("id", id()),
            ("name", text()),
            ("home", text()),
            ("as", living()),
            ("asked", moment()),
            ("decision", maybe(one_of(&decisions))),
        ])
    })
}

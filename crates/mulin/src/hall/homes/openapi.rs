//! The calls of this folder in OpenAPI.

use crate::openapi::parts::{Operation, id, list, maybe, nothing, object, one_of, reference, said, text, text_to};
use commons::people::Office;
use serde_json::{Value, json};

pub fn paths() -> Value {
    let read = Operation::new("listMyHomes", "me", "Where I belong and belonged, and what I asked").known("me:read");
    let write = |name: &str, summary: &str| Operation::new(name, "me", summary).known("me:write");
    let living: Vec<&str> = Office::RESIDENT.iter().map(|office| office.name()).collect();
    let asking = object(&[
        ("building", said("The path of the building, e.g. shiliu/3", text())),
        ("entrance?", maybe(text_to(20))),
        ("room", text_to(20)),
        ("as", one_of(&living)),
    ]);
    json!({
        "/api/v1/me/homes": {
            "get": read.gives(200, object(&[
                ("members", list(reference("HouseholdMember"))), ("joinings", list(reference("Joining")))])).done(),
            "post": write("askToJoinHome", "Asks to belong to a home; captain or grid worker verifies").body(asking)
                .gives(201, object(&[("id", id())])).done() },
        "/api/v1/me/homes/joinings/{id}/take-back": {
            "post": write("takeJoiningBack", "Takes the question back").path("id", "The question").body(nothing())
                .gives(200, nothing()).done() },
        "/api/v1/me/homes/members/{id}/end": {
            "post": write("moveOut", "Moves out; what hung on the home ends with it").path("id", "The membership")
                .body(nothing()).gives(200, nothing()).done() }
    })
}

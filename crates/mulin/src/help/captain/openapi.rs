//! The calls of this folder in OpenAPI.

use super::actions::{AREA_CHARACTERS_MAX, DUTIES_CHARACTERS_MAX};
use crate::openapi::parts::{
    Operation, list, maybe, moment, object, one_of, reference, said, text, text_to, truth, whole,
};
use commons::seat::{ANSWERING, TeamDuty};
use serde_json::{Value, json};

const TAG: &str = "captains";
const AT: &str = "The path of a building or of something in it, e.g. shiliu/3";
/// As far as numbers go.
const PHONE_CHARACTERS_MAX: usize = 24;

pub fn paths() -> Value {
    let show = Operation::new("showCaptain", TAG, "Who answers for a building, and its teams").anybody("requests:read");
    let building = Operation::new("showBuilding", TAG, "The doors and teams of a building").known("office:read");
    let board = Operation::new("showBoard", TAG, "The board of a building, and what it lacks").anybody("requests:read");
    let save = Operation::new("saveBoard", TAG, "Fills in a board").known("office:write");
    let card = Operation::new("saveCard", TAG, "Gives or takes back the number of a seat, and says its duties");
    let join = Operation::new("joinTeam", TAG, "Joins a team of a building").known("me:write");
    let leave = Operation::new("leaveTeam", TAG, "Leaves it").known("me:write");
    json!({
        "/api/v1/captains": { "get": show.needs("at", AT).may(&[404]).gives(200, reference("Captain")).done() },
        "/api/v1/captains/building": {
            "get": building.needs("at", AT).may(&[404]).gives(200, reference("BuildingDoors")).done() },
        "/api/v1/captains/board": {
            "get": board.needs("at", AT).may(&[404]).gives(200, reference("BuildingBoard")).done(),
            "post": save.body(reference("NewBuildingBoard")).may(&[404]).gives(200, reference("AtPlace")).done() },
        "/api/v1/captains/card": {
            "post": card.known("office:write").body(reference("NewSeatCard")).may(&[404]).gives(200, reference("AtPlace")).done() },
        "/api/v1/captains/join": {
            "post": join.body(reference("TeamPlace")).may(&[404]).gives(200, reference("AtPlace")).done() },
        "/api/v1/captains/leave": {
            "post": leave.body(reference("TeamPlace")).may(&[404]).gives(200, reference("AtPlace")).done() }
    })
}

pub fn schemas() -> Value {
    let offices: Vec<&str> = ANSWERING.iter().map(|office| office.name()).collect();
    let duties: Vec<&str> = TeamDuty::ALL.iter().map(|duty| duty.name()).collect();
    let (office, duty) = (one_of(&offices), one_of(&duties));
    let seat = object(&[
        ("office", office.clone()),
        ("name", text()),
        ("name_en", text()),
        ("phone", said("Where it is published", maybe(text()))),
        ("duties", text()),
        ("since", moment()),
        ("until", maybe(moment())),
        ("stands_in_for", said("Whose office it is, while name and number are of whoever stands in", maybe(text()))),
        ("stands_in_until", maybe(moment())),
    ]);
    let team = object(&[("duty", duty.clone()), ("people", whole()), ("mine", truth())]);
    let door = object(&[("entrance", text()), ("door", text()), ("open", whole())]);
    let member = object(&[("duty", duty.clone()), ("name", text()), ("name_en", text())]);
    json!({
        "Captain": object(&[("at", text()), ("label", text()), ("label_en", text()),
            ("seats", list(reference("AnsweringSeat"))), ("teams", list(team))]),
        "AnsweringSeat": seat,
        "BuildingDoors": object(&[("at", text()), ("doors", list(door)), ("members", list(member))]),
        "BuildingBoard": object(&[("at", text()), ("grid", maybe(text())), ("area", text()), ("supervision", text()),
            ("seats", list(reference("AnsweringSeat"))),
            ("missing", said("grid, area, supervision, or an office with what it lacks: captain:person", list(text())))]),
        "NewBuildingBoard": object(&[("at", text()), ("area?", text_to(AREA_CHARACTERS_MAX)),
            ("supervision?", text_to(PHONE_CHARACTERS_MAX))]),
        "NewSeatCard": object(&[("at", text()), ("office", office), ("phone?", text_to(PHONE_CHARACTERS_MAX)),
            ("duties?", text_to(DUTIES_CHARACTERS_MAX))]),
        "TeamPlace": object(&[("at", text()), ("duty", duty)]),
        "AtPlace": object(&[("at", text())])
    })
}

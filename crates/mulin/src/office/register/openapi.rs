//! The calls of this folder in OpenAPI.

use crate::openapi::parts::{
    Operation, id, list, maybe, nothing, object, one_of, reference, said, text, text_to, truth, whole,
};
use commons::register::UnitKind;
use commons::sheet::Format;
use serde_json::{Value, json};

const TAG: &str = "register";

fn kind() -> Value {
    one_of(&UnitKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>())
}

fn owner() -> Value {
    object(&[
        ("name", text_to(60)),
        ("mark?", said("Tells two of the same name apart; no identity number", maybe(text_to(20)))),
        ("share?", maybe(text_to(20))),
    ])
}

pub fn paths() -> Value {
    let read = |name: &str, summary: &str| Operation::new(name, TAG, summary).known("office:read");
    let write = |name: &str, summary: &str| Operation::new(name, TAG, summary).known("office:write");
    let at =
        |operation: Operation| operation.query("at", "The code of the compound; the first one without it").may(&[404]);
    let totals = object(&[
        ("units", whole()),
        ("area_m2", said("Exact, with two decimals", text())),
        ("heads", said("One for each different set of owners", whole())),
        ("parking_units", whole()),
        ("parking_area_m2", text()),
    ]);
    let page =
        object(&[("at", text()), ("totals", totals), ("units", list(reference("Unit"))), ("next", maybe(text()))]);
    let fault = object(&[("row", whole()), ("column", text()), ("reason", text()), ("value", text())]);
    let plan = object(&[
        ("done", truth()),
        ("units", whole()),
        ("faults", list(fault)),
        ("more_faults", said("Further faults that are not listed", whole())),
    ]);
    let unit = object(&[
        ("at?", maybe(text())),
        ("code", text_to(60)),
        ("kind", kind()),
        ("area_m2", said("88.50", text_to(12))),
        ("owners", list(owner())),
    ]);
    let file = json!({ "file": said("CSV or XLSX", json!({ "type": "string", "contentMediaType": "application/octet-stream" })), "at": text(),
        "really": said("1 takes it over; without it, it is tried", text()) });
    let kinds = [Format::Csv.mime(), Format::Xlsx.mime()];
    let kinds: Vec<&str> = kinds.iter().map(|mime| mime.split(';').next().unwrap_or_default()).collect();
    let formats = ["csv", "xlsx"];
    json!({
        "/api/v1/register": { "get": at(read("listUnits", "Units and owners of a compound, with the totals a vote is counted against; the look is written down"))
            .pages("after").gives_pages(page).done() },
        "/api/v1/register/import": { "post": write("importUnits", "A sheet in place of the whole register, all or nothing")
            .files(file).may(&[404]).gives(200, plan).done() },
        "/api/v1/register/units": { "post": write("putUnit", "A unit by hand, in place of the one with its code")
            .body(unit).may(&[404]).gives(201, object(&[("id", id())])).done() },
        "/api/v1/register/units/{id}/remove": { "post": write("removeUnit", "Takes a unit out").path("id", "The unit")
            .body(object(&[("at?", maybe(text()))])).gives(200, nothing()).done() },
        "/api/v1/register/template/{format}": { "get": read("getRegisterTemplate", "An empty sheet")
            .path_of("format", &formats, "How it is written").gives_file(&kinds).done() },
        "/api/v1/register/export/{format}": { "get": at(read("exportUnits", "The register as a sheet; it is written down that it was taken along"))
            .path_of("format", &formats, "How it is written").gives_file(&kinds).done() }
    })
}

pub fn schemas() -> Value {
    let shown = object(&[("name", text()), ("mark", text()), ("share", maybe(text()))]);
    json!({ "Unit": object(&[
        ("id", id()),
        ("code", text()),
        ("kind", kind()),
        ("area_m2", text()),
        ("owners", list(shown)),
    ]) })
}

//! The calls of this folder in OpenAPI.

use crate::openapi::parts::{Operation, list, moment, nothing, object, text, truth};
use serde_json::{Value, json};

pub fn paths() -> Value {
    let new = |name: &str, summary: &str| Operation::new(name, "me", summary).in_person();
    let device =
        object(&[("id", text()), ("kind", text()), ("since", moment()), ("seen", moment()), ("current", truth())]);
    json!({
        "/api/v1/me/devices": { "get": new("listDevices", "Where I am signed in; no address is kept")
            .gives(200, object(&[("devices", list(device))])).done() },
        "/api/v1/me/devices/{id}/end": { "post": new("endDevice", "Ends one session").path("id", "The session")
            .body(nothing()).gives(200, nothing()).done() },
        "/api/v1/me/devices/end-others": { "post": new("endOtherDevices", "Ends every session but this one")
            .body(nothing()).gives(200, nothing()).done() }
    })
}

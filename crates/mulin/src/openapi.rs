//! `GET /api/v1/openapi.json`: the features' calls in one OpenAPI 3.1 document.

use crate::say::figures::openapi as figures;
use crate::say::follow::openapi as follow;
use crate::say::requests::openapi as requests;
use axum::Json;
use serde_json::{Value, json};

pub mod parts;

/// The whole document.
pub fn document() -> Value {
    let mut schemas = requests::schemas();
    merge(&mut schemas, figures::schemas());
    merge(&mut schemas, follow::schemas());
    merge(&mut schemas, crate::say::map::api::schemas());
    merge(&mut schemas, crate::say::sheet::api::schemas());
    merge(&mut schemas, crate::hall::api::schemas());
    merge(&mut schemas, crate::office::categories::api::schemas());
    merge(&mut schemas, crate::office::compounds::api::schemas());
    merge(&mut schemas, crate::office::desk::api::schemas());
    merge(&mut schemas, crate::office::people::api::schemas());
    merge(&mut schemas, crate::office::places::api::schemas());
    merge(&mut schemas, crate::office::standards::api::schemas());
    merge(&mut schemas, crate::office::templates::api::schemas());
    schemas["Problem"] = json!({
        "type": "object",
        "required": ["type", "title", "status", "reason"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "reason": { "type": "string", "description": "A stem such as requests/not-holder" },
            "errors": { "type": "array", "items": { "type": "object", "properties": {
                "field": { "type": "string" }, "reason": { "type": "string" } } } },
            "incident": { "type": "string" }
        }
    });
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Mulin",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A neighbourhood looks after itself. Calls lean on a session cookie with X-CSRF-Token, on a slip's code, or on nothing.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" }
        },
        "paths": paths(),
        "components": { "schemas": schemas }
    })
}

/// The paths of every feature that programs can call.
fn paths() -> Value {
    let mut all = requests::paths();
    merge(&mut all, figures::paths());
    merge(&mut all, follow::paths());
    merge(&mut all, crate::say::map::api::paths());
    merge(&mut all, crate::say::sheet::api::paths());
    merge(&mut all, crate::hall::api::paths());
    merge(&mut all, crate::office::categories::api::paths());
    merge(&mut all, crate::office::compounds::api::paths());
    merge(&mut all, crate::office::desk::api::paths());
    merge(&mut all, crate::office::people::api::paths());
    merge(&mut all, crate::office::places::api::paths());
    merge(&mut all, crate::office::standards::api::paths());
    merge(&mut all, crate::office::templates::api::paths());
    merge(&mut all, crate::office::channels::api::paths());
    all
}

fn merge(into: &mut Value, more: Value) {
    if let (Some(into), Value::Object(more)) = (into.as_object_mut(), more) {
        into.extend(more);
    }
}

/// `GET /api/v1/openapi.json`.
pub async fn serve() -> Json<Value> {
    Json(document())
}

#[cfg(test)]
mod tests;

//! `GET /api/v1/openapi.json`: the features' calls in one OpenAPI 3.1 document.

use crate::say::figures::openapi as figures;
use crate::say::follow::openapi as follow;
use crate::say::requests::openapi as requests;
use axum::Json;
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::scope::Scope;

/// Method and path → the scope that opens it to tokens.
static SCOPES: LazyLock<HashMap<(String, String), Scope>> = LazyLock::new(|| {
    let paths = paths();
    let mut all = HashMap::new();
    for (path, operations) in paths.as_object().into_iter().flatten() {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let ways = operation["security"].as_array().into_iter().flatten();
            let scope = ways.filter_map(|way| Scope::parse(way["bearer"][0].as_str()?)).next();
            all.extend(scope.map(|scope| ((method.to_uppercase(), path.clone()), scope)));
        }
    }
    all
});

/// The scope that an operation needs; `None` when it is not for tokens.
pub fn scope(method: &Method, route: &str) -> Option<Scope> {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    SCOPES.get(&(method.as_str().to_owned(), route.to_owned())).copied()
}

pub mod parts;

/// The whole document.
pub fn document() -> Value {
    let mut schemas = requests::schemas();
    merge(&mut schemas, figures::schemas());
    merge(&mut schemas, follow::schemas());
    merge(&mut schemas, crate::say::map::api::schemas());
    merge(&mut schemas, crate::say::sheet::api::schemas());
    merge(&mut schemas, crate::hall::api::schemas());
    merge(&mut schemas, crate::hall::book::api::schemas());
    merge(&mut schemas, crate::hall::standing::openapi::schemas());
    merge(&mut schemas, crate::office::categories::api::schemas());
    merge(&mut schemas, crate::office::compounds::api::schemas());
    merge(&mut schemas, crate::office::desk::api::schemas());
    merge(&mut schemas, crate::office::people::api::schemas());
    merge(&mut schemas, crate::office::people::seats_api::schemas());
    merge(&mut schemas, crate::office::homes::openapi::schemas());
    merge(&mut schemas, crate::office::register::openapi::schemas());
    merge(&mut schemas, crate::office::places::api::schemas());
    merge(&mut schemas, crate::office::standards::api::schemas());
    merge(&mut schemas, crate::office::templates::api::schemas());
    merge(&mut schemas, crate::scope::schemas());
    merge(&mut schemas, crate::office::channels::openapi::schemas());
    merge(&mut schemas, crate::help::captain::openapi::schemas());
    merge(&mut schemas, crate::help::hub::openapi::schemas());
    merge(&mut schemas, crate::help::hub::desk::openapi::schemas());
    merge(&mut schemas, crate::help::roster::openapi::schemas());
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
            "description": "A neighbourhood looks after itself. Programs show a bearer token; a browser's own scripts lean on its session with X-CSRF-Token; a slip's code opens its request; what everybody may read needs nothing.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" }
        },
        "paths": paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer",
                    "description": "A token from /me/tokens or /office/integrations. Scopes: requests:read, requests:write, me:read, me:write, office:read, office:write" },
                "session": { "type": "apiKey", "in": "cookie", "name": "mulin_s",
                    "description": "The session of a browser; unsafe calls add X-CSRF-Token" }
            }
        }
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
    merge(&mut all, crate::hall::book::api::paths());
    merge(&mut all, crate::office::categories::api::paths());
    merge(&mut all, crate::office::compounds::api::paths());
    merge(&mut all, crate::office::desk::api::paths());
    merge(&mut all, crate::office::people::api::paths());
    merge(&mut all, crate::office::people::seats_api::paths());
    merge(&mut all, crate::office::homes::openapi::paths());
    merge(&mut all, crate::hall::homes::openapi::paths());
    merge(&mut all, crate::hall::standing::openapi::paths());
    merge(&mut all, crate::hall::data::openapi::paths());
    merge(&mut all, crate::hall::devices::openapi::paths());
    merge(&mut all, crate::office::back::api::paths());
    merge(&mut all, crate::office::register::openapi::paths());
    merge(&mut all, crate::office::places::api::paths());
    merge(&mut all, crate::office::standards::api::paths());
    merge(&mut all, crate::office::templates::api::paths());
    merge(&mut all, crate::office::channels::openapi::paths());
    merge(&mut all, crate::hall::tokens::openapi::paths());
    merge(&mut all, crate::office::incidents::api::paths());
    merge(&mut all, crate::office::integrations::openapi::paths());
    merge(&mut all, crate::office::provider::api::paths());
    merge(&mut all, crate::help::captain::openapi::paths());
    merge(&mut all, crate::help::hub::openapi::paths());
    merge(&mut all, crate::help::hub::desk::openapi::paths());
    merge(&mut all, crate::help::roster::openapi::paths());
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

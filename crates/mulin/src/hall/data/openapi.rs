//! The calls of this folder in OpenAPI.

use crate::openapi::parts::{Operation, list, moment, nothing, object, one_of, said, text, text_to, truth};
use commons::kept::Consent;
use serde_json::{Value, json};

pub fn paths() -> Value {
    let new = |name: &str, summary: &str| Operation::new(name, "me", summary).in_person();
    let consents: Vec<&str> = Consent::ALL.iter().map(|consent| consent.name()).collect();
    let persons = said(
        "One for each community that knows this account: every part with its rows",
        list(json!({ "type": "object", "additionalProperties": { "type": "array", "items": { "type": "object" } } })),
    );
    json!({
        "/api/v1/me/data": { "get": new("readMyData", "Everything that is kept about whoever is signed in")
            .gives(200, object(&[("format", text()), ("at", moment()), ("persons", persons)])).done() },
        "/api/v1/me/data/name": { "post": new("correctMyName", "Another name")
            .body(object(&[("name", text_to(40)), ("name_en?", text_to(40))])).gives(200, nothing()).done() },
        "/api/v1/me/data/withdraw": { "post": new("withdrawConsent", "Takes a consent back; nothing else changes")
            .body(object(&[("consent", one_of(&consents))])).gives(200, nothing()).done() },
        "/api/v1/me/data/erase": { "post": new("eraseMe", "Erases the account and everything about its person")
            .body(object(&[
                ("sure", said("Must be true", truth())),
                ("words?", said("Also what was said in public", truth()))]))
            .gives(200, nothing()).done() }
    })
}

//! What programs can call here, in OpenAPI 3.1.

use serde_json::{Value, json};

/// The paths of this folder.
pub fn paths() -> Value {
    let problem = json!({ "description": "A problem document (RFC 9457) with the stem of the reason",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } });
    let key = json!({ "name": "Idempotency-Key", "in": "header", "required": true, "schema": { "type": "string" },
        "description": "Made by the caller; the same key with the same body gets the same answer" });
    let done = |status: &str, schema: Value| {
        json!({ status: { "description": "Done", "content": { "application/json": { "schema": schema } } },
            "403": problem, "404": problem, "409": problem, "422": problem })
    };
    let text = json!({ "type": "string" });
    let pace = json!({ "type": "string", "enum": ["instant", "daily"] });
    let item = json!({ "type": "object", "properties": { "id": text, "what": text, "pace": pace, "place": text,
        "category": text, "case": { "type": ["string", "null"] } } });
    json!({
        "/api/v1/subscriptions": {
            "get": {
                "operationId": "listSubscriptions",
                "summary": "What the caller follows",
                "responses": done("200", json!({ "type": "object", "properties": {
                    "subscriptions": { "type": "array", "items": item } } })),
            },
            "post": {
                "operationId": "addSubscription",
                "summary": "Follows a case, or a compound, a building or a category in it",
                "parameters": [key],
                "requestBody": { "required": true, "content": { "application/json": { "schema": {
                    "type": "object", "required": ["pace"], "additionalProperties": false, "properties": {
                        "compound": text, "building": text, "category": text, "case": text, "pace": pace } } } } },
                "responses": done("201", json!({ "type": "object", "properties": { "what": text, "pace": pace } })),
            }
        },
        "/api/v1/subscriptions/{id}/end": {
            "post": {
                "operationId": "endSubscription",
                "summary": "Stops following",
                "parameters": [key, { "name": "id", "in": "path", "required": true, "schema": text }],
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "type": "object" } } } },
                "responses": done("200", json!({ "type": "object" })),
            }
        }
    })
}

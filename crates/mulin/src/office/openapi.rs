//! What programs can call for those who serve, said in OpenAPI 3.1.

use serde_json::{Value, json};

fn text(name: &str, place: &str, required: bool, about: &str) -> Value {
    json!({ "name": name, "in": place, "required": required, "description": about, "schema": { "type": "string" } })
}

fn answers(status: &str) -> Value {
    let problem = json!({ "description": "A problem document (RFC 9457) with the stem of the reason",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } });
    let content = json!({ "application/json": { "schema": { "type": "object" } } });
    json!({ status: { "description": "Done", "content": content }, "401": problem, "403": problem, "409": problem,
        "422": problem })
}

fn body(required: &[&str], properties: Value) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": {
        "type": "object", "required": required, "additionalProperties": false, "properties": properties } } } })
}

/// The paths of the desk, the templates and the compounds.
pub fn paths() -> Value {
    let key = || text("Idempotency-Key", "header", true, "Made by the caller; a repeat gets the same answer");
    let (string, number) = (json!({ "type": "string" }), json!({ "type": "integer", "minimum": 1 }));
    json!({
        "/api/v1/desk": { "get": {
            "operationId": "listDesk",
            "summary": "A view of the desk: what waits, overdue first",
            "parameters": [
                text("scope", "query", false, "hand, door (usual) or place"),
                text("show", "query", false, "overdue, or a state; without it what is to be done"),
                text("category", "query", false, "A category's slug"),
                text("at", "query", false, "The path of a compound or a building"),
                text("q", "query", false, "Words to look for"),
                text("of", "query", false, "The community's id, for those who serve in several"),
                text("from", "query", false, "Where to go on: `next` of the answer before")
            ],
            "responses": answers("200")
        } },
        "/api/v1/requests/hand-over": { "post": {
            "operationId": "offerRequests",
            "summary": "Offer several requests to another office; says for each what became of it",
            "parameters": [key()],
            "requestBody": body(&["cases", "to", "reason"], json!({
                "cases": { "type": "array", "maxItems": 50, "items": string }, "to": string, "reason": string })),
            "responses": answers("200")
        } },
        "/api/v1/templates": {
            "get": { "operationId": "listTemplates", "summary": "Reply templates", "responses": answers("200") },
            "post": {
                "operationId": "addTemplate",
                "summary": "Write a reply template",
                "parameters": [key()],
                "requestBody": body(&["place", "title", "text"], json!({
                    "place": string, "outcome": string, "title": string, "text": string })),
                "responses": answers("201")
            }
        },
        "/api/v1/compounds": { "post": {
            "operationId": "makeCompound",
            "summary": "A new compound with its buildings, its property company and its captains",
            "parameters": [key()],
            "requestBody": body(&["name", "code", "buildings"], json!({
                "name": string, "code": string, "buildings": string, "entrances": number, "floors": number,
                "per_floor": number, "property": string, "manager": string, "copy": string,
                "captains": { "type": "array", "items": { "type": "array", "items": string, "minItems": 2, "maxItems": 2 } } })),
            "responses": answers("201")
        } }
    })
}

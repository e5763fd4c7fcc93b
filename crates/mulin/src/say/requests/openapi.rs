//! What programs can call, said in OpenAPI 3.1. A test holds it against the routes.

use serde_json::{Value, json};

fn problem() -> Value {
    json!({ "description": "A problem document (RFC 9457) with the stem of the reason",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } })
}

fn text(name: &str, place: &str, required: bool, about: &str) -> Value {
    json!({ "name": name, "in": place, "required": required, "description": about, "schema": { "type": "string" } })
}

fn key() -> Value {
    let about =
        "Made by the caller, 16 to 64 letters, digits, - and _. The same key with the same body gets the same answer";
    text("Idempotency-Key", "header", true, about)
}

fn pickup() -> Value {
    text("X-Pickup-Code", "header", false, "The code of the slip, instead of an account")
}

fn request_answer(status: &str, schema: &str) -> Value {
    let content = json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } });
    json!({ status: { "description": "Done", "content": content },
        "403": problem(), "404": problem(), "409": problem(), "422": problem(), "429": problem(), "503": problem() })
}

/// The paths of this folder.
pub fn paths() -> Value {
    let compound = || text("compound", "query", true, "The compound's code, e.g. shiliu");
    let code = || text("code", "path", true, "The request's code, e.g. shiliu-12");
    json!({
        "/api/v1/requests": {
            "get": {
                "operationId": "listRequests",
                "summary": "Public requests of a compound, newest first",
                "parameters": [
                    compound(),
                    text("category", "query", false, "A category's slug"),
                    { "name": "open", "in": "query", "schema": { "type": "boolean" }, "description": "Open ones only" },
                    text("before", "query", false, "The cursor `next` of the page before"),
                    { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 100, "default": 25 } }
                ],
                "responses": request_answer("200", "RequestPage")
            },
            "post": {
                "operationId": "fileRequest",
                "summary": "Say something; needs no account",
                "parameters": [key()],
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/NewRequest" } } } },
                "responses": request_answer("201", "Filed")
            }
        },
        "/api/v1/requests/points": {
            "get": {
                "operationId": "listPoints",
                "summary": "The newest public requests of a compound as points, at most 2000",
                "parameters": [compound(), text("bbox", "query", false, "south,west,north,east in degrees")],
                "responses": request_answer("200", "Points")
            }
        },
        "/api/v1/requests/similar": {
            "get": {
                "operationId": "listSimilar",
                "summary": "Public requests of a place's compound that are like some words, the most alike first",
                "parameters": [
                    text("at", "query", true, "The path of a place, e.g. shiliu/3"),
                    text("words", "query", true, "What is about to be said"),
                    text("category", "query", false, "A category's slug")
                ],
                "responses": request_answer("200", "Alike")
            }
        },
        "/api/v1/requests/{code}": {
            "get": {
                "operationId": "getRequest",
                "summary": "One request with its words",
                "parameters": [code(), pickup()],
                "responses": request_answer("200", "Request")
            }
        },
        "/api/v1/requests/{code}/{deed}": {
            "post": {
                "operationId": "actOnRequest",
                "summary": "One deed with a request",
                "description": "accept, note, offer, take-over, turn-down and report are for offices; add, edit, hide, judge, up, withdraw and erase for the one who said it. Words that would tell strangers who somebody is or where they live are refused with `private/found` until `personal` or `confirm_private` says what to do. hide is also for staff of a public request, with `why`.",
                "parameters": [
                    code(),
                    { "name": "deed", "in": "path", "required": true, "schema": { "type": "string",
                        "enum": ["accept", "note", "offer", "take-over", "recall", "turn-down", "report", "add", "judge", "up", "withdraw", "erase", "edit", "hide", "sort", "pause", "resume", "support", "unsupport", "merge", "unmerge"] } },
                    key(),
                    pickup()
                ],
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Deed" } } } },
                "responses": request_answer("200", "Request")
            }
        },
        "/api/v1/categories": {
            "get": {
                "operationId": "listCategories",
                "summary": "What may be said something about in a compound",
                "parameters": [compound()],
                "responses": request_answer("200", "Categories")
            }
        }
    })
}

/// The shapes of this folder.
pub fn schemas() -> Value {
    let string = || json!({ "type": "string" });
    let moment = || json!({ "type": ["string", "null"], "format": "date-time" });
    let choice = || json!({ "enum": ["mask", "private", "as-is"], "description": "What to do with personal details in the words" });
    let whole = || json!({ "type": ["integer", "null"], "description": "1e-7 degrees, WGS 84" });
    let request = json!({
        "type": "object",
        "required": ["code", "words", "category", "door", "state", "said"],
        "properties": {
            "code": string(), "words": string(), "category": string(), "kind": string(),
            "door": { "enum": ["home", "compound", "community"] },
            "state": { "enum": ["said", "accepted", "reported", "closed", "withdrawn", "merged"] },
            "holder": { "type": "object", "properties": { "office": string(), "place": string() } },
            "place": string(), "round": { "type": "integer" },
            "said": { "type": "string", "format": "date-time" }, "changed": moment(), "due": moment(), "closed": moment(),
            "overdue": { "type": "boolean" },
            "kind": { "enum": ["repair", "complaint", "suggestion", "dispute", "help", "question", "praise"] },
            "outcome": { "enum": ["solved", "answered", "not_possible", null] },
            "solved": { "type": ["boolean", "null"] },
            "closed_as": { "enum": ["solved", "unrated", null], "description": "A closed request that nobody called solved is merely over" },
            "satisfaction": { "enum": ["good", "fair", "bad", null] },
            "photos": { "type": "integer" }, "lat_e7": whole(), "lon_e7": whole(),
            "entries": { "type": "array", "items": { "type": "object" } }
        }
    });
    json!({
        "Request": request,
        "RequestPage": { "type": "object", "properties": {
            "requests": { "type": "array", "items": { "$ref": "#/components/schemas/Request" } }, "next": { "type": ["string", "null"] } } },
        "NewRequest": { "type": "object", "required": ["place", "words"], "additionalProperties": false, "properties": {
            "place": { "type": "string", "description": "The path of a place, e.g. shiliu/3" },
            "words": { "type": "string", "minLength": 1, "maxLength": 2000 },
            "category": { "type": ["string", "null"] }, "private": { "type": "boolean" },
            "contact": { "type": ["string", "null"], "maxLength": 100 }, "for_caller": { "type": "boolean" },
            "kind": { "enum": ["repair", "complaint", "suggestion", "dispute", "help", "question", "praise", null] },
            "fields": { "type": "object", "description": "Answers to the questions of the category, by code; a list where several may be chosen" },
            "personal": choice(), "confirm_private": { "type": "boolean" } } },
        "Filed": { "type": "object", "required": ["code", "pickup"], "properties": {
            "code": string(), "pickup": string(), "door": string(), "due": moment() } },
        "Deed": { "type": "object", "properties": {
            "words": { "type": "string", "maxLength": 2000 }, "public": { "type": "boolean" },
            "to": { "type": "string", "description": "office:place, for offer" },
            "outcome": { "enum": ["solved", "answered", "not_possible"] },
            "solved": { "type": "boolean" }, "satisfaction": { "enum": ["good", "fair", "bad"] },
            "personal": choice(), "confirm_private": { "type": "boolean", "description": "The same as personal: as-is" },
            "entry": { "type": "string", "description": "For edit: which addition; the first words when left out" },
            "pieces": { "type": "array", "items": { "type": "string" }, "description": "For hide: words as they stand there" },
            "photos": { "type": "array", "items": { "type": "string" }, "description": "For hide" },
            "contact": { "type": "boolean", "description": "For hide" }, "voice": { "type": "boolean", "description": "For hide" },
            "why": { "enum": ["contact", "identity", "home", "face", "name"], "description": "For hide by staff" } } },
        "Points": { "type": "object", "properties": { "points": { "type": "array", "items": { "type": "object", "properties": {
            "code": string(), "category": string(), "state": string(),
            "lat_e7": { "type": "integer" }, "lon_e7": { "type": "integer" } } } } } },
        "Alike": { "type": "object", "properties": { "similar": { "type": "array", "items": { "type": "object", "properties": {
            "code": string(), "words": string(), "place": string(), "state": string(), "households": { "type": "integer" } } } } } },
        "Categories": { "type": "object", "properties": { "categories": { "type": "array", "items": { "type": "object", "properties": {
            "slug": string(), "name": string(), "name_en": string(), "kind": string(), "door": string() } } } } }
    })
}

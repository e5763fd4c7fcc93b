//! What programs can call here, said in OpenAPI 3.1. A test holds it against the routes.

use serde_json::{Value, json};

fn text(name: &str, place: &str, required: bool, about: &str) -> Value {
    json!({ "name": name, "in": place, "required": required, "description": about, "schema": { "type": "string" } })
}

fn answers(schema: &str) -> Value {
    let problem = json!({ "description": "A problem document (RFC 9457) with the stem of the reason",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } });
    let content = json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } });
    json!({ "200": { "description": "Done", "content": content },
        "404": problem, "422": problem, "429": problem, "503": problem })
}

fn span() -> [Value; 3] {
    [
        text("month", "query", false, "2026-11; without it and without days the last twelve months"),
        text("since", "query", false, "The first day, 2026-11-16, instead of a month"),
        text("until", "query", false, "The day after the last"),
    ]
}

/// The paths of this folder.
pub fn paths() -> Value {
    let [month, since, until] = span();
    let compound = text("compound", "query", true, "The compound's code, e.g. shiliu");
    let category = text("category", "query", false, "A category's slug");
    let code = text("code", "path", true, "The code of a community or a subdistrict");
    json!({
        "/api/v1/figures": { "get": {
            "operationId": "figuresOfCompound",
            "summary": "How it went in a compound: counts and rates with numerator and denominator, by month, category and service unit. A question for a person has no answer: 404",
            "parameters": [compound, category, month, since, until],
            "responses": answers("Figures")
        } },
        "/api/v1/figures/{code}": { "get": {
            "operationId": "figuresAround",
            "summary": "The same for a community or a subdistrict, by compound or community in the order of the places",
            "parameters": [code, month, since, until],
            "responses": answers("FiguresAround")
        } }
    })
}

/// The shapes of this folder.
pub fn schemas() -> Value {
    let rate = json!({ "$ref": "#/components/schemas/Rate" });
    let counts = json!({ "$ref": "#/components/schemas/Counts" });
    let many = json!({ "type": "array", "items": counts });
    let number = || json!({ "type": "integer" });
    let settings = json!({ "type": "object", "properties": {
        "fair_hundredths": number(), "month_day": number(), "few": number(),
        "weights": { "type": "object", "additionalProperties": { "type": "integer" } } } });
    let took = json!({ "type": ["object", "null"], "description": "Until what was called solved; by nearest rank", "properties": {
        "count": number(), "median_ms": number(), "p90_ms": number() } });
    let span = json!({ "type": "string", "format": "date" });
    json!({
        "Rate": { "type": "object", "properties": {
            "part": number(), "whole": number(),
            "percent": { "type": ["string", "null"], "description": "One decimal, half rounded up; null when the whole is 0" } } },
        "Counts": { "type": "object", "properties": {
            "said": { "type": ["integer", "null"] }, "closed": number(), "in_time": number(), "valid": number(), "contacted": number(),
            "solved": number(), "good": number(), "fair": number(), "bad": number(), "reopened": number(),
            "response": rate, "solving": rate, "satisfaction": rate, "plainly_good": rate, "coverage": rate, "composite": rate,
            "month": { "type": "string" }, "slug": { "type": "string" }, "organisation": { "type": "string" },
            "office": { "type": "string" }, "code": { "type": "string" }, "name": { "type": "string" }, "name_en": { "type": "string" } } },
        "Figures": { "type": "object", "properties": {
            "compound": { "type": "string" }, "category": { "type": ["string", "null"] }, "since": span, "until": span,
            "settings": settings, "total": counts, "took": took, "months": many, "categories": many, "units": many } },
        "FiguresAround": { "type": "object", "properties": {
            "code": { "type": "string" }, "since": span, "until": span,
            "settings": settings, "total": counts, "took": took, "months": many, "parts": many } }
    })
}

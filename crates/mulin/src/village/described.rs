//! Whatever the API is asked and answers in a story is held against its description: the call is in it, its status is
//! declared, the body has the declared shape. A description that this has not seen is not known to be true.

use crate::openapi;
use axum::http::{HeaderMap, Method, StatusCode, header};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

static DOCUMENT: LazyLock<Value> = LazyLock::new(openapi::document);
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// A call and its answer.
pub struct Exchange<'e> {
    pub method: &'e Method,
    pub path: &'e str,
    pub sent: &'e [u8],
    pub status: StatusCode,
    pub headers: &'e HeaderMap,
    pub body: &'e [u8],
}

/// # Panics
/// When the description does not tell the truth.
pub fn check(told: &Exchange<'_>) {
    if let Err(fault) = answer_fits(told).and_then(|()| asked_fits(told)) {
        panic!("{fault}");
    }
}

fn ours(path: &str) -> bool {
    path.starts_with("/api/v1/") && path.split('?').next() != Some("/api/v1/openapi.json")
}

fn operation<'e>(told: &Exchange<'e>) -> Option<(String, &'static Value)> {
    let (template, path) = found(told.path)?;
    let method = told.method.as_str().to_lowercase();
    Some((format!("{method} {template}"), path.get(&method)?))
}

/// What is wrong with an answer, whatever was asked: its status is declared, and its body has the declared shape.
pub fn answer_fits(told: &Exchange<'_>) -> Result<(), String> {
    if !ours(told.path) {
        return Ok(());
    }
    let status = told.status.as_u16();
    let Some((call, operation)) = operation(told) else {
        let (path, fine) = (told.path, matches!(status, 404 | 405));
        return if fine { problem_fits(told) } else { Err(format!("{path} is not described: {status}")) };
    };
    let name = format!("{call} {status}");
    let Some(answer) = operation["responses"].get(status.to_string()) else {
        return Err(format!("{name} is not declared: {}", String::from_utf8_lossy(told.body)));
    };
    let kind = told.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    let Some(content) = answer.get("content") else {
        return if told.body.is_empty() { Ok(()) } else { Err(format!("{name} is declared without a body")) };
    };
    let media = content.get(kind).ok_or_else(|| format!("{name} is not declared as {kind}"))?;
    media.get("schema").map_or(Ok(()), |schema| fits(&name, schema, told.body))
}

/// What was taken was described: a body that works must be one that the description allows.
fn asked_fits(told: &Exchange<'_>) -> Result<(), String> {
    let operation = operation(told).filter(|_| ours(told.path) && told.status.is_success());
    let Some((call, operation)) = operation else { return Ok(()) };
    let asked = &operation["requestBody"]["content"]["application/json"]["schema"];
    if !asked.is_null() {
        fits(&format!("{call} body"), asked, told.sent)?;
    }
    parameters_are_described(told, operation, &call);
    Ok(())
}

/// A query that was answered well says nothing but what is described.
fn parameters_are_described(told: &Exchange<'_>, operation: &Value, name: &str) {
    let Some((_, query)) = told.path.split_once('?').filter(|_| told.status.is_success()) else { return };
    let known: Vec<&str> = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|one| one["in"] == "query")
        .filter_map(|one| one["name"].as_str())
        .collect();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let asked = pair.split('=').next().unwrap_or_default();
        assert!(known.contains(&asked) || asked == "lang", "{name}: the parameter {asked} is not described");
    }
}

/// The path of the description that this address means: the one with the most words of its own.
fn found(address: &str) -> Option<(&'static str, &'static Value)> {
    let address = address.split('?').next().unwrap_or_default();
    let steps: Vec<&str> = address.split('/').collect();
    let paths = DOCUMENT["paths"].as_object()?;
    let fitting = paths.iter().filter_map(|(template, path)| {
        let wanted: Vec<&str> = template.split('/').collect();
        let same = |(want, step): (&&str, &&str)| want == step || (want.starts_with('{') && !step.is_empty());
        let fits = wanted.len() == steps.len() && wanted.iter().zip(&steps).all(same);
        fits.then(|| (wanted.iter().filter(|want| !want.starts_with('{')).count(), template.as_str(), path))
    });
    fitting.max_by_key(|(words, ..)| *words).map(|(_, template, path)| (template, path))
}

fn problem_fits(told: &Exchange<'_>) -> Result<(), String> {
    fits("a problem", &json!({ "$ref": "#/components/schemas/Problem" }), told.body)
}

fn fits(name: &str, schema: &Value, body: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(body);
    let value: Value = serde_json::from_slice(body).map_err(|_| format!("{name}: no JSON: {text}"))?;
    let validator = validator(name, schema);
    let wrong: Vec<String> =
        validator.iter_errors(&value).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    let told = || format!("{name} is not as described:\n{}\n{text}", wrong.join("\n"));
    if wrong.is_empty() { Ok(()) } else { Err(told()) }
}

fn validator(name: &str, schema: &Value) -> Arc<Validator> {
    let mut known = VALIDATORS.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let made = || {
        let whole = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema],
            "components": DOCUMENT["components"] });
        let options = jsonschema::options().should_validate_formats(true);
        Arc::new(options.build(&whole).unwrap_or_else(|error| panic!("the shape of {name}: {error}")))
    };
    known.entry(name.to_owned()).or_insert_with(made).clone()
}

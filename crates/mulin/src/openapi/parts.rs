//! Small makers of OpenAPI 3.1, so that a feature says its calls in few words beside its API.

use serde_json::{Map, Value, json};

/// One operation while it is said.
#[derive(Clone, Debug)]
pub struct Operation {
    said: Map<String, Value>,
    parameters: Vec<Value>,
    answers: Map<String, Value>,
}

/// What any call may meet: an unknown token, a closed door, too many at once, a house that cannot answer now.
const ALWAYS: &[u16] = &[401, 403, 429, 503];
/// What a call with a body may meet besides.
const WITH_BODY: &[u16] = &[408, 409, 413, 422];

impl Operation {
    /// An operation of an area of the documentation.
    pub fn new(id: &str, tag: &str, summary: &str) -> Operation {
        let mut said = Map::new();
        said.insert("operationId".into(), id.into());
        said.insert("tags".into(), json!([tag]));
        said.insert("summary".into(), summary.into());
        Operation { said, parameters: Vec::new(), answers: Map::new() }.may(ALWAYS)
    }

    /// Somebody must be known; a token needs this scope.
    pub fn known(mut self, scope: &str) -> Operation {
        self.said.insert("security".into(), json!([{ "bearer": [scope] }, { "session": [] }]));
        self
    }

    /// Somebody must be here in person: with the session of a browser, never with a token.
    pub fn in_person(mut self) -> Operation {
        self.said.insert("security".into(), json!([{ "session": [] }]));
        self
    }

    /// Nobody need be known, but it is a browser: what is asked is answered there.
    pub fn in_browser(mut self) -> Operation {
        self.said.insert("security".into(), json!([{}, { "session": [] }]));
        self
    }

    /// Any token, whatever its scopes.
    pub fn by_token(mut self) -> Operation {
        self.said.insert("security".into(), json!([{ "bearer": [] }]));
        self
    }

    /// Nobody need be known.
    pub fn anybody(mut self, scope: &str) -> Operation {
        self.said.insert("security".into(), json!([{}, { "bearer": [scope] }, { "session": [] }]));
        self
    }

    pub fn about(mut self, description: &str) -> Operation {
        self.said.insert("description".into(), description.into());
        self
    }

    fn parameter(mut self, place: &str, name: &str, required: bool, schema: Value, about: &str) -> Operation {
        self.parameters
            .push(json!({ "name": name, "in": place, "required": required, "description": about, "schema": schema }));
        self
    }

    /// A part of the address.
    pub fn path(self, name: &str, about: &str) -> Operation {
        self.parameter("path", name, true, text(), about).may(&[404])
    }

    /// The same where only some words fit.
    pub fn path_of(self, name: &str, names: &[&str], about: &str) -> Operation {
        self.parameter("path", name, true, one_of(names), about).may(&[404])
    }

    /// What the query may say.
    pub fn query(self, name: &str, about: &str) -> Operation {
        self.query_of(name, text(), about)
    }

    pub fn query_of(self, name: &str, schema: Value, about: &str) -> Operation {
        self.parameter("query", name, false, schema, about).may(&[400])
    }

    /// What the query must say.
    pub fn needs(self, name: &str, about: &str) -> Operation {
        self.parameter("query", name, true, text(), about).may(&[400])
    }

    pub fn header(self, name: &str, required: bool, about: &str) -> Operation {
        self.parameter("header", name, required, text(), about)
    }

    /// The code of a slip opens a case to somebody without an account.
    pub fn pickup(self) -> Operation {
        self.header("X-Pickup-Code", false, "The code of the slip, instead of an account")
    }

    /// A list with a cursor and a number of lines.
    pub fn pages(self, cursor: &str) -> Operation {
        let lines = json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 25 });
        self.query(cursor, "Where to go on: `next` of the page before")
            .query_of("limit", lines, "Lines on the page")
            .may(&[422])
    }

    fn key(self) -> Operation {
        let about = "Made by the caller, 16 to 64 letters, digits, - and _. The same key with the same body gets the same answer; with another body 409";
        self.header("Idempotency-Key", true, about).may(WITH_BODY)
    }

    /// A body of a known shape, with a request key.
    pub fn body(self, schema: Value) -> Operation {
        let mut operation = self.key();
        let content = json!({ "application/json": { "schema": schema } });
        operation.said.insert("requestBody".into(), json!({ "required": true, "content": content }));
        operation
    }

    /// A form with files, with a request key.
    pub fn files(self, properties: Value) -> Operation {
        let mut operation = self.key();
        let schema = json!({ "type": "object", "properties": properties });
        let content = json!({ "multipart/form-data": { "schema": schema } });
        operation.said.insert("requestBody".into(), json!({ "required": true, "content": content }));
        operation
    }

    /// The good answer.
    pub fn gives(mut self, status: u16, schema: Value) -> Operation {
        let content = json!({ "application/json": { "schema": schema } });
        self.answers.insert(status.to_string(), json!({ "description": "Done", "content": content }));
        self
    }

    /// The good answer where there is more after it.
    pub fn gives_pages(mut self, schema: Value) -> Operation {
        let content = json!({ "application/json": { "schema": schema } });
        let link = json!({ "description": "`<…>; rel=\"next\"`, where there is more", "schema": text() });
        let answer = json!({ "description": "A page of the list", "headers": { "Link": link }, "content": content });
        self.answers.insert("200".into(), answer);
        self
    }

    /// A file instead of JSON.
    pub fn gives_file(mut self, kinds: &[&str]) -> Operation {
        let content: Map<String, Value> = kinds.iter().map(|kind| ((*kind).to_owned(), json!({}))).collect();
        self.answers.insert("200".into(), json!({ "description": "The file", "content": content }));
        self
    }

    /// A part of the file, where `Range` asked for one.
    pub fn gives_part(mut self, status: u16) -> Operation {
        if let Some(whole) = self.answers.get("200").cloned() {
            self.answers.insert(status.to_string(), whole);
        }
        self
    }

    /// An answer without a body.
    pub fn gives_nothing(mut self, status: u16, about: &str) -> Operation {
        self.answers.insert(status.to_string(), json!({ "description": about }));
        self
    }

    /// What else may come: problem documents.
    pub fn may(mut self, statuses: &[u16]) -> Operation {
        for status in statuses {
            self.answers.insert(status.to_string(), problem(*status));
        }
        self
    }

    pub fn done(mut self) -> Value {
        if !self.parameters.is_empty() {
            self.said.insert("parameters".into(), self.parameters.into());
        }
        self.said.insert("responses".into(), self.answers.into());
        self.said.into()
    }
}

fn problem(status: u16) -> Value {
    let about = match status {
        400 => "The address says something that does not fit",
        401 => "The token is not known, or not any more",
        403 => "Not for this caller; the reason says why",
        404 => "There is no such thing, or it is not for this caller",
        408 => "The body came too slowly",
        409 => "Somebody was faster, or the key came with another body",
        413 => "The body is too large",
        422 => "Something in it cannot be taken; `errors` says what",
        429 => "Too many at once; `Retry-After` says when to come again",
        503 => "Not now; nothing was written. Come again with the same key",
        _ => "It was not done",
    };
    let mut answer = json!({ "description": about,
        "content": { "application/problem+json": { "schema": reference("Problem") } } });
    if matches!(status, 429 | 503) {
        answer["headers"] = json!({ "Retry-After": { "description": "In seconds", "schema": { "type": "integer" } } });
    }
    answer
}

/// A shape by its name.
pub fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

pub fn text() -> Value {
    json!({ "type": "string" })
}

/// A text of at most so many characters.
pub fn text_to(characters: usize) -> Value {
    json!({ "type": "string", "maxLength": characters })
}

pub fn whole() -> Value {
    json!({ "type": "integer" })
}

pub fn truth() -> Value {
    json!({ "type": "boolean" })
}

/// A moment in UTC.
pub fn moment() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

/// A civil day.
pub fn day() -> Value {
    json!({ "type": "string", "format": "date" })
}

pub fn id() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

/// One of some words.
pub fn one_of<T: AsRef<str>>(names: &[T]) -> Value {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    json!({ "type": "string", "enum": names })
}

/// The same, or nothing.
pub fn maybe(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

pub fn list(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}

/// Says what a shape is for.
pub fn said(about: &str, mut schema: Value) -> Value {
    if schema.get("$ref").is_some() {
        schema = json!({ "allOf": [schema] });
    }
    schema["description"] = about.into();
    schema
}

/// An object with these fields and no others; the name of a field that may be missing ends with `?`.
pub fn object(fields: &[(&str, Value)]) -> Value {
    let name = |field: &str| field.trim_end_matches('?').to_owned();
    let required: Vec<String> =
        fields.iter().filter(|(field, _)| !field.ends_with('?')).map(|(field, _)| name(field)).collect();
    let properties: Map<String, Value> = fields.iter().map(|(field, schema)| (name(field), schema.clone())).collect();
    json!({ "type": "object", "required": required, "additionalProperties": false, "properties": properties })
}

/// A body that says nothing.
pub fn nothing() -> Value {
    object(&[])
}

/// A list under its name, with the cursor of the next page.
pub fn page_of(name: &str, item: Value) -> Value {
    object(&[(name, list(item)), ("next", maybe(text()))])
}

#[cfg(test)]
mod tests;

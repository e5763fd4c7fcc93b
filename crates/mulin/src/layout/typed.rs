//! What was typed, by a person into a form or by a program into a body: read by the same names, so that there is one set of
//! rules for both.

use kit::web::Form;
use serde::Serialize;
use serde_json::{Map, Value};

/// A body whose shape was checked, as the fields of a form.
#[derive(Clone, Debug, Default)]
pub struct Body(Map<String, Value>);

impl Body {
    pub fn of(body: &impl Serialize) -> Body {
        match serde_json::to_value(body) {
            Ok(Value::Object(fields)) => Body(fields),
            _ => Body::default(),
        }
    }

    /// The field without spaces around it; empty when it was not sent. What may come several times stands in lines.
    pub fn text(&self, name: &str) -> String {
        self.0.get(name).map_or_else(String::new, told)
    }
}

fn told(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        Value::Array(all) => all.iter().map(told).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

/// The fields of a form.
pub fn of_form(form: &Form) -> impl Fn(&str) -> String {
    |name| form.text(name).to_owned()
}

/// What was typed into the one of a page's several forms that comes back.
#[derive(Clone, Debug, Default)]
pub struct Again {
    deed: String,
    fields: Vec<(String, String)>,
}

impl Again {
    /// The fields `names` of the form that does `deed`.
    pub fn of(form: &Form, deed: &str, names: &[&str]) -> Again {
        let each = |name: &&str| form.all(name).map(|value| ((*name).to_owned(), value.to_owned())).collect::<Vec<_>>();
        Again { deed: deed.to_owned(), fields: names.iter().flat_map(each).collect() }
    }

    pub fn is(&self, deed: &str) -> bool {
        self.deed == deed
    }

    /// What was typed, or what stands there usually when another form came back, or none.
    pub fn text(&self, deed: &str, name: &str, usual: &str) -> String {
        let typed = self.fields.iter().find(|(field, _)| field == name);
        match self.is(deed) {
            true => typed.map(|(_, value)| value.clone()).unwrap_or_default(),
            false => usual.to_owned(),
        }
    }

    /// Whether this was chosen, or is usually when another form came back, or none.
    pub fn has(&self, deed: &str, name: &str, value: &str, usual: bool) -> bool {
        if self.is(deed) { self.fields.iter().any(|(field, one)| field == name && one == value) } else { usual }
    }
}

/// Whether a box was ticked.
pub fn ticked(text: &str) -> bool {
    !matches!(text, "" | "0" | "false" | "off")
}

#[cfg(test)]
mod tests;

//! What everybody may hear of a case's way, in a few words: for feeds, notices and digests. Free words, names and places
//! are left out; whoever wants more opens the case.

use super::View;
use serde_json::Value;
use std::sync::Arc;

/// The key of the sentence for an activity; `None` for what is not told to everybody.
pub fn key(stem: &str, facts: &Value) -> Option<&'static str> {
    let fact = |name: &str| facts.get(name).and_then(Value::as_str).unwrap_or_default();
    Some(match stem {
        "requests/said" => "went-said",
        "requests/accepted" => "went-accepted",
        "requests/added" => "went-added",
        "requests/offered" => "went-offered",
        "requests/taken-over" => "went-taken-over",
        "requests/moved-up" => "went-moved-up",
        "requests/left-unrated" => "went-unrated",
        "requests/reported" => match fact("outcome") {
            "solved" => "went-solved",
            "answered" => "went-answered",
            _ => "went-not-possible",
        },
        "requests/judged" if facts.get("solved").and_then(Value::as_bool) == Some(true) => "went-judged-yes",
        "requests/judged" => "went-judged-no",
        _ => return None,
    })
}

impl View {
    /// The sentence for an activity that everybody may hear of.
    pub fn went(&self, stem: &str, facts: &Value) -> Option<Arc<str>> {
        key(stem, facts).map(|key| self.t(key))
    }
}

//! `mulin private --stream FILE.jsonl`: what in many texts should not be public, so that anybody can measure the finding.

use commons::private;
use kit::{Error, Result};
use serde_json::{Value, json};
use std::io::{BufRead, Write};

/// Reads lines `{"id", "text"}` and writes lines `{"id", "found": [{"kind", "start", "end"}]}`; positions count characters.
///
/// # Errors
/// With the line that is no such object.
pub fn stream(input: impl BufRead, mut output: impl Write) -> Result<()> {
    for (at, line) in input.lines().enumerate() {
        let wrong = |why: &dyn std::fmt::Display| Error::Unavailable(format!("line {}: {why}", at + 1));
        let line = line.map_err(|e| wrong(&e))?;
        if line.trim().is_empty() {
            continue;
        }
        let read: Value = serde_json::from_str(&line).map_err(|e| wrong(&e))?;
        let text = read.get("text").and_then(Value::as_str).ok_or_else(|| wrong(&"no text"))?;
        let told = json!({ "id": read.get("id"), "found": found(text) });
        writeln!(output, "{told}").map_err(|e| wrong(&e))?;
    }
    output.flush().map_err(|e| Error::Unavailable(e.to_string()))
}

/// What was found in one text, as programs read it.
fn found(text: &str) -> Vec<Value> {
    private::find(text)
        .iter()
        .map(|found| json!({ "kind": found.kind, "start": found.start, "end": found.end }))
        .collect()
}

#[cfg(test)]
mod tests;

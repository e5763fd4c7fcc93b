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

#[test]
fn a_line_in_is_a_line_out_and_a_wrong_line_is_named() {
    let mut out = Vec::new();
    let lines = "{\"id\":7,\"text\":\"电话13812345678\"}\n\n{\"id\":\"b\",\"text\":\"打12345\"}\n";
    stream(lines.as_bytes(), &mut out).unwrap();
    let told = String::from_utf8(out).unwrap();
    assert_eq!(
        told,
        "{\"found\":[{\"end\":13,\"kind\":\"phone\",\"start\":2}],\"id\":7}\n{\"found\":[],\"id\":\"b\"}\n"
    );
    let wrong = stream("{\"id\":1}".as_bytes(), Vec::new()).unwrap_err();
    assert!(wrong.to_string().contains("line 1"), "{wrong}");
}

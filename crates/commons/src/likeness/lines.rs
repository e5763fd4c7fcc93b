//! Many texts at once: JSON lines in, for each the earlier ones that are like it out. How `mulin similar` is measured.

use super::{Bag, Index};
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{BufRead, Write};

#[derive(Deserialize)]
struct Line {
    id: Value,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    text: Option<String>,
}

/// Reads `{"id", "title", "text"}` a line and writes `{"id", "similar": [{"id", "score"}…]}`, at most `top` each.
///
/// # Errors
/// [`Error::Unavailable`] with the number of the line that cannot be read.
pub fn similar(input: impl BufRead, mut output: impl Write, top: usize) -> Result<()> {
    let (mut index, mut ids) = (Index::default(), Vec::<Value>::new());
    let broken = |error: std::io::Error| Error::Unavailable(error.to_string());
    for (number, line) in input.lines().enumerate() {
        let line = line.map_err(broken)?;
        if line.trim().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_str(&line)
            .map_err(|error| Error::Unavailable(format!("line {} cannot be read: {error}", number + 1)))?;
        let bag = Bag::titled(line.title.as_deref().unwrap_or_default(), line.text.as_deref().unwrap_or_default());
        let found = index.nearest(&bag, top);
        let similar: Vec<Value> =
            found.iter().map(|(at, score)| json!({ "id": ids[*at], "score": round(*score) })).collect();
        writeln!(output, "{}", json!({ "id": line.id, "similar": similar })).map_err(broken)?;
        index.add(&bag);
        ids.push(line.id);
    }
    output.flush().map_err(broken)
}

/// Three decimals are as many as mean anything.
fn round(score: f32) -> f64 {
    (f64::from(score) * 1e3).round() / 1e3
}

//! Rows as lines of JSON: an array each, bytes in hexadecimal; and a sum over a table that does not depend on its order.

use kit::db::Value;
use kit::db::snapshot::{Column, Kind, Table};
use kit::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// How many rows, and the sum of their digests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    pub rows: u64,
    pub digest: String,
}

/// Adds rows up. The two databases give them in different orders; the sum is the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct Adding {
    rows: u64,
    lanes: [u64; 4],
}

impl Adding {
    pub fn add(&mut self, line: &[u8]) {
        self.rows += 1;
        let digest = Sha256::digest(line);
        for (lane, eight) in self.lanes.iter_mut().zip(digest.chunks_exact(8)) {
            let eight = eight.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
            *lane = lane.wrapping_add(eight);
        }
    }

    pub fn sum(&self) -> Sum {
        let digest = self.lanes.iter().map(|lane| format!("{lane:016x}")).collect();
        Sum { rows: self.rows, digest }
    }
}

/// A row as a line, without its end.
pub fn line(row: &[Value]) -> Vec<u8> {
    let cell = |value: &Value| match value {
        Value::Null => Json::Null,
        Value::Int(n) => Json::from(*n),
        Value::Bool(yes) => Json::from(*yes),
        Value::Text(text) => Json::from(text.as_str()),
        Value::Blob(bytes) => Json::from(hex::encode(bytes)),
    };
    Json::from(row.iter().map(cell).collect::<Vec<_>>()).to_string().into_bytes()
}

/// The same back again, by the kinds of the columns.
///
/// # Errors
/// [`Error::Internal`] when the line is no such row.
pub fn read(table: &Table, line: &[u8]) -> Result<Vec<Value>> {
    let wrong = || Error::internal(format!("a line of {} does not fit its columns", table.name));
    let cells: Vec<Json> = serde_json::from_slice(line).map_err(|_| wrong())?;
    if cells.len() != table.columns.len() {
        return Err(wrong());
    }
    let cell = |(cell, column): (Json, &Column)| match (cell, column.kind?) {
        (Json::Null, _) => Some(Value::Null),
        (Json::Number(n), Kind::Int) => n.as_i64().map(Value::Int),
        (Json::Bool(yes), Kind::Bool) => Some(Value::Bool(yes)),
        (Json::String(text), Kind::Text) => Some(Value::Text(text)),
        (Json::String(text), Kind::Blob) => hex::decode(text).ok().map(Value::Blob),
        _ => None,
    };
    cells.into_iter().zip(&table.columns).map(cell).collect::<Option<_>>().ok_or_else(wrong)
}

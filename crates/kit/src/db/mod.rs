//! Reads, and writes as deeds, on SQLite and PostgreSQL alike.

mod value;

pub use value::{FromValue, Value};
use std::sync::Arc;

/// One row of an answer; columns are found by name.
#[derive(Clone, Debug)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Row { columns, values }
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.columns.iter().position(|column| column == name).and_then(|at| self.values.get(at))
    }
}

//! What goes into a statement and what comes out of a row, alike for both engines.

use super::Row;
use crate::{Error, Result};
use std::borrow::Cow;

/// One parameter or one column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Int(i64),
    Bool(bool),
    Text(String),
    Blob(Vec<u8>),
}

/// Reads a Rust type out of a [`Value`]; `None` when the value has another shape.
pub trait FromValue: Sized {
    fn from_value(value: &Value) -> Option<Self>;
}

/// The parameters of a statement: `params![tenant, id, "words"]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::db::Value::from($value)),*][..]
    };
}

impl Row {
    /// The column called `name` as a `T`.
    ///
    /// # Errors
    /// [`Error::Internal`] when there is no such column or it holds another type: a slip between statement and struct.
    pub fn get<T: FromValue>(&self, name: &str) -> Result<T> {
        let value = self.value(name).ok_or_else(|| Error::internal(format!("no column {name}")))?;
        T::from_value(value).ok_or_else(|| Error::internal(format!("column {name} holds {value:?}")))
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Int(n) => Some(*n),
            Value::Bool(b) => Some(i64::from(*b)),
            _ => None,
        }
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(b) => Some(*b),
            Value::Int(n) => Some(*n != 0),
            _ => None,
        }
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Blob(bytes) => Some(bytes.clone()),
            _ => None,
        }
    }
}

impl FromValue for uuid::Uuid {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Blob(bytes) => uuid::Uuid::from_slice(bytes).ok(),
            _ => None,
        }
    }
}

impl FromValue for crate::time::Moment {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(crate::time::Moment)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

macro_rules! into_value {
    ($($from:ty => |$it:ident| $to:expr),+ $(,)?) => {$(
        impl From<$from> for Value {
            fn from($it: $from) -> Self {
                $to
            }
        }
    )+};
}

into_value! {
    i64 => |n| Value::Int(n),
    i32 => |n| Value::Int(n.into()),
    u32 => |n| Value::Int(n.into()),
    bool => |b| Value::Bool(b),
    String => |text| Value::Text(text),
    &String => |text| Value::Text(text.clone()),
    &str => |text| Value::Text(text.to_owned()),
    Cow<'_, str> => |text| Value::Text(text.into_owned()),
    Vec<u8> => |bytes| Value::Blob(bytes),
    &[u8] => |bytes| Value::Blob(bytes.to_vec()),
    [u8; 16] => |bytes| Value::Blob(bytes.to_vec()),
    [u8; 32] => |bytes| Value::Blob(bytes.to_vec()),
    uuid::Uuid => |id| Value::Blob(id.as_bytes().to_vec()),
    crate::time::Moment => |moment| Value::Int(moment.0),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// Declares an enum whose values have fixed names in the database, the API and the locale keys.
#[macro_export]
macro_rules! names {
    ($($(#[$doc:meta])* $enum:ident { $($(#[$note:meta])* $value:ident = $name:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $enum { $($(#[$note])* $value),+ }

        impl $enum {
            pub const ALL: &'static [$enum] = &[$($enum::$value),+];

            pub const fn name(self) -> &'static str {
                match self { $($enum::$value => $name),+ }
            }
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some($enum::$value),)+ _ => None }
            }
        }
        impl std::fmt::Display for $enum {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
        impl From<$enum> for $crate::db::Value {
            fn from(value: $enum) -> Self {
                $crate::db::Value::Text(value.name().to_owned())
            }
        }
        impl $crate::db::FromValue for $enum {
            fn from_value(value: &$crate::db::Value) -> Option<Self> {
                match value {
                    $crate::db::Value::Text(name) => Self::parse(name),
                    _ => None,
                }
            }
        }
        impl serde::Serialize for $enum {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.name())
            }
        }
    )+};
}

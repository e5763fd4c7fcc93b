//! Every address, tried: sixteen times at once under one key, and with what nobody sends on purpose.

mod bent;
mod cast;
mod malformed;
mod matrix;
mod samples;
mod schema;
mod twice;

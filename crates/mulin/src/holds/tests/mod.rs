//! Every address, tried: sixteen times at once under one key, and with what nobody sends on purpose.

mod bent;
mod malformed;
mod samples;
mod twice;

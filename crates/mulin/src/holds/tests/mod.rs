//! Every address, tried: sixteen times at once under one key, and with what nobody sends on purpose.

mod apart;
mod bent;
mod budget;
mod cast;
mod erased;
mod farewell;
mod foreign;
mod logs;
mod malformed;
mod matrix;
mod opened;
mod periods;
mod planted;
mod samples;
mod schema;
mod trespass;
mod twice;
mod uploads;

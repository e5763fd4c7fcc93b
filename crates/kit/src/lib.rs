//! Machinery that knows no neighbour: database, transactions, ids, time, the web door, languages, media, search, jobs.
//!
//! Start with [`db`] (reads, and writes as deeds) and [`web`] (one call from socket to answer).

pub mod db;
pub mod error;
pub mod id;
pub mod time;

pub use error::{Error, Reason, Result};

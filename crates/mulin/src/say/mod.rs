//! 有话大家说: what residents say, and what becomes of it.

pub mod feed;
pub mod figures;
pub mod follow;
pub mod map;
pub mod requests;
pub mod sheet;

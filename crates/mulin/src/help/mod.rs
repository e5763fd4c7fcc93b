//! 有忙大家帮: whom to turn to, and who turns out.

pub mod captain;
pub mod hub;
pub mod roster;

//! For those who serve: the desk, the places.

pub mod desk;

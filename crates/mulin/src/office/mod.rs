//! For those who serve: the desk, the places, the people and what they are trusted with.

pub mod categories;
pub mod compounds;
pub mod channels;
pub mod desk;
pub mod openapi;
pub mod people;
pub mod places;
pub mod templates;
pub mod standards;

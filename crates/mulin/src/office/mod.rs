//! For those who serve: the desk, the places, the people and what they are trusted with.

pub mod back;
pub mod categories;
pub mod channels;
pub mod compounds;
pub mod desk;
pub mod farewell;
pub mod homes;
pub mod incidents;
pub mod integrations;
pub mod people;
pub mod places;
pub mod provider;
pub mod register;
pub mod standards;
pub mod templates;

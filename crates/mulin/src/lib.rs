//! The house itself: the one binary, and the only crate with addresses and pages.
//!
//! Start with [`boot`] (what starts in which order) and [`features`] (what is in the house).

pub mod assets;
pub mod boot;
#[cfg(test)]
mod budget;
pub mod chores;
pub mod cli;
pub mod deliver;
pub mod demo;
pub mod features;
#[cfg(any(test, feature = "testing"))]
pub mod foreign;
pub mod hall;
pub mod heard;
pub mod help;
#[cfg(test)]
mod holds;
pub mod keep;
pub mod layout;
pub mod leaving;
pub mod near;
pub mod office;
pub mod openapi;
pub mod say;
pub mod scope;
pub mod standing;
pub mod told;
#[cfg(test)]
pub mod village;
pub mod words;

use kit::db::Migration;

/// Every table of the house, in order.
pub fn migrations() -> Vec<Migration> {
    [kit::MIGRATIONS, commons::MIGRATIONS].concat()
}

//! Looking after the data from the command line: copies that can be trusted, a way back, a check, and files for others.

pub mod backup;
pub mod check;
pub mod check_book;
pub mod check_clocks;
pub mod check_figures;
pub mod check_media;
pub mod check_search;
pub mod export;
pub mod farewell;
pub mod keys;
pub mod private;
pub mod records;
pub mod store;
#[cfg(test)]
mod tests;

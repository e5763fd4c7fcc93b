//! Stories told by neighbours, on both databases, through the pages and the calls that they use.

mod api;
mod clocks;
mod intake;
mod list;
mod mail;
mod open311;
mod open311_walk;
mod over;
mod second;
mod sent;
mod stories;
mod together;

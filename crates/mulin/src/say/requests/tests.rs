//! Stories told by neighbours, on both databases, through the pages and the calls that they use.

mod intake;
mod mail;
mod second;
mod clocks;
mod stories;
mod together;

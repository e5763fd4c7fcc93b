//! Stories told by neighbours, on both databases, through the pages and the calls that they use.

mod intake;
mod second;
mod stories;

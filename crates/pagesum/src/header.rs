//! What the first hundred bytes of a database file say about its sums.

use crate::page::RESERVED;

pub const BYTES: usize = 100;

/// Stands in the header's application id once every page has its sum: `MuLn`.
pub const MARK: u32 = 0x4D75_4C6E;

const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// How far a file is with its sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing was ever written.
    Empty,
    /// From before there were sums: its pages have no room for them.
    Bare,
    /// There is room, but not every page has its sum.
    Unstamped,
    /// Every page has its sum.
    Kept,
    /// Anything else. The two marks disagree, so one of them was damaged, or the file is another program's.
    Strange,
}

impl State {
    pub fn of(header: &[u8]) -> State {
        let Some(header) = header.first_chunk::<BYTES>() else { return State::Empty };
        let mark = u32::from_be_bytes([header[68], header[69], header[70], header[71]]);
        let reserved = usize::from(header[20]);
        match (header.starts_with(MAGIC), reserved, mark) {
            (true, 0, 0) => State::Bare,
            (true, RESERVED, 0) => State::Unstamped,
            (true, RESERVED, MARK) => State::Kept,
            _ => State::Strange,
        }
    }

    /// Whether pages have room for a sum.
    pub fn has_room(self) -> bool {
        matches!(self, State::Unstamped | State::Kept)
    }
}

/// The size of a page in bytes; `None` where the header names none that can be.
pub fn page_size(header: &[u8]) -> Option<usize> {
    let header = header.first_chunk::<BYTES>()?;
    let told = usize::from(u16::from_be_bytes([header[16], header[17]]));
    let size = if told == 1 { 65_536 } else { told };
    crate::page::is_whole(size, 0).then_some(size)
}

//! The sum of one page: eight bytes at its end, which SQLite is asked to leave free.
//!
//! Four of them are the number of the page, so a page that lies in another's place is found for certain; four are a
//! CRC-32 of everything before, which finds every single flipped bit and every burst of up to 32 of them for certain.

/// Bytes at the end of each page that are ours.
pub const RESERVED: usize = 8;

/// Where SQLite keeps its locks, in bytes from the start of a file. The page there is never written.
const LOCKS_AT: u64 = 0x4000_0000;

/// Writes the sum of page `number` into its last bytes.
pub fn stamp(page: &mut [u8], number: u32) {
    let at = page.len() - RESERVED;
    let sum = sum(&page[..at], number);
    page[at..].copy_from_slice(&sum);
}

/// Whether the page holds what was stamped, and is page `number`.
pub fn sound(page: &[u8], number: u32) -> bool {
    page.split_last_chunk::<RESERVED>().is_some_and(|(body, kept)| *kept == sum(body, number))
}

/// Whether these bytes are a page as SQLite reads and writes them: a power of two from 512 to 65536, in its place.
pub fn is_whole(bytes: usize, offset: u64) -> bool {
    bytes.is_power_of_two() && (512..=65_536).contains(&bytes) && offset.is_multiple_of(bytes as u64)
}

/// The number of the page that begins at `offset`; the first page is 1.
pub fn number(offset: u64, size: usize) -> u32 {
    // SQLite numbers pages with 32 bits.
    u32::try_from(offset / size as u64 + 1).unwrap_or(u32::MAX)
}

/// Whether SQLite keeps its locks on this page and never anything else.
pub fn holds_locks(number: u32, size: usize) -> bool {
    u64::from(number) == LOCKS_AT / size as u64 + 1
}

fn sum(body: &[u8], number: u32) -> [u8; RESERVED] {
    // Begun with the number, so that a page with another's number and its own sum is wrong as well.
    let mut crc = crc32fast::Hasher::new_with_initial(number);
    crc.update(body);
    let mut out = [0; RESERVED];
    out[..4].copy_from_slice(&number.to_le_bytes());
    out[4..].copy_from_slice(&crc.finalize().to_le_bytes());
    out
}

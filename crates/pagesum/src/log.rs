//! The log beside a database file. SQLite sums its frames itself, and takes the first one that differs for the end: right
//! after a power cut, when the last frames were never promised to anybody, and wrong when a bit flipped further up.
//!
//! The two are told apart by what follows. Each commit waits until it is on the disk, so behind frames that a power cut
//! left half written there is at most the end of one commit. Two ends of commits behind a frame that differs were promised.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Where the log of a database file lies.
pub fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// The frame of the log at which committed work stops being readable; the first is 1. `None` in a sound log, and without one.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn damage(database: &Path) -> io::Result<Option<u32>> {
    for _ in 0..5 {
        let Some(log) = Log::read(&beside(database))? else { return Ok(None) };
        let Some(frame) = log.damage() else { return Ok(None) };
        // Whoever writes may have begun the log anew while it was read.
        std::thread::sleep(crate::PAUSE);
        let same = Log::read(&beside(database))?.is_some_and(|again| again.bytes == log.bytes);
        if same {
            return Ok(Some(frame));
        }
    }
    Ok(None)
}

struct Log {
    bytes: Vec<u8>,
}

impl Log {
    fn read(path: &Path) -> io::Result<Option<Log>> {
        let mut bytes = Vec::new();
        match std::fs::File::open(path) {
            Ok(mut file) => file.read_to_end(&mut bytes)?,
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(why) => return Err(why),
        };
        Ok((!bytes.is_empty()).then_some(Log { bytes }))
    }

    fn damage(&self) -> Option<u32> {
        let header = self.bytes.first_chunk::<HEADER>()?;
        let big = word(header, 0) & 1 == 1;
        let size = word(header, 8) as usize;
        let salt = &header[16..24];
        let whole = matches!(word(header, 0), 0x377F_0682 | 0x377F_0683) && crate::page::is_whole(size, 0);
        let mut sum = summed(&header[..24], (0, 0), big);
        if !whole || sum != (word(header, 24), word(header, 28)) {
            // Written first and once, before any commit of this log was promised.
            return (self.bytes.len() > HEADER).then_some(0);
        }
        let (mut broken, mut ends) = (None, 0);
        for (at, frame) in self.bytes[HEADER..].chunks_exact(FRAME_HEADER + size).enumerate() {
            if &frame[8..16] != salt {
                // Left from before the log was begun anew, or damaged just there.
                broken = broken.or(Some(at));
                continue;
            }
            if broken.is_none() {
                let next = summed(&frame[FRAME_HEADER..], summed(&frame[..8], sum, big), big);
                if next == (word(frame, 16), word(frame, 20)) {
                    sum = next;
                } else {
                    broken = Some(at);
                }
            }
            let commits = word(frame, 4) != 0;
            ends += u32::from(broken.is_some() && commits);
        }
        broken.filter(|_| ends >= 2).and_then(|at| u32::try_from(at + 1).ok())
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_be_bytes)
}

/// SQLite's sum of a log, carried on from `sum`.
fn summed(bytes: &[u8], sum: (u32, u32), big: bool) -> (u32, u32) {
    let read = |word: &[u8]| {
        let word = [word[0], word[1], word[2], word[3]];
        if big { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) }
    };
    bytes.chunks_exact(8).fold(sum, |(a, b), pair| {
        let a = a.wrapping_add(read(&pair[..4])).wrapping_add(b);
        (a, b.wrapping_add(read(&pair[4..])).wrapping_add(a))
    })
}

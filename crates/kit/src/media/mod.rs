//! Photos and voice notes. Photos: looked at, turned the right way up, made smaller, and written anew, so that nothing of the camera, the place
//! or the hidden tail of a file survives. Kept on the disk beside the database, or in an object store.

pub mod cover;
mod folder;
mod objects;
mod photo;
mod shelf;
#[cfg(test)]
mod tests;
mod voice;

pub use photo::{Prepared, kept_digest, prepare};
pub use shelf::{Lying, Media, MediaKey, Size, key_of, name_of};
pub use voice::{Voice, VoiceForm, listen};

/// Larger files are refused before they are looked at.
pub const FILE_BYTES_MAX: usize = 12 * 1024 * 1024;

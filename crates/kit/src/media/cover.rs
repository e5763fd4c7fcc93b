//! Covering parts of a picture: cells of a grid turn black in the picture itself, in every size, so nothing lies beneath.

use super::photo::{THUMB_SIDE, decode, encode, shrunk};
use super::{Media, MediaKey, Prepared, Size};
use crate::Result;
use image::{DynamicImage, ImageFormat, Rgb};
use sha2::{Digest, Sha256};

/// The grid that lies over a picture: few enough cells for a thumb on a telephone.
pub const COLUMNS: u32 = 6;
pub const ROWS: u32 = 4;

impl Media {
    /// The picture with these cells blackened (counted from the top left, row by row), to be kept under another key;
    /// `None` when there is no such picture.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`] when the disk or the object store is away.
    pub async fn covered(&self, key: MediaKey, cells: Vec<u32>) -> Result<Option<Prepared>> {
        let Some(bytes) = self.get(key, Size::Full).await? else { return Ok(None) };
        self.in_turn(move || cover(&bytes, &cells)).await.map(Some)
    }
}

pub(super) fn cover(jpeg: &[u8], cells: &[u32]) -> Result<Prepared> {
    let mut picture = decode(jpeg, ImageFormat::Jpeg)?.to_rgb8();
    let (width, height) = picture.dimensions();
    for cell in cells.iter().filter(|cell| **cell < COLUMNS * ROWS) {
        let (column, row) = (cell % COLUMNS, cell / COLUMNS);
        for y in height * row / ROWS..height * (row + 1) / ROWS {
            for x in width * column / COLUMNS..width * (column + 1) / COLUMNS {
                picture.put_pixel(x, y, Rgb([0, 0, 0]));
            }
        }
    }
    let full = DynamicImage::from(picture);
    let thumb = shrunk(full.clone(), THUMB_SIDE);
    Ok(Prepared { width, height, full: encode(&full)?, thumb: encode(&thumb)?, sha256: Sha256::digest(jpeg).into() })
}

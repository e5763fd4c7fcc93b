//! One photo, from foreign bytes to two clean pictures.

use crate::{Error, Reason, Result};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, metadata::Orientation};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::io::Cursor;

const SIDE_PIXELS_MAX: u32 = 12_000;
/// Memory for one decoded picture: 50 million pixels of three bytes fit, the same in sixteen bits a colour do not.
const DECODE_BYTES_MAX: u64 = 192 * 1024 * 1024;
const PIXELS_MAX: u64 = 50_000_000;
const FULL_SIDE: u32 = 1600;
pub(super) const THUMB_SIDE: u32 = 320;
const QUALITY: u8 = 82;

/// A photo as it is kept: JPEG without any metadata.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// At most 1600 pixels a side.
    pub full: Vec<u8>,
    /// At most 320 pixels a side.
    pub thumb: Vec<u8>,
    pub width: u32,
    pub height: u32,
    /// Of the bytes that came in, to notice the same photo sent twice.
    pub sha256: [u8; 32],
}

impl Prepared {
    /// Of the bytes that are kept, both sizes, to notice later that they are still what they were.
    pub fn digest(&self) -> [u8; 32] {
        kept_digest(&self.full, &self.thumb)
    }
}

/// The same of what lies on the shelf.
pub fn kept_digest(full: &[u8], thumb: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(full).chain_update(thumb).finalize().into()
}

/// Takes JPEG, PNG or WebP.
///
/// # Errors
/// [`Error::Invalid`] on the field `photo` with the reason: not a photo, too big, too many pixels, broken.
pub fn prepare(bytes: &[u8]) -> Result<Prepared> {
    if bytes.len() > super::FILE_BYTES_MAX {
        return Err(refused("media/too-big"));
    }
    let format = match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => format,
        _ => return Err(refused("media/not-a-photo")),
    };
    if format == ImageFormat::Jpeg && !ends(bytes) {
        return Err(refused("media/broken"));
    }
    let full = match format {
        ImageFormat::Png => decode(&bare(bytes), format)?,
        _ => decode(bytes, format)?,
    };
    let thumb = shrunk(full.clone(), THUMB_SIDE);
    Ok(Prepared {
        width: full.width(),
        height: full.height(),
        full: encode(&full)?,
        thumb: encode(&thumb)?,
        sha256: Sha256::digest(bytes).into(),
    })
}

fn refused(stem: &'static str) -> Error {
    Error::Invalid(vec![crate::error::FieldError { field: "photo", reason: Reason(stem) }])
}

pub(super) fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_PIXELS_MAX);
    limits.max_image_height = Some(SIDE_PIXELS_MAX);
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(said)?;
    let (width, height) = decoder.dimensions();
    // The decoders check their limits for what they use on the side, not for the picture itself.
    if u64::from(width) * u64::from(height) > PIXELS_MAX || decoder.total_bytes() > DECODE_BYTES_MAX {
        return Err(refused("media/too-many-pixels"));
    }
    let orientation = orientation(bytes).or_else(|| decoder.orientation().ok()).unwrap_or(Orientation::NoTransforms);
    // Small first, then turned: turning makes a copy, and a copy of 50 million pixels is 150 MB more.
    let mut picture = shrunk(DynamicImage::from_decoder(decoder).map_err(said)?, FULL_SIDE);
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// A PNG without the chunks that are packed and no picture: a colour profile of a few kilobytes can unpack to gigabytes, past
/// all limits of the decoder. What cannot be read on is left to it.
pub(super) fn bare(png: &[u8]) -> Cow<'_, [u8]> {
    const SIGNATURE_BYTES: usize = 8;
    /// Length, name and sum.
    const FRAME_BYTES: usize = 12;
    const PACKED: [&[u8]; 3] = [b"iCCP", b"zTXt", b"iTXt"];
    let mut kept: Vec<&[u8]> = Vec::new();
    let (mut from, mut at) = (0, SIGNATURE_BYTES);
    while let Some((length, rest)) = png.get(at..).and_then(|rest| rest.split_first_chunk::<4>()) {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let Some(end) = at.checked_add(FRAME_BYTES).and_then(|end| end.checked_add(length)) else { break };
        if end > png.len() {
            break;
        }
        if rest.get(..4).is_some_and(|name| PACKED.contains(&name)) {
            kept.push(&png[from..at]);
            from = end;
        }
        at = end;
    }
    if from == 0 {
        return Cow::Borrowed(png);
    }
    kept.push(&png[from..]);
    Cow::Owned(kept.concat())
}

/// Whether a JPEG has its end mark. The decoder paints what is missing grey, and half a photo proves nothing.
/// The end is looked for behind the headers only, because these may hold a small picture with an end of its own.
fn ends(jpeg: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xDA;
    let mut at = 2;
    while let [0xFF, marker, rest @ ..] = jpeg.get(at..).unwrap_or_default() {
        match (*marker, rest) {
            (START_OF_SCAN, scan) => return scan.windows(2).any(|pair| pair == [0xFF, 0xD9]),
            // Any number of FF may stand before a marker.
            (0xFF, _) => at += 1,
            (_, [high, low, ..]) => at += 2 + usize::from(u16::from_be_bytes([*high, *low])),
            _ => return false,
        }
    }
    false
}

/// How the camera was held, wherever the file says so.
fn orientation(bytes: &[u8]) -> Option<Orientation> {
    let exif = exif::Reader::new().read_from_container(&mut Cursor::new(bytes)).ok()?;
    let value = exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?.value.get_uint(0)?;
    Orientation::from_exif(u8::try_from(value).ok()?)
}

fn said(error: image::ImageError) -> Error {
    match error {
        image::ImageError::Limits(_) => refused("media/too-many-pixels"),
        _ => refused("media/broken"),
    }
}

pub(super) fn shrunk(picture: DynamicImage, side: u32) -> DynamicImage {
    if picture.width() <= side && picture.height() <= side {
        return picture;
    }
    picture.thumbnail(side, side)
}

pub(super) fn encode(picture: &DynamicImage) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    // Where a picture is see-through, paper shows.
    let flat = flattened(picture);
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&flat).map_err(Error::internal)?;
    Ok(out)
}

fn flattened(picture: &DynamicImage) -> image::RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let rgba = picture.to_rgba8();
    let mut rgb = image::RgbImage::new(rgba.width(), rgba.height());
    for (to, from) in rgb.pixels_mut().zip(rgba.pixels()) {
        let alpha = u32::from(from.0[3]);
        for (channel, value) in to.0.iter_mut().zip(&from.0[..3]) {
            let mixed = (u32::from(*value) * alpha + 255 * (255 - alpha)) / 255;
            *channel = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }
    rgb
}

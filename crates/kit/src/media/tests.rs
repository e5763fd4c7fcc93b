//! Photos as phones send them, and as somebody sends them who means harm.

use super::*;
use crate::Error;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::io::Cursor;

/// Red top left, green top right, blue bottom left, white bottom right.
fn corners() -> RgbImage {
    RgbImage::from_fn(60, 40, |x, y| match (x < 30, y < 20) {
        (true, true) => Rgb([220, 0, 0]),
        (false, true) => Rgb([0, 220, 0]),
        (true, false) => Rgb([0, 0, 220]),
        (false, false) => Rgb([250, 250, 250]),
    })
}

fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    DynamicImage::from(picture.clone()).write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// A JPEG whose camera says how it was held and where it was.
fn held(orientation: u8) -> Vec<u8> {
    let jpeg = encoded(&corners(), ImageFormat::Jpeg);
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    tiff.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38]);
    tiff.extend([0, 0, 0, 0]);
    tiff.extend(b"\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0GPS-31.2304-121.4737");
    let body = [&b"Exif\0\0"[..], &tiff].concat();
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &body, &jpeg[2..]].concat()
}

fn corner_colours(jpeg: &[u8]) -> [char; 4] {
    let picture = image::load_from_memory(jpeg).unwrap().to_rgb8();
    let (w, h) = picture.dimensions();
    [(4, 4), (w - 5, 4), (4, h - 5), (w - 5, h - 5)].map(|(x, y)| match picture.get_pixel(x, y).0 {
        [r, g, b] if r > 180 && g > 180 && b > 180 => 'w',
        [r, g, b] if r > g && r > b => 'r',
        [_, g, b] if g > b => 'g',
        _ => 'b',
    })
}

#[test]
fn however_the_camera_was_held_the_picture_stands_upright() {
    let upright = ["rgbw", "grwb", "wbgr", "bwrg", "rbgw", "brwg", "wgbr", "gwrb"];
    for (orientation, expected) in (1..=8).zip(upright) {
        let prepared = prepare(&held(orientation)).unwrap();
        let seen: String = corner_colours(&prepared.full).iter().collect();
        assert_eq!(seen, expected, "orientation {orientation}");
        assert_eq!(corner_colours(&prepared.thumb).iter().collect::<String>(), expected);
        let turned = orientation >= 5;
        assert_eq!((prepared.width, prepared.height), if turned { (40, 60) } else { (60, 40) });
    }
}

#[test]
fn nothing_of_camera_or_place_survives() {
    let sent = [held(6), b"hidden tail <script>".to_vec()].concat();
    let prepared = prepare(&sent).unwrap();
    for kept in [&prepared.full, &prepared.thumb] {
        for secret in [&b"Exif"[..], b"GPS", b"121.47", b"script", b"\xFF\xE1"] {
            assert!(!kept.windows(secret.len()).any(|window| window == secret));
        }
    }
}

#[test]
fn png_and_webp_come_out_as_jpeg_and_large_ones_smaller() {
    let large = RgbImage::from_pixel(3000, 1000, Rgb([10, 120, 10]));
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Jpeg] {
        let prepared = prepare(&encoded(&large, format)).unwrap();
        assert_eq!((prepared.width, prepared.height), (1600, 533));
        assert_eq!(image::guess_format(&prepared.thumb).unwrap(), ImageFormat::Jpeg);
        assert_eq!(image::load_from_memory(&prepared.thumb).unwrap().width(), 320);
    }
}

fn reason(bytes: &[u8]) -> String {
    match prepare(bytes) {
        Err(Error::Invalid(fields)) => fields[0].reason.0.to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_no_photo_is_refused_with_its_reason() {
    for other in
        [&b""[..], b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"PK\x03\x04", b"GIF89a", b"<html>"]
    {
        assert_eq!(reason(other), "media/not-a-photo");
    }
    let jpeg = encoded(&corners(), ImageFormat::Jpeg);
    assert_eq!(reason(&jpeg[..jpeg.len() / 3]), "media/broken");
    assert_eq!(reason(&vec![0; FILE_BYTES_MAX + 1]), "media/too-big");
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let mut declared = encoded(&corners(), ImageFormat::Png);
    declared[16..24].copy_from_slice(&[0, 0, 0x7F, 0xFF, 0, 0, 0x7F, 0xFF]);
    assert!(["media/too-many-pixels", "media/broken"].contains(&reason(&declared).as_str()));
    let wide = encoded(&RgbImage::new(11_000, 6_000), ImageFormat::Png);
    assert!(wide.len() < FILE_BYTES_MAX);
    assert_eq!(reason(&wide), "media/too-many-pixels");
}

#[test]
fn a_damaged_photo_never_fells_the_house() {
    let good = held(3);
    let mut seed = 42_u64;
    for _ in 0..1_500 {
        let mut bad = good.clone();
        for _ in 0..4 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let at = (seed >> 33) as usize % bad.len();
            bad[at] = (seed >> 17) as u8;
        }
        let _ = prepare(&bad);
    }
}

#[tokio::test]
async fn both_shelves_keep_give_and_take_away() {
    let folder = std::env::temp_dir().join(format!("mulin_media_{}", std::process::id()));
    let objects = std::sync::Arc::new(object_store::memory::InMemory::new());
    let key = MediaKey { tenant: uuid::Uuid::from_u128(1), id: uuid::Uuid::from_u128(2) };
    for media in [Media::in_folder(&folder).unwrap(), Media::in_objects(objects)] {
        let picture = media.accept(encoded(&corners(), ImageFormat::Jpeg).into()).await.unwrap();
        assert!(media.get(key, Size::Full).await.unwrap().is_none());
        media.put(key, &picture).await.unwrap();
        assert_eq!(media.get(key, Size::Full).await.unwrap().unwrap(), picture.full);
        assert_eq!(media.get(key, Size::Thumb).await.unwrap().unwrap(), picture.thumb);
        media.remove(key).await.unwrap();
        media.remove(key).await.unwrap();
        assert!(media.get(key, Size::Thumb).await.unwrap().is_none());
    }
    std::fs::remove_dir_all(folder).unwrap();
}

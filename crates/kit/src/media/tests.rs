//! Photos as phones send them, and as somebody sends them who means harm.

use super::*;
use crate::Error;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

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

/// What a camera writes beside the picture: how it was held, and where it was.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    tiff.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38]);
    tiff.extend([0, 0, 0, 0]);
    tiff.extend(b"\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0GPS-31.2304-121.4737");
    tiff
}

/// A JPEG whose camera says how it was held and where it was.
fn held(orientation: u8) -> Vec<u8> {
    let jpeg = encoded(&corners(), ImageFormat::Jpeg);
    let body = [&b"Exif\0\0"[..], &exif(orientation)].concat();
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &body, &jpeg[2..]].concat()
}

/// The same as PNG, whose chunks carry a checksum.
fn held_png(orientation: u8) -> Vec<u8> {
    let png = encoded(&corners(), ImageFormat::Png);
    let first_data = png.windows(4).position(|name| name == b"IDAT").unwrap() - 4;
    let chunks =
        [png_chunk(b"eXIf", &exif(orientation)), png_chunk(b"tEXt", b"Comment\0GPS-31.2304-121.4737")].concat();
    [&png[..first_data], &chunks, &png[first_data..]].concat()
}

fn png_chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [name, body].concat();
    [&u32::try_from(body.len()).unwrap().to_be_bytes(), &named[..], &crc32(&named).to_be_bytes()].concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

/// The same as WebP: the picture's chunk within an extended header, followed by the camera's words.
fn held_webp(orientation: u8) -> Vec<u8> {
    let plain = encoded(&corners(), ImageFormat::WebP);
    let exif = exif(orientation);
    let mut body = b"WEBPVP8X\x0A\0\0\0\x08\0\0\0".to_vec();
    body.extend([59, 0, 0, 39, 0, 0]);
    body.extend(&plain[12..]);
    body.extend(b"EXIF");
    body.extend(u32::try_from(exif.len()).unwrap().to_le_bytes());
    body.extend(&exif);
    body.extend(std::iter::repeat_n(0, exif.len() % 2));
    [&b"RIFF"[..], &u32::try_from(body.len()).unwrap().to_le_bytes(), &body].concat()
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
fn png_and_webp_are_turned_upright_too() {
    let upright = ["rgbw", "grwb", "wbgr", "bwrg", "rbgw", "brwg", "wgbr", "gwrb"];
    for (orientation, expected) in (1..=8).zip(upright) {
        for sent in [held_png(orientation), held_webp(orientation)] {
            let prepared = prepare(&sent).unwrap();
            for kept in [&prepared.full, &prepared.thumb] {
                assert_eq!(corner_colours(kept).iter().collect::<String>(), expected, "orientation {orientation}");
                assert!(!kept.windows(4).any(|window| window == b"GPS-" || window == b"Exif"));
            }
        }
    }
}

#[test]
fn covered_cells_are_black_in_every_size_and_the_rest_stays() {
    let wide = image::imageops::resize(&corners(), 2400, 1600, image::imageops::FilterType::Nearest);
    let sent = prepare(&encoded(&wide, ImageFormat::Jpeg)).unwrap();
    // The first and the last cell of the first row: top left and top right.
    let covered = cover::cover(&sent.full, &[0, cover::COLUMNS - 1, 999]).unwrap();
    assert_eq!((covered.width, covered.height), (sent.width, sent.height));
    for kept in [&covered.full, &covered.thumb] {
        let picture = image::load_from_memory(kept).unwrap().to_rgb8();
        let (w, h) = picture.dimensions();
        let dark = |x: u32, y: u32| picture.get_pixel(x, y).0.iter().all(|channel| *channel < 24);
        assert!(dark(w / 12, h / 8) && dark(w - w / 12, h / 8));
        assert!(!dark(w / 2 - w / 12, h / 8) && !dark(w / 12, h - h / 8));
    }
}

#[test]
fn nothing_of_camera_or_place_survives() {
    for photo in [held(6), held_png(6), held_webp(6)] {
        let sent = [photo, b"hidden tail <script>".to_vec()].concat();
        let prepared = prepare(&sent).unwrap();
        for kept in [&prepared.full, &prepared.thumb] {
            for secret in [&b"Exif"[..], b"GPS", b"121.47", b"script", b"\xFF\xE1"] {
                assert!(sent.windows(4).any(|w| w == b"GPS-"), "the photo that was sent tells a place");
                assert!(!kept.windows(secret.len()).any(|window| window == secret));
            }
            assert!(kept.ends_with(b"\xFF\xD9"));
        }
    }
}

#[test]
fn a_photo_larger_than_kept_is_turned_after_it_is_made_small() {
    let wide = image::imageops::resize(&corners(), 2400, 1600, image::imageops::FilterType::Nearest);
    let jpeg = encoded(&wide, ImageFormat::Jpeg);
    let small = held(6);
    let header = small.windows(2).position(|pair| pair == [0xFF, 0xE0]).unwrap();
    let prepared = prepare(&[&small[..header], &jpeg[2..]].concat()).unwrap();
    assert_eq!((prepared.width, prepared.height), (1067, 1600));
    assert_eq!(corner_colours(&prepared.full).iter().collect::<String>(), "brwg");
    let thumb = image::load_from_memory(&prepared.thumb).unwrap();
    assert_eq!((thumb.width(), thumb.height()), (213, 320));
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
    for other in [
        &b""[..],
        b"\xFF",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"<!doctype html><html>",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"BM\x46\0\0\0",
        b"II*\0\x08\0\0\0",
    ] {
        assert_eq!(reason(other), "media/not-a-photo");
    }
    assert_eq!(reason(&vec![0; FILE_BYTES_MAX + 1]), "media/too-big");
}

#[test]
fn half_a_photo_is_broken_wherever_it_stops() {
    let noisy = RgbImage::from_fn(400, 300, |x, y| Rgb([(x * 7 + y) as u8, (y * 3) as u8, (x ^ y) as u8]));
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = encoded(&noisy, format);
        assert!(prepare(&whole).is_ok());
        for percent in [20, 50, 80, 99] {
            assert_eq!(reason(&whole[..whole.len() * percent / 100]), "media/broken", "{format:?} {percent}%");
        }
    }
    // The small picture within a camera's header has an end of its own; it is not the photo's.
    let mut headed = held(1);
    let gps = headed.windows(4).position(|w| w == b"GPS-").unwrap();
    headed[gps..gps + 2].copy_from_slice(b"\xFF\xD9");
    assert!(prepare(&headed).is_ok());
    assert_eq!(reason(&headed[..headed.len() - 2]), "media/broken");
}

/// A PNG whose header claims other measures than it has, with a checksum that agrees.
fn claiming(mut png: Vec<u8>, width: u32, height: u32) -> Vec<u8> {
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    png
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let small = encoded(&corners(), ImageFormat::Png);
    assert!(prepare(&claiming(small.clone(), 60, 40)).is_ok());
    assert_eq!(reason(&claiming(small.clone(), 0x7FFF_FFFF, 0x7FFF_FFFF)), "media/too-many-pixels");
    assert_eq!(reason(&claiming(small.clone(), 12_001, 10)), "media/too-many-pixels");
    assert_eq!(reason(&claiming(small, 10, 12_001)), "media/too-many-pixels");

    let mut out = Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(image::GrayImage::new(11_000, 11_000)).write_to(&mut out, ImageFormat::Png).unwrap();
    let flat = out.into_inner();
    assert!(flat.len() < FILE_BYTES_MAX);
    assert_eq!(reason(&flat), "media/too-many-pixels");
}

#[test]
fn what_is_packed_into_a_png_beside_the_picture_is_never_unpacked() {
    let small = encoded(&corners(), ImageFormat::Png);
    let chunk = |name: &[u8; 4], body: &[u8]| {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        // The sum does not matter: nobody reads what is left out.
        [&length[..], name, body, &[0; 4]].concat()
    };
    // Signature and header come first: 8 + 12 + 13 bytes.
    let with = |more: &[u8]| [&small[..33], more, &small[33..]].concat();
    let profile = chunk(b"iCCP", b"p\0\0x\x9c and what would unpack to a gigabyte");
    let words = chunk(b"zTXt", b"k\0\0x\x9c");
    let packed = with(&[profile.clone(), words, profile.clone()].concat());
    assert_eq!(photo::bare(&packed), small);
    assert!(prepare(&packed).is_ok());
    assert!(matches!(photo::bare(&small), std::borrow::Cow::Borrowed(_)));
    // One that says it is longer than everything is for the decoder to refuse.
    let cut = &with(&profile)[..60];
    assert_eq!(photo::bare(cut), cut);
    assert_eq!(reason(cut), "media/broken");
}

#[test]
fn a_picture_with_many_bits_a_colour_is_weighed_by_its_memory() {
    let deep = DynamicImage::ImageRgba16(image::ImageBuffer::from_pixel(8, 8, image::Rgba([40_000, 0, 0, u16::MAX])));
    let mut out = Cursor::new(Vec::new());
    deep.write_to(&mut out, ImageFormat::Png).unwrap();
    let deep = out.into_inner();
    assert!(prepare(&deep).is_ok());
    // 49 million pixels would be few enough; at eight bytes each they are not.
    assert_eq!(reason(&claiming(deep, 7_000, 7_000)), "media/too-many-pixels");
}

#[test]
fn a_damaged_photo_never_fells_the_house() {
    let mut seed = 42_u64;
    let (mut whole, mut refused) = (0, 0);
    for (good, rounds) in [(held(3), 2_000), (held_png(3), 500), (held_webp(3), 500)] {
        for _ in 0..rounds {
            let mut bad = good.clone();
            for _ in 0..4 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let at = (seed >> 33) as usize % bad.len();
                bad[at] = (seed >> 17) as u8;
            }
            match prepare(&bad) {
                Ok(prepared) => {
                    whole += 1;
                    assert!(prepared.width <= 1600 && prepared.height <= 1600);
                    assert_eq!(image::guess_format(&prepared.full).unwrap(), ImageFormat::Jpeg);
                }
                Err(Error::Invalid(_)) => refused += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
    }
    assert!(whole > 0 && refused > 0, "the damage should be neither harmless nor deadly: {whole}, {refused}");
}

/// A folder of this test's own, gone when the test is over.
struct Scratch(PathBuf);

impl Scratch {
    fn named(name: &str) -> Scratch {
        let folder = std::env::temp_dir().join(format!("mulin_media_{name}_{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        Scratch(folder)
    }

    fn files(&self) -> Vec<PathBuf> {
        let (mut found, mut folders) = (Vec::new(), vec![self.0.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { found.push(path) }
            }
        }
        found
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const KEY: MediaKey = MediaKey { tenant: Uuid::from_u128(1), id: Uuid::from_u128(2) };

fn photo() -> Prepared {
    prepare(&encoded(&corners(), ImageFormat::Jpeg)).unwrap()
}

#[tokio::test]
async fn both_shelves_keep_give_and_take_away() {
    let scratch = Scratch::named("both");
    let objects = Arc::new(object_store::memory::InMemory::new());
    for media in [Media::in_folder(&scratch.0).unwrap(), Media::in_objects(objects)] {
        let picture = media.accept(encoded(&corners(), ImageFormat::Jpeg).into()).await.unwrap();
        assert!(media.get(KEY, Size::Full).await.unwrap().is_none());
        media.put(KEY, &picture).await.unwrap();
        media.put(KEY, &picture).await.unwrap();
        assert_eq!(media.get(KEY, Size::Full).await.unwrap().unwrap(), picture.full);
        assert_eq!(media.get(KEY, Size::Thumb).await.unwrap().unwrap(), picture.thumb);
        let mut lying = media.lying().await.unwrap();
        lying.sort_by(|one, other| one.name.cmp(&other.name));
        assert_eq!(
            lying.iter().map(|one| one.what).collect::<Vec<_>>(),
            [Some((KEY, Size::Full)), Some((KEY, Size::Thumb))]
        );
        assert!(lying.iter().all(|one| one.changed.0 > 0));
        assert_eq!(picture.digest(), kept_digest(&picture.full, &picture.thumb));
        let other_tenant = MediaKey { tenant: Uuid::from_u128(3), ..KEY };
        assert!(media.get(other_tenant, Size::Full).await.unwrap().is_none());
        media.remove(KEY).await.unwrap();
        media.remove(KEY).await.unwrap();
        media.remove(other_tenant).await.unwrap();
        assert!(media.get(KEY, Size::Thumb).await.unwrap().is_none());
        assert!(media.get(KEY, Size::Full).await.unwrap().is_none());
    }
    assert_eq!(scratch.files(), Vec::<PathBuf>::new());
}

#[test]
fn a_name_on_the_shelf_is_read_back_and_others_are_none_of_ours() {
    for size in [Size::Full, Size::Thumb, Size::Voice] {
        assert_eq!(key_of(&name_of(KEY, size)), Some((KEY, size)));
    }
    let name = name_of(KEY, Size::Full);
    for other in [
        "",
        "a/b/c-full.jpg",
        &name.replace("full", "huge"),
        &format!("more/{name}"),
        &name.to_uppercase(),
        "../../secret.key",
    ] {
        assert_eq!(key_of(other), None, "{other}");
    }
}

#[tokio::test]
async fn what_a_killed_process_left_is_never_shown_and_cleared_at_the_next_start() {
    let scratch = Scratch::named("killed");
    let media = Media::in_folder(&scratch.0).unwrap();
    let left = scratch.0.join(".half/7");
    std::fs::write(&left, b"\xFF\xD8 half a pict").unwrap();
    let busy = scratch.0.join(".half/8");
    std::fs::write(&busy, b"\xFF\xD8 another process still writes").unwrap();
    let writer = std::fs::File::open(&busy).unwrap();
    writer.lock().unwrap();
    assert!(media.get(KEY, Size::Full).await.unwrap().is_none());

    let media = Media::in_folder(&scratch.0).unwrap();
    assert_eq!(scratch.files(), [busy]);
    media.put(KEY, &photo()).await.unwrap();
    assert_eq!(media.get(KEY, Size::Full).await.unwrap().unwrap(), photo().full);
}

#[tokio::test]
async fn many_who_send_the_same_photo_at_once_leave_one_whole_picture() {
    let scratch = Scratch::named("many");
    let media = Media::in_folder(&scratch.0).unwrap();
    let picture = photo();
    let senders = (0..16).map(|_| media.put(KEY, &picture));
    for sent in futures_util::future::join_all(senders).await {
        sent.unwrap();
    }
    assert_eq!(media.get(KEY, Size::Full).await.unwrap().unwrap(), picture.full);
    assert_eq!(scratch.files().len(), 2);
}

#[tokio::test]
async fn when_the_disk_is_away_nobody_is_told_that_a_photo_is_kept_or_missing() {
    let scratch = Scratch::named("away");
    let media = Media::in_folder(&scratch.0).unwrap();
    media.put(KEY, &photo()).await.unwrap();
    std::fs::remove_dir_all(&scratch.0).unwrap();
    // What remains of a disk that is not mounted: an empty folder.
    std::fs::create_dir(&scratch.0).unwrap();
    for answer in [media.put(KEY, &photo()).await, media.get(KEY, Size::Full).await.map(drop), media.remove(KEY).await]
    {
        assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
    }
    assert_eq!(scratch.files(), Vec::<PathBuf>::new());

    std::fs::remove_dir(&scratch.0).unwrap();
    std::fs::write(&scratch.0, "a file where the folder should be").unwrap();
    assert!(matches!(Media::in_folder(&scratch.0), Err(Error::Unavailable(_))));
    assert!(matches!(media.put(KEY, &photo()).await, Err(Error::Unavailable(_))));
    std::fs::remove_file(&scratch.0).unwrap();
}

#[tokio::test]
async fn a_write_that_fails_leaves_nothing_behind() {
    let scratch = Scratch::named("fails");
    let media = Media::in_folder(&scratch.0).unwrap();
    // The tenant's folder cannot be made, because a file has its name.
    let tenant = scratch.0.join(KEY.tenant.simple().to_string());
    std::fs::write(&tenant, "").unwrap();
    assert!(matches!(media.put(KEY, &photo()).await, Err(Error::Unavailable(_))));
    assert_eq!(scratch.files(), [tenant]);
}

#[tokio::test]
async fn a_visitor_who_leaves_does_not_free_a_turn_before_the_work_is_done() {
    let scratch = Scratch::named("leaves");
    let media = Media::in_folder(&scratch.0).unwrap();
    let (started, has_started) = tokio::sync::oneshot::channel();
    let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
    let working = media.clone();
    let visit = tokio::spawn(async move {
        let work = move || {
            let _ = started.send(());
            may_go_on.recv().map_err(Error::internal)
        };
        working.in_turn(work).await
    });
    has_started.await.unwrap();
    visit.abort();
    assert!(visit.await.unwrap_err().is_cancelled());
    assert_eq!(media.turns_free(), 1);
    go_on.send(()).unwrap();
    while media.turns_free() < 2 {
        tokio::task::yield_now().await;
    }
}

#[test]
fn the_setting_chooses_the_shelf() {
    let scratch = Scratch::named("setting");
    assert!(Media::open(None, &scratch.0).is_ok());
    assert!(scratch.0.join("media").is_dir());
    for wrong in ["ftp://pictures", "s3://", "pictures"] {
        assert!(matches!(Media::open(Some(wrong), &scratch.0), Err(Error::Unavailable(_))), "{wrong}");
    }
    // Without the feature the store is refused in words; with it no connection is made yet.
    assert_eq!(Media::open(Some("s3://pictures/compound"), &scratch.0).is_ok(), cfg!(feature = "s3"));
}

/// A bucket on this machine: keeps what is put, gives it, takes it away, and knows nothing else of S3.
#[cfg(feature = "s3")]
#[tokio::test]
async fn a_bucket_keeps_gives_and_takes_away() {
    use axum::http::{Method, StatusCode, Uri, header};
    use std::collections::BTreeMap;
    type Bucket = Arc<std::sync::Mutex<BTreeMap<String, bytes::Bytes>>>;

    let bucket = Bucket::default();
    let held = bucket.clone();
    let answer = move |method: Method, uri: Uri, body: bytes::Bytes| async move {
        let mut bucket = held.lock().unwrap();
        let path = uri.path().to_owned();
        let tag = [(header::ETAG, "\"1\""), (header::LAST_MODIFIED, "Wed, 01 Apr 2026 08:00:00 GMT")];
        match (method, bucket.get(&path).cloned()) {
            (Method::PUT, _) => {
                bucket.insert(path, body);
                (StatusCode::OK, tag, bytes::Bytes::new())
            }
            (Method::GET, Some(found)) => (StatusCode::OK, tag, found),
            (Method::DELETE, _) => {
                bucket.remove(&path);
                (StatusCode::NO_CONTENT, tag, bytes::Bytes::new())
            }
            _ => (StatusCode::NOT_FOUND, tag, bytes::Bytes::new()),
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(answer)).await });

    let builder = object_store::aws::AmazonS3Builder::new()
        .with_endpoint(endpoint)
        .with_allow_http(true)
        .with_region("cn-east-1")
        .with_access_key_id("pomegranate")
        .with_secret_access_key("court");
    let media = Media::in_objects(objects::built("s3://pictures/compound", builder).unwrap());
    assert!(media.get(KEY, Size::Full).await.unwrap().is_none());
    media.put(KEY, &photo()).await.unwrap();
    let names: Vec<String> = bucket.lock().unwrap().keys().cloned().collect();
    assert_eq!(names.len(), 2);
    assert!(names[0].starts_with("/pictures/compound/00000000000000000000000000000001/02/"), "{names:?}");
    assert_eq!(media.get(KEY, Size::Thumb).await.unwrap().unwrap(), photo().thumb);
    media.remove(KEY).await.unwrap();
    assert!(media.get(KEY, Size::Thumb).await.unwrap().is_none());
    assert!(bucket.lock().unwrap().is_empty());
    server.abort();
}

//! Samples of the page of the book for the gallery.

use super::pages::{BookPage, HeadShown, told};
use super::shown::{Fits, grouped};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::parts::qr;
use crate::layout::{View, Wrong, render};
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("book", |v| render(&book(v, Some(1284), None, Wrong::default()))),
    PageSample::usual("book-empty", |v| render(&book(v, None, None, Wrong::default()))),
    PageSample::usual("book-fits", |v| render(&book(v, Some(1284), Some(Fits::Yes), Wrong::default()))),
    PageSample::usual("book-differs", |v| render(&book(v, Some(1_284_000), Some(Fits::No), Wrong::default()))),
    PageSample::refused("book-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("digest", "book/digest"))?;
        render(&book(v, Some(1284), None, wrong))
    }),
];

fn book(v: View, entries: Option<i64>, fits: Option<Fits>, wrong: Wrong) -> BookPage {
    let digest = [0x8f; 32];
    let head = entries.map(|entries| HeadShown {
        entries,
        digest: grouped(&digest),
        at: v.moment(NOW, NOW),
        qr: qr("https://mulin.example/about/book?of=liuhua", &v.t("book-qr")),
    });
    BookPage {
        wrong,
        others: vec![("yulan".into(), v.pick("玉兰社区", "Yulan").to_owned())],
        of: "liuhua".into(),
        name: v.pick("榴花社区", "Liuhua").to_owned(),
        head,
        entries: fits.map_or_else(String::new, |_| "1203".into()),
        digest: fits.map_or_else(String::new, |_| grouped(&digest)),
        answer: fits.map(|fits| told(&v, fits, 1203)),
        v,
    }
}

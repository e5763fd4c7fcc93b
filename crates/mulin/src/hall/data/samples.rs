//! Samples of the pages of my data for the gallery.

use super::pages::{DataPage, ErasePage, ErasedPage, given, kept};
use crate::layout::gallery::PageSample;
use crate::layout::{View, Wrong, render};
use commons::kept::{Consent, Kind};
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("data", |v| render(&data(v, true, Wrong::default()))),
    PageSample::usual("data-little", |v| render(&data(v, false, Wrong::default()))),
    PageSample::refused("data-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("name", "data/name"))?;
        render(&data(v, true, wrong))
    }),
    PageSample::usual("leaving", |v| render(&erase(v, Wrong::default()))),
    PageSample::refused("leaving-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("sure", "data/sure"))?;
        render(&erase(v, wrong))
    }),
    PageSample::usual("erased", |v| render(&ErasedPage { v })),
];

fn data(v: View, much: bool, wrong: Wrong) -> DataPage {
    let kinds = if much { Kind::ALL } else { &[Kind::Account, Kind::Name][..] };
    let look =
        format!("{} · {}", v.office(commons::people::Office::Captain), v.a("data-look-contact", "about", "shiliu-12"));
    DataPage {
        wrong,
        name: "林月".into(),
        name_en: "Lin Yue".into(),
        kept: kinds.iter().map(|kind| kept(&v, *kind, 3)).collect(),
        given: if much { Consent::ALL.iter().map(|consent| given(&v, *consent)).collect() } else { Vec::new() },
        looks: if much { vec![look] } else { Vec::new() },
        acts: if much { vec![format!("{} · {}", v.t("gallery-place"), v.t("data-act-requests"))] } else { Vec::new() },
        v,
    }
}

fn erase(v: View, wrong: Wrong) -> ErasePage {
    let place = v.t("gallery-place");
    let line = |office, after: String| (format!("{place} · {}", v.office(office)), after);
    let ends = vec![
        line(commons::people::Office::Owner, v.t("leaving-after-home").to_string()),
        line(commons::people::Office::Captain, v.t("leaving-after-keepers").to_string()),
        line(commons::people::Office::Committee, v.a("leaving-after-others", "n", 4_i64)),
    ];
    ErasePage { wrong, ends, v }
}

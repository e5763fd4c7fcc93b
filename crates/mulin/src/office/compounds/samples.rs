//! Samples of the pages of a new compound for the gallery.

use super::pages::{FIELDS, Letter, LettersPage, MadePage, NewPage};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{View, Wrong, parts, render};
use commons::place::pattern::Pattern;
use kit::Error;
use kit::time::Moment;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("compounds-new", |v| render(&new(v, Wrong::default()))),
    PageSample::refused("compounds-new-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("captains", "compounds/captains"))?;
        render(&new(v, wrong))
    }),
    PageSample::usual("compounds-made", |v| {
        let full = MadePage { buildings: 12, homes: 288, letters: 3, only_here: false, ..made(v) };
        render(&full)
    }),
    PageSample::usual("compounds-made-empty", |v| render(&made(v))),
    PageSample::refused("compounds-made-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("buildings", "compounds/buildings"))?;
        render(&MadePage { wrong, ..made(v) })
    }),
    PageSample::usual("compounds-letters", |v| render(&letters(v, 2))),
    PageSample::usual("compounds-letters-empty", |v| render(&letters(v, 0))),
];

fn new(v: View, wrong: Wrong) -> NewPage {
    let typed =
        FIELDS.iter().map(|field| if *field == "buildings" { "1-12".to_owned() } else { String::new() }).collect();
    NewPage { wrong, typed, others: vec![("1".into(), v.t("gallery-place").to_string())], v }
}

fn made(v: View) -> MadePage {
    let link = "https://mulin.example/say/requests/new?at=shiliu".to_owned();
    let name = v.t("gallery-place").to_string();
    let typed = Pattern::FIELDS.iter().map(|field| Pattern::usual(field).to_owned()).collect();
    MadePage {
        wrong: Wrong::default(),
        qr: parts::qr(&link, &v.a("sign-qr", "place", name.clone())),
        name,
        at: "shiliu".into(),
        buildings: 0,
        homes: 0,
        letters: 0,
        link,
        only_here: true,
        typed,
        v,
    }
}

fn letters(v: View, count: usize) -> LettersPage {
    let letter = |_| Letter {
        name: v.t("gallery-name").to_string(),
        office: v.t("office-captain").to_string(),
        place: v.t("gallery-place").to_string(),
        code: "ABCDE-FGHJK".into(),
        link: "https://mulin.example/sign-in/letter".into(),
        qr: parts::qr("https://mulin.example/sign-in/letter?code=ABCDEFGHJK", &v.t("letters-qr")),
        until: v.day(NOW + Moment::days(30), NOW),
    };
    LettersPage {
        at: Some("shiliu".into()),
        letters: (0..count).map(letter).collect(),
        community: v.t("gallery-place").to_string(),
        printed_by: v.t("letters-role-community").to_string(),
        only_here: count == 0,
        v,
    }
}

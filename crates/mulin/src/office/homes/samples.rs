//! Samples of the pages of households for the gallery.

use super::pages::{Asking, HomeRow, Letter, LettersPage, Line, ListPage, OnePage, offices, proofs};
use super::standing::{DonePage, StandingPage, consents};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{View, Wrong, parts, render};
use crate::standing::{Stand, days};
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("homes", |v| render(&list(v, 4))),
    PageSample::usual("homes-empty", |v| render(&list(v, 0))),
    PageSample::usual("homes-one", |v| render(&one(v, 3, Wrong::default()))),
    PageSample::usual("homes-one-empty", |v| render(&one(v, 0, Wrong::default()))),
    PageSample::refused("homes-one-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("share", "homes/share-too-much"))?;
        render(&one(v, 1, wrong))
    }),
    PageSample::usual("homes-letters", |v| render(&letters(v))),
    PageSample::usual("homes-standing", |v| render(&standing(v, Wrong::default()))),
    PageSample::refused("homes-standing-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("days", "standing/days"))?;
        render(&standing(v, wrong))
    }),
    PageSample::usual("homes-done", |v| {
        let lines = vec![format!("{} · {} · {}", v.moment(NOW, NOW), v.t("gallery-name"), v.t("data-act-requests"))];
        render(&DonePage { name: v.t("gallery-name").to_string(), back: "/office/homes".into(), lines, v })
    }),
];

fn asking(v: &View) -> Asking {
    Asking {
        id: "j".into(),
        name: v.t("gallery-name").to_string(),
        office: v.t("office-tenant").to_string(),
        label: v.t("gallery-place").to_string(),
        href: "/office/homes/one?at=shiliu/1/1/301".into(),
        asked: v.day(NOW, NOW),
        owner: false,
    }
}

fn stand(v: &View) -> Stand {
    Stand {
        id: "s".into(),
        name: None,
        code: Some("ABCDE-FGHJK".into()),
        consent: format!("{} · {}", v.t("consent-by-spoken"), v.day(NOW, NOW)),
        until: v.a("standing-code-until", "day", v.day(NOW, NOW)),
        runs: false,
        waits: true,
    }
}

fn standing(v: View, wrong: Wrong) -> StandingPage {
    StandingPage {
        wrong,
        name: v.t("gallery-name").to_string(),
        member: "m".into(),
        back: "/office/homes".into(),
        stands: vec![stand(&v)],
        consents: consents(&v, "spoken"),
        days: days(&v, ""),
        v,
    }
}

fn list(v: View, n: i64) -> ListPage {
    let home = |n: i64| HomeRow {
        label: v.t("gallery-place").to_string(),
        href: "/office/homes/one?at=shiliu/1/1/301".into(),
        members: n,
        waiting: i64::from(n == 1),
    };
    ListPage {
        insides: vec![
            ("shiliu/1".into(), v.t("gallery-place").to_string(), true),
            ("shiliu/2".into(), v.t("gallery-place").to_string(), false),
        ],
        at: v.t("gallery-place").to_string(),
        letters: Some("/office/homes/letters?at=shiliu/1".into()),
        asking: (0..n.min(1)).map(|_| asking(&v)).collect(),
        homes: (0..n).map(home).collect(),
        v,
    }
}

fn one(v: View, n: usize, wrong: Wrong) -> OnePage {
    let line = |n: usize| Line {
        id: n.to_string(),
        name: v.t("gallery-name").to_string(),
        office: v.t(if n == 0 { "office-owner" } else { "office-family" }).to_string(),
        share: if n == 0 { "1/2".into() } else { String::new() },
        verified: (n < 2).then(|| format!("{} · {}", v.t("proof-certificate"), v.day(NOW, NOW))),
        since: v.day(NOW, NOW),
        enters: n == 0,
        owner: n == 0,
    };
    OnePage {
        wrong,
        at: "shiliu/1/1/301".into(),
        label: v.t("gallery-place").to_string(),
        lines: (0..n).map(line).collect(),
        asking: (0..n.min(1)).map(|_| asking(&v)).collect(),
        letters: n > 0,
        name: String::new(),
        share: String::new(),
        offices: offices(&v, "owner"),
        proofs: proofs(&v, "known"),
        v,
    }
}

fn letters(v: View) -> LettersPage {
    let letter = Letter {
        name: v.t("gallery-name").to_string(),
        office: v.t("office-family").to_string(),
        place: v.t("gallery-place").to_string(),
        code: "ABCDE-FGHJK".into(),
        link: "https://mulin.example/sign-in/letter".into(),
        qr: parts::qr("https://mulin.example/sign-in/letter?code=ABCDEFGHJK", &v.t("letters-qr")),
        until: v.day(NOW, NOW),
    };
    LettersPage {
        back: "/office/homes".into(),
        building: "shiliu/1".into(),
        letters: vec![letter],
        community: v.t("gallery-place").to_string(),
        printed_by: v.t("letters-role-community").to_string(),
        only_here: false,
        v,
    }
}

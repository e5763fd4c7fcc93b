//! Samples of this folder's pages for the gallery.

use super::board::{BoardPage, told};
use super::building::{BuildingPage, CardShown, Entrance, NoticePage};
use super::pages::{CaptainPage, WherePage};
use super::shown::{Phone, SeatShown, TeamShown, teams};
use crate::layout::gallery::PageSample;
use crate::layout::parts::qr;
use crate::layout::{View, Wrong, render};
use commons::people::{Office, PersonId};
use commons::seat::{BoardWords, Member, Missing, TeamDuty};
use kit::{Error, Uuid};

const AT: &str = "shiliu/3";

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("captain", |v| render(&captain(v, true))),
    PageSample::usual("captain-empty", |v| render(&captain(v, false))),
    PageSample::usual("captain-where", |v| {
        let choices = (1..8).map(|n| (format!("/help/captain?at=shiliu/{n}"), n.to_string())).collect();
        render(&WherePage { choices, v })
    }),
    PageSample::usual("captain-where-empty", |v| render(&WherePage { choices: Vec::new(), v })),
    PageSample::usual("captain-building", |v| render(&building(v, Wrong::default()))),
    PageSample::refused("captain-building-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("phone", "captains/phone"))?;
        render(&building(v, wrong))
    }),
    PageSample::usual("captain-board", |v| render(&board(v, true, Wrong::default()))),
    PageSample::usual("captain-board-lacks", |v| render(&board(v, false, Wrong::default()))),
    PageSample::refused("captain-board-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("supervision", "captains/phone"))?;
        render(&board(v, false, wrong))
    }),
    PageSample::usual("captain-notice", |v| {
        render(&NoticePage {
            at: AT.into(),
            place: v.t("gallery-place").to_string(),
            title: v.t("team-title").to_string(),
            text: v.t("team-lead").to_string(),
            signed: v.office(Office::Captain).to_string(),
            day: v.day(crate::layout::gallery::NOW, crate::layout::gallery::NOW),
            qr: qr("https://mulin.example/help/captain?at=shiliu/3", &v.t("captain-notice-qr")),
            v,
        })
    }),
];

fn seat(v: &View, office: Office, phone: bool) -> SeatShown {
    SeatShown {
        office: v.office(office).to_string(),
        name: v.pick("沈一鸣", "Shen Yiming").to_owned(),
        phone: phone.then(|| Phone::of("0512-6000 1234")),
        duties: v.t("team-talks-about").to_string(),
        until: None,
        stands_in: None,
    }
}

fn some_teams(v: &View) -> Vec<TeamShown> {
    let me = PersonId(Uuid::nil());
    let member = |duty| Member { duty, person: me, name: "沈一鸣".into(), name_en: "Shen Yiming".into() };
    teams(v, &[member(TeamDuty::Talks), member(TeamDuty::Care)], Some(me), false)
}

fn captain(v: View, filled: bool) -> CaptainPage {
    CaptainPage {
        at: AT.into(),
        place: v.t("gallery-place").to_string(),
        captains: if filled { vec![seat(&v, Office::Captain, true)] } else { Vec::new() },
        others: if filled {
            vec![seat(&v, Office::GridWorker, true), seat(&v, Office::Hub, false)]
        } else {
            Vec::new()
        },
        teams: some_teams(&v),
        may_join: filled,
        looks_after: filled,
        v,
    }
}

fn card(v: &View, office: Office) -> CardShown {
    let phone = String::from("0512-6000 1234");
    CardShown {
        office: office.name(),
        title: v.office(office).to_string(),
        phone,
        duties: String::new(),
        number: true,
        deputy: false,
    }
}

fn building(v: View, wrong: Wrong) -> BuildingPage {
    let doors = |n: i64| (1..=n).flat_map(|f| (1..=2).map(move |d| (format!("{f}0{d}"), i64::from(f == 3)))).collect();
    BuildingPage {
        wrong,
        at: AT.into(),
        place: v.t("gallery-place").to_string(),
        open: 2,
        entrances: (1..=2).map(|n| Entrance { name: n.to_string(), doors: doors(6) }).collect(),
        teams: some_teams(&v),
        cards: vec![card(&v, Office::Captain)],
        v,
    }
}

fn board(v: View, complete: bool, wrong: Wrong) -> BoardPage {
    let missing = [Missing::Area, Missing::Empty(Office::Captain), Missing::Phone(Office::GridWorker)];
    BoardPage {
        wrong,
        at: AT.into(),
        place: v.t("gallery-place").to_string(),
        grid: complete.then(|| v.t("gallery-place").to_string()),
        words: BoardWords { area: v.t("board-area-hint").to_string(), supervision: "0512-6111".into() },
        supervision: complete.then(|| Phone::of("0512-6111")),
        lines: vec![seat(&v, Office::GridWorker, true), seat(&v, Office::Captain, false)],
        missing: if complete { Vec::new() } else { missing.iter().map(|one| told(&v, *one)).collect() },
        keeps: !complete,
        serves: true,
        cards: vec![card(&v, Office::GridWorker)],
        qr: qr("https://mulin.example/help/captain?at=shiliu/3", &v.t("board-qr")),
        v,
    }
}

//! Samples of the desk for the gallery.

use super::pages::{Choice, DeskPage, OfferLine, Tab};
use super::query::DeskQuery;
use super::stairs::{Landing, StairsPage, Step};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::line::Line;
use crate::layout::{View, Wrong, render};
use commons::case::{Door, State};
use kit::Error;
use kit::time::Moment;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("desk", |v| render(&desk(v, 5, Wrong::default()))),
    PageSample::usual("desk-empty", |v| render(&desk(v, 0, Wrong::default()))),
    PageSample::refused("desk-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("q", "search/nothing-to-look-for"))?;
        render(&desk(v, 0, wrong))
    }),
    PageSample::usual("stairs", |v| render(&stairs(v, 3))),
    PageSample::usual("stairs-empty", |v| render(&stairs(v, 0))),
];

fn line(v: &View, n: i64) -> Line {
    Line {
        href: "/gallery".into(),
        code: format!("shiliu-{n}"),
        words: v.t("front-lead").to_string(),
        place: v.t("gallery-place").to_string(),
        category: v.t("office-property").to_string(),
        state: if n % 2 == 0 { State::Said } else { State::Accepted },
        door: Door::Compound,
        holder: v.t("office-property").to_string(),
        said: v.day(NOW, NOW),
        until: Some(v.until(NOW + Moment::days(n - 2), NOW)),
        overdue: n < 2,
        photos: 0,
        households: None,
        unrated: false,
    }
}

fn tab(v: &View, name: &str, count: i64) -> Tab {
    let label = v.t(&format!("desk-scope-{name}")).to_string();
    Tab { href: "/gallery".into(), label, count: count.to_string(), here: name == "door" }
}

fn desk(v: View, count: i64, wrong: Wrong) -> DeskPage {
    let offer = |n| OfferLine {
        line: line(&v, n),
        from: v.t("office-captain").to_string(),
        reason: v.t("front-text").to_string(),
    };
    let place = |n: i64| Choice { code: format!("shiliu/{n}"), name: v.t("gallery-place").to_string(), here: n == 1 };
    DeskPage {
        wrong,
        tabs: ["hand", "door", "place", "offered"].into_iter().map(|name| tab(&v, name, count)).collect(),
        houses: Vec::new(),
        offers: (0..count / 3).map(offer).collect(),
        lines: (0..count).map(|n| line(&v, n)).collect(),
        overdue: (count > 0).then(|| Tab {
            href: "/gallery".into(),
            label: v.a("desk-overdue", "n", 2),
            count: String::new(),
            here: false,
        }),
        query: DeskQuery::default(),
        shows: vec![Choice { code: String::new(), name: v.t("desk-show-open").to_string(), here: true }],
        categories: vec![Choice { code: "noise".into(), name: v.t("office-property").to_string(), here: false }],
        places: (0..count).map(place).collect(),
        earlier: None,
        next: (count > 0).then(|| "/gallery".into()),
        hats: vec![v.t("gallery-place").to_string()],
        files: true,
        hands_over: true,
        keeps: true,
        raises: true,
        promised: true,
        verifies: true,
        registers: true,
        replies: true,
        tells: true,
        sorts: true,
        filtered: false,
        runs: false,
        v,
    }
}

fn stairs(v: View, count: i64) -> StairsPage {
    let step = |n: i64| Step { line: line(&v, n), home: format!("{n}01"), held: n != 2, waits: n == 0 };
    let landing = |n: i64| Landing { title: v.a("stairs-floor", "n", n + 1), steps: vec![step(n)] };
    StairsPage {
        buildings: vec![("shiliu/1".into(), v.t("gallery-place").to_string(), true)],
        landings: (0..count).map(landing).collect(),
        at: "shiliu/1".into(),
        back: "/gallery".into(),
        shown_at: v.moment(NOW, NOW),
        v,
    }
}

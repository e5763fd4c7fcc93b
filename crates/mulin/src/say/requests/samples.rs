//! Samples of this folder's pages for the gallery.

use super::intake::{self, Extra, Intake};
use super::personal::Asked;
use super::point::MapPage;
use super::similar::{Found, Others};
use super::timeline::Step;
use super::view::{
    Can, CasePage, Choice, HotlinePage, ListPage, NewPage, OfferShown, OpenPage, Seat, SlipShown, WherePage,
};
use super::waiting::{Paused, Waiting};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::ground::{self, Frame, Spot};
use crate::layout::line::Line;
use crate::layout::parts::{Doors, Loop, qr};
use crate::layout::{View, Wrong, render};
use crate::words;
use commons::case::{Category, Door, State, starting_categories};
use kit::time::Moment;
use kit::{Error, Result};

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("requests-where", |v| render(&where_page(v))),
    PageSample::usual("requests-new", |v| render(&new_page(v, Wrong::default(), ""))),
    PageSample::refused("requests-new-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("words", "requests/words-empty"))?;
        render(&new_page(v, wrong, ""))
    }),
    PageSample::refused("requests-new-danger", |v| {
        let mut shown = new_page(v, Wrong::default(), "电梯里困了人");
        shown.intake.alarm = commons::case::danger::of("电梯里困了人，在流血");
        let lift = commons::case::fields::starting_fields().into_iter().filter(|field| field.category == "lift");
        let unfit = |field: &commons::case::fields::Field| {
            (field.code == "inside").then(|| commons::case::fields::Unfit {
                code: field.code.clone(),
                reason: kit::Reason("requests/field-needed"),
            })
        };
        shown.intake.asked =
            lift.map(|field| intake::Asked::of(&shown.v, &field, &[], unfit(&field).as_ref())).collect();
        shown.intake.held = Some(("00".into(), 2, true));
        shown.intake.point = Some(("1".into(), "1".into()));
        render(&shown)
    }),
    PageSample::usual("requests-map", |v| render(&map_page(v))),
    PageSample::usual("requests-list", |v| render(&list_page(v, 6))),
    PageSample::usual("requests-list-empty", |v| render(&list_page(v, 0))),
    PageSample::usual("requests-case-author", |v| render(&case_page(v, author(), State::Reported, 1)?)),
    PageSample::usual("requests-case-holder", |v| render(&case_page(v, holder(), State::Accepted, 3)?)),
    PageSample::usual("requests-case-long", |v| render(&case_page(v, Can::default(), State::Closed, 40)?)),
    PageSample::usual("requests-case-paused", |v| {
        let mut page = case_page(v, holder(), State::Accepted, 2)?;
        page.waiting = paused(&page.v);
        render(&page)
    }),
    PageSample::usual("requests-case-may-pause", |v| {
        let mut page = case_page(v, holder(), State::Accepted, 2)?;
        page.waiting = Waiting { paused: None, may_pause: true, may_resume: false, ..paused(&page.v) };
        render(&page)
    }),
    PageSample::refused("requests-case-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("outcome", "requests/report-outcome"))?;
        let mut page = case_page(v, holder(), State::Accepted, 2)?;
        page.wrong = wrong;
        page.kept = "……".into();
        render(&page)
    }),
    PageSample::usual("requests-slip", |v| {
        let mut page = case_page(v, author(), State::Said, 0)?;
        let qr = qr("https://mulin.example/say/requests/slip/ABCDEFGHJK", &page.v.t("slip-qr"));
        page.slip = Some(SlipShown {
            code: "ABCDE-FGHJK".into(),
            qr,
            fresh: true,
            receipt: false,
            here: "/gallery".into(),
            address: "mulin.example/say/requests/open".into(),
        });
        render(&page)
    }),
    PageSample::usual("hand-over", |v| {
        let picked = (0..3).map(|n| line(&v, n)).collect();
        render(&super::bulk::sample(v, picked, Wrong::default()))
    }),
    PageSample::usual("hand-over-done", |v| render(&super::bulk::sample(v, Vec::new(), Wrong::default()))),
    PageSample::refused("hand-over-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("words", "requests/words-empty"))?;
        let picked = vec![line(&v, 1)];
        render(&super::bulk::sample(v, picked, wrong))
    }),
    PageSample::usual("requests-open", |v| render(&OpenPage { v, wrong: Wrong::default(), code: String::new() })),
    PageSample::refused("requests-open-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("code", "requests/code-unknown"))?;
        render(&OpenPage { v, wrong, code: "ABCDE-23456".into() })
    }),
    PageSample::usual("requests-hotline", |v| {
        let text = v.t("front-text").to_string();
        render(&HotlinePage { v, code: "shiliu-12".into(), text })
    }),
];

fn paused(v: &View) -> Waiting {
    let amount = |n: i64| v.a("amount-working-days", "n", n);
    let promise = [("accept", amount(1).into()), ("answer", amount(3).into()), ("settle", amount(7).into())];
    Waiting {
        promised: Some(words::t_with(v.lang, "standard-sentence", &promise)),
        nearest: Some(v.t("due-next-settle").to_string()),
        paused: Some(Paused {
            reason: v.t("wait-part").to_string(),
            since: v.moment(NOW - Moment::days(1), NOW),
            until: v.moment(NOW + Moment::days(13), NOW),
        }),
        may_pause: false,
        may_resume: true,
    }
}

fn author() -> Can {
    Can { judge: true, add: true, up: true, withdraw: true, erase: true, ..Can::default() }
}

fn holder() -> Can {
    Can { accept: true, note: true, offer: true, report: true, contact: true, ..Can::default() }
}

fn where_page(v: View) -> WherePage {
    let choice = |n: i64| Choice { href: "/gallery".into(), label: format!("{n}{}", v.t("gallery-building")) };
    WherePage {
        chosen: Some(v.t("gallery-place").to_string()),
        choices: (1..9).map(choice).collect(),
        map: Some("/gallery".into()),
        for_caller: true,
        v,
    }
}

pub(super) fn new_page(v: View, wrong: Wrong, words: &str) -> NewPage {
    NewPage {
        wrong,
        at: "shiliu/3".into(),
        place_label: v.t("gallery-place").to_string(),
        inside: vec![("shiliu/3/1".into(), v.t("door-home").to_string())],
        categories: starting_categories(),
        words: words.into(),
        category: "lift".into(),
        private: true,
        to_captain: false,
        contact: String::new(),
        staff: true,
        for_caller: false,
        sign: false,
        desk: String::new(),
        intake: Intake { kinds: intake::kinds(&v, ""), ..Intake::default() },
        personal: Asked::default(),
        v,
    }
}

fn map_page(v: View) -> MapPage {
    let house = |n: i64| Spot {
        at: (n % 4 * 60_000 + 20_000, n / 4 * 50_000 + 6_000),
        ring: ring((n % 4 * 60_000, n / 4 * 50_000)),
        label: format!("{}{}", n + 1, v.t("gallery-building")),
        short: (n + 1).to_string(),
        href: Some("/gallery".into()),
        class: "house".into(),
    };
    let spots: Vec<Spot> = (0..8).map(house).collect();
    let label = v.t("gallery-place").to_string();
    let drawing = Frame::around(&spots).map(|frame| ground::draw(frame, &label, &[], &[], &spots)).unwrap_or_default();
    MapPage {
        code: "shiliu".into(),
        place: label,
        drawing,
        choices: spots.iter().map(|s| Choice { href: "/gallery".into(), label: s.label.clone() }).collect(),
        picture: v.asset("logo.svg"),
        width: 280,
        height: 140,
        wide: false,
        more: "",
        v,
    }
}

fn ring((x, y): (i64, i64)) -> Vec<(i64, i64)> {
    vec![(x, y), (x + 40_000, y), (x + 40_000, y + 12_000), (x, y + 12_000)]
}

/// A line of a list in one of several states.
pub fn line(v: &View, n: i64) -> Line {
    let states = [State::Said, State::Accepted, State::Reported, State::Closed];
    let categories: Vec<Category> = starting_categories();
    let category = &categories[n as usize % categories.len()];
    Line {
        href: "/gallery".into(),
        code: format!("shiliu-{n}"),
        words: if n == 2 { v.t("about-phone-text").repeat(2) } else { v.t("front-lead").to_string() },
        place: v.t("gallery-place").to_string(),
        category: v.pick(&category.name, &category.name_en).to_owned(),
        state: states[n as usize % states.len()],
        door: Door::Compound,
        holder: v.t("office-property").to_string(),
        said: v.day(NOW - Moment::days(n), NOW),
        until: (n % 4 < 2).then(|| v.until(NOW + Moment::days(1 - n), NOW)),
        overdue: n % 4 == 1,
        photos: n % 3,
        households: (n % 3 == 1).then_some(n + 2),
        unrated: n % 8 == 3,
    }
}

fn alike(v: &View) -> Found {
    Found {
        href: "/gallery".into(),
        action: "/gallery".into(),
        words: v.t("front-text").to_string(),
        place: v.t("gallery-place").to_string(),
        state: State::Accepted,
        households: 3,
        open: true,
    }
}

fn list_page(v: View, count: i64) -> ListPage {
    ListPage {
        lines: (0..count).map(|n| line(&v, n)).collect(),
        compounds: vec![("shiliu".into(), v.t("gallery-place").to_string(), true)],
        categories: starting_categories()
            .iter()
            .map(|c| (c.slug.clone(), v.pick(&c.name, &c.name_en).to_owned(), false))
            .collect(),
        show: String::new(),
        next: (count > 0).then(|| "/gallery".into()),
        first_page: count == 0,
        filtered: count == 0,
        q: String::new(),
        count: (count > 0).then(|| v.a("requests-list-count", "n", count)),
        wrong: Wrong::default(),
        buildings: vec![("3".into(), v.t("gallery-place").to_string(), false)],
        scope: "compound=shiliu".into(),
        v,
    }
}

fn case_page(v: View, can: Can, state: State, steps: usize) -> Result<CasePage> {
    let step = |n: usize| Step {
        at: v.moment(NOW - Moment::hours(30 - n as i64), NOW),
        sentence: v.t("next-accepted").to_string(),
        words: n.is_multiple_of(2).then(|| v.t("about-phone-text").to_string()),
        withdrawn: n == 1,
        edited: n == 4,
        private: n == 2,
        photos: Vec::new(),
    };
    let doors = Doors {
        v: v.clone(),
        steps: Doors::steps(Door::Home, Door::Compound),
        over: !state.is_open(),
        holder: v.t("gallery-place").to_string(),
        since: v.moment(NOW - Moment::days(1), NOW),
        until: state.is_open().then(|| v.until(NOW + Moment::days(3), NOW)),
        overdue: false,
        provisional: false,
        next: v.t("next-accepted").to_string(),
    };
    Ok(CasePage {
        waiting: Waiting::default(),
        wrong: Wrong::default(),
        kept: String::new(),
        kept_choice: String::new(),
        personal: Asked::default(),
        editable: Vec::new(),
        code: "shiliu-12".into(),
        base: "/say/requests/shiliu-12".into(),
        pictures: "/say/requests/photos".into(),
        live: None,
        latest: String::new(),
        place: v.t("gallery-place").to_string(),
        category: v.t("gallery-states").to_string(),
        state,
        private: true,
        words: v.t("about-phone-text").to_string(),
        erased: false,
        said: v.moment(NOW - Moment::days(1), NOW),
        doors: render(&doors)?,
        round: render(&Loop::of(v.clone(), state, false))?,
        steps: (0..steps).map(step).collect(),
        photos: Vec::new(),
        seats: vec![Seat { value: "property:0".into(), label: v.t("office-property").to_string() }],
        offer: can.offer.then(|| OfferShown {
            to: v.t("office-property").to_string(),
            reason: v.t("next-offered").to_string(),
            since: v.moment(NOW, NOW),
        }),
        outcome: None,
        report: can.judge.then(|| v.t("front-text").to_string()),
        author: can.add,
        last_door: false,
        door: Door::Compound,
        climbs: can.judge,
        contact: None,
        slip: None,
        judge_until: can.judge.then(|| v.day(NOW + Moment::days(6), NOW)),
        unrated: false,
        others: Others {
            supporters: 3,
            can_support: !can.add && !can.accept,
            can_merge: can.accept,
            ..Others::default()
        },
        alike: if can.withdraw { vec![("shiliu-3".into(), alike(&v))] } else { Vec::new() },
        extra: Extra {
            kind: v.t("kind-repair").to_string(),
            answers: vec![(v.t("intake-asked").to_string(), v.t("gallery-place").to_string())],
            ..Extra::default()
        },
        replies: super::replies::sample(&v, can.report),
        can,
        v,
    })
}

//! Samples of the desk's pages for the gallery.

use super::pages::{DeskPage, LineShown, SlipPage, SlipShown};
use super::rooms::{KeyShown, KeysPage, LoanShown, OpinionsPage, TalkShown, TalksPage, TopicShown, ways};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{View, Wrong, render};
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("desk-today", |v| render(&desk(v, true, Wrong::default()))),
    PageSample::usual("desk-today-empty", |v| render(&desk(v, false, Wrong::default()))),
    PageSample::refused("desk-today-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("phone", "captains/phone"))?;
        render(&desk(v, true, wrong))
    }),
    PageSample::usual("desk-slip", |v| render(&slip(v, true, Wrong::default()))),
    PageSample::usual("desk-slip-ask", |v| render(&slip(v, false, Wrong::default()))),
    PageSample::refused("desk-slip-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("code", "hub/slip-code"))?;
        render(&slip(v, false, wrong))
    }),
    PageSample::usual("desk-talks", |v| render(&talks(v, 4, Wrong::default()))),
    PageSample::usual("desk-talks-empty", |v| render(&talks(v, 0, Wrong::default()))),
    PageSample::refused("desk-talks-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("both", "hub/both"))?;
        render(&talks(v, 1, wrong))
    }),
    PageSample::usual("desk-opinions", |v| render(&opinions(v, 2, Wrong::default()))),
    PageSample::usual("desk-opinions-empty", |v| render(&opinions(v, 0, Wrong::default()))),
    PageSample::refused("desk-opinions-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("said", "hub/empty"))?;
        render(&opinions(v, 1, wrong))
    }),
    PageSample::usual("desk-keys", |v| render(&keys(v, 3, Wrong::default()))),
    PageSample::usual("desk-keys-empty", |v| render(&keys(v, 0, Wrong::default()))),
    PageSample::refused("desk-keys-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("until", "hub/until"))?;
        render(&keys(v, 1, wrong))
    }),
];

fn name(v: &View) -> String {
    v.pick("沈一鸣", "Shen Yiming").to_owned()
}

fn desk(v: View, filled: bool, wrong: Wrong) -> DeskPage {
    let kinds = ["request", "later", "talk", "answer"];
    let line = |n: usize, done: bool| LineShown {
        id: n.to_string(),
        number: v.a("desk-today-number", "n", i64::try_from(n).unwrap_or(0) + 1),
        became: v.t(&format!("became-{}", kinds[n % kinds.len()])).to_string(),
        about: if n == 2 { String::new() } else { v.t("desk-today-about-hint").to_string() },
        who: if n == 1 { name(&v) } else { String::new() },
        takes: (n == 1).then(|| name(&v)),
        mine: n == 1,
        done,
        line: if done { v.t("hub-entry-text-hint").to_string() } else { String::new() },
        href: if n == 0 { "/say/requests/new".into() } else { String::new() },
        goes_on: v.t("desk-today-hand-in").to_string(),
        ends_here: !done && n != 2,
        slip: "/help/hub/slip".into(),
    };
    DeskPage {
        wrong,
        compound: "shiliu".into(),
        place: v.t("gallery-place").to_string(),
        today: v.day(NOW, NOW),
        taken: filled.then(|| v.a("desk-today-taken", "n", 5)),
        typed: Default::default(),
        again_id: String::new(),
        open: (0..if filled { 3 } else { 0 }).map(|n| line(n, false)).collect(),
        done: (3..if filled { 5 } else { 0 }).map(|n| line(n, true)).collect(),
        overdue: if filled { vec![v.t("desk-key-name-hint").to_string()] } else { Vec::new() },
        talks: filled,
        talks_open: 1,
        keys_out: 1,
        unsorted: 2,
        v,
    }
}

fn slip(v: View, found: bool, wrong: Wrong) -> SlipPage {
    let shown = |v: &View| SlipShown {
        place: v.t("gallery-place").to_string(),
        number: v.a("desk-today-number", "n", 3),
        day: v.day(NOW, NOW),
        became: v.t("became-later").to_string(),
        state: v.t("desk-slip-taken").to_string(),
        line: String::new(),
        request: String::new(),
        desk: Some("/help/hub/desk".into()),
    };
    let code = if found { "A2B3C 4D5E6".into() } else { String::new() };
    SlipPage { wrong, code, found: found.then(|| shown(&v)), v }
}

fn talks(v: View, n: usize, wrong: Wrong) -> TalksPage {
    let again = if wrong.0.is_empty() { String::new() } else { "0".to_owned() };
    let states = ["talk-asked", "talk-agreed", "talk-held", "talk-passed-on"];
    let talk = |n: usize| TalkShown {
        id: n.to_string(),
        about: v.t("desk-talk-sample").to_string(),
        state: v.t(states[n]).to_string(),
        asked: v.day(NOW, NOW),
        meets: (n == 1).then(|| v.moment(NOW, NOW)),
        one_side: name(&v),
        other_side: if n == 0 { String::new() } else { name(&v) },
        passed_to: (n == 3).then(|| v.t("way-mediation").to_string()),
        over: n == 3,
        agrees: n < 2,
        holds: n == 1,
        settles: n == 2,
    };
    TalksPage {
        wrong,
        compound: "shiliu".into(),
        place: v.t("gallery-place").to_string(),
        talks: (0..n).map(talk).collect(),
        ways: ways(&v),
        typed: (again, Default::default()),
        v,
    }
}

fn opinions(v: View, n: usize, wrong: Wrong) -> OpinionsPage {
    let again = if wrong.0.is_empty() { String::new() } else { "0".to_owned() };
    let text = || v.t("desk-today-about-hint").to_string();
    let topic = |n: usize| TopicShown {
        id: n.to_string(),
        name: v.t("desk-opinions-new-hint").to_string(),
        opinions: 3,
        texts: vec![text()],
        answered: (n == 1).then(|| v.day(NOW, NOW)),
        said: v.t("hub-opinions-said").to_string(),
        came: v.t("hub-opinions-came").to_string(),
    };
    OpinionsPage {
        wrong,
        compound: "shiliu".into(),
        place: v.t("gallery-place").to_string(),
        loose: (0..n).map(|n| (n.to_string(), text())).collect(),
        choices: vec![("0".into(), v.t("desk-opinions-new-hint").to_string())],
        topics: (0..n).map(topic).collect(),
        keeps: true,
        personal: if again.is_empty() {
            Vec::new()
        } else {
            vec![(v.t("private-phone").to_string(), "13812345678".into())]
        },
        name: String::new(),
        typed: (again, Default::default()),
        v,
    }
}

fn keys(v: View, n: usize, wrong: Wrong) -> KeysPage {
    let again = if wrong.0.is_empty() { String::new() } else { "0".to_owned() };
    let loan = |n: usize| LoanShown {
        id: n.to_string(),
        who: name(&v),
        since: v.moment(NOW, NOW),
        until: v.moment(NOW, NOW),
        overdue: n == 2,
    };
    let key = |n: usize| KeyShown {
        id: n.to_string(),
        name: v.t("desk-key-name-hint").to_string(),
        loan: (n > 0).then(|| loan(n)),
    };
    KeysPage {
        wrong,
        compound: "shiliu".into(),
        place: v.t("gallery-place").to_string(),
        keys: (0..n).map(key).collect(),
        until: "2026-11-24T17:00".into(),
        keeps: true,
        typed: (again, Default::default()),
        v,
    }
}

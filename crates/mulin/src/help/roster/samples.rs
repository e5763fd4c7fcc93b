//! Samples of this folder's pages for the gallery.

use super::pages::{DayShown, MinePage, MineShown, RosterPage, ShiftPage, ShiftShown, SwapShown, ready_shown};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{View, Wrong, render};
use commons::duty::Skill;
use kit::Error;
use kit::time::Moment;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("roster", |v| render(&roster(v, 4, Wrong::default()))),
    PageSample::usual("roster-empty", |v| render(&roster(v, 0, Wrong::default()))),
    PageSample::refused("roster-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("ends", "roster/backwards"))?;
        render(&roster(v, 2, wrong))
    }),
    PageSample::usual("roster-mine", |v| render(&mine(v, true, Wrong::default()))),
    PageSample::usual("roster-mine-empty", |v| render(&mine(v, false, Wrong::default()))),
    PageSample::refused("roster-mine-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("weekdays", "roster/weekdays"))?;
        render(&mine(v, false, wrong))
    }),
    PageSample::usual("roster-shift", |v| {
        let name = v.pick("沈一鸣", "Shen Yiming").to_owned();
        render(&ShiftPage {
            compound: "shiliu".into(),
            id: "1".into(),
            title: format!("{} 09:00–11:30", v.day(NOW, NOW)),
            open: 1,
            on: vec![("1".into(), name.clone(), v.t("roster-how-plan").to_string())],
            others: vec![("2".into(), name)],
            keeps: true,
            mine: true,
            v,
        })
    }),
];

fn roster(v: View, n: i64, wrong: Wrong) -> RosterPage {
    let shift = |n: i64| ShiftShown {
        id: n.to_string(),
        times: "09:00–11:30".into(),
        skill: v.t("skill-desk").to_string(),
        names: if n % 2 == 0 { vec![(v.pick("沈一鸣", "Shen Yiming").to_owned(), n == 0)] } else { Vec::new() },
        people: 1,
        open: n % 3,
        mine: n == 0,
        why: if n % 3 > 0 { vec![v.a("roster-out-day", "n", n)] } else { Vec::new() },
        closed: (n == 3).then(|| v.a("roster-closed", "why", v.t("weekday-7").to_string())),
    };
    RosterPage {
        wrong,
        compound: "shiliu".into(),
        place: v.t("gallery-place").to_string(),
        month: "2026-12".into(),
        before: "2026-11".into(),
        after: "2027-01".into(),
        days: (0..n)
            .map(|n| DayShown { title: v.day(NOW + Moment::days(n), NOW), shifts: vec![shift(n), shift(n + 1)] })
            .collect(),
        keeps: true,
        comes: true,
        state: v.t("roster-draft").to_string(),
        draft: true,
        published: false,
        freed: false,
        skills: Skill::ALL.iter().map(|one| (one.name(), v.t(&format!("skill-{one}")).to_string())).collect(),
        weekdays: (1..=7).map(|n| (n, v.t(&format!("weekday-{n}")).to_string())).collect(),
        again: Default::default(),
        v,
    }
}

fn mine(v: View, filled: bool, wrong: Wrong) -> MinePage {
    let duty = |n: i64| MineShown { shift: n.to_string(), title: v.day(NOW + Moment::days(n), NOW) };
    let swap = |n: usize| {
        let args = [("name", v.pick("沈一鸣", "Shen Yiming").to_owned().into()), ("when", "09:00".into())];
        let key = if n == 0 { "roster-asks-you" } else { "roster-you-asked" };
        SwapShown { id: n.to_string(), sentence: crate::words::t_with(v.lang, key, &args), answer: n == 0 }
    };
    let claim = || {
        let weekday = v.t("weekday-2").to_string();
        let args = [("weekday", weekday.into()), ("time", "09:00".into()), ("until", "2027-01-31".into())];
        ("1".to_owned(), crate::words::t_with(v.lang, "roster-claim-line", &args))
    };
    let mut ready = ready_shown(&v, None);
    ready.is = filled;
    MinePage {
        wrong,
        compound: "shiliu".into(),
        place: v.t("gallery-place").to_string(),
        ready,
        duties: if filled { (1..4).map(duty).collect() } else { Vec::new() },
        swaps: if filled { (0..2).map(swap).collect() } else { Vec::new() },
        claims: if filled { vec![claim()] } else { Vec::new() },
        feed: filled.then(|| "https://mulin.example/help/roster/feed/0123456789abcdef0123456789abcdef.ics".to_owned()),
        serves: filled,
        again: Default::default(),
        v,
    }
}

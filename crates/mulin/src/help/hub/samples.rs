//! Samples of this folder's pages for the gallery.

use super::actions::WEEK;
use super::day::{CountShown, DayPage, PostShown as PostDayShown, counts};
use super::month::MonthPage;
use super::pages::{EntriesPage, EntryShown, HubPage, OpinionShown, PostShown, WallPage};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{View, Wrong, render};
use commons::desk::Counted;
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("hub", |v| render(&hub(v, true, Wrong::default()))),
    PageSample::usual("hub-empty", |v| render(&hub(v, false, Wrong::default()))),
    PageSample::refused("hub-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("d1", "hub/hours"))?;
        render(&hub(v, true, wrong))
    }),
    PageSample::usual("hub-entries", |v| render(&entries(v, 3, Wrong::default()))),
    PageSample::usual("hub-entries-empty", |v| render(&entries(v, 0, Wrong::default()))),
    PageSample::refused("hub-entries-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("text", "hub/empty"))?;
        render(&entries(v, 1, wrong))
    }),
    PageSample::usual("hub-day", |v| render(&day(v, true, Wrong::default()))),
    PageSample::usual("hub-day-empty", |v| render(&day(v, false, Wrong::default()))),
    PageSample::refused("hub-day-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("spans", "hub/hours"))?;
        render(&day(v, true, wrong))
    }),
    PageSample::usual("hub-month", |v| render(&month(v, true))),
    PageSample::usual("hub-month-empty", |v| render(&month(v, false))),
    PageSample::usual("hub-wall", |v| {
        render(&WallPage {
            place: v.t("gallery-place").to_string(),
            time: "10:00".into(),
            open: true,
            state: v.a("hub-open", "until", "11:30"),
            on_duty: vec![(v.t("skill-desk").to_string(), 2), (v.t("skill-talks").to_string(), 1)],
            today: "09:00-11:30,14:00-17:00".into(),
            v,
        })
    }),
];

fn hub(v: View, filled: bool, wrong: Wrong) -> HubPage {
    let post = |n: usize| PostShown {
        id: n.to_string(),
        name: v.t("skill-desk").to_string(),
        duties: v.t("hub-post-duties-hint").to_string(),
        desk: n == 0,
        taken: n == 0,
        holder: (n == 0).then(|| v.pick("沈一鸣", "Shen Yiming").to_owned()),
        mine: n == 0,
        confirmed: n == 1,
        away: (n == 0).then(|| away(&v)),
        stands_in: None,
        deputy: false,
    };
    let spans = |at: usize| if filled && at < 6 { "09:00-11:30,14:00-17:00".to_owned() } else { String::new() };
    HubPage {
        wrong,
        compound: "shiliu".into(),
        place: v.t("gallery-place").to_string(),
        open: filled,
        state: if filled { v.a("hub-open", "until", "11:30") } else { v.t("hub-hours-unknown").to_string() },
        on_duty: if filled { vec![v.t("hub-someone").to_string()] } else { Vec::new() },
        week: (0..7).map(|at| (WEEK[at], v.t(&format!("weekday-{}", at + 1)).to_string(), spans(at))).collect(),
        exceptions: if filled {
            vec![("2026-12-31".into(), "12-31".into(), String::new(), v.t("hub-closed").to_string())]
        } else {
            Vec::new()
        },
        posts: (0..if filled { 2 } else { 0 }).map(post).collect(),
        again: Default::default(),
        left: filled,
        opinions: (0..if filled { 1 } else { 0 }).map(|_| opinion(&v)).collect(),
        keeps: filled,
        takes: filled,
        v,
    }
}

fn away(v: &View) -> String {
    let day = || v.day(NOW, NOW);
    crate::words::t_with(v.lang, "hub-post-away", &[("from", day().into()), ("until", day().into())])
}

fn opinion(v: &View) -> OpinionShown {
    OpinionShown {
        topic: v.t("desk-opinions-new-hint").to_string(),
        n: 12,
        said: v.t("hub-opinions-said").to_string(),
        came: v.t("hub-opinions-came").to_string(),
        day: v.day(NOW, NOW),
    }
}

fn counted(v: &View) -> Vec<CountShown> {
    let all = [
        ("walk_in", "request", 12),
        ("opinion", "", 3),
        ("talk", "asked", 2),
        ("talk", "settled", 1),
        ("key", "given", 3),
    ];
    let entry = ("entry".to_owned(), v.t("skill-desk").to_string(), 9);
    let all = all.into_iter().map(|(what, kind, n)| (what.to_owned(), kind.to_owned(), n)).chain([entry]).collect();
    counts(v, &Counted { all })
}

fn day(v: View, filled: bool, wrong: Wrong) -> DayPage {
    let post = |n: usize| PostDayShown {
        id: n.to_string(),
        name: v.t("skill-desk").to_string(),
        lines: (0..n)
            .map(|_| (v.t("hub-entry-text-hint").to_string(), v.pick("沈一鸣", "Shen Yiming").to_owned()))
            .collect(),
        mine: n == 0,
    };
    DayPage {
        wrong,
        compound: "shiliu".into(),
        place: v.t("gallery-place").to_string(),
        day: "2026-11-24".into(),
        reads: v.day(NOW, NOW),
        before: "2026-11-23".into(),
        after: filled.then(|| "2026-11-25".into()),
        written: filled,
        spans: if filled { "09:00-11:30,14:00-17:00".into() } else { String::new() },
        note: if filled { v.t("hub-day-note-hint").to_string() } else { String::new() },
        posts: (0..if filled { 3 } else { 0 }).map(post).collect(),
        counts: if filled { counted(&v) } else { Vec::new() },
        writes: filled,
        v,
    }
}

fn month(v: View, filled: bool) -> MonthPage {
    let hours = [("hours", i64::from(filled).wrapping_mul(42).into()), ("minutes", 30.into())];
    MonthPage {
        compound: "shiliu".into(),
        place: v.t("gallery-place").to_string(),
        month: "2026-11".into(),
        before: "2026-10".into(),
        after: "2026-12".into(),
        days_open: if filled { 18 } else { 0 },
        hours: crate::words::t_with(v.lang, "hub-month-hours-n", &hours),
        written: if filled { 20 } else { 0 },
        unwritten: 3,
        counts: if filled { counted(&v) } else { Vec::new() },
        opinions: (0..if filled { 1 } else { 0 }).map(|_| opinion(&v)).collect(),
        printed: v.day(NOW, NOW),
        v,
    }
}

fn entries(v: View, n: usize, wrong: Wrong) -> EntriesPage {
    let line = |n: usize| EntryShown {
        id: n.to_string(),
        at: v.day(crate::layout::gallery::NOW, crate::layout::gallery::NOW),
        post: v.t("skill-desk").to_string(),
        name: v.pick("沈一鸣", "Shen Yiming").to_owned(),
        text: v.t("hub-entry-text-hint").to_string(),
        mine: n == 0,
    };
    EntriesPage {
        wrong,
        compound: "shiliu".into(),
        place: v.t("gallery-place").to_string(),
        month: "2026-11".into(),
        before: "2026-10".into(),
        after: "2026-12".into(),
        posts: vec![("1".into(), v.t("skill-desk").to_string())],
        lines: (0..n).map(line).collect(),
        counts: vec![(v.t("skill-desk").to_string(), i64::try_from(n).unwrap_or(0))],
        v,
    }
}

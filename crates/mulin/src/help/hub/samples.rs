//! Samples of this folder's pages for the gallery.

use super::actions::WEEK;
use super::pages::{EntriesPage, EntryShown, HubPage, PostShown, WallPage};
use crate::layout::gallery::PageSample;
use crate::layout::{View, Wrong, render};
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
        holder: (n == 0).then(|| v.pick("沈一鸣", "Shen Yiming").to_owned()),
        mine: n == 0,
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
        keeps: filled,
        takes: filled,
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

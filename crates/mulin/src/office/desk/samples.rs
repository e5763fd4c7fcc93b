//! Samples of the desk for the gallery.

use super::pages::{DeskPage, OfferLine};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::line::Line;
use crate::layout::{View, render};
use commons::case::{Door, State, starting_categories};
use kit::time::Moment;

pub const SAMPLES: &[PageSample] =
    &[PageSample::usual("desk", |v| render(&desk(v, 5))), PageSample::usual("desk-empty", |v| render(&desk(v, 0)))];

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
        unrated: false,
    }
}

fn desk(v: View, count: i64) -> DeskPage {
    let offer = |n| OfferLine {
        line: line(&v, n),
        from: v.t("office-captain").to_string(),
        reason: v.t("front-text").to_string(),
    };
    DeskPage {
        offers: (0..count / 3).map(offer).collect(),
        lines: (0..count).map(|n| line(&v, n)).collect(),
        show: "overdue".into(),
        category: String::new(),
        categories: starting_categories(),
        next: (count > 0).then(|| "/gallery".into()),
        hats: vec![v.t("gallery-place").to_string()],
        files: true,
        keeps: true,
        v,
    }
}

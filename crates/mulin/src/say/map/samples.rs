//! Samples of the map for the gallery.

use super::pages::{Link, MapPage, RowShown, cells_drawn, summary};
use crate::layout::gallery::PageSample;
use crate::layout::ground::{self, Frame, Spot};
use crate::layout::{View, render};
use commons::case::store::CellCount;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("map", |v| render(&map(v, 4))),
    PageSample::usual("map-empty", |v| render(&map(v, 0))),
    PageSample::usual("map-cells", |v| {
        let cell = |n: i64| CellCount {
            cases: n * n,
            late: n % 3,
            bounds: [
                300_000_000 + n * 9_000,
                300_003_000 + n * 9_000,
                1_200_000_000 + n * n * 2_000,
                1_200_004_000 + n * n * 2_000,
            ],
        };
        let cells: Vec<CellCount> = (1..9).map(cell).collect();
        let (frame, spots) = cells_drawn(&v, &Link { scope: "compound=shiliu".into(), show: "" }, &cells);
        let drawing = frame.map(|frame| ground::draw(frame, &v.t("map-drawing"), &[], &[], &spots));
        render(&MapPage { drawing, ..map(v, 0) })
    }),
];

fn map(v: View, count: i64) -> MapPage {
    let house = |n: i64| {
        let (x, y) = (n % 3 * 60_000, n / 3 * 40_000);
        let ring = vec![(x, y), (x + 40_000, y), (x + 40_000, y + 12_000), (x, y + 12_000)];
        let short = (n + 1).to_string();
        let href = (n < count).then(|| "/gallery".to_owned());
        Spot {
            at: (x + 20_000, y + 6_000),
            ring,
            label: format!("{} {short}", v.t("gallery-place")),
            short,
            href,
            class: "house".into(),
        }
    };
    let mark = |n: i64| Spot {
        at: (n % 3 * 60_000 + 40_000, n / 3 * 40_000 + 12_000),
        ring: Vec::new(),
        label: String::new(),
        short: (n + 2).to_string(),
        href: None,
        class: if n == 1 { "count late".into() } else { "count".into() },
    };
    let row = |n: i64| RowShown {
        label: format!("{} {}", v.t("gallery-place"), n + 1),
        href: "/gallery".into(),
        cases: v.a("map-cases", "n", n + 2),
        late: (n == 1).then(|| v.a("map-late", "n", 1)),
    };
    let spots: Vec<Spot> = (0..6).map(house).chain((0..count).map(mark)).collect();
    let drawing = Frame::around(&spots).map(|frame| ground::draw(frame, &v.t("map-drawing"), &[], &[], &spots));
    MapPage {
        place: v.t("gallery-place").to_string(),
        drawing,
        summary: summary(&v, (0..count).map(|n| (n + 2, i64::from(n == 1)))),
        rows: (0..count).map(row).collect(),
        compounds: vec![("shiliu".into(), v.t("gallery-place").to_string(), true)],
        categories: Vec::new(),
        show: String::new(),
        query: "compound=shiliu".into(),
        whole: None,
        v,
    }
}

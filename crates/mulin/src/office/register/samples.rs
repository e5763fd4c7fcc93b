//! Samples of the page of the register for the gallery.

use super::pages::{Line, Planned, RegisterPage, kinds};
use crate::layout::gallery::PageSample;
use crate::layout::{View, Wrong, render};
use commons::register::Totals;
use kit::{Error, Reason};

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("register", |v| render(&register(v, 4, true, Wrong::default()))),
    PageSample::usual("register-read", |v| render(&register(v, 2, false, Wrong::default()))),
    PageSample::usual("register-empty", |v| render(&register(v, 0, true, Wrong::default()))),
    PageSample::refused("register-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("area", "register/area"))?;
        let mut page = register(v, 1, true, wrong);
        let value = (3, "专有面积".to_owned(), page.v.reason(&Reason("register/area")).to_string(), "八十".to_owned());
        page.plan = Some(Planned { units: 2, area: "177.00".into(), errors: vec![value], more: 1 });
        render(&page)
    }),
];

fn register(v: View, n: usize, may_write: bool, wrong: Wrong) -> RegisterPage {
    let line = |n: usize| Line {
        id: n.to_string(),
        code: format!("3-2-{n}01"),
        kind: v.t("unit-home").to_string(),
        area: "88.50".into(),
        owners: (0..=n % 2).map(|_| format!("{} 1/2", v.t("gallery-name"))).collect(),
    };
    RegisterPage {
        wrong,
        at: "shiliu".into(),
        label: v.t("gallery-place").to_string(),
        compounds: vec![("shiliu".into(), v.t("gallery-place").to_string(), true)],
        totals: Totals { units: 600, area: 6_000_000, heads: 567, parking_units: 12, parking_area: 15_900 },
        area: "60000.00".into(),
        parking_area: "159.00".into(),
        lines: (0..n).map(line).collect(),
        next: (n > 3).then(|| "/office/register?at=shiliu".into()),
        may_write,
        done: n == 2,
        plan: None,
        kinds: kinds(&v, "home"),
        code: "3-2-301".into(),
        typed_area: "88.50".into(),
        owners: v.t("gallery-name").to_string(),
        v,
    }
}

//! Samples of the page of standards for the gallery.

use super::pages::{DoorShown, Line, Pick, StandardsPage, Year};
use crate::layout::gallery::PageSample;
use crate::layout::{View, Wrong, render};
use commons::case::Door;
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("standards", |v| render(&standards(v, true, Wrong::default()))),
    PageSample::usual("standards-read", |v| render(&standards(v, false, Wrong::default()))),
    PageSample::refused("standards-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("amount", "standards/amount"))?;
        render(&standards(v, true, wrong))
    }),
];

fn standards(v: View, may_set: bool, wrong: Wrong) -> StandardsPage {
    let pick = |value: &str, key: &str| -> Pick { (value.to_owned(), v.t(key).to_string(), false) };
    let limit = |clock: &str, amount: i64| {
        let (clock, origin) = (v.t(clock).to_string(), v.t("origin-rulebook").to_string());
        (clock, v.a("amount-working-days", "n", amount), origin)
    };
    let limits = || vec![limit("clock-accept", 1), limit("clock-answer", 3), limit("clock-settle", 7)];
    let door = |door: Door| DoorShown {
        door,
        name: v.door(door).to_string(),
        hours: "08:30-12:00,13:30-17:30".into(),
        hours_from: v.t("origin-rulebook").to_string(),
        own_hours: String::new(),
        lines: vec![Line { name: v.t("standards-all").to_string(), limits: limits() }],
    };
    StandardsPage {
        wrong,
        houses: Vec::new(),
        of: String::new(),
        places: vec![(String::new(), v.t("gallery-place").to_string(), true)],
        place: String::new(),
        place_name: v.t("gallery-place").to_string(),
        may_set,
        may_load: may_set,
        done: false,
        doors: Door::ALL.iter().map(|at| door(*at)).collect(),
        categories: vec![pick("", "standards-all")],
        door_picks: vec![pick("compound", "door-compound")],
        clocks: vec![pick("settle", "clock-settle")],
        units: vec![pick("working_days", "limit-unit-working-days")],
        amount: "0".into(),
        hours_typed: String::new(),
        years: vec![Year {
            year: 2026, source: "国务院办公厅关于2026年部分节假日安排的通知".into()
        }],
        year_text: String::new(),
        v,
    }
}

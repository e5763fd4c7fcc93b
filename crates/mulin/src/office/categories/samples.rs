//! Samples of the categories' pages for the gallery.

use super::pages::{Asked, Fields, Line, ListPage, OnePage, kinds};
use crate::layout::gallery::PageSample;
use crate::layout::{View, Wrong, render};
use commons::case::fields::starting_fields;
use commons::case::starting_categories;
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("categories", |v| render(&list(v, 8, Wrong::default()))),
    PageSample::usual("categories-empty", |v| render(&list(v, 0, Wrong::default()))),
    PageSample::refused("categories-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("name", "categories/name"))?;
        render(&list(v, 3, wrong))
    }),
    PageSample::usual("category", |v| render(&one(v, Wrong::default(), None))),
    PageSample::refused("category-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("options", "categories/options-few"))?;
        render(&one(v, wrong, Some(String::new())))
    }),
];

fn list(v: View, count: usize, wrong: Wrong) -> ListPage {
    let line = |category: &commons::case::Category| Line {
        slug: category.slug.clone(),
        name: v.pick(&category.name, &category.name_en).to_owned(),
        about: format!("{} · {}", v.t(&format!("kind-{}", category.kind)), v.door(category.door)),
        retired: category.slug == "garbage",
        asks: category.slug == "lift",
    };
    ListPage {
        wrong,
        lines: starting_categories().iter().take(count).map(line).collect(),
        moves: true,
        form: Fields::with(&v, ("", ""), ("repair", "compound", ""), false),
        v,
    }
}

fn one(v: View, wrong: Wrong, wrong_at: Option<String>) -> OnePage {
    let fields = starting_fields();
    OnePage {
        wrong,
        slug: "lift".into(),
        retired: false,
        form: Fields::with(&v, ("电梯", "Lift"), ("repair", "compound", ""), false),
        asked: fields.iter().filter(|field| field.category == "lift").map(|field| Asked::of(&v, field)).collect(),
        new: Some(Asked::empty()),
        kinds: kinds(&v, ""),
        wrong_at,
        v,
    }
}

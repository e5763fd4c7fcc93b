//! What a form or a call brings, as values that cannot be wrong.

use crate::layout::typed::ticked;
use commons::case::fields::{Field, FieldKind, OPTIONS_MAX, read_options};
use commons::case::{Category, Door, Kind};
use commons::people::Office;
use kit::web::form::Problems;
use kit::{Error, Result};

const NAME_CHARACTERS_MAX: usize = 20;
const HINT_CHARACTERS_MAX: usize = 80;

fn named(text: &dyn Fn(&str) -> String, problems: &mut Problems) -> (String, String) {
    let (name, name_en) = (text("name"), text("name_en"));
    problems.when(name.is_empty(), "name", "categories/name");
    problems.when(name.chars().count() > NAME_CHARACTERS_MAX, "name", "categories/name-long");
    problems.when(name_en.chars().count() > 2 * NAME_CHARACTERS_MAX, "name_en", "categories/name-long");
    // Without an English name the Chinese one is better than nothing.
    let name_en = if name_en.is_empty() { name.clone() } else { name_en };
    (name, name_en)
}

/// A category as it was typed; `slug` is kept for one that exists.
///
/// # Errors
/// [`Error::Invalid`] with everything that is wrong.
pub fn category(text: &dyn Fn(&str) -> String, slug: &str, sort: i64) -> Result<Category> {
    let mut problems = Problems::default();
    let (name, name_en) = named(text, &mut problems);
    let (kind, door) = (Kind::parse(&text("kind")), Door::parse(&text("door")));
    problems.when(kind.is_none(), "kind", "categories/kind");
    problems.when(door.is_none(), "door", "categories/door");
    let office = Office::parse(&text("office"));
    let elsewhere = office.is_some_and(|office| door.is_some_and(|door| !stands_at(office, door)));
    problems.when(elsewhere, "office", "categories/office-door");
    problems.none()?;
    let missing = || Error::invalid("kind", "categories/kind");
    let kind = kind.ok_or_else(missing)?;
    Ok(Category {
        slug: slug.to_owned(),
        name,
        name_en,
        kind,
        door: door.ok_or_else(missing)?,
        // A quarrel between neighbours is never public, whatever is ticked.
        private: ticked(&text("private")) || kind == Kind::Dispute,
        sort,
        office,
        compound: None,
    })
}

/// Whether an office can be asked first at a door; the hub stands at two.
pub fn stands_at(office: Office, door: Door) -> bool {
    Door::of(office) == Some(door) || (office == Office::Hub && door == Door::Community)
}

/// A question as it was typed.
///
/// # Errors
/// [`Error::Invalid`] with everything that is wrong.
pub fn field(
    text: &dyn Fn(&str) -> String,
    category: &str,
    known: Option<&Field>,
    new_code: String,
    sort: i64,
) -> Result<Field> {
    let mut problems = Problems::default();
    let (name, name_en) = named(text, &mut problems);
    let kind = known.map(|field| field.kind).or(FieldKind::parse(&text("kind")));
    problems.when(kind.is_none(), "kind", "categories/field-kind");
    let (hint, hint_en) = (text("hint"), text("hint_en"));
    problems.when(hint.chars().count() > HINT_CHARACTERS_MAX, "hint", "categories/hint-long");
    problems.when(hint_en.chars().count() > 2 * HINT_CHARACTERS_MAX, "hint_en", "categories/hint-long");
    let options = read_options(&text("options"));
    let lists = matches!(kind, Some(FieldKind::One | FieldKind::Many));
    problems.when(lists && options.len() < 2, "options", "categories/options-few");
    problems.when(options.len() > OPTIONS_MAX, "options", "categories/options-many");
    problems.none()?;
    Ok(Field {
        category: category.to_owned(),
        code: known.map_or(new_code, |field| field.code.clone()),
        name,
        name_en,
        hint_en: if hint_en.is_empty() { hint.clone() } else { hint_en },
        hint,
        kind: kind.ok_or(Error::invalid("kind", "categories/field-kind"))?,
        required: ticked(&text("required")),
        options: if lists { options } else { Vec::new() },
        sort: known.map_or(sort, |field| field.sort),
    })
}

/// A name that is free among `taken`: made of a number, so that it never has to change with the words.
pub fn free_name(prefix: &str, taken: &[&str]) -> String {
    (1_usize..).map(|n| format!("{prefix}{n}")).find(|name| !taken.contains(&name.as_str())).unwrap_or_default()
}

//! What a category asks beyond the words: its own fields, and the answers to them. Pure; [`super::store`] keeps both.

use kit::error::FieldError;
use kit::{Error, Reason, Result, names};

names! {
    /// The kinds of fields that Open311 knows.
    FieldKind {
        Text = "text",
        String = "string",
        Number = "number",
        Datetime = "datetime",
        One = "singlevaluelist",
        Many = "multivaluelist",
    }
}

const STRING_CHARACTERS_MAX: usize = 100;
const TEXT_CHARACTERS_MAX: usize = 500;
/// Choices of a list.
pub const OPTIONS_MAX: usize = 40;
/// Fields of a category.
pub const FIELDS_MAX: usize = 12;

/// A field of a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub category: String,
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub hint: String,
    pub hint_en: String,
    pub kind: FieldKind,
    pub required: bool,
    pub options: Vec<Choice>,
    pub sort: i64,
}

/// A choice of a list. Its Chinese name is what is kept, so that an answer can be read without the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub name: String,
    pub name_en: String,
}

/// The answers to the fields of one category, by code; several choices stand on a line each.
pub type Answers = Vec<(String, String)>;

/// Why an answer will not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    pub code: String,
    pub reason: Reason,
}

impl Field {
    pub fn is_list(&self) -> bool {
        matches!(self.kind, FieldKind::One | FieldKind::Many)
    }

    /// Whether everybody may read the answer. What was typed freely may hold a name or a number, so it is for the parties.
    pub fn is_public(&self) -> bool {
        self.is_list() || self.kind == FieldKind::Number
    }

    /// The answer in the language of the reader.
    pub fn shown(&self, value: &str, zh: bool) -> String {
        let name = |line: &str| match self.options.iter().find(|choice| choice.name == line) {
            Some(choice) if !zh && !choice.name_en.is_empty() => choice.name_en.clone(),
            _ => line.to_owned(),
        };
        match self.kind {
            FieldKind::One | FieldKind::Many => value.lines().map(name).collect::<Vec<_>>().join("、"),
            FieldKind::Datetime => value.replace('T', " "),
            _ => value.to_owned(),
        }
    }

    /// One answer as it is kept, or why not.
    fn answer(&self, given: &[String]) -> std::result::Result<String, &'static str> {
        let given: Vec<&str> = given.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        let one = given.first().copied().unwrap_or_default();
        let known =
            |text: &str| self.options.iter().find(|c| c.name == text || (!c.name_en.is_empty() && c.name_en == text));
        match self.kind {
            _ if given.is_empty() => Ok(String::new()),
            FieldKind::String if one.chars().count() > STRING_CHARACTERS_MAX || one.contains('\n') => {
                Err("requests/field-long")
            }
            FieldKind::Text if one.chars().count() > TEXT_CHARACTERS_MAX => Err("requests/field-long"),
            FieldKind::Number if !is_number(one) => Err("requests/field-number"),
            FieldKind::Datetime if !is_datetime(one) => Err("requests/field-datetime"),
            FieldKind::One => known(one).map(|choice| choice.name.clone()).ok_or("requests/field-choice"),
            FieldKind::Many => {
                let chosen: Option<Vec<&str>> =
                    given.iter().map(|text| known(text).map(|choice| choice.name.as_str())).collect();
                let mut chosen = chosen.ok_or("requests/field-choice")?;
                chosen.dedup();
                Ok(chosen.join("\n"))
            }
            _ => Ok(one.to_owned()),
        }
    }
}

/// Decimal, with a sign and a fraction if need be.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| !part.is_empty() && part.len() <= 15 && part.bytes().all(|b| b.is_ascii_digit());
    all(whole) && all(fraction)
}

/// As browsers send it, `2026-11-24T08:30`, or with seconds and a zone as programs do.
fn is_datetime(text: &str) -> bool {
    text.parse::<jiff::civil::DateTime>().is_ok() || text.parse::<jiff::Timestamp>().is_ok()
}

/// Reads the answers to `fields`; `given` tells what came for a code. Empty answers are left out.
///
/// # Errors
/// Every answer that will not do. With `lenient` nothing is missed, only what is there is looked at.
pub fn read(
    fields: &[Field],
    lenient: bool,
    given: &dyn Fn(&str) -> Vec<String>,
) -> std::result::Result<Answers, Vec<Unfit>> {
    let (mut answers, mut unfit) = (Vec::new(), Vec::new());
    for field in fields {
        match field.answer(&given(&field.code)) {
            Ok(value) if value.is_empty() && field.required && !lenient => {
                unfit.push(Unfit { code: field.code.clone(), reason: Reason("requests/field-needed") });
            }
            Ok(value) if value.is_empty() => {}
            Ok(value) => answers.push((field.code.clone(), value)),
            Err(reason) => unfit.push(Unfit { code: field.code.clone(), reason: Reason(reason) }),
        }
    }
    if unfit.is_empty() { Ok(answers) } else { Err(unfit) }
}

/// The same for programs: one error for all.
///
/// # Errors
/// [`Error::Invalid`] on `fields`, once for each answer that will not do.
pub fn read_strictly(fields: &[Field], given: &dyn Fn(&str) -> Vec<String>) -> Result<Answers> {
    read(fields, false, given).map_err(|unfit| {
        Error::Invalid(unfit.into_iter().map(|one| FieldError { field: "fields", reason: one.reason }).collect())
    })
}

/// Choices as an office types them: one a line, the English name behind a `|`.
pub fn read_options(text: &str) -> Vec<Choice> {
    let line = |line: &str| {
        let (name, name_en) = line.split_once(['|', '｜']).unwrap_or((line, ""));
        Choice { name: name.trim().to_owned(), name_en: name_en.trim().to_owned() }
    };
    let mut all: Vec<Choice> = Vec::new();
    for choice in text.lines().map(line).filter(|choice| !choice.name.is_empty()) {
        if !all.iter().any(|known| known.name == choice.name) {
            all.push(choice);
        }
    }
    all
}

/// The same back again.
pub fn write_options(options: &[Choice]) -> String {
    let line = |choice: &Choice| match choice.name_en.is_empty() {
        true => choice.name.clone(),
        false => format!("{} | {}", choice.name, choice.name_en),
    };
    options.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The fields that the starting categories bring.
pub fn starting_fields() -> Vec<Field> {
    #[derive(serde::Deserialize)]
    struct File {
        field: Vec<Line>,
    }
    #[derive(serde::Deserialize)]
    struct Line {
        category: String,
        code: String,
        name: String,
        name_en: String,
        #[serde(default)]
        hint: String,
        #[serde(default)]
        hint_en: String,
        kind: String,
        #[serde(default)]
        required: bool,
        #[serde(default)]
        options: String,
    }
    let file: File = toml::from_str(include_str!("../../data/fields.toml")).expect("the shipped fields can be read.");
    let read = |(at, line): (usize, Line)| Field {
        kind: FieldKind::parse(&line.kind).expect("a shipped field has a known kind."),
        options: read_options(&line.options),
        sort: i64::try_from(at).unwrap_or(0),
        category: line.category,
        code: line.code,
        name: line.name,
        name_en: line.name_en,
        hint: line.hint,
        hint_en: line.hint_en,
        required: line.required,
    };
    file.field.into_iter().enumerate().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind, required: bool) -> Field {
        Field {
            category: "lift".into(),
            code: "which".into(),
            name: "哪部".into(),
            name_en: "Which".into(),
            hint: String::new(),
            hint_en: String::new(),
            kind,
            required,
            options: read_options("左边 | Left\n右边｜Right\n\n左边"),
            sort: 0,
        }
    }

    #[test]
    fn each_kind_takes_what_fits_and_says_why_not() {
        let table: &[(FieldKind, &[&str], std::result::Result<&str, &str>)] = &[
            (FieldKind::String, &["3号梯"], Ok("3号梯")),
            (FieldKind::String, &["一\n二"], Err("requests/field-long")),
            (FieldKind::Number, &["-3.50"], Ok("-3.50")),
            (FieldKind::Number, &["三"], Err("requests/field-number")),
            (FieldKind::Number, &["1e9"], Err("requests/field-number")),
            (FieldKind::Datetime, &["2026-11-24T08:30"], Ok("2026-11-24T08:30")),
            (FieldKind::Datetime, &["2026-11-24T08:30:00+08:00"], Ok("2026-11-24T08:30:00+08:00")),
            (FieldKind::Datetime, &["昨天"], Err("requests/field-datetime")),
            (FieldKind::One, &["Left"], Ok("左边")),
            (FieldKind::One, &["中间"], Err("requests/field-choice")),
            (FieldKind::Many, &["右边", "Left"], Ok("右边\n左边")),
            (FieldKind::Many, &["右边", "中间"], Err("requests/field-choice")),
            (FieldKind::Text, &[" "], Err("requests/field-needed")),
        ];
        for (kind, given, expected) in table {
            let given: Vec<String> = given.iter().map(|text| text.to_string()).collect();
            let told = read(&[field(*kind, true)], false, &|_| given.clone());
            let told = told.map(|answers| answers[0].1.clone()).map_err(|unfit| unfit[0].reason.0);
            assert_eq!(told.as_deref().map_err(|reason| *reason), *expected, "{kind} {given:?}");
        }
        assert_eq!(read(&[field(FieldKind::Text, true)], true, &|_| Vec::new()), Ok(Vec::new()));
    }

    #[test]
    fn choices_are_a_line_each_and_read_in_both_languages() {
        let field = field(FieldKind::Many, false);
        assert_eq!(field.options.len(), 2);
        assert_eq!(write_options(&field.options), "左边 | Left\n右边 | Right");
        assert_eq!(field.shown("右边\n别的", false), "Right、别的");
        assert!(field.is_public() && !super::tests::field(FieldKind::Text, false).is_public());
    }

    #[test]
    fn the_shipped_fields_belong_to_shipped_categories_and_ask_for_no_number_plate() {
        let categories = crate::case::starting_categories();
        for field in starting_fields() {
            assert!(categories.iter().any(|category| category.slug == field.category), "{}", field.code);
            assert!(!field.is_list() || !field.options.is_empty(), "{}", field.code);
            assert!(!field.name.contains("车牌"));
        }
    }
}

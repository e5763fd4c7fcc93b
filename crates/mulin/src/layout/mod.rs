//! What every page has: words, navigation, the banner of the demo, 长辈版, and the small parts pages are made of.

pub mod chart;
pub mod code;
pub mod gallery;
pub mod ground;
pub mod json;
pub mod line;
pub mod link;
pub mod parts;
pub mod scope;
pub mod show;
pub mod typed;
pub mod visit;
pub mod went;

pub use visit::Visit;

use crate::words;
use askama::Template;
use kit::i18n::{Arg, Lang};
use kit::web::answer::{Answer, html, unprocessable};
use kit::{Error, Reason};
use std::sync::Arc;

/// What the base page needs to know. Every page has one, called `v`.
#[derive(Clone, Debug)]
pub struct View {
    pub lang: Lang,
    pub elder: bool,
    pub demo: bool,
    pub csrf: String,
    /// A fresh key: a form that is sent twice counts once.
    pub key: String,
    /// Path and query of this page.
    pub here: String,
    pub title: String,
    pub me: Option<Me>,
    pub part: Part,
    /// Whether somebody has work on a desk here.
    pub staff: bool,
    /// How many notices wait to be seen.
    pub unseen: i64,
}

/// In whose part somebody is here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Part {
    #[default]
    Own,
    /// Of the resident called so, for whom they stand in.
    For(String),
    /// Of somebody else, on a page that does not know of whom.
    Another,
    /// Of somebody for whom they stood in until a moment ago.
    Over,
}

/// Who is signed in, for the corner of the page.
#[derive(Clone, Debug)]
pub struct Me {
    pub name: String,
    /// What they are here, e.g. `3号楼 楼栋长`.
    pub hats: Vec<String>,
}

/// An entry of the bar.
pub struct NavItem {
    pub href: &'static str,
    pub key: &'static str,
    /// The path of a 24 × 24 drawing.
    pub icon: &'static str,
    pub current: bool,
}

impl View {
    pub fn t(&self, key: &str) -> Arc<str> {
        words::t(self.lang, key)
    }

    /// A sentence with one blank.
    pub fn a(&self, key: &str, name: &str, value: impl Into<Arg<'static>>) -> String {
        words::t_with(self.lang, key, &[(name, value.into())])
    }

    /// A sentence with two blanks.
    pub fn two(&self, key: &str, one: &str, value: String, other: &str, and: String) -> String {
        words::t_with(self.lang, key, &[(one, value.into()), (other, and.into())])
    }

    pub fn reason(&self, reason: &Reason) -> Arc<str> {
        words::reason(self.lang, *reason)
    }

    /// One of two texts kept in both languages.
    pub fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        self.lang.pick(zh, en)
    }

    pub fn code(&self) -> &'static str {
        self.lang.code()
    }

    pub fn asset(&self, name: &str) -> String {
        crate::assets::href(name)
    }

    /// Where news for the one who is signed in come from; the gallery only looks as if somebody were.
    pub fn news(&self) -> Option<&'static str> {
        (self.me.is_some() && self.part == Part::Own && !self.here.starts_with("/gallery")).then_some("/me/live")
    }

    /// Whether this page is opened in another's part.
    pub fn is_substitute(&self) -> bool {
        matches!(self.part, Part::For(_) | Part::Another)
    }

    /// My own page; in another's part theirs.
    pub fn mine(&self) -> &'static str {
        if self.is_substitute() { "/me/standing" } else { "/me" }
    }

    pub fn nav(&self) -> Vec<NavItem> {
        let path = self.here.split('?').next().unwrap_or_default();
        let item = |href: &'static str, key, icon| NavItem {
            href,
            key,
            icon,
            current: match href.split('/').nth(1) {
                None | Some("") => path == "/",
                floor => path.split('/').nth(1) == floor,
            },
        };
        let mut items = vec![
            item("/", "nav-home", "M4 11 12 4l8 7v9h-6v-6h-4v6H4z"),
            item("/say", "nav-say", "M4 5h16v11H9l-5 4z"),
            item(
                "/help/captain",
                "nav-help",
                "M12 20s-7-4.4-7-9.6A3.9 3.9 0 0 1 12 8a3.9 3.9 0 0 1 7 2.4C19 15.6 12 20 12 20z",
            ),
            item("/search", "nav-search", "M15.5 15.5 20 20M4 10.5a6.5 6.5 0 1 0 13 0 6.5 6.5 0 0 0-13 0"),
        ];
        if self.staff {
            items.push(item("/office", "nav-office", "M5 4h14v16H5zM9 9h6M9 13h6M9 17h3"));
        }
        items.push(item(self.mine(), "nav-me", "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 20c1-4 4-6 8-6s7 2 8 6"));
        items
    }

    /// This page in the other language, or with larger type.
    pub fn here_with(&self, name: &str, value: &str) -> String {
        let (path, query) = self.here.split_once('?').unwrap_or((&self.here, ""));
        let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with(&format!("{name}=")));
        let pairs: Vec<String> = kept.map(str::to_owned).chain([format!("{name}={value}")]).collect();
        format!("{path}?{}", pairs.join("&"))
    }

    pub fn other_lang(&self) -> (&'static str, &'static str) {
        match self.lang {
            Lang::Zh => ("en", "English"),
            Lang::En => ("zh-CN", "中文"),
        }
    }

    /// For samples and tests.
    pub fn sample(lang: Lang, elder: bool) -> View {
        View {
            lang,
            elder,
            demo: true,
            csrf: "0123456789abcdef".into(),
            key: "0123456789abcdef".into(),
            here: "/gallery".into(),
            title: words::t(lang, "gallery-title").to_string(),
            me: None,
            part: Part::Own,
            staff: true,
            unseen: 0,
        }
    }
}

/// Renders a page.
pub fn page(template: &impl Template) -> Answer {
    Ok(html(render(template)?))
}

/// The same page again with what is wrong, as 422.
pub fn page_again(template: &impl Template) -> Answer {
    Ok(unprocessable(render(template)?))
}

pub fn render(template: &impl Template) -> kit::Result<String> {
    template.render().map_err(Error::internal)
}

/// What is wrong with a form, by field.
#[derive(Clone, Debug, Default)]
pub struct Wrong(pub Vec<(String, Arc<str>)>);

impl Wrong {
    /// The sentences for an invalid form; any other error goes on its way.
    pub fn of(lang: Lang, error: Error) -> kit::Result<Wrong> {
        match error {
            Error::Invalid(fields) => Ok(Wrong(
                fields.iter().map(|field| (field.field.to_owned(), words::reason(lang, field.reason))).collect(),
            )),
            other => Err(other),
        }
    }

    pub fn on(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, sentence)| &**sentence)
    }
}

/// The page of an error: what happened, what was kept, what to do.
#[derive(Template)]
#[template(path = "layout/templates/error.html")]
pub struct ErrorPage {
    pub v: View,
    pub sentence: Arc<str>,
    pub incident: Option<String>,
    pub sign_in: bool,
    /// Where one goes on from here, and what it is called.
    pub way: Option<(&'static str, Arc<str>)>,
}

/// Refusals that somebody can do something about.
const WAYS: &[(&str, &str, &str)] = &[
    ("captains/on-leave", "/office/people/mine", "seats-title"),
    ("desk/on-leave", "/office/people/mine", "seats-title"),
];

/// A field as people know it; one that seldom differs goes by the name it is sent with.
pub fn field_name(lang: Lang, field: &str) -> String {
    let key = match field {
        "words" => "sent-field-words",
        "photo" => "sent-field-photo",
        "contact" => "sent-field-contact",
        "category" => "sent-field-category",
        "at" | "inside" | "place" => "sent-field-place",
        "to" => "sent-field-to",
        "outcome" | "solved" => "sent-field-outcome",
        "satisfaction" => "sent-field-satisfaction",
        "name" => "sent-field-name",
        other => return other.to_owned(),
    };
    words::t(lang, key).to_string()
}

/// Writes the page for an error; the door calls it.
pub fn error_page(call: &kit::web::Call, told: &kit::web::Told) -> String {
    let sentence = match told.retry_after {
        Some(seconds) if told.reason == Reason("house/too-many") => {
            words::t_with(call.lang, "no-house-too-many-wait", &[("seconds", seconds.into())]).into()
        }
        _ if !told.differing.is_empty() => {
            let fields: Vec<String> = told.differing.iter().map(|field| field_name(call.lang, field)).collect();
            let fields = fields.join(call.lang.pick("、", ", "));
            words::t_with(call.lang, "no-request-key-other-fields", &[("fields", fields.into())]).into()
        }
        _ => words::reason(call.lang, told.reason),
    };
    let v = View {
        lang: call.lang,
        elder: call.elder,
        demo: false,
        csrf: call.csrf.clone(),
        key: String::new(),
        here: "/".into(),
        title: words::t(call.lang, "error-title").to_string(),
        me: call.session.as_ref().map(|_| Me { name: words::t(call.lang, "nav-me").to_string(), hats: Vec::new() }),
        part: match call.session.as_ref().and_then(|session| session.hat) {
            Some(_) => Part::Another,
            None => Part::Own,
        },
        staff: false,
        unseen: 0,
    };
    let sign_in = told.reason == Reason("account/sign-in-first");
    let way = WAYS.iter().find(|way| told.reason == Reason(way.0)).map(|way| (way.1, words::t(call.lang, way.2)));
    let page = ErrorPage { v, sentence, incident: told.incident.clone(), sign_in, way };
    page.render().unwrap_or_default()
}

//! Words on screen, in two languages. The kit knows none of them: whoever owns the locale files loads them here.
//!
//! Plain sentences are kept as strings; only those with something to fill in go through Fluent.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use fluent_syntax::ast;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

pub use fluent_bundle::FluentValue as Arg;

/// The languages of the house. Chinese comes first; English is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// As in `<html lang>`.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// From a code such as `zh`, `zh-CN` or `en-GB`.
    pub fn parse(code: &str) -> Option<Lang> {
        let first = code.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        match first.as_str() {
            "zh" => Some(Lang::Zh),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that we speak.
    pub fn accepted(header: &str) -> Option<Lang> {
        header.split(',').find_map(|part| Lang::parse(part.split(';').next()?))
    }

    /// One of two texts kept in both languages; the Chinese one where the English is missing.
    pub fn pick<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        if self == Lang::En && !en.is_empty() { en } else { zh }
    }
}

/// All sentences of both languages.
pub struct Words {
    zh: Language,
    en: Language,
}

struct Language {
    plain: HashMap<String, Arc<str>>,
    bundle: FluentBundle<FluentResource>,
    /// The variables that each message asks for.
    asks: BTreeMap<String, BTreeSet<String>>,
}

impl Words {
    /// Reads locale files: language, name of the file, text.
    ///
    /// # Errors
    /// With every place that cannot be read, and every key that stands twice.
    pub fn load(files: &[(Lang, &str, &str)]) -> Result<Words, Vec<String>> {
        let mut problems = Vec::new();
        let mut read = |lang| Language::load(lang, files, &mut problems);
        let words = Words { zh: read(Lang::Zh), en: read(Lang::En) };
        if problems.is_empty() { Ok(words) } else { Err(problems) }
    }

    /// The sentence called `key`. A missing one shows its key, and a test has failed before.
    pub fn text(&self, lang: Lang, key: &str) -> Arc<str> {
        match self.language(lang).plain.get(key) {
            Some(text) => text.clone(),
            None => self.text_with(lang, key, &[]).into(),
        }
    }

    /// The sentence called `key` with its blanks filled in.
    pub fn text_with(&self, lang: Lang, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let language = self.language(lang);
        let Some(pattern) = language.bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::warn!(key, lang = lang.code(), "no such words");
            return key.to_owned();
        };
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let text = language.bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::warn!(key, ?errors, "words with a blank left open");
        }
        text
    }

    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.language(lang).asks.contains_key(key)
    }

    /// Where the two languages differ in keys or in what their sentences ask for.
    pub fn differences(&self) -> Vec<String> {
        let keys: BTreeSet<&String> = self.zh.asks.keys().chain(self.en.asks.keys()).collect();
        keys.into_iter()
            .filter_map(|key| match (self.zh.asks.get(key), self.en.asks.get(key)) {
                (Some(zh), Some(en)) if zh == en => None,
                (Some(zh), Some(en)) => Some(format!("{key} asks for {zh:?} in Chinese and {en:?} in English")),
                (Some(_), None) => Some(format!("{key} has no English")),
                _ => Some(format!("{key} has no Chinese")),
            })
            .collect()
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.zh.asks.keys().map(String::as_str)
    }

    fn language(&self, lang: Lang) -> &Language {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl Language {
    fn load(lang: Lang, files: &[(Lang, &str, &str)], problems: &mut Vec<String>) -> Language {
        let id = lang.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // The marks around filled-in words would show up in copied text and in searches.
        bundle.set_use_isolating(false);
        let (mut plain, mut asks) = (HashMap::new(), BTreeMap::new());
        for (_, name, text) in files.iter().filter(|(language, ..)| *language == lang) {
            let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(partial, errors)| {
                problems.extend(errors.iter().map(|error| format!("{name} ({}): {error}", lang.code())));
                partial
            });
            for entry in resource.entries() {
                let ast::Entry::Message(message) = entry else { continue };
                let Some(pattern) = &message.value else { continue };
                let mut wanted = BTreeSet::new();
                let whole = collect(pattern, &mut wanted);
                let key = message.id.name.to_owned();
                if let Some(whole) = whole {
                    plain.insert(key.clone(), Arc::from(whole));
                }
                if asks.insert(key.clone(), wanted).is_some() {
                    problems.push(format!("{name} ({}): {key} stands twice", lang.code()));
                }
            }
            if let Err(errors) = bundle.add_resource(resource) {
                problems.extend(errors.iter().map(|error| format!("{name} ({}): {error}", lang.code())));
            }
        }
        Language { plain, bundle, asks }
    }
}

/// Collects the variables of a pattern; gives the text when there is nothing to fill in.
fn collect(pattern: &ast::Pattern<&str>, wanted: &mut BTreeSet<String>) -> Option<String> {
    let mut whole = Some(String::new());
    for element in &pattern.elements {
        match element {
            ast::PatternElement::TextElement { value } => {
                if let Some(whole) = &mut whole {
                    whole.push_str(value);
                }
            }
            ast::PatternElement::Placeable { expression } => {
                whole = None;
                collect_expression(expression, wanted);
            }
        }
    }
    whole
}

fn collect_expression(expression: &ast::Expression<&str>, wanted: &mut BTreeSet<String>) {
    match expression {
        ast::Expression::Inline(inline) => collect_inline(inline, wanted),
        ast::Expression::Select { selector, variants } => {
            collect_inline(selector, wanted);
            for variant in variants {
                collect(&variant.value, wanted);
            }
        }
    }
}

fn collect_inline(inline: &ast::InlineExpression<&str>, wanted: &mut BTreeSet<String>) {
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            wanted.insert(id.name.to_owned());
        }
        ast::InlineExpression::Placeable { expression } => collect_expression(expression, wanted),
        ast::InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                collect_inline(argument, wanted);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;

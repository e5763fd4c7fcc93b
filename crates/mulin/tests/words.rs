//! Every word on screen exists in both languages, and every key that code or templates ask for is there.

use kit::i18n::Lang;
use mulin::words::words;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is part of the repository.").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs" || e == "html") {
            into.push(path);
        }
    }
}

/// The string literals that follow `call`.
fn literals<'t>(text: &'t str, call: &str) -> Vec<&'t str> {
    text.match_indices(call)
        .filter_map(|(at, _)| text[at + call.len()..].split_once('"').map(|(literal, _)| literal))
        .collect()
}

#[test]
fn both_languages_say_the_same_things() {
    assert_eq!(words().differences(), Vec::<String>::new());
}

#[test]
fn every_word_that_is_asked_for_exists() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for name in ["mulin", "commons", "kit"] {
        sources(&crates.join(name).join("src"), &mut files);
    }
    let mut missing = BTreeSet::new();
    let mut asked = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.strip_prefix(crates).unwrap().display().to_string();
        if name.ends_with("tests.rs") || name.ends_with("i18n.rs") {
            continue;
        }
        let mut want = |key: String| {
            asked += 1;
            if !words().has(Lang::Zh, &key) {
                missing.insert(format!("{key} ({name})"));
            }
        };
        let mut calls = vec!["v.t(\"", "v.a(\"", "words::t(lang, \"", "words::t_with(lang, \"", "visit.view(\""];
        calls.extend(["words::t(visit.call.lang, \"", "words::t(call.lang, \"", "words::t_with(call.lang, \""]);
        for call in calls {
            for key in literals(&text, call) {
                want(key.to_owned());
            }
        }
        let is_stem = |stem: &str| {
            stem.contains('/') && stem.bytes().all(|b| b.is_ascii_lowercase() || b"/-0123456789".contains(&b))
        };
        for call in ["denied(\"", "conflict(\"", "Reason(\"", "refused(\""] {
            // The demo stops its stories with a reason that nobody is ever told.
            for stem in literals(&text, call).into_iter().filter(|stem| is_stem(stem) && *stem != "demo/tomorrow") {
                want(format!("no-{}", stem.replace('/', "-")));
            }
        }
        for call in ["invalid(\"", "problems.add(\"", "problems.when("] {
            for (at, _) in text.match_indices(call) {
                let end = text[at..].find(';').map_or(text.len(), |end| at + end);
                let stem = text[at..end].split('"').skip(1).step_by(2).find(|literal| literal.contains('/'));
                if let Some(stem) = stem {
                    want(format!("no-{}", stem.replace('/', "-")));
                }
            }
        }
    }
    for (list, prefix) in [
        (commons::people::Office::ALL.iter().map(|o| o.name()).collect::<Vec<_>>(), "office-"),
        (commons::case::Door::ALL.iter().map(|d| d.name()).collect(), "door-"),
        (commons::case::State::ALL.iter().map(|s| s.name()).collect(), "state-"),
        (commons::case::Satisfaction::ALL.iter().map(|s| s.name()).collect(), "satisfaction-"),
        (commons::case::Outcome::ALL.iter().map(|o| o.name()).collect(), "did-requests-reported-"),
        (commons::case::Cause::ALL.iter().map(|c| c.name()).collect(), "did-requests-moved-up-"),
    ] {
        for name in list {
            let key = format!("{prefix}{}", name.replace('_', "-"));
            if !words().has(Lang::Zh, &key) {
                missing.insert(key);
            }
        }
    }
    assert!(asked > 200, "the scan found only {asked} keys");
    assert_eq!(missing, BTreeSet::new());
}

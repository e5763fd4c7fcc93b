//! The order of the house where the compiler cannot keep it: who may know whom, where the database is spoken to,
//! where time and chance come from, how long a file may be, and that nothing is left half done.
//!
//! The rules stand in `rules.rs`; their exceptions stand beside them, each with its reason.

mod rules;
mod tree;

use tree::File;

fn every(rule: fn(&File) -> Vec<String>) {
    let faults: Vec<String> = tree::files()
        .iter()
        .flat_map(|file| rule(file).into_iter().map(|fault| format!("{}: {fault}", file.path)).collect::<Vec<_>>())
        .collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn a_feature_imports_no_other_feature() {
    every(rules::knows_no_other_feature);
}

#[test]
fn commons_knows_no_url() {
    every(rules::commons_knows_no_url);
}

#[test]
fn the_database_is_spoken_to_in_stores_and_in_the_kit() {
    every(rules::database_only_in_stores);
}

#[test]
fn a_route_begins_with_its_folder() {
    every(rules::route_is_folder);
}

#[test]
fn time_and_chance_come_from_the_kit() {
    every(rules::time_and_chance);
}

#[test]
fn no_file_is_longer_than_600_lines() {
    every(rules::length);
}

#[test]
fn nothing_is_left_half_done() {
    every(rules::finished);
}

#[test]
fn templates_obey_the_content_security_policy() {
    every(rules::no_inline_script_or_style);
}

#[test]
fn every_crate_takes_the_workspace_lints() {
    every(rules::takes_lints);
}

#[test]
fn locked_packages_come_from_the_public_registries() {
    every(rules::public_registry);
}

#[test]
fn every_link_to_a_file_leads_somewhere() {
    every(rules::links_resolve);
}

#[test]
fn every_decision_stands_in_the_index() {
    let index = tree::read("docs/decisions/README.md");
    let lost: Vec<String> = tree::files()
        .iter()
        .filter_map(|file| file.path.strip_prefix("docs/decisions/"))
        .filter(|name| *name != "README.md" && !index.contains(&format!("({name})")))
        .map(str::to_owned)
        .collect();
    assert!(lost.is_empty(), "docs/decisions/README.md does not name {lost:?}");
}

#[test]
fn every_locale_file_exists_in_both_languages() {
    let names = |language: &str| -> Vec<String> {
        let folder = format!("locales/{language}/");
        let files = tree::files();
        files.iter().filter_map(|file| file.path.strip_prefix(&folder)).map(str::to_owned).collect()
    };
    assert_eq!(names("zh-CN"), names("en"));
}

#[test]
fn no_two_migrations_share_a_number() {
    let files = tree::files();
    let mut numbers: Vec<&str> = files
        .iter()
        .filter(|file| file.path.ends_with(".sql") && file.path.contains("/migrations/"))
        .filter_map(|file| file.name().split('_').next())
        .collect();
    let all = numbers.len();
    assert!(all > 0, "no migration was found");
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), all);
}

/// A rule that finds nothing might be looking the wrong way: each is shown a file that breaks it, and one that is fine.
#[test]
fn each_rule_finds_what_it_looks_for() {
    type Rule = fn(&File) -> Vec<String>;
    let stale = concat!("// TO", "DO: later");
    let skipped = concat!("#[ig", "nore]");
    let page = "crates/mulin/src/say/requests/pages.rs";
    let cases: &[(Rule, &str, &str, &str)] = &[
        (rules::knows_no_other_feature, page, "use crate::office::desk::queue;", "use crate::say::requests::view;"),
        (rules::knows_no_other_feature, page, "use crate::{layout, office::desk};", "use crate::{layout, words};"),
        (rules::knows_no_other_feature, page, "use crate::hall::front;", "// office::desk hears of it"),
        (rules::knows_no_other_feature, "crates/mulin/src/layout/mod.rs", "crate::say::requests::list()", "say(1)"),
        (rules::commons_knows_no_url, "crates/commons/src/case/mod.rs", "use axum::Router;", "use kit::db::Tx;"),
        (rules::commons_knows_no_url, "crates/commons/src/case/mod.rs", "\"/say/requests\"", "\"requests/closed\""),
        (rules::database_only_in_stores, page, "const ALL: &str = \"select * from case_\";", "\"selected\""),
        (rules::database_only_in_stores, page, "params![id]", "store::find(tx, id)"),
        (
            rules::route_is_folder,
            "crates/mulin/src/say/requests/mod.rs",
            ".route(\"/desk\", x)",
            ".route(\"/say/requests/new\", x)",
        ),
        (
            rules::route_is_folder,
            "crates/mulin/src/say/requests/mod.rs",
            ".route(\n\"/say/requestsx\", x)",
            ".route(\"/say/requests\", x)",
        ),
        (
            rules::route_is_folder,
            "crates/mulin/src/office/desk/mod.rs",
            ".route(\"/office/x\", x)",
            ".route(\"/office\", x)",
        ),
        (rules::time_and_chance, page, "let now = SystemTime::now();", "let now = call.now;"),
        (rules::time_and_chance, page, "rand::random()", "brand::random()"),
        (rules::finished, page, stale, "// Later neighbours read this first."),
        (rules::finished, page, skipped, "#[test]"),
        (rules::no_inline_script_or_style, "a.html", "<p style=\"color:red\">", "<p class=\"red\">"),
        (rules::no_inline_script_or_style, "a.html", "<script>alert(1)</script>", "<script src=\"/a.js\"></script>"),
        (rules::no_inline_script_or_style, "a.html", "<button onclick=\"x()\">", "<button name=\"once\">"),
        (rules::takes_lints, "crates/kit/Cargo.toml", "[package]", "[package]\n[lints]\nworkspace = true"),
        (
            rules::public_registry,
            "browser/package-lock.json",
            "\"resolved\": \"https://mirror.example/a\"",
            "\"version\": \"1\"",
        ),
        (rules::links_resolve, "README.md", "[gone](docs/gone.md)", "[licence](LICENSE#top) and `[a](b)`"),
    ];
    for (rule, path, bad, good) in cases {
        let file = |text: &str| File { path: (*path).to_owned(), text: text.to_owned() };
        assert!(!rule(&file(bad)).is_empty(), "{path} with {bad:?} was not found out");
        assert_eq!(rule(&file(good)), Vec::<String>::new(), "{path} with {good:?}");
    }
    let long = File { path: page.to_owned(), text: "\n".repeat(601) };
    assert_eq!(rules::length(&long).len(), 1);
}

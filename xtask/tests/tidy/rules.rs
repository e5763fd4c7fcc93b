//! The rules, each a function from one file to what is wrong with it.

use crate::tree::{File, root};
use std::path::Path;

/// The folders of `crates/mulin/src` that hold features.
const FLOORS: &[&str] = &["hall", "say", "decide", "help", "share", "office"];

/// Routes that do not begin with their folder: folder (all of them where empty), route, why.
/// A route that ends with `/` stands for everything below it.
const ROUTES_ELSEWHERE: &[(&str, &str, &str)] = &[
    ("", "/api/v1/", "programs find all features below one versioned address"),
    ("say/requests", "/open311/v2/", "the programs of cities know this address from a standard"),
    ("say/requests", "/hooks/mail", "mail servers hand letters in, whatever becomes of them"),
    ("hall", "/", "the front page, signing in and one's own page have the short addresses people type"),
    ("office/desk", "/office", "the desk is the first thing staff see, so it is the office's own front page"),
];

/// A call that makes a story depend on the machine, and where it may stand: path beginnings.
const CALLS: &[(&str, &[&str])] = &[
    ("SystemTime::now", &["crates/kit/src/time.rs"]),
    ("Timestamp::now", &["crates/kit/src/time.rs"]),
    ("Zoned::now", &["crates/kit/src/time.rs"]),
    // Measuring how long something took is not asking what time it is.
    ("Instant::now", &["crates/kit/src/web/", "crates/kit/src/db/", "crates/pagesum/examples/"]),
    ("Uuid::new_v4", &["crates/kit/src/id.rs"]),
    ("Uuid::now_v7", &["crates/kit/src/id.rs"]),
    // A device and an office that the stories play need a key that is nobody's.
    ("rand::", &["crates/kit/src/id.rs", "crates/kit/src/passkey/soft.rs", "crates/kit/src/oidc/soft.rs"]),
    // A key, a salt and the number of an incident are not rows: nobody tells a story about which one it was.
    ("getrandom::", &["crates/kit/src/id.rs", "crates/kit/src/secrets.rs", "crates/kit/src/web/answer.rs"]),
];

/// Split, so that this file does not find itself.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("coming ", "soon"),
    concat!("敬请", "期待"),
    concat!("即将", "上线"),
    concat!("#[ig", "nore"),
];

const LINES_MAX: usize = 600;
const LINES_COUNTED: &[&str] = &["rs", "html", "css", "js", "mjs", "ftl", "md", "sql"];

/// Floor and feature of a file: `("say", "requests")`; a file that lies on the floor itself belongs to the floor.
fn home(path: &str) -> Option<(&str, &str)> {
    let mut parts = path.strip_prefix("crates/mulin/src/")?.split('/');
    let floor = parts.next().filter(|floor| FLOORS.contains(floor))?;
    let next = parts.next()?;
    Some((floor, if parts.next().is_some() { next } else { "" }))
}

/// Whether `text` ends inside a word.
fn in_word(text: &str) -> bool {
    text.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_')
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// Places where `needle` begins a word: what stands before and after it.
fn finds<'a>(text: &'a str, needle: &str) -> Vec<(&'a str, &'a str)> {
    let found = text.match_indices(needle).map(|(at, hit)| (&text[..at], &text[at + hit.len()..]));
    found.filter(|(before, _)| !in_word(before)).collect()
}

pub fn knows_no_other_feature(file: &File) -> Vec<String> {
    if file.extension() != "rs" {
        return Vec::new();
    }
    let layout = file.path.starts_with("crates/mulin/src/layout/");
    let own = home(&file.path);
    // A floor's own front page lists its features; that is its task.
    let lists = own.is_some_and(|(floor, feature)| feature.is_empty() && floor != "hall" && file.name() == "mod.rs");
    if lists || (own.is_none() && !layout) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for (number, line) in file.code() {
        for floor in FLOORS {
            for (_, after) in finds(line, &format!("{floor}::")) {
                let feature = word(after);
                let same = own.is_some_and(|(f, x)| f == *floor && (x == feature || x.is_empty() && f == "hall"));
                if !same {
                    faults.push(format!("line {number} imports {floor}::{feature}"));
                }
            }
        }
    }
    faults
}

pub fn commons_knows_no_url(file: &File) -> Vec<String> {
    if !file.path.starts_with("crates/commons/src/") {
        return Vec::new();
    }
    let words = ["axum::", "askama::", "http::", "hyper::", "kit::web"];
    let addresses: Vec<String> = FLOORS.iter().map(|floor| format!("\"/{floor}")).collect();
    let mut faults = Vec::new();
    for (number, line) in file.code() {
        let known = words.iter().filter(|word| !finds(line, word).is_empty()).map(|word| word.to_string());
        let written = addresses.iter().filter(|address| line.contains(*address)).cloned();
        faults.extend(known.chain(written).map(|what| format!("line {number} knows {what}")));
    }
    faults
}

pub fn database_only_in_stores(file: &File) -> Vec<String> {
    let house = file.path.starts_with("crates/commons/src/") || file.path.starts_with("crates/mulin/src/");
    if !house || file.extension() != "rs" || file.name() == "store.rs" || file.path.contains("/store/") {
        return Vec::new();
    }
    let words = ["rusqlite", "tokio_postgres", "deadpool_postgres", "params!"];
    let statements = ["select ", "insert into ", "delete from ", "create table ", "update ", "with "];
    let mut faults = Vec::new();
    for (number, line) in file.code() {
        if let Some(found) = words.iter().find(|word| !finds(line, word).is_empty()) {
            faults.push(format!("line {number} uses {found}; that belongs into a store.rs"));
        }
        let literals = line.split('"').skip(1).step_by(2).map(str::to_lowercase);
        for literal in literals {
            let begins = statements.iter().any(|statement| literal.starts_with(statement));
            let is_sql =
                [" from ", " into ", " set ", " where ", "create table"].iter().any(|part| literal.contains(part));
            if begins && is_sql {
                faults.push(format!("line {number} holds a statement; that belongs into a store.rs"));
            }
        }
    }
    faults
}

pub fn route_is_folder(file: &File) -> Vec<String> {
    let Some((floor, feature)) = home(&file.path) else { return Vec::new() };
    if file.extension() != "rs" {
        return Vec::new();
    }
    let own = if feature.is_empty() { floor.to_owned() } else { format!("{floor}/{feature}") };
    let mut faults = Vec::new();
    for (_, after) in finds(&file.text, ".route(") {
        let Some(path) = after.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else { continue };
        let rest = path.strip_prefix('/').and_then(|path| path.strip_prefix(own.as_str()));
        let at_home = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let allowed = ROUTES_ELSEWHERE.iter().any(|(folder, route, _)| {
            (folder.is_empty() || *folder == own || *folder == floor)
                && (path == *route || route.ends_with('/') && path.starts_with(route))
        });
        if !at_home && !allowed {
            faults.push(format!("the route {path} should begin with /{own}"));
        }
    }
    faults
}

pub fn time_and_chance(file: &File) -> Vec<String> {
    if !file.path.starts_with("crates/") || file.extension() != "rs" {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for (call, places) in CALLS {
        if places.iter().any(|place| file.path.starts_with(place)) {
            continue;
        }
        let lines = file.code().filter(|(_, line)| !finds(line, call).is_empty());
        faults.extend(
            lines.map(|(number, _)| format!("line {number} calls {call}; `now` and ids are given, never taken")),
        );
    }
    faults
}

pub fn length(file: &File) -> Vec<String> {
    let lines = file.text.lines().count();
    let counted = LINES_COUNTED.contains(&file.extension()) && file.path != "CHANGELOG.md";
    if counted && lines > LINES_MAX { vec![format!("{lines} lines; {LINES_MAX} is the most")] } else { Vec::new() }
}

pub fn finished(file: &File) -> Vec<String> {
    if file.name().ends_with(".lock") || file.name() == "package-lock.json" {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    let found = lines.filter_map(|(at, line)| {
        let word = UNFINISHED.iter().find(|word| line.contains(*word))?;
        Some(format!("line {} says `{word}`", at + 1))
    });
    found.collect()
}

/// The policy we send allows neither, so a browser would drop them without a word.
pub fn no_inline_script_or_style(file: &File) -> Vec<String> {
    if file.extension() != "html" {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for tag in file.text.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        let name = word(tag);
        let mut attributes =
            tag.split_whitespace().skip(1).filter_map(|part| part.split_once('=')).map(|(name, _)| name);
        if name == "style" || (name == "script" && !tag.contains("src=")) {
            faults.push(format!("<{name}> stands in the page"));
        } else if let Some(attribute) = attributes.find(|name| *name == "style" || name.starts_with("on")) {
            faults.push(format!("<{name}> has {attribute}="));
        }
    }
    faults
}

/// Speaks to C by hand, and says so in its own lints.
const UNSAFE_CRATE: &str = "crates/pagesum/Cargo.toml";

/// The lints forbid `unsafe`, and `unwrap` outside tests; a crate that does not take them escapes.
pub fn takes_lints(file: &File) -> Vec<String> {
    // What needs another compiler stands outside of the workspace and says it itself.
    let outside = file.path == "fuzz/Cargo.toml" && file.text.contains("unsafe_code = \"forbid\"");
    let is_crate = file.name() == "Cargo.toml" && file.text.contains("[package]") && !outside;
    if !is_crate || file.path == UNSAFE_CRATE || file.text.contains("[lints]\nworkspace = true") {
        return Vec::new();
    }
    vec!["`[lints] workspace = true` is missing".to_owned()]
}

pub fn public_registry(file: &File) -> Vec<String> {
    let (key, home) = match file.name() {
        "package-lock.json" => ("\"resolved\":", "\"https://registry.npmjs.org/"),
        "Cargo.lock" => ("source =", "\"registry+https://github.com/rust-lang/crates.io-index\""),
        _ => return Vec::new(),
    };
    let sources = file.text.lines().filter_map(|line| line.trim().strip_prefix(key));
    let strange = sources.filter(|source| !source.trim().starts_with(home));
    strange.map(|source| format!("a package comes from {}", source.trim())).collect()
}

pub fn links_resolve(file: &File) -> Vec<String> {
    if file.extension() != "md" {
        return Vec::new();
    }
    let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
    let mut faults = Vec::new();
    // Odd pieces between fences are code, and so are odd pieces between back-ticks.
    for prose in file.text.split("```").step_by(2) {
        let plain: String = prose.split('`').step_by(2).collect::<Vec<_>>().join("code");
        let written = plain.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let drawn = plain.split(" src=\"").skip(1).filter_map(|rest| rest.split('"').next());
        for link in written.chain(drawn) {
            let target = link.split(['#', ' ']).next().unwrap_or("");
            let elsewhere = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
            if !elsewhere && !root().join(folder).join(target).exists() {
                faults.push(format!("links to {target}, which is not there"));
            }
        }
    }
    faults
}

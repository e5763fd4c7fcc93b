//! What must hold for every address of the house, tried on every address: the list is read from the sources, so that
//! nobody adds one that is not tried.

pub mod store;
mod tests;

use std::path::Path;

/// One way to call the house.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub method: &'static str,
    /// As it is declared, e.g. `/say/requests/{code}`.
    pub path: String,
}

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// Ways to add addresses that this list would not see.
const UNSEEN: [&str; 4] = [".nest(", ".nest_service(", ".route_service(", ".fallback_service("];

/// Every route that the sources of this crate declare.
pub fn declared() -> Vec<Route> {
    let mut all = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    all.sort();
    all.dedup();
    all
}

fn read(folder: &Path, all: &mut Vec<Route>) {
    for entry in std::fs::read_dir(folder).expect("the sources are part of the repository.").flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && name != "holds" && name != "tests" {
            read(&path, all);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let text = std::fs::read_to_string(&path).expect("a source can be read.");
            routes_in(&text, all);
        }
    }
}

fn routes_in(text: &str, all: &mut Vec<Route>) {
    for way in UNSEEN {
        assert!(!text.contains(way), "addresses are added by `{way}`, where nothing sees them");
    }
    for (at, call) in text.match_indices(".route(") {
        let rest = text[at + call.len()..].trim_start();
        let rest = rest.strip_prefix('"').expect("a route begins with its address, in quotes.");
        let (path, rest) = rest.split_once('"').expect("an address ends.");
        let end = closing(rest).expect("a route ends.");
        for method in METHODS {
            let begins = rest[..end]
                .match_indices(&format!("{method}("))
                .any(|(at, _)| !rest[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':'));
            if begins {
                all.push(Route { method, path: path.to_owned() });
            }
        }
    }
}

/// Where the bracket closes that is open at the start.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1;
    text.char_indices().find_map(|(at, c)| {
        open += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        (open == 0).then_some(at)
    })
}

/// Where the deeds behind a `{deed}` stand: route, source, and the words after which they are listed.
const DEEDS: &[(&str, &str, &str)] = &[
    ("/say/requests/{code}/{deed}", include_str!("../say/requests/model.rs"), "let deed = match name {"),
    ("/say/requests/slip/{pickup}/{deed}", include_str!("../say/requests/model.rs"), "let deed = match name {"),
    ("/api/v1/requests/{code}/{deed}", include_str!("../say/requests/model.rs"), "let deed = match name {"),
    ("/office/templates/{deed}", include_str!("../office/templates/pages.rs"), "let stem = match deed {"),
    ("/api/v1/templates/{id}/{deed}", include_str!("../office/templates/pages.rs"), "let stem = match deed {"),
    ("/api/v1/office/categories/{slug}/{deed}", include_str!("../office/categories/pages.rs"), "Ok(Some(match name {"),
    ("/office/categories/{slug}/{deed}", include_str!("../office/categories/pages.rs"), "Ok(Some(match name {"),
    ("/office/channels/{id}/{deed}", include_str!("../office/channels/actions.rs"), "Some(match name {"),
    ("/help/hub/{deed}", include_str!("../help/hub/actions.rs"), "let deed = match name {"),
    ("/api/v1/hub/{deed}", include_str!("../help/hub/actions.rs"), "let deed = match name {"),
    ("/help/hub/desk/{deed}", include_str!("../help/hub/desk/actions.rs"), "let deed = match name {"),
    ("/api/v1/hub/desk/{deed}", include_str!("../help/hub/desk/actions.rs"), "let deed = match name {"),
    ("/help/roster/{deed}", include_str!("../help/roster/actions.rs"), "let deed = match name {"),
    ("/api/v1/roster/{deed}", include_str!("../help/roster/actions.rs"), "let deed = match name {"),
    ("/api/v1/channels/{id}/{deed}", include_str!("../office/channels/actions.rs"), "Some(match name {"),
];

/// Every unsafe call as `POST /say/requests/{code}/accept`: each deed by its own name.
pub fn unsafe_calls() -> Vec<String> {
    let mut all = Vec::new();
    for route in declared().into_iter().filter(|route| route.method != "get") {
        let method = route.method.to_uppercase();
        if !route.path.contains("{deed}") {
            all.push(format!("{method} {}", route.path));
            continue;
        }
        let listed = DEEDS.iter().find(|(path, ..)| *path == route.path);
        let (_, source, after) = listed.unwrap_or_else(|| panic!("where do the deeds of {} stand?", route.path));
        let list = source.split_once(after).map(|(_, rest)| rest).expect("the deeds are listed.");
        let mut deeds: Vec<&str> = Vec::new();
        // An arm begins with the name of its deed, one step in.
        let own = list.lines().nth(1).map_or(0, |line| line.len() - line.trim_start().len());
        let end = format!("{}_ =>", " ".repeat(own));
        for line in list.lines().skip(1).take_while(|line| !line.starts_with(&end)) {
            let at = line.len() - line.trim_start().len();
            let name = line.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            deeds.extend(name.filter(|_| at == own));
        }
        deeds.sort_unstable();
        deeds.dedup();
        assert!(deeds.len() > 2, "{} has few deeds: {deeds:?}", route.path);
        all.extend(deeds.iter().map(|deed| format!("{method} {}", route.path.replace("{deed}", deed))));
    }
    all
}

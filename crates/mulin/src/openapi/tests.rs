//! The description beside the routes.

use super::*;

#[test]
fn every_route_of_the_api_is_described_and_every_reference_leads_somewhere() {
    let document = document();
    let sources = [
        include_str!("../say/requests/api.rs"),
        include_str!("../say/figures/api.rs"),
        include_str!("../say/follow/api.rs"),
        include_str!("../office/channels/api.rs"),
    ];
    for source in sources {
        for (at, _) in source.match_indices(".route(\"") {
            let path = source[at + 8..].split('"').next().unwrap();
            assert!(document["paths"].get(path).is_some(), "{path} is not described");
        }
    }
    let text = document.to_string();
    for (at, _) in text.match_indices("#/components/schemas/") {
        let name = text[at + 21..].split('"').next().unwrap();
        assert!(document["components"]["schemas"].get(name).is_some(), "{name} is nowhere");
    }
}

/// The description as it was looked through; whoever changes a call changes this file with it, in the same commit.
#[test]
fn the_document_is_the_one_that_was_reviewed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let now = serde_json::to_string_pretty(&document()).unwrap() + "\n";
    if std::env::var_os("MULIN_REVIEW").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let reviewed = std::fs::read_to_string(path).unwrap();
    let differs = now.lines().zip(reviewed.lines()).position(|(now, reviewed)| now != reviewed);
    let line = differs.unwrap_or_else(|| now.lines().count().min(reviewed.lines().count()));
    assert!(
        now == reviewed,
        "docs/openapi.json differs from line {}: {:?}; look through what `MULIN_REVIEW=1 cargo test -p mulin --lib openapi` writes",
        line + 1,
        now.lines().nth(line)
    );
}

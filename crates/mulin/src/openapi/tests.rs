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

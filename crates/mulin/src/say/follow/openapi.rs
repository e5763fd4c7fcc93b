//! What programs can call here, in OpenAPI 3.1.

use super::model::{MINE_MAX, Pace};
use crate::openapi::parts::{self, Operation, id, maybe, object, one_of, reference, text};
use serde_json::{Value, json};

/// The paths of this folder.
pub fn paths() -> Value {
    let new = |id: &str, summary: &str| Operation::new(id, "follow", summary);
    let pace = || one_of(&Pace::ALL.iter().map(|pace| pace.name()).collect::<Vec<_>>());
    let wish = object(&[
        ("compound?", text()),
        ("building?", text()),
        ("category?", text()),
        ("case?", parts::said("The code of one request; then the rest does not count", text())),
        ("pace", pace()),
    ]);
    let most = json!({ "type": "array", "items": reference("Subscription"),
        "description": format!("At most {MINE_MAX} in each community") });
    json!({
        "/api/v1/subscriptions": {
            "get": new("listSubscriptions", "What the caller follows")
                .known("me:read")
                .gives(200, object(&[("subscriptions", most)]))
                .done(),
            "post": new("addSubscription", "Follows a request, or a compound, a building or a category in it")
                .known("me:write")
                .body(wish)
                .gives(201, object(&[("what", text()), ("pace", pace())]))
                .may(&[404])
                .done()
        },
        "/api/v1/subscriptions/{id}/end": {
            "post": new("endSubscription", "Stops following")
                .known("me:write")
                .path("id", "The subscription's id")
                .body(parts::nothing())
                .gives(200, parts::nothing())
                .done()
        }
    })
}

/// The shapes of this folder.
pub fn schemas() -> Value {
    json!({ "Subscription": object(&[
        ("id", id()),
        ("what", parts::said("The query of its page, e.g. compound=shiliu&category=lift", text())),
        ("pace", one_of(&Pace::ALL.iter().map(|pace| pace.name()).collect::<Vec<_>>())),
        ("place", text()),
        ("category", text()),
        ("case", maybe(text())),
    ]) })
}

//! The calls of this folder in OpenAPI.

use crate::openapi::parts::{Operation, nothing, reference};
use serde_json::{Value, json};

const TAG: &str = "tokens";

pub fn paths() -> Value {
    let list = Operation::new("listIntegrations", TAG, "The programs of a community, without their tokens").in_person();
    let make =
        Operation::new("makeIntegration", TAG, "Lets a program in: an office at a place, and a token").in_person();
    let end = Operation::new("endIntegration", TAG, "Sends a program away at once").in_person();
    json!({
        "/api/v1/integrations": {
            "get": list.gives(200, reference("Tokens")).done(),
            "post": make.body(reference("NewIntegration")).gives(201, reference("TokenMade")).done() },
        "/api/v1/integrations/{id}/end": {
            "post": end.path("id", "The token").body(nothing()).gives(200, reference("TokenEnded")).done() }
    })
}

//! The calls of this folder in OpenAPI.

use crate::openapi::parts::{Operation, nothing, reference};
use serde_json::{Value, json};

const TAG: &str = "tokens";

pub fn paths() -> Value {
    let what = Operation::new("getToken", TAG, "What the token of this call is").by_token();
    let list = Operation::new("listTokens", TAG, "My tokens, without their secrets").in_person();
    let make = Operation::new("makeToken", TAG, "Makes a token").in_person();
    let end = Operation::new("endToken", TAG, "Ends a token at once").in_person();
    json!({
        "/api/v1/token": { "get": what.gives(200, reference("Token")).done() },
        "/api/v1/tokens": {
            "get": list.gives(200, reference("Tokens")).done(),
            "post": make.body(reference("NewToken")).gives(201, reference("TokenMade")).done() },
        "/api/v1/tokens/{id}/end": {
            "post": end.path("id", "The token").body(nothing()).gives(200, reference("TokenEnded")).done() }
    })
}

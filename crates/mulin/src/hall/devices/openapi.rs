//! The calls of this folder in OpenAPI.

use crate::openapi::parts::{self, Operation, list, maybe, moment, nothing, object, text, text_to, truth};
use serde_json::{Value, json};

pub fn paths() -> Value {
    let new = |name: &str, summary: &str| Operation::new(name, "me", summary).in_person();
    let device =
        object(&[("id", text()), ("kind", text()), ("since", moment()), ("seen", moment()), ("current", truth())]);
    let key = object(&[("id", text()), ("name", text()), ("since", moment()), ("used", maybe(moment()))]);
    let asked = object(&[
        ("challenge", text()),
        ("rp_id", text()),
        ("user", text()),
        ("name", text()),
        ("algorithms", list(json!({ "type": "integer" }))),
        ("known", list(text())),
    ]);
    let made = object(&[
        ("name", text_to(40)),
        ("client", parts::said("clientDataJSON in base64url", text())),
        ("attestation", parts::said("attestationObject in base64url", text())),
    ]);
    let own = object(&[("phone", text()), ("confirmed", maybe(moment()))]);
    json!({
        "/api/v1/me/phone": {
            "get": new("getPhone", "My own mobile number, and whether numbers can be confirmed here")
                .gives(200, object(&[("offered", truth()), ("phone", maybe(own))])).done(),
            "post": new("givePhone", "Keeps a number of mine and sends a code to it")
                .about("Whoever has a password shows it. Conflict where text messages are off.")
                .body(object(&[("phone", text_to(30)), ("password?", maybe(text()))])).gives(200, nothing()).done() },
        "/api/v1/me/phone/confirm": { "post": new("confirmPhone", "Confirms my number by the code that was sent to it")
            .body(object(&[("code", text_to(12))])).gives(200, nothing()).done() },
        "/api/v1/me/phone/remove": { "post": new("removePhone", "Takes my number away")
            .body(nothing()).gives(200, nothing()).done() },
        "/api/v1/me/passkeys": {
            "get": new("listPasskeys", "My passkeys").gives(200, object(&[("passkeys", list(key))])).done(),
            "post": new("addPasskey", "Keeps a passkey that a device has made").body(made)
                .gives(201, object(&[("id", text())])).done() },
        "/api/v1/me/passkeys/begin": { "post": new("beginPasskey", "What a device is asked to make; good once, for five minutes")
            .about("Whoever has a password shows it. Conflict where the house's address allows no passkeys.")
            .body(object(&[("password?", maybe(text()))])).gives(200, asked).done() },
        "/api/v1/me/passkeys/{id}/remove": { "post": new("removePasskey", "Takes a passkey away; the last way in stays")
            .path("id", "The passkey").body(nothing()).gives(200, nothing()).done() },
        "/api/v1/sign-in/passkey": { "post": Operation::new("beginSignIn", "me", "What a passkey is asked to sign; good once, for five minutes")
            .in_browser().body(nothing()).gives(200, object(&[("challenge", text()), ("rp_id", text())])).done() },
        "/api/v1/me/devices": { "get": new("listDevices", "Where I am signed in; no address is kept")
            .gives(200, object(&[("devices", list(device))])).done() },
        "/api/v1/me/devices/{id}/end": { "post": new("endDevice", "Ends one session").path("id", "The session")
            .body(nothing()).gives(200, nothing()).done() },
        "/api/v1/me/devices/end-others": { "post": new("endOtherDevices", "Ends every session but this one")
            .body(nothing()).gives(200, nothing()).done() }
    })
}

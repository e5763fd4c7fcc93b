//! An ID token (JWS, RFC 7515, with the keys of RFC 7517): signed by one of the issuer's keys in one of two ways, for us, for this
//! errand, and not old.

use super::{Checked, Wrong};
use crate::base64url;
use crate::time::Moment;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::Value;

/// Clocks differ by so much.
const LEEWAY_S: i64 = 60;
const SUBJECT_BYTES_MAX: usize = 255;

/// What the token must say.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    pub issuer: &'w str,
    pub client: &'w str,
    pub nonce: &'w str,
    pub now: Moment,
}

/// The subject of a token that fits.
pub fn subject(id: &str, keys: &Value, wanted: &Wanted<'_>) -> Checked<String> {
    let none = Wrong::Refused("this is no token");
    let mut parts = id.split('.');
    let (Some(head), Some(claims), Some(sign), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(none);
    };
    let json = |part: &str| base64url::decode(part).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let (header, sign) = json(head).zip(base64url::decode(sign)).ok_or(none.clone())?;
    signed(&header, keys, &id.as_bytes()[..head.len() + 1 + claims.len()], &sign)?;
    let claims = json(claims).ok_or(none)?;
    fits(&claims, wanted)?;
    let subject = claims["sub"].as_str().filter(|text| (1..=SUBJECT_BYTES_MAX).contains(&text.len()));
    subject.map(str::to_owned).ok_or(Wrong::Refused("it names nobody"))
}

/// The way to sign is ours to choose, never the token's: what is not in this list is not signed.
fn signed(header: &Value, keys: &Value, text: &[u8], sign: &[u8]) -> Checked<()> {
    let (alg, kind) = match header["alg"].as_str() {
        Some("RS256") => ("RS256", "RSA"),
        Some("ES256") => ("ES256", "EC"),
        _ => return Err(Wrong::Refused("it is not signed in a way that we take")),
    };
    // Something that we must understand and do not.
    if !header["crit"].is_null() {
        return Err(Wrong::Refused("it asks for more than we know"));
    }
    let named = &header["kid"];
    let mine = |key: &&Value| {
        key["kty"] == kind
            && (named.is_null() || key["kid"] == *named)
            && (key["use"].is_null() || key["use"] == "sig")
            && (key["alg"].is_null() || key["alg"] == alg)
    };
    let all = keys["keys"].as_array().map_or(&[][..], Vec::as_slice);
    match all.iter().filter(mine).any(|key| verifies(key, text, sign).is_some()) {
        true => Ok(()),
        false => Err(Wrong::Refused("no key of the issuer has signed it")),
    }
}

fn verifies(key: &Value, text: &[u8], sign: &[u8]) -> Option<()> {
    let part = |name: &str| key[name].as_str().and_then(base64url::decode);
    if key["kty"] == "RSA" {
        let key = RsaPublicKeyComponents { n: part("n")?, e: part("e")? };
        return key.verify(&signature::RSA_PKCS1_2048_8192_SHA256, text, sign).ok();
    }
    let (x, y) = part("x").zip(part("y")).filter(|(x, y)| x.len() == 32 && y.len() == 32)?;
    if key["crv"] != "P-256" {
        return None;
    }
    let point = [&[4], &x[..], &y].concat();
    UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point).verify(text, sign).ok()
}

fn fits(claims: &Value, wanted: &Wanted<'_>) -> Checked<()> {
    if claims["iss"] != wanted.issuer {
        return Err(Wrong::Refused("another issuer has written it"));
    }
    let (one, several) = (&claims["aud"], claims["aud"].as_array());
    let ours = *one == wanted.client || several.is_some_and(|all| all.iter().any(|one| *one == wanted.client));
    let shared = several.is_some_and(|all| all.len() > 1);
    let by_us = claims["azp"].is_null() && !shared || claims["azp"] == wanted.client;
    if !ours || !by_us {
        return Err(Wrong::Refused("it is for somebody else"));
    }
    let now = wanted.now.0 / 1000;
    let at = |name: &str| claims[name].as_i64().or_else(|| claims[name].as_f64().map(|s| s as i64));
    let (ends, made) = at("exp").zip(at("iat")).ok_or(Wrong::Refused("it has no time"))?;
    if ends.saturating_add(LEEWAY_S) <= now {
        return Err(Wrong::Refused("it is over"));
    }
    if made > now + LEEWAY_S || at("nbf").is_some_and(|from| from > now + LEEWAY_S) {
        return Err(Wrong::Refused("it is from the future"));
    }
    if claims["nonce"] != wanted.nonce {
        return Err(Wrong::Refused("it belongs to another errand"));
    }
    Ok(())
}

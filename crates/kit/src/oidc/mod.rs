//! Signing in by the office that somebody works for (OpenID Connect core 1.0, code flow with PKCE).
//!
//! Only who vouches and for whom is taken from it: issuer and subject. Names, addresses and groups are not asked for and not
//! read. Calls go out by the guarded way ([`Outgoing`]).

#[cfg(any(test, feature = "testing"))]
pub mod soft;
#[cfg(test)]
mod tests;
mod token;

use crate::outgoing::{Outgoing, Trouble};
use crate::time::Moment;
use crate::{base64url, secrets};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What an office's house tells of itself, as far as it is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    /// The secret goes in the body, because the header is not taken there.
    pub secret_in_body: bool,
}

/// Who we are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    pub id: String,
    /// None where the office gives none; then PKCE alone binds the code to us.
    pub secret: Option<String>,
    /// Where the browser comes back to.
    pub back: String,
}

/// Why nobody is known by it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It cannot be reached, or its answer is none.
    #[error("away: {0}")]
    Away(String),
    /// It answers, and says something that does not fit.
    #[error("{0}")]
    Refused(&'static str),
}

type Checked<T> = Result<T, Wrong>;

impl From<Trouble> for Wrong {
    fn from(trouble: Trouble) -> Wrong {
        Wrong::Away(trouble.to_string())
    }
}

/// An issuer as it is written: `https`, no query, no end.
pub fn is_issuer(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && text.len() <= 300)
        && !text.contains(['?', '#', '@', ' ', '\\'])
        && text.bytes().all(|b| b.is_ascii_graphic())
}

async fn json(out: &Outgoing, url: &str) -> Checked<Value> {
    let reply = out.get(url, &[("accept", "application/json".to_owned())]).await?;
    if reply.status != 200 {
        return Err(Wrong::Away(format!("status {}", reply.status)));
    }
    serde_json::from_slice(&reply.body).map_err(|_| Wrong::Away("no JSON".to_owned()))
}

/// Asks an issuer where everything is.
///
/// # Errors
/// [`Wrong`] when it is away, or says that it is somebody else.
pub async fn discover(out: &Outgoing, issuer: &str) -> Checked<Provider> {
    let told = json(out, &format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))).await?;
    if told["issuer"] != issuer {
        return Err(Wrong::Refused("it is another issuer"));
    }
    let text = |name: &str| {
        let text = told[name].as_str().filter(|text| out.look_at(text).is_ok());
        text.map(str::to_owned).ok_or(Wrong::Refused("an address is missing"))
    };
    let methods = told["token_endpoint_auth_methods_supported"].as_array();
    let takes = |method: &str| methods.is_some_and(|all| all.iter().any(|one| one == method));
    Ok(Provider {
        issuer: issuer.to_owned(),
        authorization_endpoint: text("authorization_endpoint")?,
        token_endpoint: text("token_endpoint")?,
        jwks_uri: text("jwks_uri")?,
        secret_in_body: takes("client_secret_post") && !takes("client_secret_basic"),
    })
}

/// What stands between going there and coming back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    pub provider: Provider,
    pub nonce: String,
    pub verifier: String,
}

impl Errand {
    /// `chance` is 64 random bytes.
    pub fn new(provider: Provider, chance: &[u8; 64]) -> Errand {
        let (nonce, verifier) = chance.split_at(32);
        Errand { provider, nonce: base64url::encode(nonce), verifier: base64url::encode(verifier) }
    }

    /// Where the browser goes.
    pub fn address(&self, client: &Client, state: &str) -> String {
        let challenge = base64url::encode(&Sha256::digest(self.verifier.as_bytes()));
        let pairs = [
            ("response_type", "code"),
            ("scope", "openid"),
            ("client_id", &client.id),
            ("redirect_uri", &client.back),
            ("state", state),
            ("nonce", &self.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        let at = &self.provider.authorization_endpoint;
        format!("{at}{}{query}", if at.contains('?') { '&' } else { '?' })
    }

    /// Changes the code for who came: the subject, as this issuer names them.
    ///
    /// # Errors
    /// [`Wrong`] with the first thing that does not fit.
    pub async fn who(&self, out: &Outgoing, client: &Client, code: &str, now: Moment) -> Checked<String> {
        let provider = &self.provider;
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &client.back),
            ("code_verifier", &self.verifier),
        ];
        let mut lines = vec![("accept", "application/json".to_owned())];
        match &client.secret {
            Some(secret) if !provider.secret_in_body => {
                let escaped =
                    |text: &str| serde_urlencoded::to_string([("", text)]).unwrap_or_default()[1..].to_owned();
                let pair = format!("{}:{}", escaped(&client.id), escaped(secret));
                lines.push(("authorization", format!("Basic {}", secrets::base64(pair.as_bytes()))));
            }
            Some(secret) => pairs.extend([("client_id", client.id.as_str()), ("client_secret", secret)]),
            None => pairs.push(("client_id", &client.id)),
        }
        let body = serde_urlencoded::to_string(pairs).map_err(|_| Wrong::Refused("the code is none"))?;
        let kind = "application/x-www-form-urlencoded";
        let reply = out.post_with(&provider.token_endpoint, kind, &lines, body.into_bytes()).await?;
        if (400..500).contains(&reply.status) {
            return Err(Wrong::Refused("the code is not taken"));
        }
        let told: Value = serde_json::from_slice(&reply.body).map_err(|_| Wrong::Away("no JSON".to_owned()))?;
        let id = told["id_token"].as_str().filter(|_| reply.status == 200).ok_or(Wrong::Refused("no token came"))?;
        let keys = json(out, &provider.jwks_uri).await?;
        let wanted = token::Wanted { issuer: &provider.issuer, client: &client.id, nonce: &self.nonce, now };
        token::subject(id, &keys, &wanted)
    }
}

/// Reads a token with the keys of its issuer, and keeps nothing.
#[cfg(any(test, feature = "testing"))]
pub fn fed(id: &str, keys: &Value, now: Moment) {
    let wanted = token::Wanted { issuer: "https://id.example", client: "mulin", nonce: "n", now };
    let _ = token::subject(id, keys, &wanted);
}

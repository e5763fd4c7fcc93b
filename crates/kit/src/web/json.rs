//! The JSON side of the door: a body of a known shape, with its key in a header.

use super::answer::Fault;
use super::app::App;
use super::call::Call;
use super::keys::{RequestKey, is_key};
use super::limits::Knock;
use crate::{Error, Result};
use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// A JSON body with the key of its call. Fields that nobody asked for are refused by the shape itself.
#[derive(Clone, Debug)]
pub struct JsonCall<T> {
    pub body: T,
    pub key: RequestKey,
}

impl<T: DeserializeOwned + Send> FromRequest<App> for JsonCall<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &App) -> Result<Self, Fault> {
        Ok(read(request, app).await?)
    }
}

async fn read<T: DeserializeOwned>(request: Request, app: &App) -> Result<JsonCall<T>> {
    let call = request.extensions().get::<Call>().cloned().ok_or_else(|| Error::internal("a call outside the door"))?;
    app.limits.check(Knock::Deed, &call.address.to_string())?;
    let headers = request.headers().clone();
    super::form::same_origin(&headers, app.config.public_url.as_deref())?;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    // A browser cannot send this type across sites without asking first.
    if !text("content-type").unwrap_or_default().starts_with("application/json") {
        return Err(Error::denied("form/not-json"));
    }
    // A call that leans on a cookie proves that one of our pages made it.
    if call.session.is_some() && text("x-csrf-token").unwrap_or_default() != call.csrf {
        return Err(Error::denied("form/stale"));
    }
    let key =
        text("idempotency-key").filter(|key| is_key(key)).ok_or(Error::invalid("Idempotency-Key", "form/no-key"))?;
    let bytes: Bytes = request.extract().await.map_err(|_| Error::denied("form/too-large"))?;
    let body = serde_json::from_slice(&bytes).map_err(|_| Error::invalid("body", "form/json-bad"))?;
    let route = format!("{} {}", call.method, call.path);
    Ok(JsonCall { body, key: RequestKey { key, route, body: Sha256::digest(&bytes).into() } })
}

//! The JSON side of the door: a body of a known shape, with its key in a header.

use super::answer::Fault;
use super::app::App;
use super::call::Call;
use super::form::{broken, is_kind, same_origin, text_of};
use super::keys::{RequestKey, is_key};
use super::limits::Knock;
use crate::{Error, Result};
use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use serde_json::Value;

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
    same_origin(&headers, app.config.public_url.as_deref())?;
    // A browser cannot send this type across sites without asking first.
    if !is_kind(text_of(&headers, "content-type").unwrap_or_default(), "application/json") {
        return Err(Error::denied("form/not-json"));
    }
    // A call that leans on a cookie proves that one of our pages made it.
    if call.session.is_some() && !call.proves(text_of(&headers, "x-csrf-token")) {
        return Err(Error::denied("form/stale"));
    }
    let key = text_of(&headers, "idempotency-key").filter(|key| is_key(key));
    let key = key.ok_or(Error::invalid("Idempotency-Key", "form/no-key"))?.to_owned();
    let bytes: Bytes = request.extract().await.map_err(|error: BytesRejection| broken(&error))?;
    let bad = |_| Error::invalid("body", "form/json-bad");
    let mut body: Value = serde_json::from_slice(&bytes).map_err(bad)?;
    crate::text::plain_json(&mut body);
    let fields: Vec<(String, Vec<u8>)> = match &body {
        Value::Object(all) => all.iter().map(|(name, value)| (name.clone(), value.to_string().into_bytes())).collect(),
        other => vec![("body".to_owned(), other.to_string().into_bytes())],
    };
    let body = serde_json::from_value(body).map_err(bad)?;
    let said = fields.iter().map(|(name, value)| (name.as_str(), value.as_slice()));
    Ok(JsonCall { body, key: RequestKey::of(app, &call, key, said) })
}

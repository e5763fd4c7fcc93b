//! What an address asks for, read into values; what cannot be read is told like everything else that is wrong.

use super::answer::Fault;
use super::app::App;
use crate::Error;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The query of an address; 400 when it does not fit.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let read = axum::extract::Query::<T>::from_request_parts(parts, app).await;
        read.map(|axum::extract::Query(value)| Query(value)).map_err(|_| Error::denied("house/query").into())
    }
}

/// The named parts of an address; 404 when they do not fit, for then nothing is there.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, app).await;
        read.map(|axum::extract::Path(value)| Path(value)).map_err(|_| Error::NotFound.into())
    }
}

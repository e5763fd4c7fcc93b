//! The object store that a setting names.

use crate::{Error, Result};
use object_store::ObjectStore;
use std::sync::Arc;

/// `s3://bucket/prefix`. Keys, region and endpoint come from the environment (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, …).
#[cfg(feature = "s3")]
pub fn at(url: &str) -> Result<Arc<dyn ObjectStore>> {
    built(url, object_store::aws::AmazonS3Builder::from_env())
}

#[cfg(feature = "s3")]
pub(super) fn built(url: &str, builder: object_store::aws::AmazonS3Builder) -> Result<Arc<dyn ObjectStore>> {
    let refused = |why: String| Error::Unavailable(format!("{url} cannot keep pictures: {why}"));
    let (bucket, prefix) = parts(url).ok_or_else(|| refused("it is not of the form s3://bucket/prefix".to_owned()))?;
    // The HTTP client takes the cryptography of the process. Whoever installed one before us stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // One plain deletion each: some stores do not know the bulk request, and their 404 would look like "gone already".
    let builder = builder.with_bucket_name(bucket).with_disable_bulk_delete(true);
    let store = builder.build().map_err(|e| refused(e.to_string()))?;
    Ok(Arc::new(object_store::prefix::PrefixStore::new(store, prefix)))
}

/// This binary was built with folders only.
#[cfg(not(feature = "s3"))]
pub fn at(url: &str) -> Result<Arc<dyn ObjectStore>> {
    let why = if parts(url).is_some() {
        "this binary was built without s3"
    } else {
        "it is not of the form s3://bucket/prefix"
    };
    Err(Error::Unavailable(format!("{url} cannot keep pictures: {why}")))
}

/// Bucket and prefix; the prefix may be empty.
fn parts(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("s3://")?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    (!bucket.is_empty()).then_some((bucket, prefix.trim_matches('/')))
}

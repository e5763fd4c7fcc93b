//! What an unsafe call brings: fields and files, checked for where they come from, with a key that makes a repeat harmless.

use super::answer::Fault;
use super::app::App;
use super::call::Call;
use super::keys::{RequestKey, is_key};
use super::limits::Knock;
use crate::error::FieldError;
use crate::{Error, Reason, Result};
use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, RawForm, Request};
use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};

const FIELDS_MAX: usize = 64;
const FIELD_BYTES_MAX: usize = 20 * 1024;
const FILES_MAX: usize = 6;

/// A checked form.
#[derive(Clone, Debug)]
pub struct Form {
    fields: Vec<(String, String)>,
    pub files: Vec<Upload>,
    pub key: RequestKey,
}

/// A file as it was sent; nothing of it is trusted.
#[derive(Clone, Debug)]
pub struct Upload {
    pub field: String,
    pub bytes: Bytes,
}

impl Form {
    /// The field without spaces around it; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    pub fn opt(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    pub fn checked(&self, name: &str) -> bool {
        !matches!(self.text(name), "" | "0" | "false" | "off")
    }

    /// Parses a field; `None` when it is empty.
    ///
    /// # Errors
    /// [`Error::Invalid`] on that field when it cannot be read.
    pub fn parse<T: std::str::FromStr>(&self, name: &'static str, otherwise: &'static str) -> Result<Option<T>> {
        let Some(text) = self.opt(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| Error::invalid(name, otherwise))
    }
}

/// Collects what is wrong with a form, so that all of it is told at once.
#[derive(Debug, Default)]
pub struct Problems(Vec<FieldError>);

impl Problems {
    pub fn add(&mut self, field: &'static str, stem: &'static str) {
        self.0.push(FieldError { field, reason: Reason(stem) });
    }

    pub fn when(&mut self, wrong: bool, field: &'static str, stem: &'static str) {
        if wrong {
            self.add(field, stem);
        }
    }

    /// # Errors
    /// [`Error::Invalid`] with everything collected.
    pub fn none(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

impl FromRequest<App> for Form {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &App) -> Result<Self, Fault> {
        Ok(read(request, app).await?)
    }
}

async fn read(request: Request, app: &App) -> Result<Form> {
    let call = request.extensions().get::<Call>().cloned().ok_or_else(|| Error::internal("a form outside the door"))?;
    app.limits.check(Knock::Deed, &call.address.to_string())?;
    let headers = request.headers().clone();
    same_origin(&headers, app.config.public_url.as_deref())?;
    let header_of = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (csrf_header, key_header) = (header_of("x-csrf-token"), header_of("idempotency-key"));
    let kind = header_of("content-type").unwrap_or_default();
    let (fields, files) = if kind.starts_with("application/x-www-form-urlencoded") {
        (urlencoded(request).await?, Vec::new())
    } else if kind.starts_with("multipart/form-data") {
        multipart(request).await?
    } else {
        return Err(Error::denied("form/not-a-form"));
    };
    let sent = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let csrf = csrf_header.or_else(|| sent("_csrf")).unwrap_or_default();
    if !bool::from(subtle::ConstantTimeEq::ct_eq(csrf.as_bytes(), call.csrf.as_bytes())) {
        return Err(Error::denied("form/stale"));
    }
    let key = key_header.or_else(|| sent("_key")).filter(|key| is_key(key)).ok_or(Error::denied("form/no-key"))?;
    let fields: Vec<(String, String)> =
        fields.into_iter().filter(|(name, _)| !matches!(name.as_str(), "_csrf" | "_key")).collect();
    let key = RequestKey { key, route: format!("{} {}", call.method, call.path), body: hash(&fields, &files) };
    Ok(Form { fields, files, key })
}

/// Browsers say where a form comes from: it must be one of our own pages.
pub(super) fn same_origin(headers: &HeaderMap, public_url: Option<&str>) -> Result<()> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if matches!(text("sec-fetch-site"), Some("cross-site" | "same-site")) {
        return Err(Error::denied("form/foreign"));
    }
    let Some(origin) = text("origin") else { return Ok(()) };
    let host = text("host").unwrap_or_default();
    let ours = origin.split_once("://").is_some_and(|(_, origin_host)| origin_host == host);
    let public = public_url.is_some_and(|url| url.trim_end_matches('/') == origin);
    if ours || public { Ok(()) } else { Err(Error::denied("form/foreign")) }
}

async fn urlencoded(request: Request) -> Result<Vec<(String, String)>> {
    let RawForm(bytes) = request.extract().await.map_err(|_| Error::denied("form/too-large"))?;
    let fields: Vec<(String, String)> =
        serde_urlencoded::from_bytes(&bytes).map_err(|_| Error::denied("form/not-a-form"))?;
    within(&fields)?;
    Ok(fields)
}

async fn multipart(request: Request) -> Result<(Vec<(String, String)>, Vec<Upload>)> {
    let broken = |_| Error::denied("form/too-large");
    let mut parts: Multipart = request.extract().await.map_err(|_| Error::denied("form/not-a-form"))?;
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        if part.file_name().is_some() {
            let bytes = part.bytes().await.map_err(broken)?;
            // A file field that was left alone comes as an empty file.
            if bytes.is_empty() {
                continue;
            }
            if files.len() == FILES_MAX {
                return Err(Error::invalid("photo", "media/too-many"));
            }
            if bytes.len() > crate::media::FILE_BYTES_MAX {
                return Err(Error::invalid("photo", "media/too-big"));
            }
            files.push(Upload { field: name, bytes });
        } else {
            let bytes = part.bytes().await.map_err(broken)?;
            let text = String::from_utf8(bytes.into()).map_err(|_| Error::denied("form/not-a-form"))?;
            fields.push((name, text));
            within(&fields)?;
        }
    }
    Ok((fields, files))
}

fn within(fields: &[(String, String)]) -> Result<()> {
    let long =
        |(name, value): &(String, String)| name.len() > 64 || value.len() > FIELD_BYTES_MAX || value.contains('\0');
    if fields.len() > FIELDS_MAX || fields.iter().any(long) { Err(Error::denied("form/too-large")) } else { Ok(()) }
}

fn hash(fields: &[(String, String)], files: &[Upload]) -> [u8; 32] {
    let mut sha = Sha256::new();
    let mut add = |bytes: &[u8]| {
        sha.update((bytes.len() as u64).to_be_bytes());
        sha.update(bytes);
    };
    for (name, value) in fields {
        add(name.as_bytes());
        add(value.as_bytes());
    }
    add(b"files");
    for file in files {
        add(file.field.as_bytes());
        add(&Sha256::digest(&file.bytes));
    }
    sha.finalize().into()
}

/// Whether a request says that it brings a form with files.
pub(super) fn is_upload(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

//! What an unsafe call brings: fields and files, checked for where they come from, with a key that makes a repeat harmless.

use super::answer::Fault;
use super::app::App;
use super::body::{Cut, cut};
use super::call::Call;
use super::keys::{RequestKey, is_key};
use super::limits::{Knock, Room};
use crate::error::FieldError;
use crate::{Error, Reason, Result};
use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::multipart::Field;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Multipart, Request};
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
    /// What its files take of the memory that all forms share, given back with the form.
    _room: Option<std::sync::Arc<Room>>,
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
    let csrf_sent = text_of(&headers, "x-csrf-token");
    let kind = text_of(&headers, "content-type").unwrap_or_default();
    let mut parcel = Parcel::default();
    if is_kind(kind, "application/x-www-form-urlencoded") {
        parcel.fields = urlencoded(request).await?;
    } else if is_kind(kind, "multipart/form-data") {
        parcel.room = Some(app.limits.room());
        parcel.unpack(request, |fields| proven(&call, csrf_sent, fields)).await?;
    } else {
        return Err(Error::denied("form/not-a-form"));
    }
    proven(&call, csrf_sent, &parcel.fields)?;
    let key = text_of(&headers, "idempotency-key").or_else(|| sent(&parcel.fields, "_key"));
    let key = key.filter(|key| is_key(key)).ok_or(Error::denied("form/no-key"))?.to_owned();
    let Parcel { mut fields, files, room } = parcel;
    fields.iter_mut().for_each(|(_, value)| *value = crate::text::plain(value));
    fields.retain(|(name, _)| !matches!(name.as_str(), "_csrf" | "_key"));
    let hashes: Vec<(&str, [u8; 32])> =
        files.iter().map(|file| (file.field.as_str(), Sha256::digest(&file.bytes).into())).collect();
    let typed = fields.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let sent = hashes.iter().map(|(name, hash)| (*name, hash.as_slice()));
    let key = RequestKey::of(app, &call, key, typed.chain(sent));
    Ok(Form { fields, files, key, _room: room.map(std::sync::Arc::new) })
}

fn sent<'f>(fields: &'f [(String, String)], name: &str) -> Option<&'f str> {
    fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

pub(super) fn text_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether a content type is this one, whatever its letters' case and parameters.
pub(super) fn is_kind(content_type: &str, kind: &str) -> bool {
    content_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(kind))
}

/// The token that only our own pages, shown to this very visitor, could put in.
fn proven(call: &Call, header: Option<&str>, fields: &[(String, String)]) -> Result<()> {
    if call.proves(header.or_else(|| sent(fields, "_csrf"))) { Ok(()) } else { Err(Error::denied("form/stale")) }
}

/// Browsers say where a form comes from: it must be one of our own pages.
pub(super) fn same_origin(headers: &HeaderMap, public_url: Option<&str>) -> Result<()> {
    let foreign = || Error::denied("form/foreign");
    if matches!(text_of(headers, "sec-fetch-site"), Some("cross-site" | "same-site")) {
        return Err(foreign());
    }
    let Some(origin) = text_of(headers, "origin") else { return Ok(()) };
    let public = public_url.map(|url| url.trim_end_matches('/'));
    if public == Some(origin) {
        return Ok(());
    }
    let (scheme, origin_host) = origin.split_once("://").ok_or_else(foreign)?;
    let ours = text_of(headers, "host") == Some(origin_host);
    // Where residents come by https, a page under our name without it may be anybody's.
    let downgraded = scheme == "http" && public.and_then(|url| url.strip_prefix("https://")) == Some(origin_host);
    if ours && !downgraded { Ok(()) } else { Err(foreign()) }
}

/// What to say when the rest of a body cannot be had.
pub(super) fn broken(error: &(dyn std::error::Error + 'static)) -> Error {
    match cut(error) {
        Some(Cut::TooLarge) => Error::denied("form/too-large"),
        Some(Cut::TooSlow) => Error::denied("form/too-slow"),
        None => Error::denied("form/not-a-form"),
    }
}

pub(super) async fn urlencoded(request: Request) -> Result<Vec<(String, String)>> {
    // Without a file it is the words that are too many.
    let bytes: Bytes = request.extract().await.map_err(|error: BytesRejection| match cut(&error) {
        Some(Cut::TooLarge) => Error::denied("form/too-long"),
        _ => broken(&error),
    })?;
    let fields: Vec<(String, String)> =
        serde_urlencoded::from_bytes(&bytes).map_err(|_| Error::denied("form/not-a-form"))?;
    within(&fields)?;
    Ok(fields)
}

/// A form with files while it is unpacked.
#[derive(Default)]
pub(super) struct Parcel {
    pub fields: Vec<(String, String)>,
    pub files: Vec<Upload>,
    pub room: Option<Room>,
}

impl Parcel {
    /// Takes parts one by one. `proven` is asked before the first file: nobody else's files are kept, not even for a moment.
    pub async fn unpack(&mut self, request: Request, proven: impl Fn(&[(String, String)]) -> Result<()>) -> Result<()> {
        let mut parts: Multipart = request.extract().await.map_err(|_| Error::denied("form/not-a-form"))?;
        while let Some(mut part) = parts.next_field().await.map_err(|error| broken(&error))? {
            let name = part.name().unwrap_or_default().to_owned();
            if part.file_name().is_none() {
                let text = taken(&mut part, FIELD_BYTES_MAX, None).await?.ok_or(Error::denied("form/too-long"))?;
                let text = String::from_utf8(text).map_err(|_| Error::denied("form/not-a-form"))?;
                self.fields.push((name, text));
                within(&self.fields)?;
                continue;
            }
            proven(&self.fields)?;
            let bytes = taken(&mut part, crate::media::FILE_BYTES_MAX, self.room.as_mut()).await?;
            let bytes = bytes.ok_or_else(|| Error::invalid("photo", "media/too-big"))?;
            // A file field that was left alone comes as an empty file.
            if bytes.is_empty() {
                continue;
            }
            if self.files.len() == FILES_MAX {
                return Err(Error::invalid("photo", "media/too-many"));
            }
            self.files.push(Upload { field: name, bytes: bytes.into() });
        }
        Ok(())
    }
}

/// The bytes of a part, or `None` as soon as they are more than `most`.
async fn taken(part: &mut Field<'_>, most: usize, mut room: Option<&mut Room>) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(|error| broken(&error))? {
        if bytes.len() + piece.len() > most {
            return Ok(None);
        }
        if let Some(room) = &mut room {
            room.take(piece.len())?;
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Some(bytes))
}

fn within(fields: &[(String, String)]) -> Result<()> {
    let long = |(name, value): &(String, String)| name.len() > 64 || value.len() > FIELD_BYTES_MAX;
    if fields.iter().any(long) {
        return Err(Error::denied("form/too-long"));
    }
    if fields.len() > FIELDS_MAX { Err(Error::denied("form/too-large")) } else { Ok(()) }
}

/// Unpacks bytes as either kind of form, and keeps nothing.
#[cfg(any(test, feature = "testing"))]
pub fn fed(data: &[u8]) {
    let request = |kind: &str| {
        let request = Request::builder().header(header::CONTENT_TYPE, kind);
        request.body(axum::body::Body::from(data.to_vec())).expect("a request is built.")
    };
    let unpacked = async {
        let _ = urlencoded(request("application/x-www-form-urlencoded")).await;
        let mut parcel = Parcel::default();
        let _ = parcel.unpack(request("multipart/form-data; boundary=b"), |_| Ok(())).await;
        assert!(parcel.files.len() <= FILES_MAX && parcel.fields.len() <= FIELDS_MAX + 1);
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime is built.");
    runtime.block_on(unpacked);
}

/// Whether a request says that it brings a form with files.
pub(super) fn is_upload(headers: &HeaderMap) -> bool {
    text_of(headers, header::CONTENT_TYPE.as_str()).is_some_and(|kind| is_kind(kind, "multipart/form-data"))
}

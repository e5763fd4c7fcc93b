//! A form that a program sends: no page of ours was shown before it and no cookie counts, so what proves it stands in it.

use super::app::App;
use super::form::{Parcel, Upload, is_kind, text_of, urlencoded};
use super::limits::Room;
use crate::{Error, Result};
use axum::extract::Request;
use sha2::{Digest, Sha256};

/// What a form is called that is sent in one line.
const LINE: &str = "application/x-www-form-urlencoded";
/// And one with files.
const PARTS: &str = "multipart/form-data";

/// The fields and files of such a form.
#[derive(Debug)]
pub struct Sent {
    pub fields: Vec<(String, String)>,
    pub files: Vec<Upload>,
    /// Of everything that was sent, however its parts were divided.
    pub hash: [u8; 32],
    /// What its files take of the memory that all forms share, given back with the form.
    _room: Option<Room>,
}

impl Sent {
    /// Whether this can be read at all, as far as its headers tell. A call may say all it says in its address, and then
    /// has no body and no type.
    pub fn is_form(request: &Request) -> bool {
        let Some(kind) = text_of(request.headers(), "content-type") else { return true };
        is_kind(kind, LINE) || is_kind(kind, PARTS)
    }

    /// Reads it. `proven` is asked with the fields that have come: before the first file is taken, and at the end.
    ///
    /// # Errors
    /// Those of `proven`; [`Error::Denied`] when it is no form, not in UTF-8, too large or too slow; [`Error::Invalid`] when
    /// a file will not do.
    pub async fn read(request: Request, app: &App, proven: impl Fn(&[(String, String)]) -> Result<()>) -> Result<Sent> {
        // Without a type it must be empty, which is a line without fields.
        let kind = text_of(request.headers(), "content-type");
        let (untyped, kind) = (kind.is_none(), kind.unwrap_or(LINE));
        let mut parcel = Parcel::default();
        if is_kind(kind, PARTS) {
            parcel.room = Some(app.limits.room());
            parcel.unpack(request, &proven).await?;
        } else if is_kind(kind, LINE) {
            parcel.fields = urlencoded(request).await?;
            if untyped && !parcel.fields.is_empty() {
                return Err(Error::denied("form/not-a-form"));
            }
        } else {
            return Err(Error::denied("form/not-a-form"));
        }
        proven(&parcel.fields)?;
        let Parcel { mut fields, files, room } = parcel;
        // What could not be read as UTF-8 has become this mark: words in another encoding are lost already.
        if fields.iter().any(|(name, value)| name.contains('\u{FFFD}') || value.contains('\u{FFFD}')) {
            return Err(Error::denied("form/not-a-form"));
        }
        fields.iter_mut().for_each(|(_, value)| *value = crate::text::plain(value));
        let hash = hash(&fields, &files);
        Ok(Sent { fields, files, hash, _room: room })
    }
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

//! How programs call this house: the description of the API, to read and to try. Swagger UI comes packed in a crate and is
//! unpacked when somebody first looks; nothing is fetched from elsewhere.

use crate::layout::{View, Visit, page};
use askama::Template;
use axum::http::header;
use axum::response::IntoResponse;
use kit::web::Path;
use kit::web::answer::Answer;
use kit::{Error, Result};
use std::io::Read;
use std::sync::LazyLock;

const SCRIPT: &str = "swagger-ui-bundle.js";
const STYLE: &str = "swagger-ui.css";

static FILES: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| [SCRIPT, STYLE].map(|name| unpacked(name).unwrap_or_default()));

fn unpacked(name: &str) -> Result<Vec<u8>> {
    let packed = std::io::Cursor::new(utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED);
    let mut files = zip::ZipArchive::new(packed).map_err(Error::internal)?;
    let end = format!("/dist/{name}");
    let ours = |path: &str| path.ends_with(&end) && !path.contains("/flavors/");
    let found = files.file_names().flatten().find(|path| ours(path)).map(|path| path.into_owned());
    let path = found.ok_or_else(|| Error::internal(format!("{name} is not packed")))?;
    let mut out = Vec::new();
    files.by_name(&path).map_err(Error::internal)?.read_to_end(&mut out).map_err(Error::internal)?;
    Ok(out)
}

/// `GET /about/api`.
#[derive(Template)]
#[template(path = "hall/templates/calls.html")]
pub struct CallsPage {
    pub v: View,
    pub script: &'static str,
    pub style: &'static str,
}

pub async fn show(visit: Visit) -> Answer {
    page(&CallsPage { v: visit.view("calls-title"), script: SCRIPT, style: STYLE })
}

/// `GET /about/api/{file}`: the two files of Swagger UI.
pub async fn file(Path(name): Path<String>) -> Answer {
    let (kind, bytes) = match name.as_str() {
        SCRIPT => ("text/javascript; charset=utf-8", &FILES[0]),
        STYLE => ("text/css; charset=utf-8", &FILES[1]),
        _ => return Err(Error::NotFound.into()),
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=86400")];
    Ok((headers, bytes.as_slice()).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_packed() {
        assert!(FILES.iter().all(|file| file.len() > 100_000));
    }
}

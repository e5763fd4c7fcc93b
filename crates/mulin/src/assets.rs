//! Styles and scripts, carried inside the binary under names that change with their content.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use kit::web::{Fault, Path};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
    /// `style.1a2b3c4d.css`.
    hashed: String,
}

macro_rules! assets {
    ($($name:literal as $kind:literal),+ $(,)?) => {
        vec![$(Asset::new($name, $kind, include_bytes!(concat!("../../../web/", $name)))),+]
    };
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    assets![
        "style.css" as "text/css; charset=utf-8",
        "say.js" as "text/javascript; charset=utf-8",
        "unsent.js" as "text/javascript; charset=utf-8",
        "desk.js" as "text/javascript; charset=utf-8",
        "house.js" as "text/javascript; charset=utf-8",
        "passkey.js" as "text/javascript; charset=utf-8",
        "api.js" as "text/javascript; charset=utf-8",
        "logo.svg" as "image/svg+xml",
    ]
});

impl Asset {
    fn new(name: &'static str, kind: &'static str, bytes: &'static [u8]) -> Asset {
        let hash = hex::encode(&Sha256::digest(bytes)[..4]);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        Asset { name, kind, bytes, hashed: format!("{stem}.{hash}.{extension}") }
    }
}

/// The address of an asset, e.g. `/assets/style.1a2b3c4d.css`.
pub fn href(name: &str) -> String {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    asset.map_or_else(String::new, |asset| format!("/assets/{}", asset.hashed))
}

/// `GET /assets/{name}`: kept by browsers for a year, since another content has another name.
pub async fn serve(name: Result<Path<String>, Fault>) -> Response {
    // Nobody reads what is said of a style that is not there, and no door stands before it to say it.
    let name = name.ok().map(|Path(name)| name);
    match ASSETS.iter().find(|asset| Some(&asset.hashed) == name.as_ref()) {
        Some(asset) => {
            let headers = [
                (header::CONTENT_TYPE, asset.kind),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, asset.bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

//! Links for where there is no page around them: feeds, mails, paper.

use axum::http::{HeaderMap, header};
use kit::web::App;

/// What links begin with: the address residents know, else the one this very call came to.
pub fn base(app: &App, headers: &HeaderMap) -> String {
    match &app.config.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        // The door lets one well-formed host through.
        None => {
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
            host.map_or_else(String::new, |host| format!("http://{host}"))
        }
    }
}

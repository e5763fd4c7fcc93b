//! Links for where there is no page around them: feeds, mails, paper.

use axum::http::{HeaderMap, Uri, header};
use kit::web::App;
use std::net::IpAddr;

/// What links begin with: the address residents know, else the one this very call came to.
pub fn base(app: &App, headers: &HeaderMap) -> String {
    match &app.config.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        // The door lets one well-formed host through.
        None => {
            let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
            // Our own proxy says how it was called; anybody else may say what they like.
            let encrypted = app.config.trusted_proxy && text("x-forwarded-proto") == Some("https");
            let scheme = if encrypted { "https" } else { "http" };
            text(header::HOST.as_str()).map_or_else(String::new, |host| format!("{scheme}://{host}"))
        }
    }
}

/// Whether links that begin so lead nowhere from any other computer or phone.
pub fn only_here(base: &str) -> bool {
    let uri = base.parse::<Uri>().ok();
    let Some(host) = uri.as_ref().and_then(Uri::host) else { return true };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback() || address.is_unspecified(),
        Err(_) => bare.eq_ignore_ascii_case("localhost") || bare.to_ascii_lowercase().ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::only_here;

    #[test]
    fn what_only_this_computer_can_open_is_told_from_what_others_can() {
        for base in [
            "http://127.0.0.1:3000",
            "http://localhost",
            "http://[::1]:3000",
            "http://0.0.0.0:80",
            "http://LOCALHOST:1",
            "",
        ] {
            assert!(only_here(base), "{base}");
        }
        for base in ["https://mulin.example", "http://192.168.1.5:3000", "http://[fd00::1]", "http://localhost.example"]
        {
            assert!(!only_here(base), "{base}");
        }
    }
}

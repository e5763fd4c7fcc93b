//! Stories about tokens of one's own.

use crate::village::{Seen, Village};
use axum::http::StatusCode;
use kit::on_both;
use kit::time::Moment;

const HERE: &str = "/me/tokens";

/// The token on the page that made it.
pub fn made(seen: &Seen) -> String {
    let at = seen.body.find("mulin_").unwrap_or_else(|| panic!("no token: {}", seen.text()));
    seen.body[at..at + 38].to_owned()
}

async fn make(village: &Village, who: &str, scopes: &[&str]) -> String {
    let mut fields = vec![("name", "我的报表"), ("days", "30")];
    fields.extend(scopes.iter().map(|scope| ("scopes", *scope)));
    let seen = village.fill(who, HERE, HERE, &fields).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
    made(&seen)
}

on_both! { &crate::migrations();
    async fn a_token_is_shown_once_and_opens_what_its_scopes_say(db) {
        let village = Village::on(db).await;
        let token = make(&village, "community", &["office:read"]).await;
        village.get("community", HERE).await.says("我的报表").says("看工作台和名册").says_not(&token);
        let seen = village.program(&token, "GET", "/api/v1/channels", None).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
        let body = r#"{"name":"x","place":"x","kind":"wecom","address":"https://a.example","events":["new"],"from":"21:00","to":"08:00"}"#;
        let seen = village.program(&token, "POST", "/api/v1/channels", Some(body)).await;
        assert_eq!(seen.status, StatusCode::FORBIDDEN);
        seen.says("token/needs-office-write");
        assert_eq!(seen.header("www-authenticate"), "Bearer error=\"insufficient_scope\", scope=\"office:write\"");
        // Whoever holds it may know what it is, and nobody makes one token with another.
        let told = village.program(&token, "GET", "/api/v1/token", None).await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.body);
        told.says("office:read").says_not(&token);
        let seen = village.program(&token, "GET", "/api/v1/tokens", None).await;
        assert_eq!(seen.status, StatusCode::FORBIDDEN);
        seen.says("token/not-here");
    }

    async fn a_token_is_never_more_than_its_owner(db) {
        let village = Village::on(db).await;
        let token = make(&village, "granny", &["office:read", "office:write"]).await;
        let seen = village.program(&token, "GET", "/api/v1/channels", None).await;
        assert_eq!(seen.status, StatusCode::FORBIDDEN, "{}", seen.body);
    }

    async fn a_token_that_is_ended_or_over_or_made_up_opens_nothing_and_says_so(db) {
        let village = Village::on(db).await;
        let token = make(&village, "community", &["office:read"]).await;
        let page = village.get("community", HERE).await;
        let id = page.body.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        // Nobody ends what is not theirs.
        let other = village.forge("property", "/me/tokens/end", &[("token", &id)]).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND);
        let seen = village.fill("community", HERE, "/me/tokens/end", &[("token", &id)]).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER);
        let second = make(&village, "community", &["office:read"]).await;
        village.wait(Moment::days(31));
        let forged = format!("mulin_{}", "0".repeat(32));
        for gone in [token.as_str(), second.as_str(), forged.as_str(), "mulin_", "x"] {
            for path in ["/api/v1/channels", "/api/v1/requests?compound=shiliu", "/api/v1/token"] {
                let seen = village.program(gone, "GET", path, None).await;
                assert_eq!(seen.status, StatusCode::UNAUTHORIZED, "{path}");
                assert_eq!(seen.header("www-authenticate"), "Bearer error=\"invalid_token\"");
                seen.says("token/unknown");
            }
        }
        let seen = village.get("stranger", "/api/v1/channels").await;
        assert_eq!(seen.status, StatusCode::UNAUTHORIZED);
        assert_eq!(seen.header("www-authenticate"), "Bearer");
    }

    async fn what_is_wrong_with_a_new_token_is_said_and_a_resent_form_makes_one(db) {
        let village = Village::on(db).await;
        let seen = village.fill("granny", HERE, HERE, &[("name", "表"), ("days", "30")]).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.says("至少选一项");
        let fields = [("name", "表"), ("days", "900"), ("scopes", "me:read")];
        village.fill("granny", HERE, HERE, &fields).await.says("最多一年");
        let fields = [("name", "表"), ("days", "30"), ("scopes", "everything")];
        village.fill("granny", HERE, HERE, &fields).await.says("至少选一项");
        let body = r#"{"name":"表","scopes":["me:read"],"days":30}"#;
        let first = village.json("granny", "POST", "/api/v1/tokens", "key-of-my-own-token", body).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
        let again = village.json("granny", "POST", "/api/v1/tokens", "key-of-my-own-token", body).await;
        assert_eq!(again.body, first.body);
        let listed = village.get("granny", "/api/v1/tokens").await;
        assert_eq!(listed.body.matches("\"id\"").count(), 1, "{}", listed.body);
        for body in ["{}", r#"{"name":"","scopes":["me:read"],"days":30}"#, r#"{"name":"a","scopes":[],"days":30}"#] {
            let seen = village.json("granny", "POST", "/api/v1/tokens", "key-of-another-one", body).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        }
    }
}

//! What somebody uploaded is given out as a file and never as a page of the house: it may run nothing and load nothing.

use super::cast::Cast;
use super::matrix;
use axum::http::StatusCode;

kit::on_both! { &crate::migrations();
    async fn an_upload_is_a_file_in_a_box_of_its_own(db) {
        let cast = Cast::on(db).await;
        let there = matrix::things(&cast).await;
        let (code, pickup, photo) = (&there["code"], &there["pickup"], &there["photo"]);
        let voice = &there["/api/v1/requests/{code}/voices/{voice}"];
        let (tenant, id) = (&there["tenant"], voice.rsplit('/').next().unwrap());
        for (path, kind) in [
            (format!("/say/requests/photos/{tenant}/{photo}/full"), "image/jpeg"),
            (format!("/say/requests/photos/{tenant}/{photo}/thumb"), "image/jpeg"),
            (format!("/say/requests/slip/{pickup}/photos/{photo}/full"), "image/jpeg"),
            (format!("/api/v1/requests/{code}/photos/{photo}/full"), "image/jpeg"),
            (voice.clone(), "audio/"),
            (format!("/say/requests/photos/{tenant}/{id}/voice"), "audio/"),
            ("/say/requests/ground/shiliu".to_owned(), "image/svg+xml"),
        ] {
            let seen = cast.stage.village.get("granny", &path).await;
            assert_eq!(seen.status, StatusCode::OK, "{path}: {}", seen.text());
            assert!(seen.header("content-type").starts_with(kind), "{path}: {}", seen.header("content-type"));
            let policy = seen.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{path}: {policy}");
            assert!(!policy.contains("allow-") && !policy.contains("script-src"), "{path}: {policy}");
            assert_eq!(seen.header("x-content-type-options"), "nosniff", "{path}");
        }
    }
}

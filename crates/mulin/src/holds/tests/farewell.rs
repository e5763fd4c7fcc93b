//! A community that leaves leaves nothing behind, and takes nobody else with it.

use super::cast::Cast;
use super::samples::Sample;
use crate::holds::{store, unsafe_calls};
use crate::keep::{check, farewell};
use axum::http::StatusCode;
use commons::place::store as places;
use kit::Error;
use std::path::PathBuf;

/// So that as many tables as possible have something in them: each sample, done once.
async fn live(cast: &Cast) {
    let stage = &cast.stage;
    for (at, call) in unsafe_calls().iter().enumerate() {
        // Nobody signs out on the way.
        if call == "POST /sign-out" || call.starts_with("POST /first-run") {
            continue;
        }
        if let Some(Sample::Keyed(sent, ..) | Sample::Same(sent, _) | Sample::Status(sent, _)) =
            stage.sample(call, 400 + at).await
        {
            let request = stage.request(&sent, &stage.key(), &stage.csrf(sent.who).await);
            stage.village.send(request).await;
            stage.village.wait(1_000);
        }
    }
}

fn file(db: &kit::db::Db, name: &str) -> PathBuf {
    let path =
        std::env::temp_dir().join(format!("mulin_farewell_{name}_{}_{:?}.tar", std::process::id(), db.dialect()));
    let _ = std::fs::remove_file(&path);
    path
}

async fn files(cast: &Cast, tenant: kit::Uuid) -> usize {
    let lying = cast.stage.village.app.media.lying().await.unwrap();
    lying.iter().filter(|one| one.what.is_some_and(|(key, _)| key.tenant == tenant)).count()
}

kit::on_both! { &crate::migrations();
    async fn a_community_that_leaves_leaves_no_row_and_no_file_and_its_export_comes_first(db) {
        let cast = Cast::on(db.clone()).await;
        let (app, tenant, other) = (&cast.stage.village.app, cast.stage.tenant, cast.other.0);
        live(&cast).await;
        let [code, _, photo] = cast.private("far", "taoli/1").await;
        cast.private("granny", "shiliu/1").await;
        crate::chores::seal(app).await.unwrap();
        store::also_in(&db, cast.stage.person("granny").await.0.0, other).await;
        let who = places::tenants(&db).await.unwrap().into_iter().find(|one| one.id == tenant).unwrap();
        let before = store::of_tenant(&db, tenant.0).await;
        let filled = before.values().filter(|(rows, _)| *rows > 0).count();
        assert!(filled > 40 && files(&cast, tenant.0).await > 2, "{filled} of {} tables: {before:?}", before.len());
        let theirs = (store::of_tenant(&db, other).await, files(&cast, other).await);

        // Without an export that can be written nothing happens.
        let taken = file(&db, "taken");
        std::fs::write(&taken, "somebody's").unwrap();
        assert!(matches!(farewell::export(app, &who, &taken).await, Err(Error::Unavailable(_))));
        assert_eq!(std::fs::read(&taken).unwrap(), b"somebody's");
        // Nor when somebody goes on after it.
        let (early, path) = (file(&db, "early"), file(&db, "whole"));
        let exported = farewell::export(app, &who, &early).await.unwrap();
        cast.stage.said("granny", "lift", 990).await;
        let went_on = store::of_tenant(&db, tenant.0).await;
        assert!(matches!(farewell::delete(app, &who, &exported).await, Err(Error::Conflict(_))));
        assert_eq!(store::of_tenant(&db, tenant.0).await, went_on);

        let exported = farewell::export(app, &who, &path).await.unwrap();
        assert!(exported.rows > 300 && exported.files > 2, "{exported:?}");
        let mut archive = tar::Archive::new(std::fs::File::open(&path).unwrap());
        let mut inside = std::collections::BTreeMap::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut text = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut text).unwrap();
            inside.insert(entry.path().unwrap().display().to_string(), String::from_utf8_lossy(&text).into_owned());
        }
        assert!(inside["requests.jsonl"].contains("13800138000") && inside["requests.jsonl"].contains("睡不着"));
        assert!(inside["tables/activity.jsonl"].lines().count() > 100 && !inside["requests.jsonl"].contains("taoli"));

        let gone = farewell::delete(app, &who, &exported).await.unwrap();
        assert!(gone.rows >= exported.rows && gone.files >= exported.files && gone.accounts > 10, "{gone:?}");
        let after = store::of_tenant(&db, tenant.0).await;
        assert_eq!(after.len(), before.len());
        assert!(after.values().all(|(rows, _)| *rows == 0), "{after:?}");
        assert_eq!(files(&cast, tenant.0).await, 0);
        // Whoever lives elsewhere too is still known, and nobody is left who lives nowhere.
        let (accounts, nowhere) = store::accounts(&db).await;
        assert!(accounts >= 5 && nowhere == 0, "{accounts} {nowhere}");
        assert_eq!((store::of_tenant(&db, other).await, files(&cast, other).await), theirs);
        let village = &cast.stage.village;
        assert_eq!(village.get("far", &format!("/say/requests/{code}")).await.status, StatusCode::OK);
        let picture = format!("/say/requests/photos/{other}/{photo}/full");
        assert_eq!(village.get("far", &picture).await.status, StatusCode::OK);
        for page in ["/say/requests?compound=shiliu", "/help/captain?at=shiliu/1", "/say/map?compound=shiliu"] {
            assert_eq!(village.get("stranger", page).await.status, StatusCode::NOT_FOUND, "{page}");
        }
        village.get("stranger", "/search?q=%E7%81%AF").await.says_not("灯不亮");
        assert_eq!(check::run(app).await.unwrap(), []);
        for path in [taken, early, path] {
            std::fs::remove_file(path).unwrap();
        }
    }
}

//! The story of a community that leaves, on its page.

use crate::village::{Village, parts_on};
use axum::http::StatusCode;
use commons::people::Office;
use commons::place::{PlaceKind, store as places};
use kit::on_both;
use kit::web::App;

on_both! { &crate::migrations();
    async fn who_runs_the_machine_takes_the_export_home_and_then_deletes_the_community(db) {
        let data = std::env::temp_dir().join(format!("mulin_leaving_{}_{:?}", std::process::id(), db.dialect()));
        let mut parts = parts_on(db.clone(), true);
        parts.config.data = data.clone();
        let mut village = Village::of(App::new(parts)).await;
        let (tenant, _) = places::by_code(&db, "shiliu").await.unwrap().unwrap();
        let root = places::of_kind(&db, tenant, PlaceKind::Community).await.unwrap()[0].id;
        village.joins("operator", tenant, Office::Operator, root, None).await;
        let (page, export, delete) = ("/office/farewell", "/office/farewell/export", "/office/farewell/delete");
        for who in ["stranger", "granny", "captain", "community"] {
            assert_eq!(village.get(who, page).await.status, StatusCode::FORBIDDEN, "{who}");
            assert_eq!(village.forge(who, export, &[]).await.status, StatusCode::FORBIDDEN, "{who}");
        }
        // Nothing is deleted before it was exported.
        village.get("operator", page).await.says_not(delete);
        let typed = [("name", "榴花社区"), ("mark", "00000000")];
        assert_eq!(village.forge("operator", delete, &typed).await.status, StatusCode::CONFLICT);
        assert_eq!(village.get("operator", export).await.status, StatusCode::NOT_FOUND);
        village.fill("operator", page, export, &[]).await;
        let taken = village.get("operator", export).await;
        assert!(taken.body.contains("export.json"));
        let name = taken.header("content-disposition");
        let mark = name.split("liuhua-").nth(1).unwrap().split('.').next().unwrap().to_owned();
        assert_eq!(mark.len(), 8);
        for wrong in [[("name", "榴花"), ("mark", &mark)], [("name", "榴花社区"), ("mark", "00000000")]] {
            let again = village.fill("operator", page, delete, &wrong).await;
            assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        // Somebody goes on: the export is no longer whole.
        village.fill("granny", "/say/requests/new?at=shiliu/1", "/say/requests", &[("at", "shiliu/1"), ("words", "灯不亮")]).await;
        let typed = [("name", "榴花社区"), ("mark", mark.as_str())];
        assert_eq!(village.fill("operator", page, delete, &typed).await.status, StatusCode::CONFLICT);
        assert_eq!(village.get("granny", "/say/requests/shiliu-1").await.status, StatusCode::OK);
        village.fill("operator", page, export, &[]).await;
        let name = village.get("operator", export).await.header("content-disposition");
        let mark = name.split("liuhua-").nth(1).unwrap().split('.').next().unwrap().to_owned();
        let typed = [("name", "榴花社区"), ("mark", mark.as_str())];
        let gone = village.fill("operator", page, delete, &typed).await;
        assert_eq!((gone.status, gone.location.as_str()), (StatusCode::SEE_OTHER, "/"), "{}", gone.text());
        assert!(places::tenants(&db).await.unwrap().is_empty());
        assert_eq!(std::fs::read_dir(data.join("leaving")).unwrap().count(), 0);
        assert_eq!(village.get("granny", "/me/homes").await.status, StatusCode::FORBIDDEN, "nobody is signed in any more");
        std::fs::remove_dir_all(data).unwrap();
    }
}

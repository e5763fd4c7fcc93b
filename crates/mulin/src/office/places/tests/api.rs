//! The tree and its sheet by calls.

use crate::village::Village;
use kit::on_both;

const IMPORT: &str = "/api/v1/places/import";

on_both! { &crate::migrations();
    async fn a_sheet_is_tried_taken_over_and_exported_by_calls(db) {
        let village = Village::on(db).await;
        let rows = hex::encode("小区代号,小区,楼栋,单元,户室\nwutong,梧桐里,2号楼,1单元,201\n");
        let send = async |who: &str, key: &str, really: &str, rows: &str| {
            village.upload(who, IMPORT, &format!("{key}-0123456789abcdef"), &[("really", really), ("file:file", rows)]).await
        };
        let tried = send("community", "try", "0", &rows).await.answers(200);
        assert_eq!((tried["done"].as_bool(), tried["added"].as_u64(), tried["compounds"][0]["code"].as_str()), (Some(false), Some(1), Some("wutong")));
        village.get("community", "/api/v1/places?at=wutong").await.refuses(404, "house/not-found");
        let done = send("community", "do", "1", &rows).await;
        assert_eq!(done.answers(200)["done"], true);
        assert_eq!(send("community", "do", "1", &rows).await.body, done.body, "the same key, the same answer");
        assert_eq!(send("community", "again", "1", &rows).await.answers(200)["unchanged"], 1);
        let told = village.get("community", "/api/v1/places?at=wutong").await.answers(200);
        assert_eq!((told["at"]["name"].as_str(), told["places"][0]["path"].as_str()), (Some("梧桐里"), Some("wutong/2")));
        let table = village.get("community", "/api/v1/places/export/csv").await;
        table.says("梧桐里");
        let back = send("community", "back", "0", &hex::encode(&table.body)).await.answers(200);
        assert_eq!((back["added"].as_u64(), back["changed"].as_u64()), (Some(0), Some(0)));
        village.get("community", "/api/v1/places/template/xlsx").await;
        village.get("community", "/api/v1/places/export/pdf").await.refuses(404, "house/not-found");
        let faulty = hex::encode("小区代号,小区,楼栋,单元,户室\nwutong,梧桐里,,1单元,202\n");
        let told = send("community", "fault", "1", &faulty).await.answers(200);
        assert_eq!((told["done"].as_bool(), told["faults"][0]["row"].as_u64(), told["faults"][0]["reason"].as_str()), (Some(false), Some(2), Some("sheet/parent-missing")));
    }

    async fn staff_look_and_keepers_import(db) {
        let village = Village::on(db).await;
        let rows = hex::encode("小区代号,小区\nwutong,梧桐里\n");
        for (who, status, reason) in [("granny", 403, "places/not-staff"), ("stranger", 401, "account/sign-in-first"), ("captain", 403, "places/not-keeper")] {
            village.upload(who, IMPORT, "import-0123456789abcdef", &[("really", "1"), ("file:file", &rows)]).await.refuses(status, reason);
        }
        village.get("granny", "/api/v1/places").await.refuses(403, "places/not-staff");
        assert_eq!(village.get("captain", "/api/v1/places").await.answers(200)["places"][0]["path"], "shiliu");
        village.upload("community", IMPORT, "import-0123456789abcdef", &[("really", "1")]).await.refuses(422, "places/file-missing");
        village.json("community", "POST", IMPORT, "import-0123456789abcdeg", "{}").await.refuses(403, "form/not-a-form");
        village.upload("community", IMPORT, "short", &[("really", "1")]).await.refuses(422, "form/no-key");
    }

    async fn a_long_level_comes_in_pages(db) {
        let village = Village::on(db).await;
        let (mut paths, mut at) = (Vec::new(), "/api/v1/places?at=shiliu&limit=1".to_owned());
        for _ in 0..3 {
            let told = village.get("property", &at).await.answers(200);
            paths.extend(told["places"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap().to_owned()));
            let Some(next) = told["next"].as_str() else { break };
            at = format!("/api/v1/places?at=shiliu&limit=1&after={}", crate::layout::line::encoded(next));
        }
        assert_eq!(paths, ["shiliu/1", "shiliu/2"]);
        village.get("property", "/api/v1/places?after=here").await.refuses(422, "house/cursor-bad");
    }
}

//! Compounds by calls.

use crate::village::Village;
use kit::on_both;
use serde_json::json;

const ALL: &str = "/api/v1/compounds";

on_both! { &crate::migrations();
    async fn a_compound_is_made_without_buildings_and_they_are_raised_once(db) {
        let village = Village::on(db).await;
        let sheet = "小区代号,小区,楼栋,单元,户室\nfurong,芙蓉里,9号楼,1单元,101\n";
        let made = village.call("community", ALL, "sheet", &json!({ "name": "芙蓉里", "code": "furong", "sheet": sheet })).await;
        made.answers(201);
        assert_eq!(village.get("community", &format!("{ALL}/furong")).await.answers(200)["homes"], 1);
        let again = village.call("community", ALL, "sheet", &json!({ "name": "芙蓉里", "code": "furong", "sheet": sheet })).await;
        assert_eq!(again.body, made.body);
        let elsewhere = json!({ "name": "梧桐里", "code": "wutong", "sheet": sheet.replace("furong", "hehua").replace("芙蓉里", "荷花里") });
        village.call("community", ALL, "elsewhere", &elsewhere).await.refuses(422, "compounds/sheet-elsewhere");
        village.call("community", ALL, "bare", &json!({ "name": "梧桐里", "code": "wutong" })).await.refuses(422, "compounds/buildings");
        let rows = hex::encode("小区代号,小区\nwutong,梧桐里\n");
        village.upload("community", "/api/v1/places/import", "import-0123456789abcdef", &[("really", "1"), ("file:file", &rows)]).await.answers(200);
        let raise = format!("{ALL}/wutong/buildings");
        let pattern = json!({ "buildings": "1-2", "entrances": 1, "floors": 3, "per_floor": 2 });
        village.call("property", &raise, "raise", &pattern).await.refuses(403, "compounds/not-keeper");
        village.call("community", &raise, "wrong", &json!({ "buildings": "东边" })).await.refuses(422, "compounds/buildings");
        let raised = village.call("community", &raise, "raise", &pattern).await;
        assert_eq!(raised.answers(201)["homes"], 12);
        assert_eq!(village.call("community", &raise, "raise", &pattern).await.body, raised.body);
        village.call("community", &raise, "more", &pattern).await.refuses(422, "compounds/building-there");
        village.call("community", &format!("{ALL}/nowhere/buildings"), "nowhere", &pattern).await.refuses(404, "house/not-found");
    }

    async fn everybody_knows_which_compounds_there_are_and_keepers_what_is_in_them(db) {
        let village = Village::on(db).await;
        for n in ["0", "-1", "101"] {
            village.get("stranger", &format!("{ALL}?limit={n}")).await.refuses(422, "house/limit");
        }
        let told = village.get("stranger", &format!("{ALL}?limit=1")).await.answers(200);
        assert_eq!(told, json!({ "compounds": [{ "code": "shiliu", "name": "石榴园", "name_en": "shiliu (en)" }], "next": null }));
        for path in ["shiliu", "shiliu/letters"] {
            village.get("property", &format!("{ALL}/{path}")).await.refuses(403, "compounds/not-keeper");
            village.get("stranger", &format!("{ALL}/{path}")).await.refuses(401, "account/sign-in-first");
        }
        assert_eq!(village.get("community", &format!("{ALL}/shiliu")).await.answers(200)["buildings"], 2);
        village.get("community", &format!("{ALL}/nowhere")).await.refuses(404, "house/not-found");
    }
}

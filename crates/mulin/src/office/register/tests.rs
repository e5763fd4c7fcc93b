//! Stories of the register: who keeps it, that a sheet is all or nothing, and what is written down.

use crate::village::{Seen, Village};
use axum::http::StatusCode;
use kit::on_both;
use serde_json::json;

const HERE: &str = "/office/register";
const SHEET: &str = "户号,类型,专有面积,业主,编号,份额\n1-1-101,住宅,88.50,沈云舟,,1/2\n1-1-101,,,林小满,,1/2\n1-1-301,住宅,60,开发商,,\n\
    2-1-101,住宅,60.01,开发商,,\nB-07,车位,13.25,周明,,\n";

async fn sends(village: &Village, who: &str, sheet: &str, really: &str) -> Seen {
    let fields = [("at", "shiliu"), ("really", really), ("file:file", &hex::encode(sheet))];
    village.fill(who, HERE, HERE, &fields).await
}

on_both! { &crate::migrations();
    async fn the_committee_takes_a_sheet_over_all_or_nothing(db) {
        let village = Village::on(db).await;
        let tried = sends(&village, "committee", SHEET, "0").await;
        assert_eq!(tried.status, StatusCode::OK, "{}", tried.text());
        tried.says("221.76").says("名册还是空的");
        let faulty = SHEET.replace("60.01", "六十");
        let refused = sends(&village, "committee", &faulty, "1").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("六十").says("专有面积").says("名册还是空的");
        let done = sends(&village, "committee", SHEET, "1").await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        let page = village.get("committee", &done.location).await;
        page.says("名册改好了").says("4户").says("221.76 ㎡").says("业主人数 3").says("沈云舟 1/2").says("车位 1个");
        let short = "户号,专有面积,业主\nA,10,王一\n";
        sends(&village, "committee", short, "1").await;
        village.get("committee", HERE).await.says("1户").says("业主人数 1").says_not("沈云舟");
        let wrong = sends(&village, "committee", "户号,专有面积,业主,手机号\nA,10,王一,x\n", "1").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("这里用不着");
    }

    async fn a_unit_is_entered_and_taken_out_by_hand(db) {
        let village = Village::on(db).await;
        let fields = [("at", "shiliu"), ("code", "1-1-101"), ("kind", "home"), ("area", "88.5"), ("owners", "沈云舟,,1/2\n林小满,,1/2")];
        let put = village.fill("committee", HERE, "/office/register/unit", &fields).await;
        assert_eq!(put.status, StatusCode::SEE_OTHER, "{}", put.text());
        village.get("committee", HERE).await.says("88.50 ㎡").says("林小满 1/2");
        let changed = [("at", "shiliu"), ("code", "1-1-101"), ("kind", "shop"), ("area", "90"), ("owners", "周明")];
        village.fill("committee", HERE, "/office/register/unit", &changed).await;
        let page = village.get("committee", HERE).await;
        page.says("1户").says("90.00 ㎡").says("商铺").says_not("林小满");
        for (field, value, said) in [("code", "", "请写户号"), ("area", "0", "面积要大于0"), ("owners", "", "1到20位"),
            ("owners", "王一,11010119900307123X", "不要写身份证号"), ("owners", "王一\n王一", "写了两次"), ("kind", "castle", "住宅、商铺")] {
            let mut wrong = changed.to_vec();
            wrong.iter_mut().filter(|(name, _)| *name == field).for_each(|one| one.1 = value);
            let seen = village.fill("committee", HERE, "/office/register/unit", &wrong).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
            seen.says(said);
        }
        let id = page.body.split("name=\"unit\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        village.fill("committee", HERE, "/office/register/remove", &[("at", "shiliu"), ("unit", &id)]).await;
        village.get("committee", HERE).await.says("名册还是空的");
        let again = village.forge("committee", "/office/register/remove", &[("at", "shiliu"), ("unit", &id)]).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    }

    async fn the_community_reads_it_and_nobody_else_sees_it(db) {
        let village = Village::on(db).await;
        sends(&village, "committee", SHEET, "1").await;
        village.get("community", HERE).await.says("沈云舟").says_not("记进名册");
        for who in ["granny", "captain", "property", "guard", "tenant", "stranger"] {
            for path in [HERE, "/office/register/export/csv", "/office/register/template/csv", "/api/v1/register"] {
                let seen = village.get(who, path).await;
                assert!(matches!(seen.status.as_u16(), 401 | 403), "{who} {path}: {}", seen.status);
                seen.says_not("沈云舟");
            }
        }
        for who in ["community", "granny", "property"] {
            let fields = [("at", "shiliu"), ("code", "x"), ("kind", "home"), ("area", "1"), ("owners", "x")];
            let seen = village.forge(who, "/office/register/unit", &fields).await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{who}");
        }
        let export = village.get("community", "/office/register/export/csv?at=shiliu").await;
        assert_eq!(export.status, StatusCode::OK);
        export.says("1-1-101,住宅,88.50,沈云舟,,1/2");
        // Neither names nor who looked can be read in the rows as they lie there.
        let (tenant, compound) = commons::place::store::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
        let book = kit::book::of_thing(&village.app.db, tenant.0, compound.0).await.unwrap();
        let looks = |stem: &str| book.iter().filter(|line| line.stem == stem).count();
        assert!(looks("register/viewed") > 0);
        assert_eq!((looks("register/exported"), looks("register/imported")), (1, 1));
        assert!(book.iter().all(|line| !line.facts.to_string().contains("沈云舟")));
    }

    async fn the_same_by_calls(db) {
        let village = Village::on(db).await;
        let fields = [("at", "shiliu"), ("really", "1"), ("file:file", &hex::encode(SHEET))];
        let done = village.upload("committee", "/api/v1/register/import", "key-of-the-register", &fields).await.answers(200);
        assert_eq!((&done["done"], &done["units"]), (&json!(true), &json!(4)));
        let mut codes = Vec::new();
        let mut at = "/api/v1/register?limit=3".to_owned();
        loop {
            let page = village.get("committee", &at).await.answers(200);
            assert_eq!(page["totals"], json!({ "units": 4, "area_m2": "221.76", "heads": 3, "parking_units": 1, "parking_area_m2": "13.25" }));
            codes.extend(page["units"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            at = format!("/api/v1/register?limit=3&after={next}");
        }
        assert_eq!(codes, ["1-1-101", "1-1-301", "2-1-101", "B-07"]);
        let unit = json!({ "code": "B-08", "kind": "parking", "area_m2": "13.25", "owners": [{ "name": "周明" }] });
        let id = village.call("committee", "/api/v1/register/units", "put", &unit).await.answers(201)["id"].as_str().unwrap().to_owned();
        let page = village.get("community", "/api/v1/register").await.answers(200);
        assert_eq!((&page["totals"]["units"], &page["totals"]["heads"]), (&json!(5), &json!(3)));
        let odd = json!({ "code": "B-09", "kind": "parking", "area_m2": "13.25", "owners": [{ "name": "周明\n王一" }] });
        village.call("committee", "/api/v1/register/units", "odd", &odd).await.refuses(422, "register/owner-name");
        let remove = format!("/api/v1/register/units/{id}/remove");
        village.call("committee", &remove, "remove", &json!({})).await.answers(200);
        village.call("community", &remove, "no", &json!({})).await.refuses(403, "register/not-committee");
        let faulty = [("at", "shiliu"), ("really", "1"), ("file:file", &hex::encode(SHEET.replace("60.01", "x")))];
        let told = village.upload("committee", "/api/v1/register/import", "key-of-the-faulty-one", &faulty).await.answers(200);
        assert_eq!((&told["done"], &told["faults"][0]["row"], &told["faults"][0]["column"]), (&json!(false), &json!(5), &json!("area_m2")));
        for format in ["csv", "xlsx"] {
            assert_eq!(village.get("committee", &format!("/api/v1/register/export/{format}")).await.status, StatusCode::OK);
            assert_eq!(village.get("committee", &format!("/api/v1/register/template/{format}")).await.status, StatusCode::OK);
        }
    }
}

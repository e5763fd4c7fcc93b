//! Sheets that are tried and taken over, and signs that lead somewhere.

mod api;

use crate::village::{Seen, Village, parts_on};
use axum::http::StatusCode;
use kit::on_both;
use kit::web::App;

const PAGE: &str = "/office/places";

async fn sheet(village: &Village, really: &str, sheet: &[u8]) -> Seen {
    village.fill("community", PAGE, PAGE, &[("file:file", &hex::encode(sheet)), ("really", really)]).await
}

on_both! { &crate::migrations();
    async fn a_sheet_that_is_tried_names_the_compound_it_would_make_and_keeps_its_name(db) {
        let village = Village::on(db).await;
        let rows = "小区代号,小区,楼栋,单元,户室\nwutong,梧桐里,2号楼,1单元,201\n".as_bytes();
        let tried = sheet(&village, "0", rows).await;
        assert_eq!(tried.status, StatusCode::OK);
        tried.says("试过了，可以导入").says("会新建一个小区").says("梧桐里");
        assert_eq!(village.get("anybody", "/say/requests/new?at=wutong").await.status, StatusCode::NOT_FOUND);
        assert_eq!(sheet(&village, "1", rows).await.location, "/office/places?done=1");
        village.get("anybody", "/say/requests/new").await.says("梧桐里").says_not(">wutong<");
        village.get("community", "/office/places?at=wutong/2").await.says("梧桐里 2号楼");
        // Known by now, it is not said again.
        sheet(&village, "0", rows).await.says("不变").says_not("会新建一个小区");
    }

    async fn a_row_that_makes_no_sense_is_said_and_nothing_is_written(db) {
        let village = Village::on(db).await;
        let head = "键,小区代号,小区,楼栋,单元,户室,面积,纬度,经度\n";
        for (row, said) in [
            (",shiliu,石榴园,,2单元,201,,,", "写了单元或户，没写楼栋"),
            (",wutong,,2号楼,2单元,201,,,", "没有这个小区"),
            (",shiliu,梧桐里,2号楼,2单元,201,,,", "小区名和这个代号的小区不一样"),
            (",shiliu,石榴园,2号楼,2单元,201,-3,,", "面积不对"),
            (",shiliu,石榴园,2号楼,2单元,201,,31.2,", "成对写"),
            (",shiliu,石榴园,2号楼,2单元,..,,,", "名字里有"),
        ] {
            for really in ["0", "1"] {
                let refused = sheet(&village, really, format!("{head}{row}\n").as_bytes()).await;
                assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{row}");
                refused.says(said).says("<td data-label=\"行\">2</td>");
            }
        }
        village.get("community", "/office/places?at=shiliu/2").await.says_not("2单元");
    }

    async fn a_damaged_workbook_is_not_called_too_large(db) {
        let village = Village::on(db).await;
        let rows = [vec!["小区代号".to_owned(), "小区".to_owned()], vec!["wutong".to_owned(), "梧桐里".to_owned()]];
        let good = commons::sheet::write(&rows, commons::sheet::Format::Xlsx).unwrap();
        let seen = sheet(&village, "0", &good[..304]).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.says("这个文件坏了").says_not("文件太大了");
    }

    async fn what_is_exported_comes_back_unchanged_from_the_page(db) {
        let village = Village::on(db).await;
        let table = village.get("community", "/office/places/export/csv").await.body;
        sheet(&village, "0", table.as_bytes()).await.says("试过了，可以导入").says("<dt>不变</dt><dd>9</dd>");
    }

    async fn a_sign_leads_to_the_address_that_was_typed_and_says_when_nobody_else_can_open_it(db) {
        let village = Village::on(db.clone()).await;
        let signs = "/office/places/signs?at=shiliu/1";
        village.get("community", signs).await.says("http://mulin.example/say/requests/new?at=shiliu/1&#38;sign=1")
            .says_not("--public-url");
        village.get("community", "/office/compounds/shiliu").await.says("http://mulin.example/say/requests/new?at=shiliu");
        let mut here = parts_on(db, true);
        here.config.public_url = Some("http://127.0.0.1:3000".into());
        let mut here = Village::beside(&App::new(here));
        let entered = here.fill("community", "/sign-in", "/demo/be", &[("login", "community")]).await;
        here.remember("community", &entered);
        for page in [signs, "/office/compounds/shiliu", "/office/compounds/shiliu/letters"] {
            here.get("community", page).await.says("只有这台电脑自己打得开").says("--public-url");
        }
    }
}

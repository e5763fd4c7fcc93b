//! The first start of a house, and the ways in.

use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;

const SET_UP: &[(&str, &str)] = &[
    ("code", "abcde-fghjk"),
    ("community", "榴花社区"),
    ("compound", "石榴园"),
    ("compound_code", "shiliu"),
    ("name", "沈云舟"),
    ("login", "shen"),
    ("password", "石榴园的春天很长"),
];

fn with(field: &str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    SET_UP.iter().map(|(name, old)| (*name, if *name == field { value } else { *old })).collect()
}

on_both! { &crate::migrations();
    async fn what_is_private_is_found_by_its_author_and_the_community_alone(db) {
        let village = Village::on(db).await;
        let said = [("at", "shiliu/1"), ("words", "隔壁半夜剁馅"), ("private", "1")];
        village.fill("granny", "/say/requests/new?at=shiliu/1", "/say/requests", &said).await;
        let loud = "剁馅";
        for who in ["granny", "community"] {
            village.get(who, &format!("/search?q={loud}")).await.says("隔壁半夜剁馅");
        }
        for who in ["stranger", "captain", "tenant"] {
            village.get(who, &format!("/search?q={loud}")).await.says_not("隔壁半夜剁馅");
        }
    }

    async fn an_empty_house_is_set_up_once_with_the_code_from_the_console_and_comes_to_life(db) {
        let mut village = Village::empty(db);
        assert_eq!(village.get("anybody", "/").await.location, "/first-run");
        let wrong = village.fill("anybody", "/first-run", "/first-run", &with("code", "AAAAA-AAAAA")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("和控制台上打印的码不一样").says("value=\"榴花社区\"").says_not("石榴园的春天很长");
        let short = village.fill("anybody", "/first-run", "/first-run", &with("password", "short")).await;
        short.says("密码至少8个字");
        let done = village.fill("anybody", "/first-run", "/first-run", SET_UP).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        village.remember("shen", &done);
        assert_eq!(village.get("anybody", "/first-run").await.status, StatusCode::NOT_FOUND);
        assert_eq!(village.forge("anybody", "/first-run", SET_UP).await.status, StatusCode::NOT_FOUND);
        assert_eq!(village.get("anybody", "/gallery").await.status, StatusCode::NOT_FOUND, "only the demo shows samples");
        assert_eq!(village.forge("anybody", "/demo/be", &[("login", "shen")]).await.status, StatusCode::NOT_FOUND);

        let sheet = "小区代号,小区,楼栋,单元,户室\nshiliu,石榴园,1号楼,1单元,101\n";
        let sheet = hex::encode(sheet);
        let places = "/office/places";
        let tried = village.fill("shen", places, places, &[("file:file", &sheet), ("really", "0")]).await;
        tried.says("试过了，可以导入");
        let imported = village.fill("shen", places, places, &[("file:file", &sheet), ("really", "1")]).await;
        assert_eq!(imported.location, "/office/places?done=1", "{}", imported.text());
        village.get("shen", "/office/places?at=shiliu").await.says("1号楼");
        village.get("shen", "/office/places/signs?at=shiliu/1").await.says("class=\"qr\"").says("/say/requests/new?at=shiliu/1/1");

        let people = "/office/people";
        let captain = [("name", "顾春兰"), ("office", "captain"), ("at", "shiliu/1"), ("source", "election"), ("years", "3"),
            ("login", "gu"), ("password", "楼道里有一盏长明灯")];
        assert_eq!(village.fill("shen", people, people, &captain).await.status, StatusCode::SEE_OTHER);
        let again = village.fill("shen", people, people, &captain).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        again.says("这个用户名有人用了").says("顾春兰");

        let said = [("at", "shiliu/1"), ("words", "楼道堆了柜子"), ("category", "clutter")];
        let slip = village.fill("neighbour", "/say/requests/new?at=shiliu/1", "/say/requests", &said).await.location;
        assert!(slip.starts_with("/say/requests/slip/"));
        let bad = village.fill("gu", "/sign-in", "/sign-in", &[("login", "gu"), ("password", "not the password")]).await;
        bad.says("用户名或密码不对");
        let entered = village.fill("gu", "/sign-in", "/sign-in", &[("login", "Gu"), ("password", "楼道里有一盏长明灯")]).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER);
        village.remember("gu", &entered);
        village.get("gu", "/office/desk").await.says("楼道堆了柜子");
        assert_eq!(village.get("gu", people).await.status, StatusCode::FORBIDDEN);

        let page = village.get("shen", people).await;
        let mandate = page.body.split("顾春兰").nth(1).and_then(|rest| rest.split("name=\"mandate\" value=\"").nth(1));
        let mandate = mandate.and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        let ended = village.forge("shen", "/office/people/end", &[("mandate", &mandate)]).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER);
        village.wait(1);
        assert_eq!(village.get("gu", "/office/desk").await.status, StatusCode::FORBIDDEN, "what the mandate opened is closed");
        let out = village.fill("gu", "/me", "/sign-out", &[]).await;
        assert_eq!(out.status, StatusCode::SEE_OTHER);
        village.get("gu", "/me").await.says("登录后在这里看");
    }
}
